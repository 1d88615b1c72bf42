"""What a proof lets a caller do at a node: one representative of each thing that can be told apart.

Each is a step with a name that a person can follow ("press 1", "say pothole", "silence"), so that
every counter-example is a list of such names and can be played back. Knows no state.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from ivr.rules.heard import Heard
from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_links import options_of
from ivr.rules.menu_nodes import (
    AskIntentNode,
    AskLocationNode,
    AskNode,
    BranchNode,
    CallBackNode,
    ConfirmNode,
    Graph,
    LanguageNode,
    LocationLinkNode,
    Node,
    Option,
    StatusNode,
    TransferNode,
    VoicemailNode,
)
from ivr.rules.menu_proof_facts import REQUEST_FOUND, REQUEST_NOT_FOUND, Wording
from ivr.rules.menu_state import CallerInput, Event
from ivr.rules.spoken_place import PlaceFound, PlaceKind, SpokenPlace
from ivr.rules.spoken_words import is_no, is_yes, starts_with_no, wants_person, wants_repeat
from models.states import EmergencyLevel, Language

RUBBISH = "mumble mumble"
EMERGENCY = "my house is on fire"
POSSIBLE = "someone is hurt"
FREE_ANSWER = "the one by the old mill"
TRIBAL = "san xavier"


class Does(StrEnum):
    """What kind of step it is, for the proofs that follow ways out.

    `BACK` is a star that leads to a prompt which may have been the one before.
    """

    OPTION = "option"
    TWIN = "twin"
    ANSWER = "answer"
    MISS = "miss"
    COMMON = "common"
    BACK = "back"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a caller does: its name, what the telephone sends, and of which kind it is.

    `option` is the option's key for a key and for its spoken twin.
    """

    name: str
    heard: CallerInput
    does: Does
    option: str = ""


@lru_cache(maxsize=4096)
def press(keys: str, does: Does = Does.COMMON, option: str = "") -> Step:
    """Keys."""
    return Step(f"press {keys}", CallerInput(digits=keys), does, option)


@lru_cache(maxsize=4096)
def say(words: str, does: Does = Does.COMMON, option: str = "") -> Step:
    """Words."""
    return Step(f"say {words}", CallerInput(speech=words), does, option)


SILENCE = Step("silence", CallerInput(silent=True), Does.MISS)
WAITED = Step(SILENCE.name, SILENCE.heard, Does.ANSWER)
"""Silence where a place is waited for: what comes, or does not, is an answer."""
NOTHING_MEANT = say(RUBBISH, Does.MISS)
_EVENTS: Mapping[str, CallerInput] = {
    "the other end does not answer": CallerInput(event=Event.TRANSFER_FAILED),
    "the other end hangs up": CallerInput(event=Event.TRANSFER_ENDED),
    "leave a message": CallerInput(event=Event.RECORDED),
    "leave a message and press 9": CallerInput(event=Event.RECORDED, digits="9"),
    "leave a message and press 0": CallerInput(event=Event.RECORDED, digits="0"),
}
_NAMED = re.compile(r"(press|say) (.+)")


def event(name: str) -> Step:
    """Something that ends a handover."""
    return Step(name, _EVENTS[name], Does.EVENT)


def heard_in(name: str) -> CallerInput:
    """What the telephone sends for a step's name.

    Raises:
        ValueError: it is no name of a step.
    """
    if name == SILENCE.name:
        return SILENCE.heard
    if name in _EVENTS:
        return _EVENTS[name]
    found = _NAMED.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no step")
    return CallerInput(digits=found[2]) if found[1] == "press" else CallerInput(speech=found[2])


# What words mean.


class Vocabulary:
    """The words of a proof of one menu: an example for each intent and each jurisdiction."""

    def __init__(self, graph: Graph, city: CityFacts) -> None:
        self.intents = _intents_told_apart(graph, city)
        self.areas = _cases(graph, "jurisdiction")
        self._says = {
            (slug, language): _phrase(slug, language, city)
            for slug in self.intents
            for language in graph.languages
        }
        self._places = _place_words((*self.areas, ""), city)

    @property
    def wording(self) -> Wording:
        """What the stand-in readers answer."""
        return Wording(
            danger={EMERGENCY: EmergencyLevel.EMERGENCY, POSSIBLE: EmergencyLevel.POSSIBLE},
            intents={
                words: Heard(slug, 1.0, language=language.value)
                for (slug, language), words in self._says.items()
            },
            places={
                **{words: _place(area) for area, words in self._places.items()},
                TRIBAL: _place("", tribal=True),
            },
        )

    def wishes(self, language: Language) -> Iterator[Step]:
        """One utterance for each intent that the menu tells apart."""
        return (say(self._says[slug, language], Does.ANSWER) for slug in self.intents)

    def places(self) -> Iterator[Step]:
        """One utterance for each jurisdiction that the menu tells apart."""
        return (say(words, Does.ANSWER) for words in self._places.values())


def _intents_told_apart(graph: Graph, city: CityFacts) -> tuple[str, ...]:
    """Intents with a case of their own, and one without; of those that the city knows."""
    named = [
        slug
        for slug in _cases(graph, "intent")
        if slug and (city.intents is None or slug in city.intents)
    ]
    others = (slug for slug in city.intents or ("another wish",) if slug not in named)
    other = next(others, None)
    return (*named, *([] if other is None else [other]))


def _cases(graph: Graph, by: str) -> tuple[str, ...]:
    found = (
        case
        for node in graph.nodes.values()
        if isinstance(node, BranchNode) and node.by == by
        for case in node.cases
    )
    return tuple(dict.fromkeys(found))


def _phrase(slug: str, language: Language, city: CityFacts) -> str:
    """The first example phrase that is nothing but the wish; else the slug in a long sentence."""
    phrases = (city.intents or {}).get(slug, {}).get(language, ())
    usable = (words for words in phrases if not _means_something_else(words))
    return next(usable, f"i am calling about the matter of {slug} ({language})".replace("_", " "))


def _place_words(areas: tuple[str, ...], city: CityFacts) -> dict[str, str]:
    """Words for a place in each area, no two alike; "" stands for every area without a case."""
    found: dict[str, str] = {}
    for area in dict.fromkeys(areas):
        known = city.places.get(area, "") if area else _elsewhere(areas, city)
        usable = known and known not in found.values() and not _means_something_else(known)
        found[area] = known if usable else f"a place in {area or 'town'}"
    return found


def _elsewhere(areas: tuple[str, ...], city: CityFacts) -> str:
    """A place in an area without a case of its own."""
    return next((words for area, words in city.places.items() if area not in areas), "")


def _means_something_else(words: str) -> bool:
    single = len(words.split()) == 1
    return single or any(
        reader(words) for reader in (wants_person, wants_repeat, is_yes, is_no, starts_with_no)
    )


def _place(area: str, *, tribal: bool = False) -> PlaceFound:
    spoken = SpokenPlace(PlaceKind.LANDMARK, text="a place")
    said = {language.value: "22 East Fictional Street" for language in Language}
    return PlaceFound(spoken, said, jurisdiction=area, tribal=tribal, certain=True)


# What can be done at a node.


def choices(node: Node, language: Language, words: Vocabulary) -> Iterator[Step]:
    """Steps that depend on what was understood before: each way that the menu offers here."""
    if isinstance(node, LanguageNode):
        yield from (press(option.key, Does.OPTION, option.key) for option in node.options)
        for spoken in Language:
            yield from islice(words.wishes(spoken), 1)
    yield from (press(option.key, Does.OPTION, option.key) for option in options_of(node))
    match node:
        case AskIntentNode():
            yield from words.wishes(language)
            yield say(RUBBISH, Does.ANSWER)
        case AskLocationNode():
            yield from words.places()
        case LocationLinkNode():
            yield WAITED
            yield from words.places()
        case AskNode():
            yield say(FREE_ANSWER, Does.ANSWER)
        case ConfirmNode():
            yield from (press("1", Does.OPTION, "1"), press("2", Does.OPTION, "2"))
        case StatusNode():
            yield press(REQUEST_FOUND, Does.ANSWER)
            yield press(REQUEST_NOT_FOUND, Does.ANSWER)
        case VoicemailNode():
            yield event("leave a message")
        case TransferNode():
            yield event("the other end does not answer")
            yield event("the other end hangs up")


def exits(node: Node) -> Iterator[Step]:
    """911 and a person, at every prompt in every language."""
    match node:
        case TransferNode():
            return
        case VoicemailNode():
            yield event("leave a message and press 9")
            yield event("leave a message and press 0")
        case StatusNode():
            yield from (press(keys) for keys in ("9", "0", "9#", "0#", "911"))
        case _:
            yield from (press("9"), press("0"))


def once(node: Node) -> Iterator[Step]:
    """Steps that mean the same whatever the language and whatever was understood before."""
    if isinstance(node, TransferNode | VoicemailNode):
        return
    yield from (press("*"), press("#", Does.MISS))
    yield from (say(EMERGENCY), say(POSSIBLE))
    match node:
        case CallBackNode():
            yield from (say("yes", Does.ANSWER), say("no", Does.ANSWER))
        case AskLocationNode() | AskIntentNode() | LocationLinkNode():
            yield say(TRIBAL, Does.ANSWER)


def twins(node: Node) -> Iterator[Step]:
    """The first spoken twin of each key, to be held against the key; the lint reads them all."""
    if isinstance(node, ConfirmNode):
        yield from (say("yes", Does.TWIN, "1"), say("no", Does.TWIN, "2"))
    single = isinstance(node, AskIntentNode | AskNode)
    options: tuple[Option, ...] = options_of(node)
    for option in options:
        usable = (word for word in option.words if not single or len(word.split()) == 1)
        word = next(usable, None)
        if word is not None:
            yield say(word, Does.TWIN, option.key)
    if isinstance(node, LanguageNode):
        for offer in node.options:
            if offer.words:
                yield say(offer.words[0], Does.TWIN, offer.key)
