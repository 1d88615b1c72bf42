"""The draft is played in the page as a caller: keys, words, silence, facts; its way lights up."""

import pytest
from playwright.sync_api import expect

from tests.browser.menus import menu_documents
from tests.browser.menus.editing import box

pytestmark = pytest.mark.browser


@pytest.fixture
def called(open_editor):
    """A call that has begun."""

    def opened():
        page = open_editor()
        page.get_by_role("button", name="Try it").click()
        page.get_by_role("button", name="Call", exact=True).click()
        expect(said(page)).to_have_count(4)
        return page

    return opened


def said(page):
    return page.locator(".said-line")


def press(page, key):
    page.get_by_role("group", name="Keys").get_by_role("button", name=key, exact=True).click()


def test_keys_and_words_lead_on_in_the_language_that_was_chosen(called, menus):
    page = called()
    press(page, "2")
    expect(said(page).last).to_have_attribute("lang", "es")
    expect(said(page).last).to_contain_text("Para la recolección de basura")
    page.get_by_label("Say something").fill("basura")
    page.keyboard.press("Enter")
    expect(said(page).last).to_contain_text("Para oírlo otra vez")
    page.get_by_role("button", name="Say nothing").click()
    expect(page.locator(".said-caller").last).to_contain_text("said nothing")
    press(page, "0, a person")
    expect(page.locator(".said-note")).to_have_text("The call ends: line.")
    inputs = [body["input"] for name, body in menus.asked if name == "try"]
    assert inputs == [{}, {"digits": "2"}, {"speech": "basura"}, {"silent": True}, {"digits": "0"}]


def test_the_way_of_the_call_lights_up_in_the_picture_and_in_the_list(called):
    page = called()
    press(page, "1")
    expect(box(page, "need").locator(".box-here")).to_be_visible()
    expect(box(page, "greeting").locator(".box-lit")).to_be_visible()
    expect(page.locator('.react-flow__edge[data-id="open_now#0"].line-lit')).to_be_attached()
    expect(page.locator('.react-flow__edge[data-id="open_now#1"].line-lit')).to_have_count(0)
    expect(box(page, "closed").locator(".box-lit")).to_have_count(0)
    page.get_by_role("tab", name="List").click()
    expect(page.locator(".row-here")).to_contain_text("the caller is here")
    expect(page.locator(".row-lit")).to_have_count(3)


def test_the_facts_around_a_call_can_be_pretended(called, menus):
    page = called()
    facts = page.locator(".try-facts")
    facts.get_by_text("Pretend").click()
    facts.get_by_label("Hours").select_option(label="closed")
    facts.get_by_label("Switch storm").select_option(label="on")
    facts.get_by_label("Callers in the line").fill("7")
    facts.get_by_label("Has called before").check()
    facts.get_by_label("Withheld number").check()
    press(page, "1")
    expect(said(page).last).to_contain_text("The line is closed now.")
    facts = [body["facts"] for name, body in menus.asked if name == "try"][-1]
    assert facts == {
        "is_open": False,
        "switches": {"storm": True},
        "line_length": 7,
        "seen_before": True,
        "withheld": True,
    }


def test_the_draft_that_is_typed_is_the_one_that_answers(called, menus):
    page = called()
    page.get_by_role("tab", name="List").click()
    page.locator('.row-node[data-node="need"]').click()
    page.locator("#f-prompt-text-en").fill("For cooling centers, press 3.")
    press(page, "1")
    expect(said(page).last).to_have_text("EnglishFor cooling centers, press 3.")


def test_a_finding_is_played_as_its_caller_would_hear_it(open_editor, menus):
    document = menu_documents.small_menu()
    document["nodes"]["need"]["options"][0]["next"] = ""
    menus.edit(document, "Ana Ruiz")
    page = open_editor()
    page.locator(".editor-findings").get_by_role("button", name="Play this").click()
    expect(page.locator(".said-caller")).to_have_count(2)
    expect(page.locator(".said-caller").first).to_contain_text("pressed 1")
    expect(page.locator(".said-caller").last).to_contain_text("said nothing")


def test_whoever_opens_it_by_key_stands_at_the_call(open_editor):
    page = open_editor()
    page.get_by_role("button", name="Try it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Call", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(said(page)).to_have_count(4)


def test_sound_can_be_turned_off_and_stays_off(called):
    page = called()
    page.get_by_role("button", name="Sound on").click()
    page.reload()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("button", name="Sound off")).to_have_attribute("aria-pressed", "true")


def test_a_recording_is_uploaded_chosen_and_keeps_its_words(open_editor, menus):
    page = open_editor()
    page.get_by_role("tab", name="List").click()
    page.locator('.row-node[data-node="person"]').click()
    english = page.locator(".tongue").filter(has=page.locator("#f-text-en"))
    english.get_by_text("use a recording").click()
    sound = {"name": "person.wav", "mimeType": "audio/wav", "buffer": b"RIFF0000WAVE"}
    english.get_by_label("Upload wav or mp3").set_input_files(sound)
    expect(english.locator("summary")).to_have_text("Recording: person.wav, 2.5 s")
    wanted = {"text": "I am taking you to a person.", "recording": "c" * 64}
    assert menus.comes_to(lambda: menus.node("person").get("text", {}).get("en") == wanted)
    english.get_by_label("Recording, English").select_option(label="No recording")
    assert menus.comes_to(lambda: menus.node("person")["text"]["en"] == wanted["text"])
