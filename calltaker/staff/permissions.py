"""Who may do what: roles and permissions as one pure table. Knows no route, row or request.

Source: the RBAC table of the trust page, as far as its actions exist. Deny by default: a role has
exactly what stands here. Nobody but a role that answers calls sees what a caller said.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.states import PublicationKind, Role


class Permission(StrEnum):
    """One thing that a route may ask of the person at it."""

    OPEN_DESK = "open_desk"
    """See the desk: who waits and since when. What a caller said needs `Sight.FULL` as well."""
    ANSWER_CALLS = "answer_calls"
    """Be available, take offers, hold a softphone; the call's own routes also need the call."""
    OVERRIDE_LEAVE = "override_leave"
    """Leave a call before 911 has accepted, with a reason."""
    SEE_HANDOFFS = "see_handoffs"
    """See the ledger of handoffs with 911: times, names of both sides and outcomes, nothing personal."""
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"
    SEE_PUBLICATIONS = "see_publications"
    """See what the city publishes, its drafts, history and usage."""
    EDIT_DRAFTS = "edit_drafts"
    """Write, try and propose; which kinds of document stands in `EDITORS`."""
    APPROVE_PUBLICATIONS = "approve_publications"
    """Approve what somebody else proposed, and roll back."""
    ANNOUNCE = "announce"
    """Put an announcement before the menu and set switches: a storm waits for no second person."""
    SEE_OWN_CASES = "see_own_cases"
    """See how one's own calls were scored and reviewed, dispute it, acknowledge feedback."""
    REVIEW_CASES = "review_cases"
    """Read everybody's cases, review them, decide disputes, give feedback, see trends."""


class Sight(StrEnum):
    """How much of a caller a role sees."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


_DESK = frozenset({Permission.OPEN_DESK, Permission.ANSWER_CALLS, Permission.SEE_OWN_CASES})
_EDITS = frozenset({Permission.SEE_PUBLICATIONS, Permission.EDIT_DRAFTS})

MATRIX: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.CALL_TAKER: _DESK,
        Role.SENIOR: _DESK | {Permission.REVIEW_CASES, Permission.SEE_HANDOFFS},
        Role.SUPERVISOR: _DESK
        | _EDITS
        | {
            Permission.OVERRIDE_LEAVE,
            Permission.SEE_HANDOFFS,
            Permission.SEE_STAFF,
            Permission.APPROVE_PUBLICATIONS,
            Permission.ANNOUNCE,
            Permission.REVIEW_CASES,
        },
        Role.MENU_ADMIN: _EDITS | {Permission.OPEN_DESK},
        Role.SYSTEM_ADMIN: _EDITS
        | {Permission.OPEN_DESK, Permission.SEE_STAFF, Permission.MANAGE_STAFF},
        Role.AUDITOR: frozenset(
            {
                Permission.OPEN_DESK,
                Permission.SEE_HANDOFFS,
                Permission.SEE_STAFF,
                Permission.SEE_PUBLICATIONS,
            }
        ),
    }
)

SIGHT: Mapping[Role, Sight] = MappingProxyType(
    {
        Role.CALL_TAKER: Sight.FULL,
        Role.SENIOR: Sight.FULL,
        Role.SUPERVISOR: Sight.FULL,
        Role.MENU_ADMIN: Sight.NONE,
        Role.SYSTEM_ADMIN: Sight.NONE,
        Role.AUDITOR: Sight.MASKED,
    }
)


EDITORS: Mapping[PublicationKind, frozenset[Role]] = MappingProxyType(
    {
        PublicationKind.MENU: frozenset({Role.SUPERVISOR, Role.MENU_ADMIN}),
        PublicationKind.HOURS: frozenset({Role.SUPERVISOR, Role.MENU_ADMIN}),
        PublicationKind.DESTINATIONS: frozenset({Role.SUPERVISOR, Role.SYSTEM_ADMIN}),
        PublicationKind.AGENCIES: frozenset({Role.SUPERVISOR, Role.SYSTEM_ADMIN}),
        PublicationKind.PROTOCOL: frozenset({Role.SUPERVISOR, Role.MENU_ADMIN}),
        PublicationKind.PHRASES: frozenset({Role.SUPERVISOR}),
    }
)
"""Who writes and proposes which kind; what does not stand here is not edited here. Numbers and keys
belong to the system administrator, words to the menu's; what is heard as danger to those who see
which readings were wrong."""

_FIRST_PAGE: Mapping[Role, str] = MappingProxyType(
    {Role.MENU_ADMIN: "/menus", Role.SYSTEM_ADMIN: "/people", Role.AUDITOR: "/people"}
)


def first_page(role: Role) -> str:
    """Where somebody begins who has just signed in: the desk for those who answer calls."""
    return _FIRST_PAGE.get(role, "/desk")


def may_edit(role: Role, kind: PublicationKind) -> bool:
    """Say whether `role` writes and proposes documents of `kind`."""
    return may(role, Permission.EDIT_DRAFTS) and role in EDITORS.get(kind, ())


def may(role: Role, permission: Permission) -> bool:
    """Say whether `role` has `permission`."""
    return permission in MATRIX[role]
