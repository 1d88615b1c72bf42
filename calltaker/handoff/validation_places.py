"""Rules V09 to V11: where it happens, said once and in a form that both sides read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from calltaker.handoff import pidf
from calltaker.handoff.findings import Finding, Ground
from calltaker.handoff.pidf import PidfError
from calltaker.handoff.reading import text, texts
from calltaker.handoff.rendering import CURRENT, LOCATION_UNKNOWN
from calltaker.handoff.shapes import Kind, Part

_CROSS, _MEETING = "crossStreetByValue", "intersectingStreetByValue"
_REASON = re.compile(rf"{LOCATION_UNKNOWN}: \S", re.IGNORECASE)


def check(_document: Mapping[str, Any], parts: list[Part], _on: Ground) -> Iterator[Finding]:
    """Every fault of places."""
    places = [part for part in parts if part.kind is Kind.LOCATION]
    for part in places:
        yield from _form(part)
        yield from _documents(part)
    if not any(
        part.fields.get("locationTypeDescriptionRegistryText") == CURRENT for part in places
    ):
        notes = (text(p.fields.get("notesActionComments")) for p in parts if p.kind is Kind.NOTE)
        if not any(_REASON.search(note) for note in notes):
            what = f"there is no {CURRENT}, and no note says '{LOCATION_UNKNOWN}: why'"
            yield Finding("V10", "$.locationComponent", what)


def _form(part: Part) -> Iterator[Finding]:
    forms = [name for name in ("locationByValue", "locationByReferenceUrl") if name in part.fields]
    if len(forms) != 1:
        what = "holds a value and a reference" if forms else "holds neither value nor reference"
        yield Finding("V09", part.path, f"{what}; one of them is needed")
    if part.fields.get(_CROSS) and part.fields.get(_MEETING):
        yield Finding("V09", part.path, "holds cross streets and intersecting streets, not one")


def _documents(part: Part) -> Iterator[Finding]:
    if isinstance(part.fields.get("locationByValue"), str):
        yield from _read(f"{part.path}.locationByValue", part.fields["locationByValue"])
    for name in (_CROSS, _MEETING):
        for n, street in enumerate(texts(part.fields.get(name))):
            yield from _read(f"{part.path}.{name}[{n}]", street, is_street=True)


def _read(path: str, document: str, *, is_street: bool = False) -> Iterator[Finding]:
    try:
        placed = pidf.read(document)
    except PidfError as wrong:
        yield from (Finding("V11", path, fault) for fault in wrong.faults)
        return
    if is_street and not placed.civic.get("RD"):
        yield Finding("V11", path, "a street needs its name (RD)")
