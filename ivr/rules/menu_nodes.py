"""The menu as data: typed nodes of a compiled graph.

Nodes name their followers by id; `ivr.rules.menu_document` has proven that each exists.
A text is words by language, spoken or recorded. Knows no interpreter and no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from models.states import Language, PriorityClass


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language.

    `recording` is the id of an uploaded sound (SHA-256, hex) that is played instead, or "";
    then `text` is its transcript. `names` are the variables of the text, such as `opens_at`.
    """

    text: str
    recording: str = ""
    names: tuple[str, ...] = ()


Text = Mapping[Language, Words]


class Does(StrEnum):
    """What an option does where the caller is, instead of leading on at once."""

    NOTHING = ""
    REPEAT = "repeat"
    TEXT_ME = "text_me"
    CALL_BACK = "call_back"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: a key, its spoken twins in both languages, and where it leads.

    `intent` is what choosing it says about the caller's wish, "" for nothing. `next` is "" where
    the option `does` something that stays at its node, or leads where the node says.
    """

    key: str
    words: tuple[str, ...]
    next: str
    intent: str = ""
    does: Does = Does.NOTHING


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
    text: Words


@dataclass(frozen=True, slots=True)
class LanguageNode:
    """The greeting in every language, then the choice of one.

    `opening` is the node that asks what is needed: words that already say it are taken there.
    """

    greeting: tuple[tuple[Language, Words], ...]
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
class LocationLinkNode:
    """Text the caller a link that tells where they are, say `text`, and wait for it with `prompt`.

    Once a call. `next` reads the place back; nothing after `LINK_ROUNDS` silences leads to `give_up`, a
    number that takes no such message to `declined`. The re-prompts take turns while it is waited.
    """

    text: Text
    prompt: Prompt
    options: tuple[Option, ...]
    next: str
    give_up: str
    declined: str


@dataclass(frozen=True, slots=True)
class AskNode:
    """Ask a free question; the answer is kept as `answers[name]` of the state."""

    name: str
    prompt: Prompt
    options: tuple[Option, ...]
    next: str


@dataclass(frozen=True, slots=True)
class ConfirmNode:
    """Read back what was understood: 1 yes, 2 change; after two refusals `give_up`.

    `of` is `place` ({place}), `intent` ({intent}) or the `answer:NAME` of an ask node ({answer}).
    """

    prompt: Prompt
    right: str
    change: str
    give_up: str
    of: str = "place"


@dataclass(frozen=True, slots=True)
class InformationNode:
    """Speak an answer; then repeat, text it, talk to someone, or go on by an option.

    `source` is where the answer stands (words or an address), `verified_on` the day on which
    somebody held it against that source; None: nobody has yet.
    """

    text: Text
    prompt: Prompt
    options: tuple[Option, ...]
    source: str = ""
    verified_on: date | None = None
    text_message: Text | None = None


@dataclass(frozen=True, slots=True)
class StatusNode:
    """Ask for a request's number and say how far it is; asked three times at most.

    The only prompt that collects several digits: 9 or 0 alone and 911 keep their meaning there.
    """

    prompt: Prompt
    found: Text
    not_found: Text
    next: str
    give_up: str


@dataclass(frozen=True, slots=True)
class VoicemailNode:
    """Take a message of at most `longest_seconds`; then `thanks`, and on or goodbye ("")."""

    text: Text
    longest_seconds: int
    thanks: Text
    next: str = ""


@dataclass(frozen=True, slots=True)
class CallBackNode:
    """Offer to call back the number that the caller rings from; withheld: `declined`."""

    prompt: Prompt
    options: tuple[Option, ...]
    done: str
    declined: str


@dataclass(frozen=True, slots=True)
class TransferNode:
    """Connect with an entry of the directory; `failed` when nobody answers there."""

    to: str
    text: Text
    failed: str


@dataclass(frozen=True, slots=True)
class PassNode:
    """The door into or out of a sub-menu: made by the compiler, heard by nobody."""

    next: str


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
    """Go on by a fact around the caller (`BRANCH_CASES`); no one hears it.

    `line` names the hours or the queue that is asked for, `switch` the supervisor's switch.
    """

    by: str
    cases: Mapping[str, str]
    otherwise: str
    line: str = "main"
    switch: str = ""


BRANCH_CASES: Mapping[str, frozenset[str] | None] = MappingProxyType(
    {
        "language": frozenset(language.value for language in Language),
        "intent": None,
        "jurisdiction": None,
        "hours": frozenset({"open", "closed"}),
        "holiday": frozenset({"yes", "no"}),
        "caller": frozenset({"seen", "new"}),
        "line_length": None,
        "switch": frozenset({"on", "off"}),
    }
)
"""What a branch may go by, and its cases where they are a closed set.

Cases of `line_length` are numbers and ranges: "0", "1-4", "5+"; the first that holds is taken.
"""

Prompting = (
    ChooseNode
    | AskIntentNode
    | AskLocationNode
    | LocationLinkNode
    | AskNode
    | ConfirmNode
    | InformationNode
    | StatusNode
    | CallBackNode
)
"""Nodes with a `prompt`."""
Listening = LanguageNode | Prompting
Handover = VoicemailNode | TransferNode
"""Nodes that hand the caller over for a while; an event brings them back."""
Ending = LineNode | EmergencyNode | HumanLineNode | GoodbyeNode
Passing = SayNode | BranchNode | PassNode
Node = Passing | Listening | Handover | Ending


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences that every menu needs, whatever its graph.

    Those of texts are None in a menu where no option sends one; `two_wishes` is None in a menu that
    does not ask between two wishes ({first}, {second}), `not_a_corner` in one that reads two streets
    back as they were said though they do not meet ({one_street}, {other_street}).
    """

    escalation_confirm: Text
    danger_question: Text
    connecting_911: Text
    to_a_person: Text
    text_sent: Text | None = None
    text_not_sent: Text | None = None
    two_wishes: Text | None = None
    not_a_corner: Text | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Who read the texts of one language, and when."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Graph:
    """A compiled menu: every follower exists and every text is there in every language.

    Sub-menus are expanded: the nodes of the use U stand as `U/NODE`. `reviewed` lacks a language
    whose texts nobody has read yet.
    """

    key: str
    start: str
    nodes: Mapping[str, Node]
    sentences: Sentences
    languages: tuple[Language, ...]
    changed_on: date | None = None
    reviewed: Mapping[Language, Review] = field(default_factory=dict)
