"""What callers say, read by the city's own readers: right and wrong by split, and how quick.

`held back` is the split that nobody tunes on and whose goals count; `tuning` stands beside it to
show how much of the result is fitted. `stranger` are cases by a second author who had seen nothing of
signs and examples: the hardest and the most honest. The percentages are shares of cases, not of calls.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter

from config.city import CityPack
from ivr.rules import emergency, understanding
from models.states import EmergencyLevel, Language
from tests.bench.figures import Figure
from tests.cases.understanding.utterances import Utterance, utterances
from tests.rules.tucson_pack import tucson

NONE, POSSIBLE, EMERGENCY = EmergencyLevel.NONE, EmergencyLevel.POSSIBLE, EmergencyLevel.EMERGENCY
SPLITS = {"held back": True, "tuning": False}
STRANGER = "stranger, held back"


def measure() -> Iterator[Figure]:
    """Read every case once; goals stand on the split held back only."""
    pack, cases = tucson(), list(utterances())
    for split, held_back in SPLITS.items():
        chosen = [case for case in cases if case.held_back is held_back and not case.held]
        yield Figure(f"{split}: utterances", len(chosen), "")
        yield from _dangers(pack, chosen, split, goals=held_back)
        yield from _intents(pack, chosen, split, goals=held_back)
    strange = [case for case in cases if case.held]
    yield Figure(f"{STRANGER}: utterances", len(strange), "")
    yield from _dangers(pack, strange, STRANGER, goals=True)
    yield from _left_alone(pack, strange)
    signs = replace(pack, signs=replace(pack.signs, voter=None))
    yield from _dangers(signs, strange, "stranger, signs alone", goals=False)
    yield from _methods(pack, [case for case in cases if case.intent])
    yield from _speed(pack, cases)


def _dangers(
    pack: CityPack, cases: Sequence[Utterance], split: str, *, goals: bool
) -> Iterator[Figure]:
    level = {case.id: emergency.read(case.text, case.language, pack.signs).level for case in cases}
    rows: list[tuple[str, EmergencyLevel, tuple[EmergencyLevel, ...], float | None, bool]] = [
        ("emergencies read as emergency or possible", EMERGENCY, (EMERGENCY, POSSIBLE), 99, True),
        ("emergencies read as emergency", EMERGENCY, (EMERGENCY,), 90, True),
        ("doubtful calls read as emergency or possible", POSSIBLE, (EMERGENCY, POSSIBLE), None, True),
        ("ordinary calls read as emergency", NONE, (EMERGENCY,), 1, False),
        ("ordinary calls read as emergency or possible", NONE, (EMERGENCY, POSSIBLE), 6, False),
    ]  # fmt: skip
    for name, expected, read_as, goal, at_least in rows:

        def right(case: Utterance, read_as: tuple[EmergencyLevel, ...] = read_as) -> bool:
            return level[case.id] in read_as

        of = [case for case in cases if case.emergency is expected]
        yield from _shares(f"{split}: {name}", of, right, goal if goals else None, at_least)


def _left_alone(pack: CityPack, cases: Sequence[Utterance]) -> Iterator[Figure]:
    """Dangers that neither voter saw, whose wish a machine would have been sure of: the worst."""
    of = [case for case in cases if case.emergency is EMERGENCY]

    def alone(case: Utterance) -> bool:
        if emergency.read(case.text, case.language, pack.signs).level is not NONE:
            return False
        return bool(understanding.read(case.text, case.language, pack.intents).intent)

    yield from _shares(f"{STRANGER}: emergencies left in self-service", of, alone, None, False)


def _intents(
    pack: CityPack, cases: Sequence[Utterance], split: str, *, goals: bool
) -> Iterator[Figure]:
    heard = {
        case.id: understanding.read(case.text, case.language, pack.intents)
        for case in cases
        if case.intent
    }

    def first(case: Utterance) -> bool:
        return heard[case.id].intent == case.intent

    def guessed(case: Utterance) -> bool:
        return _ranked(heard[case.id])[:1] == [case.intent]

    def among_three(case: Utterance) -> bool:
        return case.intent in _ranked(heard[case.id])[:3]

    def wrong(case: Utterance) -> bool:
        return heard[case.id].intent not in (case.intent, "")

    of = [case for case in cases if case.intent]
    for name, right, goal in (
        ("intent's first guess right", guessed, 88.0),
        ("intent among the first three", among_three, 97.0),
        ("intent right and sure enough to ask back", first, None),
    ):
        yield from _shares(f"{split}: {name}", of, right, goal if goals else None)
    yield from _shares(f"{split}: a wrong intent taken as sure", of, wrong, None, at_least=False)


def _methods(pack: CityPack, cases: Sequence[Utterance]) -> Iterator[Figure]:
    """The two voters of an intent alone: first guess, and among the first three."""
    for method, rank in (("phrase matcher", _matched), ("learned model", _learned)):
        for split, held_back in SPLITS.items():
            chosen = [case for case in cases if case.held_back is held_back]
            ranks = [(case, rank(pack, case)) for case in chosen]
            for name, most in (("first guess", 1), ("among three", 3)):
                right = sum(case.intent in ranked[:most] for case, ranked in ranks)
                name = f"{method} alone, {split}: {name}"
                yield Figure(name, 100 * right / len(ranks), "%")


def _matched(pack: CityPack, case: Utterance) -> list[str]:
    near = understanding.nearest_examples(case.text, case.language, pack.intents)
    return sorted(near, key=lambda slug: near[slug].likeness, reverse=True)


def _learned(pack: CityPack, case: Utterance) -> list[str]:
    believed = understanding.believed(case.text, pack.intents)
    return sorted(believed, key=lambda slug: believed[slug], reverse=True)


def _ranked(heard: understanding.Heard) -> list[str]:
    others = [slug for slug, _ in heard.alternatives]
    return [heard.intent, *others] if heard.intent else others


def _shares(
    name: str,
    of: Sequence[Utterance],
    right: Callable[[Utterance], bool],
    goal: float | None,
    at_least: bool = True,
) -> Iterator[Figure]:
    """The share of all, then of each language; only the share of all has the goal."""
    yield Figure(name, _share(of, right), "%", goal, at_least)
    for language in Language:
        own = [case for case in of if case.language is language]
        yield Figure(f"  of these in {language.value} ({len(own)})", _share(own, right), "%")


def _share(of: Sequence[Utterance], right: Callable[[Utterance], bool]) -> float:
    return 100 * sum(map(right, of)) / len(of) if of else 0.0


def _speed(pack: CityPack, cases: Sequence[Utterance]) -> Iterator[Figure]:
    taken = []
    for case in cases:
        began = perf_counter()
        emergency.read(case.text, case.language, pack.signs)
        understanding.read(case.text, case.language, pack.intents)
        taken.append(1000 * (perf_counter() - began))
    yield Figure("one utterance, emergency and intent, median", median(taken), "ms", 2, False)
