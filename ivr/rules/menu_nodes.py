"""The menu as data: typed nodes of a compiled graph.

Nodes name their followers by id; `ivr.rules.menu_document` has proven that each exists.
A text is spoken words by language. Knows no interpreter and no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from models.states import Language, PriorityClass

Text = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: a key, its spoken twins in both languages, and where it leads.

    `intent` is what choosing it says about the caller's wish, "" for nothing.
    """

    key: str
    words: tuple[str, ...]
    next: str
    intent: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is spoken before listening, and the two different re-prompts after a miss."""

    text: Text
    reprompts: tuple[Text, Text]
    timeout_seconds: float = 7.0
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SayNode:
    """Speak and go on; the next prompt's listening covers it, so it can be interrupted."""

    text: Text
    next: str


@dataclass(frozen=True, slots=True)
class LanguageOption:
    """A language offered in itself: its key, its spoken names, and the sentence of the offer."""

    language: Language
    key: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class LanguageNode:
    """The greeting in every language, then the choice of one.

    `opening` is the node that asks what is needed: words that already say it are taken there.
    """

    greeting: tuple[tuple[Language, str], ...]
    options: tuple[LanguageOption, ...]
    reprompts: tuple[Text, Text]
    next: str
    opening: str
    timeout_seconds: float = 7.0


@dataclass(frozen=True, slots=True)
class ChooseNode:
    """A choice by key or by word."""

    prompt: Prompt
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class AskIntentNode:
    """Ask what the caller needs; keys are the twin. Unclear words go to `unclear`, never a guess."""

    prompt: Prompt
    options: tuple[Option, ...]
    next: str
    unclear: str


@dataclass(frozen=True, slots=True)
class AskLocationNode:
    """Ask where it is; skipped when the caller has said it already. `next` reads it back."""

    prompt: Prompt
    options: tuple[Option, ...]
    change: Text
    next: str


@dataclass(frozen=True, slots=True)
class ConfirmNode:
    """Read the place back ({place}): 1 yes, 2 change; after two refusals `give_up`."""

    prompt: Prompt
    right: str
    change: str
    give_up: str


@dataclass(frozen=True, slots=True)
class InformationNode:
    """Speak an answer; then repeat, talk to someone, or go on by an option."""

    text: Text
    prompt: Prompt
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class LineNode:
    """Into the waiting line."""

    priority: PriorityClass
    skill: str
    text: Text


@dataclass(frozen=True, slots=True)
class EmergencyNode:
    """911 at once."""

    text: Text


@dataclass(frozen=True, slots=True)
class HumanLineNode:
    """The staffed number outside this system."""

    text: Text


@dataclass(frozen=True, slots=True)
class GoodbyeNode:
    """The end that a caller chose."""

    text: Text


@dataclass(frozen=True, slots=True)
class BranchNode:
    """Go on by language, intent, hours (open / closed) or jurisdiction; no one hears it."""

    by: str
    cases: Mapping[str, str]
    otherwise: str


Listening = (
    LanguageNode | ChooseNode | AskIntentNode | AskLocationNode | ConfirmNode | InformationNode
)
Ending = LineNode | EmergencyNode | HumanLineNode | GoodbyeNode
Node = SayNode | BranchNode | Listening | Ending


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences that every menu needs, whatever its graph."""

    escalation_confirm: Text
    danger_question: Text
    connecting_911: Text
    to_a_person: Text


@dataclass(frozen=True, slots=True)
class Graph:
    """A compiled menu: every follower exists and every text is there in every language."""

    key: str
    start: str
    nodes: Mapping[str, Node]
    sentences: Sentences
    languages: tuple[Language, ...]
