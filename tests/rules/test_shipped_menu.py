"""The shipped menu: its answers, the roads by key alone, and what callers hear when it is closed."""

import copy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.checking import facts_of
from config.holidays import hours_of
from config.yaml_text import read_yaml
from ivr.rules.actions import (
    CallMeBack,
    Escalate,
    Goodbye,
    JoinLine,
    Listen,
    TakeVoicemail,
    TextMe,
    TransferTo,
)
from ivr.rules.hours import opening
from ivr.rules.menu import CallerInput, Readers, Turn, answer, begin
from ivr.rules.menu_gate import CityFacts, Purpose, examine, examine_announcement
from ivr.rules.menu_nodes import Does, InformationNode, LineNode, Prompting, Words
from ivr.rules.menu_state import Event, RequestStatus
from models.states import Language, PriorityClass
from tests.rules.tucson_pack import NOW, PACK, SILENCE, heard, last, readers, spoken, tucson

pytestmark = pytest.mark.rules

HERE = Path(__file__).parent
DOCUMENT = read_yaml((PACK / "first/menu.yaml").read_text("utf-8"))
ANSWERS = {
    name: node for name, node in tucson().menu.nodes.items() if isinstance(node, InformationNode)
}
PROMPTS = {name: node for name, node in tucson().menu.nodes.items() if isinstance(node, Prompting)}

MONDAY_NOON = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
MONDAY_NIGHT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
THANKSGIVING = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)


def weekdays() -> Any:
    """The opening of a line that closes at night and on holidays."""
    document = read_yaml((HERE / "weekday_hours.yaml").read_text("utf-8"))
    hours = hours_of(document, MONDAY_NOON.date())
    return lambda line, now: opening(hours, line, now)


def storm_words() -> dict[Language, str]:
    texts = read_yaml((HERE / "storm_announcement.yaml").read_text("utf-8"))
    return {Language(language): words for language, words in texts.items()}


def ring(*typed: str, now: datetime = NOW, around: Readers | None = None) -> Turn:
    """A call from the greeting on, with the facts around it."""
    menu, facts = tucson().menu, around or readers()
    turn = answer(menu, begin(menu), SILENCE, now, facts)
    for one in typed:
        turn = answer(menu, turn.state, heard(one), now, facts)
    return turn


def ring_closed(*typed: str, now: datetime = MONDAY_NIGHT, number: str = "4 2") -> Turn:
    return ring(*typed, now=now, around=replace(readers(), opening=weekdays(), own_number=number))


def come_back(turn: Turn, event: Event) -> Turn:
    """The turn after a transfer or a message has ended."""
    return answer(tucson().menu, turn.state, CallerInput(event=event), NOW, readers())


# Answers.


ASKED = [
    ("water_bill_answer", "I need to pay my water bill", "quiero pagar mi recibo del agua"),
    ("collection_day_answer", "when is trash day", "qué día pasa la basura"),
    ("brush_bulky_answer", "when is brush and bulky", "cuándo recogen las ramas"),
    ("recycling_answer", "what can I recycle", "qué puedo reciclar"),
    ("bus_answer", "what is the bus schedule", "horario del camión"),
    ("court_answer", "when is my court date", "fecha de corte"),
    ("parking_answer", "I got a parking ticket", "multa de estacionamiento"),
    ("housing_food_answer", "I need a place to stay", "necesito ayuda para pagar la renta"),
    ("pets_answer", "I need a license for my dog", "licencia de perro"),
    ("fireworks_answer", "people setting off fireworks", "fuegos artificiales"),
]
PRESSED = [
    ("collection_day_answer", "311"),
    ("brush_bulky_answer", "312"),
    ("recycling_answer", "313"),
    ("bus_answer", "321"),
    ("court_answer", "322"),
    ("parking_answer", "323"),
    ("housing_food_answer", "331"),
    ("pets_answer", "332"),
    ("fireworks_answer", "333"),
    ("needles_answer", "341"),
    ("graffiti_answer", "342"),
    ("other_ways_answer", "343"),
    ("water_bill_answer", "2"),
]


@pytest.mark.parametrize(("node", "english", "spanish"), ASKED)
def test_a_question_is_answered_first_in_the_callers_language(node, english, spanish):
    for key, said, language in (("1", english, Language.EN), ("2", spanish, Language.ES)):
        turn = ring(key, said)
        assert turn.state.node == node
        assert ANSWERS[node].text[language].text in spoken(turn)


@pytest.mark.parametrize(("node", "pressed"), PRESSED)
@pytest.mark.parametrize("language", ["1", "2"])
def test_every_answer_is_reached_by_keys_alone(node, pressed, language):
    assert ring(language, *pressed).state.node == node


def test_every_answer_is_in_both_lists():
    assert {node for node, _ in PRESSED} == set(ANSWERS)
    assert len(ANSWERS) >= 12


@pytest.mark.parametrize("node", sorted(ANSWERS))
def test_an_answer_names_its_source_and_sends_itself_as_a_text(node):
    found = ANSWERS[node]
    assert found.source
    does = {option.key: option.does for option in found.options}
    assert (does["1"], does["2"], does["3"]) == (Does.NOTHING, Does.REPEAT, Does.TEXT_ME)
    assert set(found.text_message) == set(Language)
    assert all(len(words.text) <= 160 for words in found.text_message.values())


UNCONFIRMED = {
    Language.EN: r"confirmed|cannot|not allowed|do not touch",
    Language.ES: r"confirmad|no puedo|no podemos|no se permiten|no la toque",
}


@pytest.mark.parametrize("node", sorted(ANSWERS))
@pytest.mark.parametrize("language", list(Language))
def test_an_answer_gives_no_number_address_hour_or_fee(node, language):
    found = ANSWERS[node]
    text = found.text[language].text + found.text_message[language].text
    figures = re.findall(r"\d[\d:.,-]*\d|[$]|\d+ ?(?:am|pm)", text)
    assert set(figures) <= {"311", "3-1-1", "911", "9-1-1"}


def test_what_only_the_city_knows_is_said_to_be_unconfirmed():
    general = {"graffiti_answer", "other_ways_answer", "housing_food_answer"}
    for node in set(ANSWERS) - general:
        assert ANSWERS[node].verified_on is None
        for language, said in UNCONFIRMED.items():
            assert re.search(said, ANSWERS[node].text[language].text, re.IGNORECASE), node


@pytest.mark.parametrize("node", sorted(ANSWERS))
def test_an_answer_leads_to_a_person_by_1_and_by_0(node):
    pressed = dict(PRESSED)[node]
    for key in "10":
        assert isinstance(last(ring("1", *pressed, key)), JoinLine)


def test_an_answer_is_sent_as_a_text_and_said_again():
    around = replace(readers(), can_text=True, own_number="4 2")
    turn = ring("1", "2", "3", around=around)
    assert turn.effects == (TextMe("water_bill_answer", Language.EN),)
    assert "I am sending it to your phone" in spoken(turn)
    again = ring("2", "2", "2", around=around)
    assert ANSWERS["water_bill_answer"].text[Language.ES].text in spoken(again)


def test_a_withheld_number_hears_that_no_text_can_be_sent():
    turn = ring("2", "2", "3")
    assert turn.effects == ()
    assert "No veo a qué número" in spoken(turn)
    assert turn.state.node == "water_bill_answer"


@pytest.mark.parametrize(
    ("pressed", "intent"),
    [("3114", "trash_missed"), ("3234", "parking"), ("3334", "fireworks"), ("3424", "graffiti")],
)
def test_what_an_answer_is_about_can_be_reported_from_it(pressed, intent):
    turn = ring("1", *pressed)
    assert turn.state.node == "where"
    assert turn.state.intent.intent == intent


@pytest.mark.parametrize(
    ("pressed", "entry"), [("24", "water"), ("3224", "city_court"), ("3324", "animal_care")]
)
def test_a_department_is_rung_and_a_person_helps_when_it_does_not_answer(pressed, entry):
    turn = ring("1", *pressed)
    assert last(turn).entry == entry
    assert isinstance(last(turn), TransferTo)
    after = come_back(turn, Event.TRANSFER_FAILED)
    assert isinstance(last(after), JoinLine)
    assert "They did not answer" in spoken(after)


def test_an_answer_that_a_caller_leaves_by_star_is_not_given_again_unasked():
    turn = ring("1", "bus schedule", "*", "3")
    assert turn.state.node == "topics"


# Keys alone.


@pytest.mark.parametrize(
    ("key", "intent"), [("1", "pothole"), ("2", "loose_dog"), ("3", "trash_missed"), ("4", "other")]
)
def test_a_report_is_made_by_keys_alone(key, intent):
    turn = ring("1", "1", key)
    assert turn.state.node == "where"
    assert turn.state.intent.intent == intent
    assert isinstance(last(ring("1", "1", key, "1")), JoinLine)


@pytest.mark.parametrize("node", sorted(PROMPTS))
def test_the_last_reprompt_of_every_prompt_offers_a_person(node):
    for words in PROMPTS[node].prompt.reprompts[1].values():
        assert re.search(r"\b(?:press|oprima) 0\b", words.text), words.text


def test_every_number_of_the_menu_stands_in_the_directory():
    directory = read_yaml((PACK / "first/destinations.yaml").read_text("utf-8"))["directory"]
    rung = {node["to"] for node in DOCUMENT["nodes"].values() if node["kind"] == "transfer"}
    assert rung <= set(directory)
    assert all(entry["rehearsal"] and entry["verified_on"] is None for entry in directory.values())


# How far a report is.


def known(number: str) -> RequestStatus | None:
    if number != "12345678":
        return None
    service = {Language.EN: "Pothole", Language.ES: "Bache"}
    return RequestStatus(number, service, {Language.EN: "in work", Language.ES: "en proceso"})


def status(*typed: str) -> Turn:
    return ring(*typed, around=replace(readers(), request_status=known))


def test_a_report_is_found_by_its_number():
    turn = status("1", "4", "12345678")
    assert "Number 1 2 3 4, 5 6 7 8, Pothole, is in work." in spoken(turn)
    assert turn.state.node == "after_status"
    spanish = status("2", "cómo va mi reporte", "12345678")
    assert "1 2 3 4, 5 6 7 8, Bache, está en proceso." in spoken(spanish)


@pytest.mark.parametrize(("key", "ending"), [("1", JoinLine), ("3", Goodbye)])
def test_after_a_status_a_caller_goes_on_or_ends(key, ending):
    assert isinstance(last(status("1", "4", "12345678", key)), ending)
    assert status("1", "4", "12345678", "2").state.node == "status"


def test_three_numbers_that_are_not_found_lead_to_a_person():
    first = status("1", "4", "1111")
    assert "I do not find a report with that number." in spoken(first)
    assert isinstance(last(status("1", "4", "1111", "2222", "3333")), JoinLine)


def test_911_and_a_person_keep_their_keys_where_digits_are_collected():
    assert isinstance(last(status("1", "4", "9")), Escalate)
    assert isinstance(last(status("1", "4", "911")), Escalate)
    assert isinstance(last(status("1", "4", "0")), JoinLine)


# When it is closed.


def test_the_shipped_line_is_never_closed_because_its_hours_are_not_confirmed():
    hours = read_yaml((PACK / "first/hours.yaml").read_text("utf-8"))
    assert hours["verified_on"] is None
    assert hours["lines"]["main"]["always_open"]
    assert tucson().readers().opening("main", THANKSGIVING).is_open


@pytest.mark.parametrize(
    ("key", "now", "said"),
    [
        ("1", MONDAY_NIGHT, "Our desk is closed now. It opens tomorrow at 8 in the morning."),
        ("2", MONDAY_NIGHT, "Ahorita está cerrado. Abrimos mañana a las 8 de la mañana."),
        ("1", SATURDAY, "It opens on Monday at 8 in the morning."),
        ("1", THANKSGIVING, "closed for the holiday. It opens tomorrow at 8 in the morning."),
        ("2", THANKSGIVING, "Hoy es día festivo y no atendemos. Abrimos mañana"),
    ],
)
def test_whoever_calls_when_it_is_closed_hears_when_it_opens(key, now, said):
    turn = ring_closed(key, now=now)
    assert said in spoken(turn)
    assert turn.state.node == "need"


def test_while_it_is_open_nobody_hears_of_hours():
    turn = ring_closed("1", now=MONDAY_NOON)
    assert "closed" not in spoken(turn)


@pytest.mark.parametrize(("node", "english", "spanish"), ASKED)
def test_information_is_still_there_when_it_is_closed(node, english, spanish):
    assert ring_closed("1", english).state.node == node
    assert ring_closed("2", spanish).state.node == node


CLOSED = [
    ("asks for a person in words that name one", ("1", "I need a business license")),
    ("has an answer and wants more", ("1", "2", "1")),
    ("is not understood", ("1", "banana telephone")),
    ("does not know the place", ("1", "pothole", "1")),
    ("has told all of a report", ("1", "pothole", "Speedway and Campbell", "1")),
]


@pytest.mark.parametrize(("who", "typed"), CLOSED)
def test_after_hours_a_call_back_or_a_message_is_offered(who, typed):
    turn = ring_closed(*typed)
    assert turn.state.node == "after_hours"
    assert isinstance(last(turn), Listen)
    assert ring_closed(*typed, "3").state.node == "topics"


def test_after_hours_a_report_keeps_what_was_told():
    turn = ring_closed("1", "pothole", "Speedway and Campbell", "1")
    assert "I keep what you told me" in spoken(turn)
    assert turn.state.intent.intent == "pothole"
    assert turn.state.place is not None


def test_after_hours_a_caller_is_called_back():
    turn = ring_closed("1", "2", "1", "1")
    assert "ends in 4 2" in spoken(turn)
    done = ring_closed("1", "2", "1", "1", "1")
    assert [type(effect) for effect in done.effects] == [CallMeBack]
    assert isinstance(last(done), Goodbye)
    assert "A person will call you back" in spoken(done)


def test_a_withheld_number_is_asked_for_a_message_instead():
    assert isinstance(last(ring_closed("1", "2", "1", "1", number="")), TakeVoicemail)


def test_a_message_is_announced_before_it_is_recorded_and_confirmed_after():
    turn = ring_closed("1", "2", "1", "2")
    notice = spoken(turn)
    assert notice.startswith("Your message will be recorded. If you do not want that")
    after = come_back(turn, Event.RECORDED)
    assert isinstance(last(after), Goodbye)
    assert "We have your message." in spoken(after)


@pytest.mark.parametrize("typed", [("1",), ("1", "2"), ("1", "2", "1"), ("1", "4")])
def test_after_hours_911_and_a_person_are_a_key_away_everywhere(typed):
    assert isinstance(last(ring_closed(*typed, "9")), Escalate)
    assert isinstance(last(ring_closed(*typed, "0")), JoinLine)


def test_a_crisis_reaches_a_person_with_priority_day_and_night():
    for turn in (ring("1", "I need mental health help"), ring_closed("1", "crisis line")):
        assert last(turn).priority is PriorityClass.PRIORITY
        assert "988" in spoken(turn)


# When many wait, and when a storm comes.


@pytest.mark.parametrize("typed", [("1", "2", "1"), ("1", "pothole", "Speedway and Campbell", "1")])
def test_a_call_back_is_offered_when_many_wait(typed):
    busy = replace(readers(), line_length=lambda: 5, own_number="4 2")
    turn = ring(*typed, around=busy)
    assert "Many people are waiting." in spoken(turn)
    assert isinstance(last(ring(*typed, "2", around=busy)), JoinLine)
    done = ring(*typed, "1", around=busy)
    assert isinstance(last(done), Goodbye)
    assert len(done.effects) == 1


def test_the_wait_is_said_when_it_is_known():
    busy = replace(readers(), line_length=lambda: 7, own_number="4 2", wait_seconds=lambda: 360.0)
    assert "The wait is about 6 minutes." in spoken(ring("1", "2", "1", around=busy))
    assert "La espera es como de 6 minutos." in spoken(ring("2", "2", "1", around=busy))


def test_nobody_is_asked_when_few_wait():
    few = replace(readers(), line_length=lambda: 4, own_number="4 2")
    assert isinstance(last(ring("1", "2", "1", around=few)), JoinLine)


def test_the_storm_switch_adds_its_sentence_and_changes_nothing_else():
    storm = replace(readers(), switch=lambda key: key == "storm")
    turn = ring("1", around=storm)
    assert "There is a storm. Stay out of washes and flooded streets." in spoken(turn)
    assert turn.state.node == "need"
    assert "storm" not in spoken(ring("1"))


def test_a_storm_announcement_passes_the_gate_and_is_heard_once_before_the_first_prompt():
    said = storm_words()
    starts, ends = NOW, NOW + timedelta(hours=6)
    assert examine_announcement(said, starts, ends, CityFacts()).findings == ()
    text = {language: Words(words) for language, words in said.items()}
    around = replace(readers(), announcements=lambda now: (text,))
    first = spoken(ring("2", around=around))
    assert first.index("oprima 9") < first.index(said[Language.ES]) < first.index("dígame qué")
    assert said[Language.ES] not in spoken(ring("2", "3", around=around))


# The gate.


@pytest.mark.parametrize("file", [PACK / "first/hours.yaml", HERE / "weekday_hours.yaml"])
def test_the_gate_finds_nothing_but_what_nobody_has_verified_or_read(file):
    hours = hours_of(read_yaml(file.read_text("utf-8")), NOW.date())
    examined = examine(DOCUMENT, facts_of(tucson(), hours), NOW, Purpose.DEMONSTRATION)
    assert {finding.code for finding in examined.findings} <= {"V01", "V02", "L15"}
    unread = [finding for finding in examined.findings if finding.code == "L15"]
    assert all("nobody has read" in finding.message for finding in unread)
    assert examined.passes
    assert examined.seconds_to_person <= 30
    assert examined.longest_path.seconds <= 59


def test_a_live_line_waits_until_answers_and_numbers_are_verified():
    examined = examine(DOCUMENT, facts_of(tucson()), NOW, Purpose.LIVE)
    assert {finding.code for finding in examined.findings if finding.blocks} == {
        "V01",
        "V02",
        "L15",
    }


def with_cooling_centers(*, way_out: bool) -> dict:
    """The menu with one more answer in the group that has room for it."""
    document = copy.deepcopy(DOCUMENT)
    nodes = document["nodes"]
    added = copy.deepcopy(nodes["housing_food_answer"])
    added["text"] = {
        "en": "When it is hot, there are cool places to rest. A person can tell you which are open.",
        "es": "Cuando hace calor hay lugares frescos. Una persona le dice cuáles están abiertos.",
    }
    if not way_out:
        added["options"][0] = {**added["options"][0], "next": "cooling_centers"}
    nodes["cooling_centers"] = added
    group = nodes["help_topics"]
    words = {"en": ["four", "cooling"], "es": ["cuatro", "lugares frescos"]}
    group["options"].append({"key": "4", "next": "cooling_centers", "words": words})
    for text in (group["prompt"]["text"], *group["prompt"]["reprompts"]):
        text["en"] += " For cooling centers, press 4."
        text["es"] += " Para lugares frescos, oprima 4."
    return document


def test_an_answer_is_added_to_its_group_and_the_gate_is_content():
    document = with_cooling_centers(way_out=True)
    examined = examine(document, facts_of(tucson()), NOW, Purpose.DEMONSTRATION)
    assert {finding.code for finding in examined.findings} <= {"V01", "V02", "L15"}


def test_an_answer_that_leads_nowhere_is_stopped_with_the_keys_that_lead_there():
    document = with_cooling_centers(way_out=False)
    examined = examine(document, facts_of(tucson()), NOW, Purpose.DEMONSTRATION)
    found = [finding for finding in examined.findings if finding.blocks]
    assert {(finding.code, finding.where) for finding in found} == {("L21", "cooling_centers")}
    assert found[0].example[-2:] == ("press 3", "press 4")


def test_every_line_node_says_where_the_caller_goes():
    lines = [node for node in tucson().menu.nodes.values() if isinstance(node, LineNode)]
    assert all(words.text for node in lines for words in node.text.values())
