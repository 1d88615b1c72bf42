"""How values are written for the desk: numbers as people read them, instants, attestation. Pure."""

from datetime import datetime

import phonenumbers

from calltaker.staff.permissions import Sight
from models.states import NumberPresentation

HIDDEN = "hidden"
WITHHELD = "withheld"
LONGEST_NUMBER = 40
E164_LENGTH = 12
"""`+1` and ten digits."""


def number(e164: str | None, presentation: NumberPresentation, sight: Sight) -> str:
    """Write a caller's number: `(520) 555-0142`; masked `(•••) •••-••42`; or why there is none.

    A number from abroad is written internationally.
    """
    if sight is Sight.NONE:
        return HIDDEN
    if e164 is None:
        given = presentation in (NumberPresentation.GIVEN, NumberPresentation.WITHHELD)
        return WITHHELD if given else presentation.value
    shown = plain(e164)
    return masked(shown) if sight is Sight.MASKED else shown


def plain(e164: str) -> str:
    """Write an E.164 number as it is read aloud here."""
    try:
        parsed = phonenumbers.parse(e164, "US")
    except phonenumbers.NumberParseException:
        return e164
    style = phonenumbers.PhoneNumberFormat
    home = parsed.country_code == 1
    return phonenumbers.format_number(parsed, style.NATIONAL if home else style.INTERNATIONAL)


def dialled(text: str) -> str | None:
    """Read a number as somebody writes it, E.164; None for what is no number of our plan."""
    try:
        parsed = phonenumbers.parse(text[:LONGEST_NUMBER], "US")
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code != 1 or not phonenumbers.is_possible_number(parsed):
        return None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return e164 if len(e164) == E164_LENGTH else None


def masked(shown: str) -> str:
    """Hide every digit but the last two; the shape stays."""
    digits = [place for place, letter in enumerate(shown) if letter.isdigit()]
    hidden = set(digits[:-2])
    return "".join("•" if place in hidden else letter for place, letter in enumerate(shown))


def instant(at: datetime | None) -> str | None:
    """Write an instant as ISO 8601 in UTC with milliseconds."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def attestation(stir_verstat: str | None) -> str | None:
    """Return how the carrier vouches for the number: A, B or C, None where it says nothing."""
    passed = (stir_verstat or "").startswith("TN-Validation-Passed-")
    letter = (stir_verstat or "")[-1:]
    return letter if passed and letter in ("A", "B", "C") else None
