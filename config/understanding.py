"""`./run understand`: what the line would make of an utterance, for people and for programs."""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from config.city import CityPack, load
from config.settings import ROOT
from ivr.rules import emergency, spoken_address
from ivr.rules import understanding as intents
from ivr.rules.danger_voter import telling, vote
from models.states import EmergencyLevel, Language

RANKS = [EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY]


class NothingToReadError(Exception):
    """Neither words nor a file were given."""


def show(
    words: str | None,
    file: Path | None,
    language: str | None,
    *,
    as_json: bool,
    explain: bool = False,
) -> None:
    """Print what is understood: one utterance, or one object a line for a file.

    `explain` adds, for a person, what each voter saw.

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
    if explain and not as_json:
        sys.stdout.write(explained(pack, words or "", language))


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


PARTS_SHOWN = 8
EXAMPLES_SHOWN = 3
_KINDS = {"#": "beginning", "&": "near", "~": "piece", "=": "meaning", "+": "meanings"}


def explained(pack: CityPack, words: str, language: str | None) -> str:
    """Why the line understands words as it does: each voter on danger, each voter on the wish."""
    tongue = Language(language) if language else Language.EN
    return "\n".join(
        ["", *_why_danger(pack, words, tongue), "", *_why_wish(pack, words, tongue), ""]
    )


def _why_danger(pack: CityPack, words: str, language: Language) -> Iterable[str]:
    alone = emergency.read(words, language, replace(pack.signs, voter=None))
    yield f"signs      {alone.level.value}: {alone.reason}  {' '.join(alone.words)}".rstrip()
    voter = pack.signs.voter
    if voter is None:
        return
    heard = vote(words, voter)
    yield (
        f"voter      {heard.score:+.2f}  (possible from {voter.possible_from:+.2f}, with a witness an"
        f" emergency from {voter.sure_from:+.2f}, against a sign below {voter.against_below:+.2f})"
    )
    if heard.scene:
        yield f"scene      {' and '.join(sorted(heard.scene))}"
    for part, weight in telling(words, voter)[:PARTS_SHOWN]:
        kind = _KINDS.get(part[0], "words")
        yield f"  {weight:+6.2f}  {kind}: {part.lstrip('#&~=+')}"


def _why_wish(pack: CityPack, words: str, language: Language) -> Iterable[str]:
    believed = intents.believed(words, pack.intents)
    for slug, share in sorted(believed.items(), key=lambda one: -one[1])[:EXAMPLES_SHOWN]:
        yield f"learned    {slug} {share:.0%}"
    near = intents.nearest_examples(words, language, pack.intents)
    for slug, one in sorted(near.items(), key=lambda row: -row[1].likeness)[:EXAMPLES_SHOWN]:
        yield f"example    {slug} {one.likeness:.0%}: {one.phrase}"


def _lines(file: Path) -> Iterable[str]:
    return (line for line in file.read_text("utf-8").splitlines() if line.strip())
