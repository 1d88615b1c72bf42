"""How well one protocol session kept to its protocol: the automatic compliance score.

Pure: `score(record)` looks at the event record alone and says the same for ever; the scale carries
a name that is stored with every score. It judges what was done, never what it was like to do it:
a human's review is another thing and is never averaged with this. Knows no row and no person.

Each check weighs critical, major or minor; the score is earned of applicable points. One missed
critical check makes the case non-compliant whatever the total. Questions that are not on the path,
and whatever would have come after the caller was gone, are not applicable.

Source: compliance scoring of the protocol plan (weights 10 / 3 / 1 as a start; the figures are data).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from protocols.levels import Level
from protocols.scored_case import CaseRecord, Transfer
from protocols.scoring_path import Course, follow
from protocols.scoring_scale import SCALE, WEIGHTS, Grade, Item, Result, Scale, UnderTriage, Weight
from protocols.script import DestinationKind, Determinant
from protocols.session import By, Change, How


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a case: its result, the reason in a sentence, the questions it is about."""

    item: Item
    result: Result
    why: str
    questions: tuple[str, ...] = ()

    @property
    def weight(self) -> Weight:
        """How much it counts."""
        return WEIGHTS[self.item]


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one case: points earned of points applicable, and the step they reach."""

    scale: str
    checks: tuple[Check, ...]
    earned: int
    applicable: int
    grade: Grade
    under_triage: tuple[UnderTriage, ...]

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down: a case that misses anything never shows 100."""
        return 100 * self.earned // self.applicable if self.applicable else None


def score(record: CaseRecord, scale: Scale = SCALE) -> Score:
    """Score an ended session.

    Raises:
        AnswerError, ChoiceError: an event that the protocol does not allow.
    """
    case = Looked(record, follow(record), scale)
    checks = tuple(Check(item, *look(case)) for item, look in LOOKS.items())
    earned = _points(checks, scale, Result.MET)
    applicable = earned + _points(checks, scale, Result.MISSED)
    grade = _grade(checks, earned, applicable, scale)
    return Score(scale.name, checks, earned, applicable, grade, _under_triage(case, checks))


class Looked(NamedTuple):
    """A record with the course that its answers took, and the scale it is held against."""

    record: CaseRecord
    course: Course
    scale: Scale


class Finding(NamedTuple):
    """What a look at a case says."""

    result: Result
    why: str
    questions: tuple[str, ...] = ()


def _met(why: str) -> Finding:
    return Finding(Result.MET, why)


def _missed(why: str, *questions: str) -> Finding:
    return Finding(Result.MISSED, why, questions)


def _not_applicable(why: str) -> Finding:
    return Finding(Result.NOT_APPLICABLE, why)


def _red_flags_asked(case: Looked) -> Finding:
    course = case.course
    if course.missing_safety:
        return _missed("A red-flag question was not answered.", *course.missing_safety)
    if course.unshown_safety:
        return _missed(
            "A red-flag question was answered that was not shown before.", *course.unshown_safety
        )
    if not course.answered_safety:
        return _not_applicable("No red-flag question came up.")
    return _met("Every red-flag question of the path was shown and answered.")


def _emergency_transferred(case: Looked) -> Finding:
    transfers, since = case.record.transfers, case.course.emergency_at
    if since is None and not transfers:
        return _not_applicable("It was no emergency.")
    if any(transfer.abandoned for transfer in transfers):
        return _missed("We left before 911 had accepted the caller.")
    if since is None:
        return _met("911 was asked for, and the caller was not left.")
    return _in_time(case, since, _first(transfers, since))


def _in_time(case: Looked, since: float, first: Transfer | None) -> Finding:
    limit, gone_at = since + case.scale.transfer_seconds, case.course.gone_at
    if first is None and gone_at is not None and gone_at <= limit:
        return _not_applicable("The caller was gone before 911 had to be asked for.")
    if first is None:
        return _missed("The emergency was never handed to 911.")
    if first.requested_at > limit:
        late = first.requested_at - since
        return _missed(f"911 was asked for {late:.0f} s after the emergency stood.")
    return _met(f"911 was asked for within {case.scale.transfer_seconds:g} s.")


def _place_verified(case: Looked) -> Finding:
    marks, now = case.record.marks, case.course.session
    if marks.place_verified:
        return _met("The place was verified.")
    if marks.place_excused:
        return _met("The place could not be verified, and the reason is recorded.")
    if case.course.gone_at is not None:
        return _not_applicable("The caller was gone before the place could be verified.")
    if now.ended is How.JUMPED:
        return _not_applicable("Another protocol went on with the call.")
    if now.standing is None or not _needs_place(now.standing):
        return _not_applicable("What was decided needs no place.")
    return _missed("The place was not verified, and no reason is recorded.")


def _needs_place(standing: Determinant) -> bool:
    if standing.level >= Level.URGENT:
        return True
    to_department = standing.destination.kind is DestinationKind.DEPARTMENT
    return standing.level is Level.ROUTINE and to_department


def _emergency_not_declined(case: Looked) -> Finding:
    """The session itself lets nothing lower what has dialled; the line's own reading can be passed by."""
    course, heard = case.course, case.record.marks.emergency_heard
    if course.emergency_at is not None or (heard and case.record.transfers):
        return _met("It went on as an emergency.")
    if not heard:
        return _not_applicable("It was no emergency.")
    if course.answered_safety:
        return _met("The line had heard a danger, and the caller was asked about it.")
    if any(change.reason for change in course.session.changes):
        return _met("The line had heard a danger, and the reason to go on is recorded.")
    if course.gone_at is not None or course.session.ended is How.JUMPED:
        return _not_applicable("The case went elsewhere before the caller could be asked.")
    return _missed("The line had heard a danger, and nobody asked about it or gave a reason.")


def _callback_verified(case: Looked) -> Finding:
    marks = case.record.marks
    if marks.callback_refused:
        return _met("A number to call back was asked for, and the caller gave none.")
    if marks.callback_verified is False and case.course.gone_at is not None:
        return _not_applicable("The caller was gone before a number could be asked for.")
    if marks.callback_verified is False and case.course.emergency_at is not None:
        return _not_applicable("It was an emergency: 911 asks for the number.")
    return _as_marked(
        marks.callback_verified,
        "The number to call back was asked for, or read back.",
        "The number to call back was neither asked for nor read back.",
    )


def _questions_in_order(case: Looked) -> Finding:
    course = case.course
    if course.out_of_order:
        return _missed("Questions were answered before their turn.", *course.out_of_order)
    if not course.answered:
        return _not_applicable("No question was answered.")
    return _met("The questions were asked in order.")


def _determinant_kept(case: Looked) -> Finding:
    now = case.course.session
    if any(_needs_reason(change) and not change.reason for change in now.changes):
        return _missed("The determinant was changed without a reason.")
    if now.standing is not None:
        return _met("The determinant was kept, or changed with a reason.")
    if case.course.gone_at is not None or now.ended is How.JUMPED or case.record.transfers:
        return _not_applicable("The case went elsewhere before a determinant was due.")
    return _missed("The session ended without a determinant.")


def _needs_reason(change: Change) -> bool:
    lowers = change.by is not By.RULES and _is_below(change.determinant, change.computed)
    return change.by is By.OVERRIDE or lowers


def _advice_given(case: Looked) -> Finding:
    if case.course.session.standing is None:
        return _not_applicable("No determinant stood, so there was no advice.")
    return _if_here(
        case,
        case.record.marks.advice_given,
        "The approved advice was given.",
        "The approved advice was not given.",
    )


def _no_question_skipped(case: Looked) -> Finding:
    course = case.course
    if course.missing:
        return _missed("A question of the path was left out.", *course.missing)
    if not course.answered:
        return _not_applicable("No question was answered.")
    return _met("No question of the path was left out.")


def _read_word_for_word(case: Looked) -> Finding:
    return _as_marked(
        case.record.marks.read_word_for_word,
        "The questions were read as they stand.",
        "The questions were not read as they stand.",
    )


def _language_offered(case: Looked) -> Finding:
    return _as_marked(
        case.record.marks.language_offered,
        "The caller's language was offered.",
        "No language was offered.",
    )


def _closing_read(case: Looked) -> Finding:
    if case.course.session.standing is None:
        return _not_applicable("No determinant stood, so there was nothing to close with.")
    return _if_here(
        case,
        case.record.marks.closing_read,
        "The closing words were read.",
        "The closing words were not read.",
    )


def _if_here(case: Looked, mark: bool | None, met: str, missed: str) -> Finding:  # noqa: FBT001
    if mark is False and case.course.gone_at is not None:
        return _not_applicable("The caller was gone before that.")
    return _as_marked(mark, met, missed)


def _as_marked(mark: bool | None, met: str, missed: str) -> Finding:  # noqa: FBT001 - a mark is a claim
    if mark is None:
        return _not_applicable("Nothing was recorded of it.")
    return _met(met) if mark else _missed(missed)


LOOKS: Mapping[Item, Callable[[Looked], Finding]] = MappingProxyType(
    {
        Item.RED_FLAGS_ASKED: _red_flags_asked,
        Item.EMERGENCY_TRANSFERRED: _emergency_transferred,
        Item.PLACE_VERIFIED: _place_verified,
        Item.EMERGENCY_NOT_DECLINED: _emergency_not_declined,
        Item.CALLBACK_VERIFIED: _callback_verified,
        Item.QUESTIONS_IN_ORDER: _questions_in_order,
        Item.DETERMINANT_KEPT: _determinant_kept,
        Item.ADVICE_GIVEN: _advice_given,
        Item.NO_QUESTION_SKIPPED: _no_question_skipped,
        Item.READ_WORD_FOR_WORD: _read_word_for_word,
        Item.LANGUAGE_OFFERED: _language_offered,
        Item.CLOSING_READ: _closing_read,
    }
)
"""How each item is looked at, in the order in which a case shows them."""


def _first(transfers: tuple[Transfer, ...], since: float) -> Transfer | None:
    """The first that could serve an emergency; one that was over before it is of something else."""
    serving = [one for one in transfers if one.ended_at is None or one.ended_at >= since]
    return min(serving, key=lambda transfer: transfer.requested_at, default=None)


def _points(checks: tuple[Check, ...], scale: Scale, result: Result) -> int:
    return sum(scale.points[check.weight] for check in checks if check.result is result)


def _grade(checks: tuple[Check, ...], earned: int, applicable: int, scale: Scale) -> Grade:
    missed = {check.weight for check in checks if check.result is Result.MISSED}
    if Weight.CRITICAL in missed:
        return Grade.NON_COMPLIANT
    if not applicable:
        return Grade.NOT_SCORED
    if Weight.MAJOR in missed or 100 * earned < scale.meets_percent * applicable:
        return Grade.PARTLY
    return Grade.MEETS


def _under_triage(case: Looked, checks: tuple[Check, ...]) -> tuple[UnderTriage, ...]:
    now = case.course.session
    missed = {check.item for check in checks if check.result is Result.MISSED}
    chosen_by_a_person = now.standing_by is not By.RULES
    is_lower = now.standing is not None and not now.standing.emergency
    signs = {
        UnderTriage.LOWERED: _is_below(now.standing, now.verdict.determinant),
        UnderTriage.RAISED_BY_A_PERSON: chosen_by_a_person and _was_missed_by_rules(now.changes),
        UnderTriage.SENT_TO_911_ANYWAY: is_lower and bool(case.record.transfers),
        UnderTriage.RED_FLAG_MISSED: Item.RED_FLAGS_ASKED in missed,
    }
    return tuple(sign for sign, shows in signs.items() if shows)


def _was_missed_by_rules(changes: tuple[Change, ...]) -> bool:
    """Whether a person saw an emergency where the rules had come to something lower."""
    return any(
        change.by is not By.RULES
        and change.determinant is not None
        and change.determinant.emergency
        and _is_below(change.computed, change.determinant)
        for change in changes
    )


def _is_below(one: Determinant | None, other: Determinant | None) -> bool:
    """Whether one is less urgent than the other; nothing decided is no lower choice."""
    return one is not None and other is not None and one.level < other.level
