"""Contacts and ground for packets: everything known, and one thing missing at a time."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from calltaker.handoff import agencies, findings, rendering
from calltaker.handoff.known import (
    AnswerKnown,
    CallTakerKnown,
    DeterminantKnown,
    EarlierIncident,
    HandoffKnown,
    Known,
    PlaceKnown,
    ProtocolKnown,
)
from config.yaml_text import read_yaml
from models.states import Language

TUCSON = Path(__file__).parents[2] / "config" / "tucson"
DOCUMENT = read_yaml((TUCSON / "first" / "agencies.yaml").read_text())
AGENCIES = agencies.read(DOCUMENT)
COMMON = frozenset(read_yaml((TUCSON / "protocol_gate.yaml").read_text())["common_codes"])
CITY_911 = AGENCIES.agencies["city-911"]
BEGAN = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
NOW = BEGAN + timedelta(minutes=5)


def at(seconds):
    return BEGAN + timedelta(seconds=seconds)


ADDRESS = PlaceKnown(
    text="255 West Alameda Street, second floor rear",
    number="255",
    direction="W",
    street="Alameda",
    suffix="Street",
    city="Tucson",
    latitude=32.22174,
    longitude=-110.97476,
    uncertainty_metres=25.0,
    is_confirmed=True,
)
CORNER = PlaceKnown(
    text="Speedway and Campbell",
    street="Speedway",
    suffix="Boulevard",
    cross_street="Campbell",
    cross_suffix="Avenue",
    city="Tucson",
    latitude=32.23593,
    longitude=-110.94376,
    uncertainty_metres=40.0,
)
GAS = ProtocolKnown(
    name="gas_smell",
    version=3,
    answers=(
        AnswerKnown("Is the smell inside?", "Yes", at(21)),
        AnswerKnown("Is anyone dizzy or sick?", "Yes", at(40)),
    ),
    determinant=DeterminantKnown(
        "GAS-1", "Gas inside, somebody is sick", "emergency", "GASLEAKI", 9, at(40)
    ),
)
FIRE = DeterminantKnown("red_flag_fire_smoke", "Fire or smoke", "emergency", "FUNK", 9, at(41))
WHOLE = Known(
    incident_id="a" * 32,
    call_id="b" * 32,
    started_at=BEGAN,
    language=Language.ES,
    number="+15205550142",
    number_presentation="given",
    line_name="Tucson 3-1-1",
    verstat="TN-Validation-Passed-A",
    words=("huele a gas en mi cocina", "mi mamá está mareada"),
    words_reading="gas",
    place=ADDRESS,
    placed_at=at(12),
    protocol=GAS,
    notes="Dog in the yard. Gate code 4411.",
    notes_at=at(44),
    call_taker=CallTakerKnown("c0ffee01", at(8)),
    handoff=HandoffKnown("d" * 32, "determinant", at(41)),
)
CONTACTS = {
    "everything known": WHOLE,
    "9 pressed, nothing known": replace(
        WHOLE,
        number="",
        number_presentation="withheld",
        words=(),
        words_reading="",
        place=None,
        placed_at=None,
        protocol=None,
        notes="",
        notes_at=None,
        call_taker=None,
        handoff=HandoffKnown("d" * 32, "key", at(2)),
    ),
    "a danger chosen, no protocol": replace(WHOLE, protocol=None, danger=FIRE),
    "a corner": replace(WHOLE, place=CORNER),
    "a corner off the map": replace(WHOLE, place=replace(CORNER, latitude=None, longitude=None)),
    "words only": replace(WHOLE, place=PlaceKnown(text="behind the <blue> store & the wash")),
    "protocol begun, nothing answered": replace(WHOLE, protocol=ProtocolKnown("gas_smell", 3, ())),
    "911 has the caller": replace(
        WHOLE, handoff=HandoffKnown("d" * 32, "red_button", at(41), at(70))
    ),
    "the call is over": replace(WHOLE, ended_at=at(200)),
    "came from 911": replace(
        WHOLE,
        earlier=EarlierIncident(
            "urn:emergency:uid:incidentid:0123456789ab:911.tucsonaz.example",
            "911.tucsonaz.example",
            "came from 911 and goes back",
        ),
    ),
    "earlier incident of a third house": replace(
        WHOLE,
        earlier=EarlierIncident(
            "urn:emergency:uid:incidentid:0123456789ab:911.marana.example",
            "911.marana.example",
            "came from Marana",
        ),
    ),
    "hostile words": replace(
        WHOLE,
        words=("<script>alert(1)</script>", "&lt;img src=x onerror=a&gt;", "\x00\x07\ud7ff"),
        notes='"]]> <!-- &amp;lt;b&amp;gt; </notes>',
    ),
    "a better number": replace(WHOLE, better_number="+15205550143"),
}


def document(known=WHOLE, receiver=CITY_911, we_own=True):
    """A packet as it is read: through its text, as it would travel."""
    return json.loads(
        json.dumps(rendering.render(known, AGENCIES, receiver, we_own=we_own).written())
    )


def ground(receiver=CITY_911, first=True, now=NOW):
    return findings.outgoing(AGENCIES, receiver, COMMON, now, first=first)


def from_911(known=WHOLE):
    """A packet as 911 would send it to us: the sides changed."""
    text = json.dumps(document(known))
    ours, theirs = AGENCIES.ourselves.domain, CITY_911.domain
    swapped = text.replace(ours, "\x01").replace(theirs, ours).replace("\x01", theirs)
    return json.loads(swapped)


def ground_in(first=True, now=NOW):
    return findings.incoming(AGENCIES, CITY_911, COMMON, now, first=first)
