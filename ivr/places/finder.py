"""From a caller's words to a place with point and jurisdiction: the menu's place reader.

Joins the pure address reader, the gazetteer and the outlines. Knows no call.
"""

from collections.abc import Callable

from ivr.places.gazetteer import Gazetteer, Located
from ivr.places.jurisdictions import Jurisdictions
from ivr.rules.folding import fold
from ivr.rules.spoken_address import SpokenPlace, read
from ivr.rules.spoken_place import PlaceFound
from models.states import Language

COMMUNITY_METRES = 2000.0
"""A point less sure than this is a name only and settles no jurisdiction."""


def place_reader(
    gazetteer: Gazetteer, jurisdictions: Jurisdictions
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
        return _found(spoken, located, jurisdictions, tribal=tribal)

    return find


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
    )
