"""What can go wrong on the telephone's side: one tree, drawn once.

TelephoneError
├── SignatureError        the request is not Twilio's
├── UnknownCallError      a webhook for a call we never saw begin
├── NotAllowedError       this number may not be dialled
├── MenuError             a menu document that cannot be spoken; lists every mistake
├── CityPackError         a city pack that cannot be used; lists every fault
└── GatewayError          the telephone company refused or did not answer
    ├── GatewayTimeout    no answer in time: what was asked may have happened
    ├── AlreadyEndedError the call or conference is over; nothing left to do
    └── LabelInUseError   a participant of this label is in the room: it was dialled already

Must not know who catches what: each door turns these into its own form.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class TelephoneError(Exception):
    """Base of every error this package raises on purpose."""


class SignatureError(TelephoneError):
    """The request does not carry Twilio's signature for this address."""


class UnknownCallError(TelephoneError):
    """A webhook speaks of a call that we never saw begin."""


class NotAllowedError(TelephoneError):
    """The number is not one that this system may dial; nothing was sent."""


class _ListedError(TelephoneError):
    """An error that names every mistake at once, so that one run mends them all."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of a menu document: where it stands and what is wrong.

    `node` is the id within its menu, `menu` the sub-menu's name, `language` "en" or "es"; each is
    "" where the mistake is not about one. `where` says all of it in words.
    """

    where: str
    what: str
    node: str = ""
    menu: str = ""
    language: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class MenuError(_ListedError):
    """The menu document has mistakes; `mistakes` lists each with its node.

    `found` holds those of the compiler as values; `unlisted` counts the ones beyond the limit.
    """

    def __init__(self, mistakes: Iterable[str | Mistake], unlisted: int = 0) -> None:
        given = tuple(mistakes)
        super().__init__(str(mistake) for mistake in given)
        self.found = tuple(mistake for mistake in given if isinstance(mistake, Mistake))
        self.unlisted = unlisted


class CityPackError(_ListedError):
    """The city pack has faults; `mistakes` lists each with its file."""


class GatewayError(TelephoneError):
    """The telephone company refused or did not answer.

    `code` is its own number (21210 ...), `status` the HTTP status; None when no answer came.
    """

    def __init__(self, what: str, code: int | None = None, status: int | None = None) -> None:
        super().__init__(f"{what} (code {code}, status {status})")
        self.what = what
        self.code = code
        self.status = status


class GatewayTimeout(GatewayError):  # noqa: N818 (a timeout is not a refusal: the name says so)
    """No answer in time. What was asked may have happened: look before asking again."""


class AlreadyEndedError(GatewayError):
    """The call or conference is over; callers treat this as done."""


class LabelInUseError(GatewayError):
    """A participant with this label is in the conference: the leg was dialled before."""
