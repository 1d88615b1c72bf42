"""Which pages a role finds in the navigation, in order: one table for every staff page and the desk.

Knows roles and addresses; whether a page lets somebody in is its own guard's to say.
"""

from dataclasses import dataclass
from typing import Final

from calltaker.staff.permissions import Permission, may
from models.states import Role


@dataclass(frozen=True, slots=True)
class Page:
    """One link: `within` names the page whose section alone shows it."""

    name: str
    title: str
    address: str
    permission: Permission
    within: str = ""


PAGES: Final = (
    Page("desk", "Desk", "/desk", Permission.OPEN_DESK),
    Page("menus", "Menus", "/menus", Permission.SEE_PUBLICATIONS),
    Page(
        "announcement",
        "Announcement",
        "/menus/announcement",
        Permission.SEE_PUBLICATIONS,
        within="menus",
    ),
    Page("protocols", "Protocols", "/protocols", Permission.SEE_PUBLICATIONS),
    Page("quality", "Quality", "/quality", Permission.SEE_OWN_CASES),
    Page("trends", "Trends", "/quality/trends", Permission.SEE_OWN_CASES, within="quality"),
    Page("handoffs", "Handoffs", "/handoffs", Permission.SEE_HANDOFFS),
    Page("people", "People", "/people", Permission.SEE_STAFF),
)


def pages_of(role: Role, here: str = "") -> list[Page]:
    """List the pages that a role may open; `here` is the page shown, or the section it is in."""
    section = next((page.within for page in PAGES if page.name == here and page.within), here)
    return [page for page in PAGES if may(role, page.permission) and page.within in ("", section)]
