"""Who may be dialled or written to: the last word before anything reaches the telephone company.

Pure: the policy comes in as a value, and so does the number. The rule is a list of what is
allowed; what is not written exactly so is refused, in whatever form it comes.
"""

import re
from collections.abc import Container
from dataclasses import dataclass

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CLIENT = re.compile(r"client:staff-[0-9a-zA-Z_-]{1,64}")
_NORTH_AMERICAN = re.compile(r"\+1([2-9][0-9]{2})([2-9][0-9]{2})[0-9]{4}")
_PREMIUM_AREAS = frozenset({"900"})
_PREMIUM_EXCHANGES = frozenset({"976"})
_ABROAD = frozenset(
    {"242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664"}
    | {"721", "758", "767", "784", "809", "829", "849", "868", "869", "876"}
)
"""Caribbean and Atlantic areas: they look domestic and are charged as international."""
EMERGENCY_NUMBERS = frozenset({"911", "933"})


@dataclass(frozen=True, slots=True)
class Allowed:
    """What this installation may dial.

    `rehearsal` are the city pack's numbers, the only ones outside production. `directory` are the
    approved numbers of production (answering points, human line, partners), E.164 or `sip:`.
    `emergency` is the switch for 911 and 933 themselves, in production alone.
    """

    production: bool
    rehearsal: frozenset[str]
    directory: Container[str] = frozenset()
    emergency: bool = False


def may_dial(policy: Allowed, to: str) -> bool:
    """Say whether `to` may be dialled, exactly as it is written."""
    if _CLIENT.fullmatch(to):
        return True
    if not policy.production:
        return to in policy.rehearsal and _E164.fullmatch(to) is not None
    if to in EMERGENCY_NUMBERS:
        return policy.emergency
    if to.startswith("sip:"):
        return to in policy.directory
    return to in policy.directory and is_domestic(to)


def may_text(policy: Allowed, to: str) -> bool:
    """Say whether a text message may go to `to`: a caller's own number, never a dear one."""
    if not policy.production:
        return to in policy.rehearsal and _E164.fullmatch(to) is not None
    return is_domestic(to)


def may_ring(policy: Allowed, to: str) -> bool:
    """Say whether `to` may be rung as a call-taker's registered and approved desk telephone.

    Nobody of the directory is: 911 and partners are called into a room, by their own rules.
    """
    if not policy.production:
        return to in policy.rehearsal and _E164.fullmatch(to) is not None
    return is_domestic(to) and to not in policy.directory


def may_be_desk_telephone(to: str, somebody_elses: Container[str]) -> bool:
    """Say whether a number may be registered: an ordinary one, and not one that is dialled for callers."""
    return is_domestic(to) and to not in somebody_elses


def may_call_back(policy: Allowed, to: str) -> bool:
    """Say whether a resident may be rung at `to`, their own number or one that they gave.

    It counts as approved without standing in a directory; how often is for the caps of
    `ivr.rules.calling_back`.
    """
    if not policy.production:
        return to in policy.rehearsal and _E164.fullmatch(to) is not None
    return is_domestic(to)


def is_domestic(to: str) -> bool:
    """Say whether `to` is an ordinary North American number: not premium, not abroad."""
    parts = _NORTH_AMERICAN.fullmatch(to)
    if parts is None:
        return False
    area, exchange = parts.groups()
    if area.endswith("11") or exchange.endswith("11"):
        return False
    return area not in _PREMIUM_AREAS and area not in _ABROAD and exchange not in _PREMIUM_EXCHANGES
