"""Text messages that REST sends: kept, and delivered a moment later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from simulator.config import Account
from simulator.legs import new_sid


@dataclass(slots=True, eq=False)
class Text:
    """One message."""

    account: Account
    from_: str
    to: str
    body: str
    sid: str = field(default_factory=lambda: new_sid("SM"))
    status: str = "queued"
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent_at: datetime | None = None


class Texts:
    """All messages of all accounts."""

    def __init__(self) -> None:
        self._texts: dict[str, Text] = {}

    def add(self, text: Text) -> Text:
        """Keep a message."""
        self._texts[text.sid] = text
        return text

    def of(self, account: Account) -> Iterable[Text]:
        """The account's messages, the newest first."""
        return [text for text in reversed(self._texts.values()) if text.account is account]

    def to(self, number: str | None) -> Iterable[Text]:
        """What a telephone has received, oldest first; of all telephones without a number."""
        return [text for text in self._texts.values() if number in (None, text.to)]
