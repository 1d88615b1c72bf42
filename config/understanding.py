"""`./run understand`: what the line would make of an utterance, for people and for programs."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.city import CityPack, load
from config.settings import ROOT
from ivr.rules import emergency, spoken_address
from ivr.rules import understanding as intents
from models.states import EmergencyLevel, Language

RANKS = [EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY]


class NothingToReadError(Exception):
    """Neither words nor a file were given."""


def show(words: str | None, file: Path | None, language: str | None, *, as_json: bool) -> None:
    """Print what is understood: one utterance, or one object a line for a file.

    Raises:
        NothingToReadError: neither `words` nor `file`.
    """
    if not words and file is None:
        raise NothingToReadError('say something: ./run understand "a big pothole on Speedway"')
    pack = load(ROOT / "config/tucson")
    if file is not None:
        for line in _lines(file):
            print(json.dumps(understood(pack, line, language), ensure_ascii=False))
        return
    found = understood(pack, words or "", language)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n" if as_json else told(found))


def understood(pack: CityPack, words: str, language: str | None) -> dict[str, Any]:
    """The external contract's object for one utterance.

    Without a language both are tried: the surer intent decides, and the graver emergency reading
    stands whichever language it came from.
    """
    tried = [Language(language)] if language else list(Language)
    heard = {one: intents.read(words, one, pack.intents) for one in tried}
    chosen = max(tried, key=lambda one: heard[one].confidence)
    readings = [emergency.read(words, one, pack.signs) for one in tried]
    reading = max(readings, key=lambda one: RANKS.index(one.level))
    place = spoken_address.read(words, chosen, pack.gazetteer.names())
    return {
        "intent": heard[chosen].intent,
        "confidence": round(heard[chosen].confidence, 3),
        "alternatives": [
            {"intent": slug, "confidence": round(share, 3)}
            for slug, share in heard[chosen].alternatives
        ],
        "emergency": reading.level.value,
        "emergency_reason": reading.reason,
        "location": {
            "kind": place.kind.value,
            "number": place.number,
            "direction": place.direction,
            "street": place.street,
            "suffix": place.suffix,
            "cross_street": place.cross_street,
            "text": place.text,
        },
    }


def told(found: dict[str, Any]) -> str:
    """The same in lines for a person."""
    place = found["location"]
    others = ", ".join(
        f"{other['intent']} {other['confidence']:.0%}" for other in found["alternatives"]
    )
    where = place["text"] if place["kind"] != "none" else "no place heard"
    return (
        (
            f"intent     {found['intent']} {found['confidence']:.0%}"
            + (f"  (or {others})\n" if others else "\n")
        )
        + f"emergency  {found['emergency']}  {found['emergency_reason']}\nplace      {place['kind']}: {where}\n"
    )


def _lines(file: Path) -> Iterable[str]:
    return (line for line in file.read_text("utf-8").splitlines() if line.strip())
