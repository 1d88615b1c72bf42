"""Who looks at the desk, and when: what every view of it needs. A value; knows no row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calltaker.doorway import ANNOUNCED_FOR, Intent
from calltaker.staff.permissions import Sight
from ivr.rules.menu_state import Readers
from ivr.runtime import City
from models.personal import Keyring
from models.states import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """One look: the person, how much they may see, the moment, and the city's names and readers."""

    staff_id: str
    sight: Sight
    now: datetime
    keyring: Keyring
    city: City
    intents: Mapping[str, Intent]
    readers: Readers
    role: Role = Role.CALL_TAKER
    retention_days: Mapping[str, int] = field(default_factory=dict)
    """Days that each class of records is kept; a class that is not named is not shown again."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The city's own tags: key to title."""
    announced_for: timedelta = ANNOUNCED_FOR
    """How long a call that 911 has announced is shown while it does not ring."""

    def intent_title(self, slug: str | None) -> str | None:
        """What an intent is called; a slug without a title reads as words all the same."""
        if not slug:
            return None
        known = self.intents.get(slug)
        return known.title if known else slug.replace("_", " ").capitalize()

    def suggested_protocol(self, slug: str | None) -> str | None:
        """The protocol an intent suggests; by default the one of the same name."""
        known = self.intents.get(slug or "")
        return known.protocol if known else slug
