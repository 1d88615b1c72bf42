"""From a gazetteer document to a gazetteer, every mistake named at once.

The document is parsed YAML; nothing in it is trusted. Knows no file.
"""

from collections.abc import Mapping
from typing import Any

from ivr.errors import CityPackError
from ivr.places.gazetteer import Errors, Gazetteer, Landmark
from ivr.places.streets import Street
from ivr.rules.folding import fold

_AXES = ("ew", "ns", "curved")
_ERRORS = ("straight", "curved", "house_number", "landmark", "community")


def build(document: object) -> Gazetteer:
    """Build a gazetteer.

    Raises:
        CityPackError: lists every mistake with its row.
    """
    mistakes: list[str] = []
    given = document if isinstance(document, Mapping) else {}
    errors = _errors(given.get("error_metres"), mistakes)
    streets = [_street(row, mistakes) for row in _rows(given, "streets", mistakes)]
    landmarks = [
        _landmark(row, reach, mistakes)
        for kind, reach in (("landmarks", errors.landmark), ("communities", errors.community))
        for row in _rows(given, kind, mistakes)
    ]
    numbering = _numbering(given.get("numbering"), mistakes)
    if mistakes:
        raise CityPackError(mistakes)
    return Gazetteer(
        tuple(street for street in streets if street),
        tuple(landmark for landmark in landmarks if landmark),
        numbering,
        errors,
        tuple(fold(str(word)) for word in given.get("tribal_words") or ()),
    )


def _rows(document: Mapping[str, Any], name: str, mistakes: list[str]) -> list[Mapping[str, Any]]:
    rows = document.get(name)
    if isinstance(rows, list) and rows and all(isinstance(row, Mapping) for row in rows):
        return rows
    mistakes.append(f"gazetteer: {name} is not a list of maps")
    return []


def _errors(given: object, mistakes: list[str]) -> Errors:
    errors = given if isinstance(given, Mapping) else {}
    for name in _ERRORS:
        if not isinstance(errors.get(name), int | float):
            mistakes.append(f"gazetteer: error_metres: {name} is not a number")
    numbers = (errors.get(name) for name in _ERRORS)
    return Errors(*(float(n) if isinstance(n, int | float) else 0.0 for n in numbers))


def _street(row: Mapping[str, Any], mistakes: list[str]) -> Street | None:
    try:
        street = Street(
            name=str(row["name"]),
            type=str(row.get("type") or ""),
            axis=str(row["axis"]),
            at=float(row.get("at", 0.0)),
            via=tuple((float(a), float(b)) for a, b in row.get("via") or ()),
            common=bool(row.get("common", False)),
            aliases=tuple(str(alias) for alias in row.get("aliases") or ()),
            span=_span(row.get("span")),
            bends=bool(row.get("bends", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        mistakes.append(f"gazetteer: street {row.get('name')!r}: {error!r}")
        return None
    if street.axis not in _AXES or (street.axis == "curved") == (not street.via):
        mistakes.append(f"gazetteer: street {street.name!r}: axis and points do not fit")
    return street


def _span(given: Any) -> tuple[float, float] | None:
    if given is None:
        return None
    low, high = (float(end) for end in given)
    if low >= high:
        raise ValueError("span must rise")
    return low, high


def _landmark(row: Mapping[str, Any], reach: float, mistakes: list[str]) -> Landmark | None:
    try:
        latitude, longitude = row["at"]
        return Landmark(
            {"en": str(row["name"]["en"]), "es": str(row["name"]["es"])},
            (float(latitude), float(longitude)),
            reach,
            tuple(str(alias) for alias in row.get("aliases") or ()),
        )
    except (KeyError, TypeError, ValueError) as error:
        mistakes.append(f"gazetteer: landmark {row.get('name')!r}: {error!r}")
        return None


def _numbering(given: object, mistakes: list[str]) -> dict[str, tuple[tuple[float, float], ...]]:
    tables = given if isinstance(given, Mapping) else {}
    numbering = {}
    for direction in "NSEW":
        try:
            pairs = tuple((float(n), float(d)) for n, d in tables[direction])
        except (KeyError, TypeError, ValueError) as error:
            mistakes.append(f"gazetteer: numbering {direction}: {error!r}")
            continue
        if [n for n, _ in pairs] != sorted({n for n, _ in pairs}) or len(pairs) < 2:
            mistakes.append(f"gazetteer: numbering {direction}: numbers must rise")
        numbering[direction] = pairs
    return numbering
