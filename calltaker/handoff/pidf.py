"""A location as XML that both sides read: written for a packet, and read from one with suspicion.

PIDF-LO (RFC 4119, RFC 5139 civic, RFC 5491): one location an object, a civic address or a point.
What comes from outside may be hostile: a document type ends the reading at once, so that no entity
is ever declared, nothing is fetched, and size and depth are bounded. Knows no packet and no row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree import ElementTree as ET
from xml.parsers import expat

PIDF = "urn:ietf:params:xml:ns:pidf"
GEOPRIV = "urn:ietf:params:xml:ns:pidf:geopriv10"
CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
DATA_MODEL = "urn:ietf:params:xml:ns:pidf:data-model"
GML = "http://www.opengis.net/gml"
SHAPES = "http://www.opengis.net/pidflo/1.0"
WGS84 = "urn:ogc:def:crs:EPSG::4326"
METRES = "urn:ogc:def:uom:EPSG::9001"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

CIVIC_ORDER = (
    *("country", "A1", "A2", "A3", "A4", "A5", "A6", "PRM", "PRD", "RD", "STS", "POD", "POM"),
    *("RDSEC", "RDBR", "RDSUBBR", "HNO", "HNS", "LMK", "LOC", "FLR", "NAM", "PC", "BLD", "UNIT"),
    *("ROOM", "SEAT", "PLC", "PCN", "POBOX", "ADDCODE"),
)
"""The order that RFC 5139 gives civic elements."""
_PLACE = {name: rank for rank, name in enumerate(CIVIC_ORDER)}
_NAMED = ("RD", "NAM", "LMK")
MOST_BYTES = 20_000
MOST_DEPTH = 20
MOST_ELEMENTS = 200
NOTHING: Mapping[str, str] = MappingProxyType({})


class PidfError(ValueError):
    """The location cannot be used; `faults` names every fault found."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Point:
    """A point, WGS84 degrees; `radius_metres` how far off it may be, None where unsaid."""

    latitude: float
    longitude: float
    radius_metres: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """One location: `civic` holds elements by their short names, or `point` is there."""

    civic: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    point: Point | None = None

    @property
    def text(self) -> str:
        """The place in one line, as it is written on an envelope."""
        if self.point is not None:
            return f"{self.point.latitude:.6f}, {self.point.longitude:.6f}"
        street = _joined(self.civic, "HNO", "HNS", "PRD", "RD", "STS", "POD")
        parts = [_joined(self.civic, "NAM"), _joined(self.civic, "LMK"), street]
        parts += [_joined(self.civic, "BLD", "FLR", "UNIT", "ROOM"), _joined(self.civic, "LOC")]
        parts += [_joined(self.civic, "A3"), _joined(self.civic, "A1", "PC")]
        return ", ".join(filter(None, parts))


def _joined(civic: Mapping[str, str], *names: str) -> str:
    return " ".join(civic[name] for name in names if civic.get(name))


def written(placed: Placed, entity: str, at: str, method: str = "Manual") -> str:
    """Write a location as a PIDF-LO document.

    Args:
        placed: The location.
        entity: Whose it is, `pres:name@domain`.
        at: When it was known, RFC 3339.
        method: How it was found.
    """
    root = ET.Element(f"{{{PIDF}}}presence", {"entity": entity})
    tuple_ = ET.SubElement(root, f"{{{PIDF}}}tuple", {"id": "t1"})
    status = ET.SubElement(tuple_, f"{{{PIDF}}}status")
    geopriv = ET.SubElement(status, f"{{{GEOPRIV}}}geopriv")
    info = ET.SubElement(geopriv, f"{{{GEOPRIV}}}location-info")
    _write_location(info, placed)
    ET.SubElement(geopriv, f"{{{GEOPRIV}}}usage-rules")
    ET.SubElement(geopriv, f"{{{GEOPRIV}}}method").text = method
    ET.SubElement(tuple_, f"{{{PIDF}}}timestamp").text = at
    return str(_serialised(root))


def _serialised(root: ET.Element) -> str:
    for prefix, name in (("", PIDF), ("gp", GEOPRIV), ("ca", CIVIC), ("gml", GML), ("gs", SHAPES)):
        ET.register_namespace(prefix, name)
    return '<?xml version="1.0" encoding="UTF-8"?>' + ET.tostring(root, encoding="unicode")


def _write_location(info: ET.Element, placed: Placed) -> None:
    if placed.point is not None:
        _write_point(info, placed.point)
        return
    address = ET.SubElement(info, f"{{{CIVIC}}}civicAddress", {XML_LANG: "en-US"})
    for name in sorted((name for name in placed.civic if name in _PLACE), key=_PLACE.__getitem__):
        ET.SubElement(address, f"{{{CIVIC}}}{name}").text = _plain(placed.civic[name])


def _write_point(info: ET.Element, point: Point) -> None:
    circle = point.radius_metres is not None
    shape = f"{{{SHAPES}}}Circle" if circle else f"{{{GML}}}Point"
    drawn = ET.SubElement(info, shape, {"srsName": WGS84})
    position = f"{point.latitude:.6f} {point.longitude:.6f}"
    ET.SubElement(drawn, f"{{{GML}}}pos").text = position
    if circle:
        radius = ET.SubElement(drawn, f"{{{SHAPES}}}radius", {"uom": METRES})
        radius.text = f"{point.radius_metres:.0f}"


def _plain(text: str) -> str:
    """Without the control characters that XML 1.0 forbids."""
    return "".join(each for each in text if each in "\t\n\r" or each >= " ").strip()


def read(text: str) -> Placed:
    """Read a location that came from outside.

    Raises:
        PidfError: not such a document, too large, or hostile; every fault of a readable one.
    """
    root = _parsed(text)
    faults: list[str] = []
    if root.tag != f"{{{PIDF}}}presence":
        raise PidfError(["the root is not presence of urn:ietf:params:xml:ns:pidf"])
    infos = list(root.iter(f"{{{GEOPRIV}}}location-info"))
    if len(infos) != 1:
        raise PidfError([f"there are {len(infos)} gp:location-info, not one"])
    if not any(True for _ in root.iter(f"{{{GEOPRIV}}}usage-rules")):
        faults.append("gp:usage-rules is missing")
    located = list(infos[0])
    if len(located) != 1:
        raise PidfError([*faults, f"location-info holds {len(located)} locations, not one"])
    placed = _located(located[0], faults)
    if faults or placed is None:
        raise PidfError(faults)
    return placed


def _located(element: ET.Element, faults: list[str]) -> Placed | None:
    if element.tag == f"{{{CIVIC}}}civicAddress":
        return _civic(element, faults)
    if element.tag in (f"{{{GML}}}Point", f"{{{SHAPES}}}Circle"):
        return _point(element, faults)
    faults.append(f"{_short(element.tag)} is neither a civic address nor a point nor a circle")
    return None


def _civic(element: ET.Element, faults: list[str]) -> Placed:
    civic: dict[str, str] = {}
    before = -1
    for part in element:
        name = part.tag.removeprefix(f"{{{CIVIC}}}")
        if name not in _PLACE:
            faults.append(f"{_short(part.tag)} is no element of a civic address")
            continue
        if _PLACE[name] < before:
            faults.append(f"{name} does not stand in the order of RFC 5139")
        if name in civic:
            faults.append(f"{name} stands twice")
        before = max(before, _PLACE[name])
        civic[name] = " ".join((part.text or "").split())
    if not any(civic.get(name) for name in _NAMED):
        faults.append("a civic address needs RD, NAM or LMK")
    return Placed(civic)


def _point(element: ET.Element, faults: list[str]) -> Placed | None:
    if element.get("srsName") != WGS84:
        faults.append(f"srsName must be {WGS84}")
    numbers = _numbers(element.findtext(f"{{{GML}}}pos") or "")
    radius = _numbers(element.findtext(f"{{{SHAPES}}}radius") or "")
    if len(numbers) != 2:
        faults.append("gml:pos must hold a latitude and a longitude")
        return None
    latitude, longitude = numbers
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        faults.append("latitude or longitude is out of range; latitude stands first")
    is_circle = element.tag == f"{{{SHAPES}}}Circle"
    if is_circle and not (len(radius) == 1 and 0 < radius[0] < 1_000_000):
        faults.append("gs:radius must be a length in metres")
    return Placed(point=Point(latitude, longitude, radius[0] if is_circle and radius else None))


def _numbers(text: str) -> list[float]:
    try:
        found = [float(part) for part in text.split()]
    except ValueError:
        return []
    return found if all(abs(each) < float("inf") for each in found) else []


def _short(tag: object) -> str:
    return str(tag).rpartition("}")[2][:40]


def _parsed(text: str) -> ET.Element:
    """Parse with everything refused that a location does not need: a document type above all."""
    raw = text.encode("utf-8", "replace")
    if len(raw) > MOST_BYTES:
        raise PidfError([f"a location holds at most {MOST_BYTES} bytes, this one {len(raw)}"])
    builder, guard = ET.TreeBuilder(), _Guard()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    parser.buffer_text = True

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        guard.enter()
        builder.start(_tag(name), {_tag(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        guard.depth -= 1
        builder.end(_tag(name))

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as broken:
        raise PidfError([f"is not XML: {expat.ErrorString(broken.code)}"]) from broken
    return builder.close()


def _tag(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _refuse(*_given: object) -> int:
    raise PidfError(["a document type, entity or processing instruction is refused"])


@dataclass(slots=True)
class _Guard:
    depth: int = 0
    elements: int = 0

    def enter(self) -> None:
        self.depth, self.elements = self.depth + 1, self.elements + 1
        if self.depth > MOST_DEPTH or self.elements > MOST_ELEMENTS:
            raise PidfError(["is nested too deep or holds too many elements"])
