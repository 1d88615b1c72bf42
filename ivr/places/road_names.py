"""From a road's name on an official map ("E 6th Ave", "I- 10") to the parts that callers say.

The Census writes a direction, the name, then a type, all of them short; Spanish types stand in
front and belong to the name. Knows no map.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.rules.folding import fold
from ivr.rules.numbers_spoken import ordinal
from ivr.rules.street_words import TYPES

LONGEST = 100
"""Characters of a name; the Census has no longer ones."""
_INTERSTATE = re.compile(r"I[- ]+(\d{1,3}[A-Z]?)\b")
_ROUTE_WORDS = frozenset({"rte", "hwy", "route", "highway"})
_COMPASS = frozenset({"N", "S", "E", "W"})
_AT_FRONT = {
    "St": "Saint",
    "Ft": "Fort",
    "Mt": "Mount",
    "Ave": "Avenida",
    "Avd": "Avenida",
    "Avda": "Avenida",
    "Cll": "Calle",
    "Cam": "Camino",
    "Cmt": "Caminito",
    "Cer": "Cerrada",
    "Cto": "Circulito",
    "Pso": "Paseo",
    "Pla": "Placita",
    "Ver": "Vereda",
    "Co": "County",
}
_ANYWHERE = {
    "Us": "US",
    "Rte": "Route",
    "Hwy": "Highway",
    "Rd": "Road",
    "Bus": "Business",
    "Plz": "Plaza",
    "Pt": "Point",
    "Cv": "Cove",
    "Vw": "View",
    "Xing": "Crossing",
    "Sq": "Square",
    "Rdg": "Ridge",
    "Cyn": "Canyon",
    "Mtn": "Mountain",
    "Vly": "Valley",
    "Hts": "Heights",
    "Spgs": "Springs",
    "Trce": "Trace",
    "Expy": "Expressway",
    "Fwy": "Freeway",
}


@dataclass(frozen=True, slots=True)
class RoadName:
    """A road's parts: `type` is the canonical one or "", `direction` N, S, E, W or ""."""

    name: str
    type: str = ""
    direction: str = ""
    aliases: tuple[str, ...] = ()


def road_name(text: str) -> RoadName | None:
    """Take a road's full name apart; None when there is no name in it.

    Raises:
        ValueError: the name is too long to be one.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the name {text[:40]!r}... is longer than {LONGEST} characters")
    words = text.split()
    if not fold(text):
        return None
    route = _route(" ".join(words), words)
    return route or _street(words)


def _route(text: str, words: Sequence[str]) -> RoadName | None:
    """A numbered road: its words written out, and the ways in which people call it."""
    interstate = _INTERSTATE.match(text)
    if interstate:
        rest = _written_out(text[interstate.end() :].split())
        name = " ".join(("Interstate", interstate[1], *rest))
        return RoadName(name, aliases=() if rest else (f"I {interstate[1]}", f"I{interstate[1]}"))
    number = words[-1]
    if not number[0].isdigit() or not _ROUTE_WORDS.intersection(w.casefold() for w in words[:-1]):
        return None
    name = " ".join(_written_out(words))
    return RoadName(name, aliases=(f"Highway {number}", f"Route {number}"))


def _street(words: Sequence[str]) -> RoadName:
    direction, rest = "", list(words)
    if len(rest) > 1 and rest[0].upper() in _COMPASS:
        direction = rest.pop(0).upper()
    if len(rest) > 2 and rest[-1].upper() in _COMPASS and fold(rest[-2]) in TYPES:
        direction = direction or rest[-1].upper()
        rest.pop()
    kind = TYPES.get(fold(rest[-1]), "") if len(rest) > 1 else ""
    name = " ".join(_written_out(rest[:-1] if kind else rest))
    return RoadName(_ordinal(name), kind, direction)


def _written_out(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        plain = word.capitalize() if word.isupper() and len(word) > 1 else word
        short = plain.rstrip(".")
        front = _AT_FRONT.get(short) if at == 0 and len(words) > 1 else None
        yield front or _ANYWHERE.get(short, plain)


def _ordinal(name: str) -> str:
    """ "Sixth" as the readers of speech write it: 6th."""
    words = fold(name).split()
    found = ordinal(words, 0)
    return found[0] if found is not None and found[1] == len(words) else name


__all__ = ["RoadName", "road_name"]
