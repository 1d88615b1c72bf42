"""Which telephones are in use and how they behave: scripts to which one behaves alike use it together.

Knows numbers and behaviours; nothing of calls.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Behaviours = Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class SharedPhones:
    """The telephones of a rehearsal, by number.

    Whoever wants one to behave otherwise waits until all are gone who use it. A rehearsal is a list with an end, so
    nobody waits for ever.
    """

    _behaviours: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _users: "Counter[str]" = field(default_factory=Counter)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, phones: Behaviours) -> None:
        """Wait until each of these telephones is free or behaves so already, then use all of them."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._fit(phones))
            self._behaviours.update(phones)
            self._users.update(phones.keys())

    async def give_back(self, phones: Behaviours) -> None:
        """Use them no more."""
        async with self._changed:
            self._users.subtract(phones.keys())
            self._changed.notify_all()

    def _fit(self, phones: Behaviours) -> bool:
        return all(self._fits(number, wanted) for number, wanted in phones.items())

    def _fits(self, number: str, wanted: Mapping[str, Any]) -> bool:
        """What a telephone does at its `next` rings is counted, so it can be shared by nobody."""
        if not self._users[number]:
            return True
        return not wanted.get("next") and self._behaviours[number] == wanted
