"""Waiting for an outside telephone to ring or to be answered, for a caller's or a call-taker's step."""

from simulator.rehearsal.script import Step
from simulator.rehearsal.steps import Record, until
from simulator.rehearsal.telephone_company import TelephoneCompany


async def until_phones(company: TelephoneCompany, step: Step, record: Record) -> None:
    """Wait for what the step wants of outside telephones.

    Raises:
        StepError: The telephone did not ring, or was not answered, in time.
    """
    if step.rings is not None:
        await until(
            f"{step.rings} to ring",
            step.within_seconds,
            lambda: _has(company, step.rings, "ringing"),
        )
        record.note(f"{step.rings} rang")
    if step.talks is not None:
        await until(
            f"{step.talks} to answer",
            step.within_seconds,
            lambda: _has(company, step.talks, "live"),
        )
        record.note(f"{step.talks} answered")


async def _has(company: TelephoneCompany, number: str | None, calls: str) -> bool:
    phone = await company.phone(number or "")
    return bool(phone[calls])
