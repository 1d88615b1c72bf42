"""Waiting for an outside telephone to ring or to be answered, for a caller's or a call-taker's step."""

from simulator.rehearsal.script import Step
from simulator.rehearsal.steps import Record, until
from simulator.rehearsal.telephone_company import TelephoneCompany

RINGS = frozenset({"ringing"})
TALKS = frozenset({"in-progress"})


async def until_phones(
    company: TelephoneCompany, caller_sid: str, step: Step, record: Record
) -> None:
    """Wait for what the step wants of outside telephones; only calls made for this caller count.

    Raises:
        StepError: The telephone did not ring, or was not answered, in time.
    """
    if step.rings is not None:
        await until(
            f"{step.rings} to ring",
            step.within_seconds,
            lambda: _has(company, caller_sid, step.rings, RINGS),
        )
        record.note(f"{step.rings} rang")
    if step.talks is not None:
        await until(
            f"{step.talks} to answer",
            step.within_seconds,
            lambda: _has(company, caller_sid, step.talks, TALKS),
        )
        record.note(f"{step.talks} answered")


async def _has(
    company: TelephoneCompany, caller_sid: str, number: str | None, statuses: frozenset[str]
) -> bool:
    calls = await company.rung_for(caller_sid)
    return any(call["to"] == number and call["status"] in statuses for call in calls)
