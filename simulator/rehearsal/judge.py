"""Says how a rehearsed call ended and what of its script's expectation did not come true. Pure.

`outcome_of` uses only what the simulator saw and the request number that the desk showed; `findings_of` names every
difference as a sentence.
"""

from simulator.rehearsal.facts import DESK, Facts
from simulator.rehearsal.script import Expectation, Outcome, Script, TimeLimit
from simulator.rehearsal.steps import contains


def outcome_of(
    facts: Facts,
    desks_911: frozenset[str],
    human_lines: frozenset[str],
    request_number: str | None,
    *,
    caller_hung_up: bool,
) -> Outcome:
    """How the call ended, the weightiest first: 911, a request, talk, a line, nothing.

    Args:
        facts: What the journal says.
        desks_911: Numbers of telephones that are 911 desks.
        human_lines: Numbers of staffed lines outside the system.
        caller_hung_up: Whether the script's caller hung up before anybody else ended the call.
        request_number: The service request's number as the desk showed it, if there was one.
    """
    if facts.company & desks_911:
        return Outcome.REACHED_911
    if facts.answered & desks_911:
        return Outcome.REPORTED_TO_911
    if request_number:
        return Outcome.SERVICE_REQUEST
    if DESK in facts.company:
        return Outcome.TALKED
    if facts.company & human_lines:
        return Outcome.HUMAN_LINE
    if not caller_hung_up:
        return Outcome.CUT_OFF
    return Outcome.LEFT_LINE if facts.was_in_line else Outcome.LEFT_MENU


def findings_of(script: Script, facts: Facts, outcome: Outcome) -> list[str]:
    """Everything that is not as scripted; empty when all is well."""
    expect = script.expect
    findings = [] if outcome is expect.outcome else [f"ended as {outcome}, not as {expect.outcome}"]
    findings += _unheard("the caller", script.must_hear, facts.heard)
    for party, parts in (expect.heard_by or {}).items():
        findings += _unheard(party, parts, facts.heard_by.get(party, ()))
    findings += _company_findings(expect, facts)
    findings += _unheard("the caller's telephone", expect.texted, facts.texted)
    findings += [finding for limit in expect.limits if (finding := _late(limit, facts))]
    if expect.request_number_heard and not facts.request_number_was_heard:
        findings.append("the caller did not hear a request number")
    return findings


def _unheard(party: str, parts: tuple[str, ...], heard: tuple[str, ...]) -> list[str]:
    """The first part that was not heard in its order; what comes after it is not looked for."""
    place = 0
    for part in parts:
        found = next((n for n in range(place, len(heard)) if contains(heard[n], part)), None)
        if found is None:
            return [f"{party} did not hear “{part}”" + (" in its order" if place else "")]
        place = found
    return []


def _company_findings(expect: Expectation, facts: Facts) -> list[str]:
    findings = []
    if expect.rung is not None and expect.rung != facts.rung:
        findings.append(
            f"rang {', '.join(facts.rung) or 'nobody'}, not {', '.join(expect.rung) or 'nobody'}"
        )
    findings += [
        f"the caller was never together with {name}"
        for name in expect.connected
        if name not in facts.company
    ]
    findings += [
        f"the caller was together with {name}"
        for name in expect.not_connected
        if name in facts.company
    ]
    return findings


def _late(limit: TimeLimit, facts: Facts) -> str | None:
    start = facts.first(limit.start)
    if start is None:
        return f"“{limit.start}” did not happen"
    end = facts.first(limit.end, after=start)
    if end is None:
        return f"“{limit.end}” did not happen after “{limit.start}”"
    took = end - start
    return (
        f"{took:.1f} s from “{limit.start}” to “{limit.end}”, at most {limit.seconds:g}"
        if took > limit.seconds
        else None
    )


def lost_findings(outcome: Outcome) -> list[str]:
    """Whether a caller was lost, for calls with faults at random: there any person will do, and none is the only failure."""
    if outcome in (Outcome.CUT_OFF, Outcome.LEFT_LINE, Outcome.LEFT_MENU):
        return [f"the caller reached nobody ({outcome})"]
    return []
