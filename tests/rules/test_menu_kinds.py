"""Each kind of node, from the caller's side: what is heard, where it leads, what is set going."""

import pytest

from ivr.rules.actions import (
    CallMeBack,
    Escalate,
    Goodbye,
    JoinLine,
    Listen,
    PlayRecording,
    TakeVoicemail,
    TextMe,
    TransferTo,
)
from ivr.rules.menu import CallerInput, MenuState, answer, compile_graph
from ivr.rules.menu_nodes import Words
from models.states import EscalationCause, Language
from tests.rules.menus_made import (
    NOW,
    NUMBER,
    RECORDING,
    SILENCE,
    call,
    closed,
    document,
    facts,
    heard,
    kinds_of,
    language_node,
    last,
    node_of,
    option,
    prompt,
    spoken,
    text,
)

pytestmark = pytest.mark.rules

ENDS = {
    "yes": {"kind": "line", "text": text("Yes line.")},
    "no": {"kind": "line", "text": text("No line.")},
    "other": {"kind": "line", "text": text("Other line.")},
    "bye": {"kind": "goodbye", "text": text("Goodbye.")},
}


def menu(kind: str, **changes) -> dict:
    """A node of a kind that leads to the lines `yes`, `no` and `other`."""
    return document({"it": node_of(kind, "yes", "no", "other") | changes} | ENDS)


# Branches.


@pytest.mark.parametrize(
    ("kind", "known", "leads"),
    [
        ("by_hours", {}, "Yes line."),
        ("by_hours", {"opening": closed}, "No line."),
        ("by_holiday", {}, "No line."),
        ("by_holiday", {"opening": closed}, "Yes line."),
        ("by_caller", {"seen_before": lambda: True}, "Yes line."),
        ("by_caller", {}, "No line."),
        ("by_line_length", {}, "Yes line."),
        ("by_line_length", {"line_length": lambda: 1}, "No line."),
        ("by_line_length", {"line_length": lambda: 4}, "No line."),
        ("by_line_length", {"line_length": lambda: 5}, "Other line."),
        ("by_line_length", {"line_length": lambda: 900}, "Other line."),
        ("by_switch", {"switch": lambda name: name == "storm"}, "Yes line."),
        ("by_switch", {}, "No line."),
        ("by_language", {}, "Yes line."),
        ("by_intent", {}, "Other line."),
        ("by_jurisdiction", {}, "Other line."),
    ],
)
def test_a_branch_goes_by_its_fact_and_nobody_hears_it(kind, known, leads):
    turn = call(menu(kind), readers=facts(**known))
    assert spoken(turn) == leads
    assert turn.path[0] == "it"


def test_a_branch_asks_for_the_hours_of_its_own_line_and_the_words_speak_of_the_same():
    asked = []

    def opening(line, now):
        asked.append(line)
        return closed(line, now)

    nodes = menu("by_hours", line="parks")["nodes"]
    nodes["no"] = {"kind": "goodbye", "text": text("We open {opens_at}.")}
    turn = call(document(nodes), readers=facts(opening=opening))
    assert asked == ["parks", "parks"]
    assert spoken(turn) == "We open tomorrow at 3 in the afternoon."


# Variables.


def test_a_sentence_without_a_value_is_not_spoken():
    nodes = {"it": {"kind": "goodbye", "text": text("Thank you. We open {opens_at}. Goodbye.")}}
    assert spoken(call(document(nodes))) == "Thank you. Goodbye."
    told = spoken(call(document(nodes), readers=facts(opening=closed)))
    assert told == "Thank you. We open tomorrow at 3 in the afternoon. Goodbye."


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (None, "To a person."),
        (20.0, "About less than a minute."),
        (70.0, "About 1 minute."),
        (600.0, "About 10 minutes."),
    ],
)
def test_a_line_whose_wait_is_not_known_promises_none(wait, told):
    nodes = {"it": {"kind": "line", "text": text("About {wait}.")}}
    assert spoken(call(document(nodes), readers=facts(wait_seconds=lambda: wait))) == told


def test_the_place_in_the_line_counts_the_caller():
    nodes = {"it": {"kind": "line", "text": text("You are number {position}.")}}
    assert spoken(call(document(nodes), readers=facts(line_length=lambda: 3))) == (
        "You are number 4."
    )


# Recordings.


def test_an_uploaded_recording_is_played_with_its_transcript_beside_it():
    words = {"en": {"text": "Welcome.", "recording": RECORDING}, "es": "Bienvenidos."}
    nodes = {"it": {"kind": "say", "text": words, "next": "yes"}} | ENDS
    first = last(call(document(nodes))).sentence[0]
    assert first == PlayRecording(RECORDING, "Welcome.", Language.EN)


# Announcements.


def announced(_now):
    return ({Language.EN: Words("A storm."), Language.ES: Words("Una tormenta.")},)


def test_an_announcement_is_spoken_once_before_the_first_prompt():
    nodes = {"it": node_of("choose", "again", "yes", "yes"), "again": node_of("choose", "it", "yes", "yes")}  # fmt: skip
    known = facts(announcements=announced)
    assert spoken(call(document(nodes | ENDS), readers=known)) == "A storm. Choose."
    assert spoken(call(document(nodes | ENDS), "1", readers=known)) == "Choose."


def test_an_announcement_waits_for_the_language_and_never_delays_911():
    nodes = {"hello": language_node("it", "it"), "it": node_of("choose", "yes", "no", "no")} | ENDS
    graph = compile_graph(document(nodes))
    known = facts(announcements=announced)
    first = answer(graph, MenuState("hello"), SILENCE, NOW, known)
    assert "storm" not in spoken(first)
    chosen = answer(graph, first.state, heard("2"), NOW, known)
    assert spoken(chosen) == "Una tormenta. ES Choose."
    dialled = answer(graph, first.state, heard("9"), NOW, known)
    assert spoken(dialled) == "Connecting you to 911 now. ES Connecting you to 911 now."


# Information.


def test_information_is_said_again_without_counting_a_miss():
    turn = call(menu("information"), "1")
    assert spoken(turn) == "So it is. Repeat, text, or on?"
    assert turn.state.misses_in_call == 0
    assert kinds_of(turn) == ["caller_input", "repeated"]


def test_a_text_is_asked_for_once_and_the_prompt_stays():
    turn = call(menu("information"), "2")
    assert turn.effects == (TextMe("it", Language.EN),)
    assert spoken(turn) == "I am texting it to you. Repeat, text, or on?"
    again = call(menu("information"), "2", "2")
    assert again.effects == ()
    assert spoken(again) == spoken(turn)


def test_a_number_that_cannot_be_texted_hears_so_and_stays():
    turn = call(menu("information"), "2", readers=facts(can_text=False))
    assert turn.effects == ()
    assert spoken(turn) == "I cannot text your number. Repeat, text, or on?"


def test_information_leads_on_by_its_other_options():
    assert spoken(call(menu("information"), "3")) == "Yes line."


# A question of the city's own.


def test_a_free_answer_is_kept_read_back_and_changed():
    nodes = {
        "it": {"kind": "ask", "name": "colour", "prompt": prompt("Which?"), "next": "back"},
        "back": node_of("confirm_answer", "yes", "it", "no"),
    } | ENDS
    turn = call(document(nodes), "a blue one")
    assert turn.state.answers == {"colour": "a blue one"}
    assert spoken(turn) == "Is it a blue one?"
    assert MenuState.from_json(turn.state.to_json()) == turn.state
    assert spoken(call(document(nodes), "a blue one", "1")) == "Yes line."
    changed = call(document(nodes), "a blue one", "2")
    assert changed.state.node == "it"
    assert changed.state.answers == {}
    assert spoken(call(document(nodes), "blue", "no", "green", "no")) == "No line."


def test_a_free_answer_that_looks_like_a_variable_is_only_words():
    nodes = {"it": node_of("ask", "yes", "back", "no"), "back": node_of("confirm_answer", "yes", "it", "no")}  # fmt: skip
    assert spoken(call(document(nodes | ENDS), "{place} {answer}")) == "Is it {place} {answer}?"


def test_an_option_of_a_question_is_taken_by_key_or_single_word():
    assert spoken(call(menu("ask"), "1")) == "Yes line."
    assert spoken(call(menu("ask"), "word1")) == "Yes line."
    assert call(menu("ask"), "5").state.misses == 1


# What is read back.


def test_a_wish_is_read_back_by_its_name_and_corrected_in_the_same_breath():
    nodes = {"it": node_of("ask_intent", "back", "back", "other"), "back": node_of("confirm_intent", "yes", "it", "no")}  # fmt: skip
    whole = document(nodes | ENDS)
    known = facts(intent_name=lambda slug, _language: {"streetlight": "a street light"}.get(slug, slug))  # fmt: skip
    assert spoken(call(whole, "pothole here", readers=known)) == "Is it pothole?"
    corrected = call(whole, "pothole here", "I mean the streetlight", readers=known)
    assert spoken(corrected) == "Is it a street light?"
    changed = call(whole, "pothole here", "2", readers=known)
    assert changed.state.node == "it"
    assert changed.state.intent.intent == ""
    assert spoken(call(whole, "pothole", "2", "pothole", "2", readers=known)) == "No line."


# How far a request is.


@pytest.mark.parametrize("said", [NUMBER, f"{NUMBER}#", "one two three four five six seven eight",
                                  "my number is 12 34 56 78", "doce 345 678"])  # fmt: skip
def test_a_request_is_found_by_keys_and_by_words(said):
    turn = call(menu("status"), said)
    assert spoken(turn) == "Request 1 2 3 4, 5 6 7 8, pothole, is open. Yes line."


def test_a_number_is_collected_to_its_end_and_silence_ends_it():
    listens = last(call(menu("status")))
    assert listens.num_digits is None
    assert listens.timeout_seconds == 3.0


def test_the_first_silence_where_a_number_is_asked_is_only_time_to_look_for_it():
    waited = call(menu("status"), "")
    assert last(waited).prompt == ()
    assert waited.state.misses == 0
    assert spoken(call(menu("status"), "", "")).endswith("Once more.")


def test_a_number_that_is_none_is_asked_three_times_and_then_gives_up():
    assert "There is no 4 4 4 4." in spoken(call(menu("status"), "4444"))
    assert isinstance(last(call(menu("status"), "4444", "5555")), Listen)
    assert spoken(call(menu("status"), "4444", "5555", "6666")) == "There is no 6 6 6 6. No line."


@pytest.mark.parametrize("pressed", ["9", "9#", "911", "911#", "99", "91", "9911", "911911"])
def test_9_alone_and_911_dial_where_a_number_is_asked(pressed):
    assert last(call(menu("status"), pressed)).cause is EscalationCause.KEY


@pytest.mark.parametrize("pressed", ["95123456", "12911345", "911234", "4911", "9000"])
def test_a_number_that_begins_with_9_or_holds_911_is_a_number(pressed):
    assert isinstance(last(call(menu("status"), pressed)), Listen)


@pytest.mark.parametrize("pressed", ["0", "0#", "00"])
def test_0_alone_is_a_person_where_a_number_is_asked(pressed):
    turn = call(menu("status"), pressed)
    assert isinstance(last(turn), JoinLine)
    assert turn.journal[-1].data["why"] == "key 0"


def test_star_goes_back_from_a_number():
    nodes = {"first": node_of("choose", "it", "it", "it"), "it": node_of("status", "yes", "no", "no")}  # fmt: skip
    assert call(document(nodes | ENDS), "1", "12*").state.node == "first"


# Messages.


def test_a_message_is_taken_thanked_for_and_leads_on():
    turn = call(menu("voicemail"))
    assert isinstance(last(turn), TakeVoicemail)
    assert last(turn).longest_seconds == 60
    assert not turn.state.ended
    assert spoken(call(menu("voicemail"), "[recorded]")) == "Thank you. Yes line."


def test_a_last_message_ends_with_thanks_and_goodbye():
    turn = call(menu("voicemail_last"), "[recorded]")
    assert isinstance(last(turn), Goodbye)
    assert spoken(turn) == "Thank you."
    assert turn.state.ended == "goodbye"


def test_a_message_that_was_not_left_is_asked_for_again_and_then_a_person():
    assert isinstance(last(call(menu("voicemail"), "")), TakeVoicemail)
    assert isinstance(last(call(menu("voicemail"), "", "")), TakeVoicemail)
    assert isinstance(last(call(menu("voicemail"), "", "", "")), JoinLine)


def test_9_and_0_end_a_message_with_their_meaning():
    graph, state = compile_graph(menu("voicemail")), MenuState("it", asked=True)
    for key, expected in (("9", Escalate), ("0", JoinLine)):
        ended = CallerInput(digits=key, event="recorded")
        assert isinstance(last(answer(graph, state, ended, NOW, facts())), expected)


# Calling back.


def test_a_call_back_is_offered_to_the_number_that_rings():
    assert spoken(call(menu("call_back"))) == "Call you back at 4 2 1 7?"


@pytest.mark.parametrize("yes", ["1", "one", "yes", "yes please", "sí"])
def test_whoever_wants_a_call_back_is_put_on_the_list_once(yes):
    turn = call(menu("call_back"), yes)
    assert turn.effects == (CallMeBack("it"),)
    assert spoken(turn) == "No line."


@pytest.mark.parametrize(("reply", "leads"), [("no", "Other line."), ("2", "Yes line.")])
def test_whoever_declines_a_call_back_is_not_put_on_the_list(reply, leads):
    turn = call(menu("call_back"), reply)
    assert turn.effects == ()
    assert spoken(turn) == leads


def test_a_withheld_number_is_not_offered_a_call_back():
    turn = call(menu("call_back"), readers=facts(own_number=""))
    assert spoken(turn) == "Other line."


# Transfers.


def test_a_transfer_that_fails_goes_on_in_the_menu():
    turn = call(menu("transfer"))
    assert last(turn) == TransferTo("parks", last(turn).sentence)
    assert spoken(turn) == "To the parks."
    for failed in ("[transfer_failed]", ""):
        assert spoken(call(menu("transfer"), failed)) == "Yes line."


def test_whoever_is_alone_after_a_transfer_reaches_a_person():
    assert spoken(call(menu("transfer"), "[transfer_ended]")) == "To a person."


def test_transfers_that_lead_to_each_other_end_at_a_person():
    nodes = {"it": {"kind": "transfer", "to": "parks", "text": text("Parks."), "failed": "it"}}
    turn = call(document(nodes), *["[transfer_failed]"] * 5)
    assert isinstance(last(turn), JoinLine)


# What a turn tells of itself.


def test_the_path_of_a_turn_names_all_that_was_entered_and_nothing_on_a_miss():
    nodes = {"it": {"kind": "say", "text": text("Hello."), "next": "by"},
             "by": node_of("by_hours", "ask", "no", "no"), "ask": node_of("choose", "yes", "no", "no")}  # fmt: skip
    assert call(document(nodes | ENDS)).path == ("it", "by", "ask")
    assert call(document(nodes | ENDS), "").path == ()
    assert call(document(nodes | ENDS), "1").path == ("yes",)


def test_an_event_that_belongs_to_nothing_asks_again_and_is_no_miss():
    turn = call(menu("choose"), "[recorded]")
    assert spoken(turn) == "Choose."
    assert turn.state.misses_in_call == 0


def test_an_option_may_say_what_the_caller_wants():
    nodes = {"it": {"kind": "choose", "prompt": prompt("?"), "options": [option("1", next="yes", intent="pothole")]}}  # fmt: skip
    assert call(document(nodes | ENDS), "1").state.intent.intent == "pothole"
