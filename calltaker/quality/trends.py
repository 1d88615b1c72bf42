"""How scores go from week to week, by person, protocol and version. Pure: scored cases in, figures out.

A figure is shown only where it rests on enough cases: below `MINIMUM` a percentage says more about
chance than about anybody's work. Points are added up before they are divided, so that a long case
weighs more than a short one. Human reviews do not come in here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.states import CaseGrade

MINIMUM = 5
WEEKS = 13


@dataclass(frozen=True, slots=True)
class Scored:
    """One scored case; `key` is what it is counted under, `day` when it ended, in the city."""

    key: str
    day: date
    earned: int
    applicable: int
    grade: CaseGrade


@dataclass(frozen=True, slots=True)
class Figure:
    """`n` cases with their points; grades are counts."""

    n: int
    earned: int
    applicable: int
    meets: int
    partly: int
    non_compliant: int

    @property
    def is_shown(self) -> bool:
        """Whether there are enough cases to say anything."""
        return self.n >= MINIMUM and self.applicable > 0

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down; None where there are too few cases."""
        return 100 * self.earned // self.applicable if self.is_shown else None


@dataclass(frozen=True, slots=True)
class Trend:
    """All of a key's cases in the weeks looked at, and each week by itself."""

    key: str
    whole: Figure
    weeks: tuple[tuple[date, Figure], ...]


def weeks_until(day: date) -> tuple[date, ...]:
    """Name the Mondays of the last `WEEKS` weeks, oldest first, the present week last."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))


def trends(cases: Iterable[Scored], weeks: Sequence[date]) -> tuple[Trend, ...]:
    """Count cases by key and week; those outside `weeks` and those not scored are left out.

    The keys with most cases come first.
    """
    by_key: defaultdict[str, defaultdict[date, list[Scored]]] = defaultdict(
        lambda: defaultdict(list)
    )
    wanted = set(weeks)
    for case in cases:
        monday = case.day - timedelta(days=case.day.weekday())
        if monday in wanted and case.grade is not CaseGrade.NOT_SCORED:
            by_key[case.key][monday].append(case)
    found = (_trend(key, by_week, weeks) for key, by_week in by_key.items())
    return tuple(sorted(found, key=lambda trend: (-trend.whole.n, trend.key)))


def _trend(key: str, by_week: defaultdict[date, list[Scored]], weeks: Sequence[date]) -> Trend:
    everything = [case for cases in by_week.values() for case in cases]
    return Trend(key, _figure(everything), tuple((week, _figure(by_week[week])) for week in weeks))


def _figure(cases: Sequence[Scored]) -> Figure:
    grades = Counter(case.grade for case in cases)
    return Figure(
        n=len(cases),
        earned=sum(case.earned for case in cases),
        applicable=sum(case.applicable for case in cases),
        meets=grades[CaseGrade.MEETS],
        partly=grades[CaseGrade.PARTLY],
        non_compliant=grades[CaseGrade.NON_COMPLIANT],
    )
