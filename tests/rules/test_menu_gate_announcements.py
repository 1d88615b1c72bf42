"""The gate for announcements: complete, short, plain, and over one day."""

from datetime import timedelta

import pytest

from ivr.rules.menu_gate import Severity, examine_announcement
from models.states import Language
from tests.rules.menus_good import NOW, city

pytestmark = pytest.mark.rules

GOOD = {
    Language.EN: "Cooling centers are open today. To hear where, stay on the line.",
    Language.ES: "Los centros de enfriamiento abren hoy. Para saber dónde, no cuelgue.",
}
LATER = NOW + timedelta(days=2)


def test_a_good_announcement_has_no_finding_and_a_length():
    examination = examine_announcement(GOOD, NOW, LATER, city())
    assert examination.findings == ()
    assert 3 < examination.lengths["announcement"][Language.EN].seconds < 8


FAULTS = [
    ("A01", {Language.ES: ""}, LATER, "no words"),
    ("A01", {Language.ES: GOOD[Language.EN]}, LATER, "the same in every"),
    ("A01", {Language.EN: "Call <Dial>"}, LATER, "cannot be spoken"),
    ("A01", {Language.EN: "A bell \x07 rings."}, LATER, "cannot be spoken"),
    ("A01", {Language.EN: "word " * 400}, LATER, "too long"),
    ("A01", {Language.EN: "Open until {hour}."}, LATER, "placeholder"),
    ("A01", {}, NOW, "ends before"),
    ("L03", {Language.EN: "Press 0 for a person."}, LATER, "before its goal"),
    ("L08", {Language.EN: "For the pool, press 9."}, LATER, "another meaning"),
    ("L12", {Language.EN: "You dialed a wrong number."}, LATER, "blames"),
    ("L13", {Language.EN: "word " * 60}, LATER, "takes"),
    ("L15", {Language.ES: "The storm is here for you and the city."}, LATER, "other language"),
]


@pytest.mark.parametrize(("code", "texts", "ends", "says"), FAULTS)
def test_a_planted_fault_is_found(code, texts, ends, says):
    findings = examine_announcement({**GOOD, **texts}, NOW, ends, city()).findings
    told = [one for one in findings if one.code == code and says in one.message]
    assert told
    assert told[0].mend


def test_errors_stand_before_warnings():
    texts = {Language.EN: "That was wrong.", Language.ES: ""}
    findings = examine_announcement(texts, NOW, LATER, city()).findings
    assert findings[0].severity is Severity.ERROR
    assert findings[-1].severity is Severity.WARNING
