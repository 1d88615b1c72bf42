"""Every rule finds its fault, all faults come at once, and nothing makes the validator fall."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calltaker.handoff import reading, validation
from calltaker.handoff.reading import UnreadableError
from tests.handoff.handoff_samples import (
    NOW,
    WHOLE,
    document,
    from_911,
    ground,
    ground_in,
)

pytestmark = pytest.mark.rules

GONE = object()
URN = "urn:emergency:uid:{}:0123456789ab:311.tucsonaz.example"
LATER = (NOW + timedelta(hours=1)).isoformat()
XML = document(WHOLE)["locationComponent"][0]["locationByValue"]
POINT = document(WHOLE)["locationComponent"][1]["locationByValue"]
BILLION = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><presence>&b;</presence>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><presence>&x;</presence>'

FAULTS = [
    # path in the packet                                   value               rule
    ("eidoVersion", "2.0", "V01"),
    ("eidoVersion", 1.0, "V01"),
    ("eidoVersion", GONE, "V01"),
    ("agencyComponent", [], "V02"),
    ("agencyComponent.0.agencyRoleDescriptionRegistryText", ["Boss"], "V02"),
    ("agencyComponent.1.$id", "911.elsewhere.example", "V03"),
    ("agencyComponent.0.agencyRoleDescriptionRegistryText", ["TransferredTo"], "V03"),
    ("agencyComponent.1.incidentOwningAgencyIndicator", True, "V04"),
    ("agencyComponent.0.incidentOwningAgencyIndicator", False, "V04"),
    ("incidentComponent.locationReference.0.$ref", "nobody", "V05"),
    ("callComponent.0.callBackReference.$ref", "311.tucsonaz.example", "V05"),
    ("incidentComponent.updatedByAgencyReference.$ref", "911.nowhere.example", "V05"),
    ("$id", URN.format("callid"), "V06"),
    ("callComponent.0.$id", "call-1", "V06"),
    (
        "notesComponent.0.$id",
        URN.format("eidodatacomponent").replace("0123456789ab", "short"),
        "V06",
    ),
    ("agentComponent.0.$id", "carla", "V06"),
    ("lastUpdateTimeStamp", "2026-03-02T19:00:00", "V07"),
    ("lastUpdateTimeStamp", "yesterday", "V07"),
    ("lastUpdateTimeStamp", "2026-13-41T19:00:00Z", "V07"),
    ("notesComponent.0.lastUpdateTimeStamp", LATER, "V07"),
    ("callComponent.0.answerDate", "2026-03-02T18:00:00Z", "V07"),
    ("incidentComponent.incidentTypeCommonRegistryText", "XYZZY", "V08"),
    ("callComponent.0.callStateRegistryText", "hungUp", "V08"),
    ("personComponent.0.personIncidentRoleRegistryText", ["Caller", "Bystander"], "V08"),
    ("locationComponent.0.locationTypeDescriptionRegistryText", "Somewhere", "V08"),
    ("incidentComponent.dispositionComponent", [{"dispositionCommonRegistryCode": "77"}], "V08"),
    ("locationComponent.0.locationByReferenceUrl", "https://x.example/1", "V09"),
    ("locationComponent.0.locationByValue", GONE, "V09"),
    ("locationComponent", [], "V10"),
    ("locationComponent.0.locationByValue", BILLION, "V11"),
    ("locationComponent.0.locationByValue", OUTSIDE, "V11"),
    ("locationComponent.0.locationByValue", "<presence", "V11"),
    ("locationComponent.0.locationByValue", XML * 2, "V11"),
    ("locationComponent.0.locationByValue", XML.replace("ca:RD", "ca:PLC"), "V11"),
    ("locationComponent.0.locationByValue", XML.replace("geopriv10:civicAddr", "other"), "V11"),
    ("locationComponent.1.locationByValue", POINT.replace("32.22174", "132.2"), "V11"),
    ("locationComponent.1.locationByValue", POINT.replace("4326", "3857"), "V11"),
    ("locationComponent.1.locationByValue", POINT.replace("32.22174", "nan"), "V11"),
    ("locationComponent.0.locationByValue", "<a>" * 5000, "V11"),
    ("locationComponent.0.locationByValue", "x" * 30_000, "V11"),
    ("callComponent.0.callBackReference", GONE, "V12"),
    ("personComponent.0.callIdentifier", [], "V13"),
    ("personComponent", [], "V13"),
    ("callComponent", [], "V13"),
    ("incidentComponent.incidentCommonPriorityNumber", 99, "V14"),
    ("incidentComponent.incidentCommonPriorityNumber", 9.5, "V14"),
    ("incidentComponent.incidentCommonPriorityNumber", True, "V14"),
    ("incidentComponent.incidentCommonPriorityNumber", 0, "V14"),
    ("incidentComponent.incidentPriorityInternalText", "whatever", "V14"),
    ("incidentComponent", GONE, "V14"),
    ("notesComponent.0.notesActionComments", "<script>1</script>", "V15"),
    ("notesComponent.0.notesActionComments", "&lt;b&gt;bold", "V15"),
    ("notesComponent.0.notesActionComments", "a" * 100_001, "V15"),
    ("personComponent.0.callIdentifier", [URN.format("callid")], "V16"),
    ("issuingElementIdentification", GONE, "V00"),
    ("callComponent.0.direction", GONE, "V00"),
    ("callComponent.0", "not an object", "V00"),
    ("agencyComponent", {"not": "a list"}, "V00"),
    ("incidentComponent", [], "V00"),
    ("callbackComponent.0.updatedCbn", [], "V00"),
    ("notesComponent.0.agentReference", "carla", "V00"),
]


def planted(path, value, packet=None):
    packet = copy.deepcopy(packet or document(WHOLE))
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    at = packet
    for step in way:
        at = at[step]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    return packet


@pytest.mark.parametrize(("path", "value", "rule"), FAULTS)
def test_each_rule_finds_its_planted_fault(path, value, rule):
    found = validation.check(planted(path, value), ground())
    assert rule in {each.rule for each in found}


@pytest.mark.parametrize("rule", [f"V{n:02}" for n in range(17)])
def test_every_rule_is_planted_at_least_once(rule):
    assert rule in {each for _, _, each in FAULTS}


def test_all_faults_are_named_at_once_with_their_places():
    packet = document(WHOLE)
    for path, value in (
        ("eidoVersion", "9"),
        ("incidentComponent.incidentCommonPriorityNumber", 99),
        ("notesComponent.0.lastUpdateTimeStamp", "never"),
        ("callComponent.0.callStateRegistryText", "hungUp"),
    ):
        packet = planted(path, value, packet)
    found = {(each.rule, each.path) for each in validation.check(packet, ground())}
    assert found == {
        ("V01", "$.eidoVersion"),
        ("V07", "$.notesComponent[0].lastUpdateTimeStamp"),
        ("V08", "$.callComponent[0].callStateRegistryText"),
        ("V14", "$.incidentComponent.incidentCommonPriorityNumber"),
    }


def test_a_packet_from_911_is_judged_with_the_sides_changed():
    assert validation.check(from_911(), ground_in()) == ()
    assert {each.rule for each in validation.check(document(WHOLE), ground_in())} == {"V03"}


TO_US = [
    # what 911 may say in its own words: kept, with a warning
    ("incidentComponent.incidentTypeCommonRegistryText", "XYZZY", "V08"),
    ("callComponent.0.callStateRegistryText", "hungUp", "V08"),
    ("notesComponent.0.notesActionComments", "<b>bold</b>", "V15"),
    ("incidentComponent.incidentCommonPriorityNumber", GONE, "V14"),
]


@pytest.mark.parametrize(("path", "value", "rule"), TO_US)
def test_what_we_do_not_know_of_theirs_warns_and_does_not_refuse(path, value, rule):
    found = validation.check(planted(path, value, from_911()), ground_in())
    assert [each.rule for each in found] == [rule]
    assert validation.blocking(found) == ()


def test_their_own_levels_are_theirs():
    packet = planted("incidentComponent.incidentPriorityInternalText", "Charlie", from_911())
    assert validation.check(packet, ground_in()) == ()


def test_an_unknown_extra_is_accepted():
    packet = planted("incidentComponent.cautionComponent", [{"new": True}])
    assert validation.check({**packet, "mediaComponent": {"x": 1}}, ground()) == ()


def places_in(value, way=()):
    yield way
    inner = ()
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inner:
        yield from places_in(each, (*way, key))


PLACES = [way for way in places_in(document(WHOLE)) if way]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(way=st.sampled_from(PLACES), value=anything)
@settings(max_examples=60, deadline=None)
def test_no_value_anywhere_makes_the_validator_fall(way, value):
    packet = copy.deepcopy(document(WHOLE))
    at = packet
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    for found in (*validation.check(packet, ground()), *validation.check(packet, ground_in())):
        assert "\n" not in found.message


@given(st.dictionaries(st.sampled_from([*document(WHOLE), "x"]), anything))
@settings(max_examples=60, deadline=None)
def test_any_object_is_judged_and_never_valid(packet):
    assert validation.blocking(validation.check(packet, ground()))


UNREADABLE = [
    (b"", "not JSON"),
    (b"[]", "not a JSON object"),
    (b"\xff\xfe{}", "not UTF-8"),
    (b'{"a": 1, "a": 2}', "twice"),
    (b'{"a": NaN}', "not JSON"),
    (b'{"a": "\\ud800"}', "half a character"),
    (b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}", "nested too deep"),
    (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
    (b'{"a": "' + b"x" * 600_000 + b'"}', "at most"),
    (b'{"a": 1', "not JSON"),
]


@pytest.mark.parametrize(("raw", "why"), UNREADABLE)
def test_what_is_no_packet_at_all_is_refused_with_the_reason(raw, why):
    with pytest.raises(UnreadableError, match=why):
        reading.read_object(raw)


def test_a_packet_survives_its_journey():
    packet = document(WHOLE)
    assert reading.read_object(json.dumps(packet).encode()) == packet
