"""Brings official outlines into a city pack: places, counties and tribal lands of the Census.

Which outline is whose is said by the one who imports (`Tucson city=tucson`). Tribal land is taken
even when nobody named it, if it lies near: a person decides there. The pack reads
`imported/areas.geojson` at start, above its own outlines of the same keys.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from config.importing import Fault, Imported, ImportRefusedError, write_whole
from config.map_file import MapFile, Record
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from ivr.places.jurisdictions import Area, area_of
from ivr.places.map_shapes import joined, lies_near, outline_of
from ivr.rules.folding import fold

IMPORTED = "imported/areas.geojson"
OFFICIAL_ERROR_METRES = 50.0
"""How far an official line may be off; our own are off by several hundred metres."""
HIGHEST_ERROR_METRES = 5000.0
EVERY = "*"
KINDS = ("municipality", "county", "tribal")
_TRIBAL_COLUMN = "AIANNHCE"
_TRIBAL_CLASSES = ("G21", "G2300")
"""How the Census's class (MTFCC) of American Indian areas begins."""
_NAMES = ("NAMELSAD", "NAME")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the importer said: `named` gives a jurisdiction's key by an outline's name.

    `kind` is that of keys that the pack does not know; `tribal` says that all of the file is tribal
    land; `name_column` is "" for the Census's.
    """

    kind: str | None = None
    tribal: bool = False
    name_column: str = ""
    error_metres: float = OFFICIAL_ERROR_METRES
    named: Mapping[str, str] = field(default_factory=dict)

    def naming(self, named: Mapping[str, str]) -> "Wishes":
        """The same wishes with the keys by folded name."""
        return replace(self, named=named)


@dataclass(slots=True)
class _Taken:
    """One jurisdiction while its outlines come in."""

    kind: str
    name: dict[str, str]
    outlines: list[Any] = field(default_factory=list)


def named_of(given: Sequence[str]) -> dict[str, str]:
    """The keys by folded name, out of `NAME=key`.

    Raises:
        ImportRefusedError: one is not of this form.
    """
    named = {}
    for one in given:
        name, _, key = one.rpartition("=")
        key = key.strip()
        if not (fold(name) or name.strip() == EVERY) or not key.replace("_", "").isalnum():
            raise ImportRefusedError(
                f'--as {one!r}: write it as "NAME IN THE FILE=key", for example'
                ' "Tucson city=tucson"'
            )
        named[EVERY if name.strip() == EVERY else fold(name)] = key
    return named


class _Outlines:
    """Goes through the records of one file and keeps what belongs to the city."""

    def __init__(self, wishes: Wishes, own: Sequence[Area], columns: tuple[str, ...]) -> None:
        self._wishes = wishes
        self._own = {area.key: area for area in own}
        self._columns = columns
        self._found: set[str] = set()
        self.taken: dict[str, _Taken] = {}
        self.names: list[str] = []
        self.mended: list[Fault] = []
        self.passed_over = 0

    def take(self, record: Record) -> None:
        """Raises: ImportRefusedError: one outline that is wanted is not usable."""
        name = record.first_of(self._columns)
        key = self._key(record)
        tribal = self._is_tribal(record)
        if not key and not tribal and not record.wrong:
            self.names.append(name)
            self.passed_over += 1
            return
        outline = self._outline(record, name)
        if not key and not lies_near(outline, (area.outline for area in self._own.values())):
            self.passed_over += 1
            return
        key = key or self._tribal_key(name, record.number)
        kind = self._kind(key, name, tribal=tribal)
        own = self._own.get(key)
        if own is not None and not lies_near(outline, [own.outline]):
            raise ImportRefusedError(
                f"{name!r} (record {record.number}) lies nowhere near the pack's own outline of"
                f" {key}: another state's file?"
            )
        shown = name or "Tribal land"
        names = dict(own.name) if own is not None else {"en": shown, "es": shown}
        taken = self.taken.setdefault(key, _Taken(kind, names))
        taken.outlines.append(outline)
        if kind == "tribal":
            taken.kind = kind

    def _key(self, record: Record) -> str:
        """The key that was given for one of the record's names; "" when none was."""
        for column in self._columns:
            name = fold(record.fields.get(column, ""))
            if name in self._wishes.named:
                self._found.add(name)
                return self._wishes.named[name]
        if EVERY in self._wishes.named:
            self._found.add(EVERY)
        return self._wishes.named.get(EVERY, "")

    def _is_tribal(self, record: Record) -> bool:
        told = record.fields.get("MTFCC", "").startswith(_TRIBAL_CLASSES)
        return self._wishes.tribal or told or bool(record.fields.get(_TRIBAL_COLUMN))

    def _outline(self, record: Record, name: str) -> Any:
        try:
            if record.wrong:
                raise ValueError(record.wrong)
            outline, was_mended = outline_of(record.shape)
        except ValueError as wrong:
            raise ImportRefusedError(
                f"record {record.number}, {name or 'without a name'}: {wrong}; a missing outline would"
                " send calls wrong, so nothing was taken"
            ) from wrong
        if was_mended:
            self.mended.append(Fault(record.number, f"{name} crossed itself and was mended"))
        return outline

    def _tribal_key(self, name: str, number: int) -> str:
        key = fold(name).replace(" ", "_")[:60] or f"tribal_{number}"
        known = self._own.get(key)
        return key if known is None or known.kind == "tribal" else f"tribal_{key}"

    def _kind(self, key: str, name: str, *, tribal: bool) -> str:
        known = self._own.get(key)
        kind = known.kind if known is not None else "tribal" if tribal else self._wishes.kind
        if tribal and kind != "tribal":
            raise ImportRefusedError(
                f"{name!r} is tribal land and cannot be {key}, a {kind}: a person decides there; give"
                " it a key of its own"
            )
        if not kind:
            raise ImportRefusedError(
                f"the pack knows no {key}: it has {', '.join(sorted(self._own))}. For a new one add"
                f" --kind {'|'.join(KINDS)}"
            )
        return kind

    def check_all_found(self) -> None:
        """Raises: ImportRefusedError: a name that was given is not in the file."""
        missing = sorted(self._wishes.named.keys() - self._found)
        if missing:
            some = ", ".join(repr(name) for name in self.names[:20]) or "none"
            raise ImportRefusedError(
                f"no outline is named {', '.join(missing)}; names in the file: {some}"
            )


def import_outlines(
    file: MapFile,
    pack: Path,
    wishes: Wishes,
    own: Sequence[Area],
    seen: Callable[[int], None] = lambda _record: None,
) -> Imported:
    """Put outlines of a map file into a city pack; earlier imports of other keys stay.

    Args:
        file: The open file: polygons with names.
        pack: The folder of the city pack.
        wishes: Whose outlines they are.
        own: The pack's own outlines.
        seen: Told every record, for a progress bar.

    Raises:
        ImportRefusedError: one outline is not usable, or a name is not found; the pack is as it was.
        OSError: a file cannot be read or written.
    """
    if not 0 < wishes.error_metres <= HIGHEST_ERROR_METRES:
        raise ImportRefusedError(f"--error-metres: 1 to {HIGHEST_ERROR_METRES:.0f}")
    outlines = _Outlines(wishes, own, _name_columns(file, wishes))
    for record in file.records:
        seen(record.number)
        outlines.take(record)
    outlines.check_all_found()
    if not outlines.taken:
        raise ImportRefusedError("no outline was named with --as, and no tribal land lies near")
    new = {key: _feature(key, one, wishes, file.name) for key, one in outlines.taken.items()}
    whole = {**imported_outlines(pack), **new}
    write_whole(pack / IMPORTED, _document(whole[key] for key in sorted(whole)))
    return Imported(len(new), 0, tuple(outlines.mended), outlines.passed_over)


def _name_columns(file: MapFile, wishes: Wishes) -> tuple[str, ...]:
    if wishes.name_column:
        return (file.column(wishes.name_column, "--name-column"),)
    found = tuple(name for name in _NAMES if name in file.columns)
    if not found and wishes.named.keys() != {EVERY}:
        file.column(_NAMES[0], "--name-column")
    return found


def _feature(key: str, one: _Taken, wishes: Wishes, source: str) -> dict[str, Any]:
    properties = {
        "key": key,
        "kind": one.kind,
        "name": one.name,
        "error_metres": wishes.error_metres,
        "source": source,
    }
    try:
        geometry = joined(one.outlines)
    except ValueError as wrong:
        raise ImportRefusedError(f"{key}: {wrong}") from wrong
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _document(features: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One outline a line."""
    yield '{"type": "FeatureCollection", "features": [\n'
    for at, feature in enumerate(features):
        yield (",\n" if at else "") + json.dumps(feature, ensure_ascii=False)
    yield "\n]}\n"


def own_outlines(pack: Path) -> tuple[Area, ...]:
    """The outlines that the pack itself has, without imported ones.

    Raises:
        ImportRefusedError: the pack has none that can be read.
    """
    try:
        name = read_yaml((pack / "pack.yaml").read_text("utf-8"))["files"]["areas"]
        features = json.loads((pack / name).read_text("utf-8"))["features"]
        return tuple(area_of(feature) for feature in features)
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as wrong:
        raise ImportRefusedError(
            f"{pack}: its own outlines cannot be read ({wrong!r}): name a city pack with --pack"
        ) from wrong


def imported_outlines(pack: Path) -> dict[str, dict[str, Any]]:
    """The imported features of a city pack by their keys; none where nothing was imported.

    Raises:
        CityPackError: the file is damaged.
    """
    path = pack / IMPORTED
    if not path.exists():
        return {}
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
        return {area_of(feature).key: feature for feature in features}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise CityPackError(
            [f"{IMPORTED}: {wrong!r}: remove it and run import-outlines again"]
        ) from wrong


def with_imported(document: object, imported: Mapping[str, Mapping[str, Any]]) -> object:
    """The pack's own outlines, official ones in the place of those with the same key."""
    features = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(features, list):
        return document
    own = [feature for feature in features if _key_of(feature) not in imported]
    return {**document, "features": [*own, *imported.values()]}


def _key_of(feature: object) -> str:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    return str(properties.get("key", "")) if isinstance(properties, Mapping) else ""
