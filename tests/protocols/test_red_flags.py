"""The universal red-flag panel: nine keys, and every entry of the city's 911 lists behind one."""

import re
from pathlib import Path

import pytest
import yaml
from protocol_samples import LIBRARY

from protocols import loading
from protocols.errors import ProtocolError
from protocols.levels import Level
from protocols.red_flags import MOST_FLAGS, determinant_of

pytestmark = pytest.mark.rules

TEXT = (LIBRARY.parent / "red_flags.yaml").read_text(encoding="utf-8")
PANEL = loading.load_red_flags(TEXT, "red_flags")
GATE = Path(__file__).parents[2] / "config/tucson/protocol_gate.yaml"

# From the city's page "Public Safety Communications", and the fire department's list of 2020
# (the last four lines); read, not confirmed.
CALL_911 = [
    "shootings", "stabbings", "domestic violence", "child abuse", "sexual assault",
    "lost or missing children", "lost or missing vulnerable adults", "property crime in progress",
    "fights in progress", "suicidal subjects",
    "difficulty breathing or shortness of breath", "chest or upper abdominal pain or pressure",
    "fainting or loss of consciousness", "unresponsive when talked to or touched", "drowning",
    "unexplained seizures or convulsions", "sudden dizziness, weakness or change in vision",
    "mental change (confusion, difficulty walking or speaking)", "unexplained severe headache",
    "sudden or intense pain",
    "choking", "allergic reaction", "traffic crash with injury", "traumatic injury", "fire needs",
]  # fmt: skip


@pytest.mark.parametrize("entry", CALL_911)
def test_must_have_04_every_entry_of_the_911_lists_is_behind_one_key(entry):
    assert len([flag.id for flag in PANEL if entry in flag.covers]) == 1


def test_the_panel_claims_no_entry_that_no_list_has():
    assert {entry for flag in PANEL for entry in flag.covers} <= set(CALL_911)


def test_must_have_04_each_flag_has_a_number_key_and_dials_911():
    assert 1 <= len(PANEL) <= MOST_FLAGS
    for flag in PANEL:
        determinant = flag.determinant
        assert determinant.level is Level.EMERGENCY
        assert determinant.destination.kind == "911"
        assert determinant.id == f"red_flag_{flag.id}"
        assert determinant.priority == 10


def test_every_flag_has_a_code_that_911_knows():
    codes = yaml.safe_load(GATE.read_text(encoding="utf-8"))["common_codes"]
    assert {flag.common_code for flag in PANEL} <= set(codes)


def test_what_is_read_aloud_is_short_and_promises_nothing():
    for flag in PANEL:
        for text in (flag.script, flag.advice, flag.title):
            for language in ("en", "es"):
                for sentence in re.split(r"[.;]", text[language]):
                    assert len(sentence.split()) <= 20, sentence
                assert not re.search(r"\b(minut|soon|pronto|on the way|en camino)", text[language])


def test_a_flag_that_the_panel_has_dropped_is_an_emergency_still():
    gone = determinant_of({}, "volcano")
    assert gone.emergency
    assert gone.id == "red_flag_volcano"
    assert gone.script.es


def changed(old, new):
    assert old in TEXT
    return TEXT.replace(old, new, 1)


MISTAKES = [
    # the panel with one mistake                               says
    (changed("id: suicide", "id: weapon"),                     "red flag id 'weapon' is used"),
    (changed("  - id: suicide", "  - id: Sui cide"),           "small letters, digits and _"),
    (changed("    common_code: FUNK\n", ""),                   "common_code is missing"),
    (changed("    common_code: FUNK\n", "    code: FUNK\n"),   "no key 'code'"),
    (TEXT + "\n  - {id: tenth}\n",                             "has 10 entries, from 1 to 9"),
    (re.sub(r"\n      es: Que no .*", "", TEXT),               "es is missing"),
    ("red_flags: []",                                          "has 0 entries"),
    ("",                                                       "the text is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), MISTAKES)
def test_a_panel_with_a_mistake_is_refused_whole(text, says):
    with pytest.raises(ProtocolError) as refused:
        loading.load_red_flags(text, "red_flags")
    assert says in str(refused.value)
