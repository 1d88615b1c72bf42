"""What callers left, below the line: heard, done with a note, by mouse and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.axe import violations
from tests.browser.desk import desk_states

pytestmark = pytest.mark.browser


def task(task_id: str, kind: str, **changes):
    values = {
        "kind": kind,
        "task_id": task_id,
        "call_id": "c" * 32,
        "caller": "(520) 555-0142",
        "language": "es",
        "since": "2026-03-02T18:40:00.000Z",
        "seconds": 12 if kind == "voicemail" else None,
        "is_there": kind == "voicemail",
        "intent_title": "Pothole",
        "words": "hay un bache muy grande",
        "place": "Speedway and Campbell",
        "emergency": False,
        "number_by_hand": None,
        "read": "none",
        "state": "to_do",
        "by": None,
        "again_at": None,
        "tries": 0,
        "last_outcome": None,
    }
    return values | changes


def left(*tasks):
    return desk_states.idle() | {"tasks": list(tasks)}


MESSAGE, WISH = task("a" * 32, "voicemail"), task("b" * 32, "call_back")


def test_a_message_can_be_heard_and_a_wish_has_no_sound(open_desk):
    page = open_desk(left(MESSAGE, WISH))
    shown = page.locator(".task")
    expect(shown).to_have_count(2)
    expect(shown.nth(0)).to_contain_text("Message, 12 s")
    expect(shown.nth(0)).to_contain_text("(520) 555-0142")
    sound = shown.nth(0).locator("audio")
    expect(sound).to_have_attribute("src", f"/desk/voicemails/{'a' * 32}/recording")
    expect(sound).to_have_attribute("preload", "none")
    expect(shown.nth(1).locator("audio")).to_have_count(0)


def test_a_task_is_done_with_a_note_by_keyboard_alone(open_desk, door):
    page = open_desk(left(MESSAGE, WISH))
    field = page.get_by_label("What came of it: Call back, (520) 555-0142")
    field.focus()
    page.keyboard.type("Reached her, sent a crew.")
    page.keyboard.press("Enter")
    assert door.comes_to(
        f"tasks/call_back/{'b' * 32}/done", [{"note": "Reached her, sent a crew."}]
    )


def test_a_caller_whom_an_emergency_has_lost_is_told_apart_in_words_shape_and_colour(open_desk):
    lost = task("c" * 32, "call_back", emergency=True, number_by_hand="(520) 555-0190")
    shown = open_desk(left(lost, WISH)).locator(".task").first
    expect(shown).to_contain_text("▲")
    expect(shown).to_contain_text("Emergency: call back now")
    expect(shown).to_contain_text("Tell 911 by hand at (520) 555-0190")
    expect(shown.get_by_role("button", name="Done")).to_be_visible()


def test_nothing_is_done_without_a_note(open_desk, door):
    page = open_desk(left(WISH))
    page.get_by_role("button", name="Done").click()
    page.get_by_label("What came of it").fill("   ")
    page.get_by_role("button", name="Done").click()
    assert door.ordered("/done") == []


def test_a_note_that_is_being_written_outlives_every_event(open_desk, door):
    page = open_desk(left(WISH))
    field = page.get_by_label("What came of it")
    field.focus()
    page.keyboard.type("Left word ")
    door.show(left(MESSAGE, WISH))
    expect(page.locator(".task")).to_have_count(2)
    page.keyboard.type("with her son")
    expect(page.locator(f"#note-{'b' * 32}")).to_have_value("Left word with her son")


def test_who_may_not_act_sees_tasks_without_sound_or_form(open_desk):
    state = left(task("a" * 32, "voicemail", caller="hidden", words=None))
    state["staff"] = {**state["staff"], "role": "auditor"}
    page = open_desk(state)
    expect(page.locator(".task")).to_have_count(1)
    expect(page.locator(".task audio, .task form")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_beside_tasks(open_desk, scheme):
    lost = task("c" * 32, "call_back", emergency=True, number_by_hand="(520) 555-0190")
    page = open_desk(left(lost, MESSAGE, WISH))
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []


STATES = [
    ({}, ""),
    ({"state": "claimed", "by": "Ben Castle"}, "Ben Castle is on it."),
    ({"state": "calling", "by": "Ben Castle"}, "Ben Castle is on it, ringing them now."),
    ({"state": "in_line"}, "In the line: rings when their turn comes."),
    (
        {"state": "again", "tries": 1, "last_outcome": "busy", "again_at": "AGAIN"},
        "Tried once: busy, trying again at ",
    ),
    (
        {"state": "gave_up", "tries": 3, "last_outcome": "machine"},
        "Tried 3 times: nobody took it, perhaps a machine. Not tried again by itself.",
    ),
]


def test_every_state_of_a_task_is_said_and_only_a_free_one_can_be_rung(open_desk):
    page = open_desk(
        left(
            *(
                task(
                    f"{n}" * 32,
                    "call_back",
                    **{k: desk_states.ago(-600) if v == "AGAIN" else v for k, v in about.items()},
                )
                for n, (about, _) in enumerate(STATES)
            )
        )
    )
    shown = page.locator(".task")
    for place, (about, words) in enumerate(STATES):
        if words:
            expect(shown.nth(place).locator(".task-state")).to_contain_text(words)
        else:
            expect(shown.nth(place).locator(".task-state")).to_have_count(0)
        is_taken = about.get("by") is not None
        button = shown.nth(place).get_by_role("button", name="Call back")
        expect(button).to_have_count(0 if is_taken else 1)
    assert violations(page) == []


def test_a_key_rings_the_first_whom_nobody_else_is_on(open_desk, door):
    taken = task("c" * 32, "call_back", emergency=True, state="claimed", by="Ben Castle")
    page = open_desk(left(taken, WISH, MESSAGE))
    page.keyboard.press("Alt+z")
    path = f"tasks/call_back/{'b' * 32}/call"
    expect(page.locator(".task").nth(1).get_by_role("button", name="Call back")).to_be_visible()
    page.wait_for_timeout(300)
    [order] = door.ordered("/call")
    assert [one for one, _ in door.orders if one == path] == [path]
    assert len(order["offer_id"]) == 32


def test_who_was_faster_is_named_and_nothing_is_rung(open_desk, door):
    door.refuses["call"] = 409
    door.refusal_says = {
        "problem": "Ben Castle is on it.",
        "what_to_do": "Take the next one, or ask them.",
    }
    page = open_desk(left(WISH))
    page.get_by_role("button", name="Call back").click()
    expect(page.locator(".problem")).to_contain_text("Ben Castle is on it.")
    page.get_by_role("button", name="I am on it").click()
    assert door.comes_to("/claim", [{"on": True}])
    assert len(door.ordered("/call")) == 1


def test_a_call_back_that_rings_says_so(open_desk):
    state = desk_states.ringing()
    state["offers"] = [{**state["offers"][0], "kind": "call_back"}]
    page = open_desk(state)
    expect(page.locator(".ringing-now")).to_contain_text("Call back: their telephone rings when")
