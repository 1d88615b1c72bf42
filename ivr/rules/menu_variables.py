"""The variables of spoken texts: what stands for {opens_at}, {place}, {status} and the like.

A sentence whose variable has no value is not spoken: a caller hears nothing rather than a gap or a
guess. Knows no walk and no door.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from ivr.rules.menu_nodes import ConfirmNode, Node, Words
from ivr.rules.menu_state import Link, MenuState, Readers, RequestStatus
from ivr.rules.spoken_hours import spoken_duration, spoken_opening
from ivr.rules.spoken_place import SpokenPlace
from models.states import Language

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_GROUP = 4
_YOUR_PHONE = {Language.EN: "your phone", Language.ES: "su teléfono"}
_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a text is spoken: the caller's state, the facts, and the node spoken at.

    `number` and `request` are those of a status node: what was asked for, and what was found.
    """

    state: MenuState
    readers: Readers
    now: datetime
    node: Node | None = None
    number: str = ""
    request: RequestStatus | None = None


def filled(words: Words, language: Language, known: Known) -> str:
    """The text with its variables said in `language`, without the sentences that lack one."""
    values = {name: _value(name, language, known) for name in words.names}
    text = words.text
    if not all(values.values()):
        sentences = _SENTENCE_ENDS.split(text)
        text = " ".join(one for one in sentences if all(map(values.get, _VARIABLE.findall(one))))
    return _VARIABLE.sub(lambda found: values.get(found[1]) or "", text)


def _value(name: str, language: Language, known: Known) -> str:
    """What stands for one variable; "" where it has no value."""
    match name:
        case "opens_at" | "wait" | "position":
            return _of_the_line(name, language, known)
        case "place":
            place = known.state.place
            return (place.said.get(language.value) or place.spoken.text) if place else ""
        case "intent":
            intent = known.state.intent.intent
            return known.readers.intent_name(intent, language) if intent else ""
        case "first" | "second":
            two = known.state.between
            return known.readers.intent_name(two[name == "second"], language) if two else ""
        case "one_street" | "other_street":
            unmet = known.state.unmet
            return _street_of(unmet, cross=name == "other_street") if unmet else ""
        case "answer":
            of = known.node.of if isinstance(known.node, ConfirmNode) else ""
            return known.state.answers.get(of.removeprefix("answer:"), "")
        case "number":
            return known.readers.own_number
        case "your_phone":
            return _YOUR_PHONE[language] if _can_send(known) else ""
        case _:
            return _of_the_request(name, language, known)


def _street_of(place: SpokenPlace, *, cross: bool) -> str:
    """One street of a corner; names stay as the signs write them."""
    name, suffix = (
        (place.cross_street, place.cross_suffix) if cross else (place.street, place.suffix)
    )
    return f"{name} {suffix}".strip()


def _can_send(known: Known) -> bool:
    """Whether a place may still come from the caller's telephone, by a link."""
    link = known.state.link
    return link is Link.SENT or (link is Link.NONE and known.readers.can_link())


def _of_the_line(name: str, language: Language, known: Known) -> str:
    if name == "position":
        return str(known.readers.line_length() + 1)
    if name == "wait":
        seconds = known.readers.wait_seconds()
        return "" if seconds is None else spoken_duration(seconds, language)
    moment = known.readers.opening(known.state.hours_line, known.now).next_open
    return "" if moment is None else spoken_opening(moment, known.now, language)


def _of_the_request(name: str, language: Language, known: Known) -> str:
    """A request's number is said digit by digit, in groups of four."""
    request = known.request
    if name == "request_number":
        number = request.number if request else known.number
        groups = (number[at : at + _GROUP] for at in range(0, len(number), _GROUP))
        return ", ".join(" ".join(group) for group in groups)
    if request is None:
        return ""
    by_language = request.status if name == "status" else request.service
    return by_language.get(language, "")
