"""The port to geocoders outside: what is asked and what comes back. Knows no service.

The embedded gazetteer always answers first; a geocoder only makes its point better.
"""

from dataclasses import dataclass
from typing import Protocol

from ivr.errors import TelephoneError


class GeocoderError(TelephoneError):
    """The service refused, did not answer, or answered what cannot be read."""


@dataclass(frozen=True, slots=True)
class Geocoded:
    """A service's best answer: WGS84 degrees and how far off it may be.

    `is_exact` means a surveyed address point or crossing, not one placed along a street; `matched`
    is the service's own name of what it found.
    """

    latitude: float
    longitude: float
    uncertainty_metres: float
    is_exact: bool
    matched: str


class Geocoder(Protocol):
    """Answers for one place at a time."""

    def locate(self, text: str) -> Geocoded | None:
        """Find a place written on one line, or None where the service knows none.

        Raises:
            GeocoderError: no answer that can be used.
        """
        ...
