"""From a caller's words to a place with point and jurisdiction: the menu's place reader.

Joins the pure address reader, the gazetteer, the outlines and, where a city has one, a geocoder.
Knows no call.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.places.gazetteer import Gazetteer, Located
from ivr.places.geocoder import Geocoded, Geocoder
from ivr.places.jurisdictions import OUTSIDE, Jurisdictions
from ivr.places.streets import metres_between
from ivr.rules.folding import fold
from ivr.rules.spoken_address import SpokenPlace, amend, read
from ivr.rules.spoken_place import PlaceFound, PlaceKind
from models.states import Language

COMMUNITY_METRES = 2000.0
"""A point less sure than this is a name only and settles no jurisdiction."""
_UNNAMED = {"en": "the place that your phone sent", "es": "el lugar que mandó su teléfono"}
_GEOCODED = frozenset({PlaceKind.ADDRESS, PlaceKind.INTERSECTION})


@dataclass(frozen=True, slots=True)
class Betterment:
    """A geocoder that makes points better, and what it is told of the area: "Tucson, AZ".

    The geocoder must answer in time or not at all (`GuardedGeocoder`).
    """

    geocoder: Geocoder
    around: str


def place_reader(
    gazetteer: Gazetteer, jurisdictions: Jurisdictions, betterment: Betterment | None = None
) -> Callable[[str, Language], PlaceFound | None]:
    """Return the reader that the menu is handed: words and language in, a place or None out.

    None means that no place was named. Tribal words give a place with `tribal` set even when
    nothing else was understood.
    """
    names = gazetteer.names()

    def find(text: str, language: Language) -> PlaceFound | None:
        spoken = read(text, language, names)
        tribal = gazetteer.is_tribal(fold(text))
        located = gazetteer.locate(spoken)
        if located is None:
            return PlaceFound(spoken, tribal=True, text=spoken.text) if tribal else None
        if betterment is not None and not tribal:
            located = _bettered(spoken, located, betterment, jurisdictions)
        return _found(spoken, located, jurisdictions, tribal=tribal)

    return find


def place_amender(
    gazetteer: Gazetteer, jurisdictions: Jurisdictions
) -> Callable[[SpokenPlace, str, Language], PlaceFound | None]:
    """Return the mender of places: a place, what was said to it, and the language in.

    The place with just the part changed that the words name comes out, if that can be put on the
    map; None otherwise. Of a corner that street is changed which makes the other one meet it.
    """
    names = gazetteer.names()

    def mend(earlier: SpokenPlace, text: str, language: Language) -> PlaceFound | None:
        del language
        for spoken in amend(earlier, text, names):
            located = gazetteer.locate(spoken)
            if located is not None and located.latitude is not None:
                return _found(spoken, located, jurisdictions, tribal=False)
        return None

    return mend


def place_at(
    gazetteer: Gazetteer, jurisdictions: Jurisdictions
) -> Callable[[float, float, float], PlaceFound]:
    """Return the namer of points: degrees and metres in, the place as it is read back out.

    It is said by the nearest corner that the gazetteer knows, where one is near.
    """

    def name(latitude: float, longitude: float, metres: float) -> PlaceFound:
        said = gazetteer.near((latitude, longitude)) or _UNNAMED
        point = Located(said["en"], said, latitude, longitude, metres, approximate=False)
        spoken = SpokenPlace(PlaceKind.LANDMARK, text=said["en"])
        return _found(spoken, point, jurisdictions, tribal=False)

    return name


def _bettered(
    spoken: SpokenPlace, located: Located, betterment: Betterment, jurisdictions: Jurisdictions
) -> Located:
    """The same place with the geocoder's point, where that fits what is known already.

    A place that could be several is left alone: the caller is asked, nobody guesses for them.
    """
    if spoken.kind not in _GEOCODED or len(located.candidates) > 1:
        return located
    point = betterment.geocoder.locate(f"{located.text}, {betterment.around}")
    if point is None or not _fits(located, point, jurisdictions):
        return located
    return replace(
        located,
        latitude=point.latitude,
        longitude=point.longitude,
        uncertainty_metres=point.uncertainty_metres,
        approximate=not point.is_exact,
    )


def _fits(located: Located, point: Geocoded, jurisdictions: Jurisdictions) -> bool:
    """Whether a geocoder's point is better than ours and does not contradict it.

    A street of the same name elsewhere is a geocoder's usual mistake.
    """
    if located.latitude is None or located.longitude is None:
        area = jurisdictions.at(point.latitude, point.longitude, point.uncertainty_metres)
        return area.key != OUTSIDE
    own = located.uncertainty_metres or 0.0
    apart = metres_between((located.latitude, located.longitude), (point.latitude, point.longitude))
    return point.uncertainty_metres < own and apart <= 2 * (own + point.uncertainty_metres)


def _found(
    spoken: SpokenPlace, located: Located, jurisdictions: Jurisdictions, *, tribal: bool
) -> PlaceFound:
    """Add the jurisdiction to a located place; a place without a point has none."""
    key, certain = "", False
    if located.latitude is not None and located.longitude is not None:
        uncertainty = located.uncertainty_metres or 0.0
        area = jurisdictions.at(located.latitude, located.longitude, uncertainty)
        key, tribal = area.key, tribal or area.tribal
        certain = area.certain and uncertainty < COMMUNITY_METRES
    return PlaceFound(
        spoken,
        dict(located.spoken),
        located.latitude,
        located.longitude,
        located.uncertainty_metres,
        located.approximate,
        located.candidates,
        key,
        certain and not tribal,
        tribal,
        located.text,
        apart=located.apart,
    )
