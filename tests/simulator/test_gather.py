"""`<Gather>`: what counts as input, what is lost, and where it leads."""

import pytest

from tests.simulator.town import in_town, say

pytestmark = pytest.mark.rules


def gather(attributes: str, inside: str = "") -> str:
    return f'<Gather action="/got" timeout="1" {attributes}>{inside}</Gather>'


@in_town()
async def test_no_input_falls_through_to_the_next_verb_and_the_action_is_not_asked(town):
    town.serve(
        "/incoming", gather('input="dtmf speech"', say("Press a key")) + say("You pressed nothing")
    )
    sid = await town.dial()
    await town.until_status(sid, "completed")
    assert town.heard(sid) == ["Press a key", "You pressed nothing"]
    assert town.app.at("/got") == []


@in_town()
async def test_no_input_is_told_to_the_action_where_the_document_asks_for_it(town):
    town.serve("/incoming", gather('actionOnEmptyResult="true"') + say("never"))
    sid = await town.dial()
    asked = (await town.asked("/got"))[0]
    assert asked["Digits"] == ""
    await town.until_status(sid, "completed")
    assert "never" not in town.heard(sid)


@pytest.mark.parametrize(
    ("attributes", "pressed", "digits"),
    [
        ('numDigits="1"', "9", "9"),
        ('numDigits="1"', "911", "9"),
        ('numDigits="3"', "9112", "911"),
        ("", "12#", "12"),
        ('finishOnKey="*"', "1#2*", "1#2"),
        ('finishOnKey=""', "1#", "1#"),
        ("", "0", "0"),
    ],
)
@in_town()
async def test_keys_end_as_the_attributes_say(town, attributes, pressed, digits):
    town.serve("/incoming", gather(attributes))
    sid = await town.dial()
    await town.until_listening(sid)
    await town.keys(sid, pressed)
    assert (await town.asked("/got"))[0]["Digits"] == digits


@in_town()
async def test_the_finish_key_alone_is_no_input(town):
    town.serve("/incoming", gather("") + say("nothing"))
    sid = await town.dial()
    await town.until_listening(sid)
    await town.keys(sid, "#")
    await town.until_heard(sid, "nothing")
    assert town.app.at("/got") == []


@in_town(speech_rate=1)
async def test_a_key_interrupts_the_prompt(town):
    town.serve(
        "/incoming",
        gather('numDigits="1"', say("one two three four five six seven eight nine ten " * 5)),
    )
    sid = await town.dial()
    await town.until_listening(sid)
    await town.keys(sid, "9")
    assert (await town.asked("/got"))[0]["Digits"] == "9"
    assert town.exchange.leg(sid).seconds() < 3


@in_town()
async def test_words_come_as_a_speech_result_with_their_confidence(town):
    town.serve(
        "/incoming",
        gather('input="speech dtmf" speechTimeout="auto" partialResultCallback="/partial"'),
    )
    sid = await town.dial()
    await town.until_listening(sid)
    await town.says(sid, "there is a pothole", confidence=0.4)
    asked = (await town.asked("/got"))[0]
    assert asked["SpeechResult"] == "there is a pothole"
    assert float(asked["Confidence"]) == 0.4
    assert "Digits" not in asked
    assert (await town.asked("/partial"))[0]["UnstableSpeechResult"] == "there is a pothole"


@in_town()
async def test_the_confidence_may_be_missing(town):
    town.serve("/incoming", gather('input="speech"'))
    sid = await town.dial()
    await town.until_listening(sid)
    await town.says(sid, "hello", confidence=None)
    assert "Confidence" not in (await town.asked("/got"))[0]


@in_town()
async def test_words_are_lost_where_only_keys_are_gathered_and_keys_after_words_do_not_count(town):
    town.serve("/incoming", gather('numDigits="1"'))
    sid = await town.dial()
    await town.until_listening(sid)
    await town.says(sid, "help")
    await town.keys(sid, "1")
    asked = (await town.asked("/got"))[0]
    assert asked["Digits"] == "1"
    assert "SpeechResult" not in asked
    said = [one for one in town.exchange.journal.entries(sid) if one.kind == "said"]
    assert said[0].data["taken"] is False


@in_town()
async def test_keys_pressed_while_nobody_gathers_are_lost(town):
    town.serve("/incoming", '<Pause length="2"/>' + gather('numDigits="1"') + say("nothing"))
    sid = await town.dial()
    await town.until(lambda: town.heard(sid))
    await town.keys(sid, "9")
    await town.until_heard(sid, "nothing")
    assert town.app.at("/got") == []


@in_town()
async def test_listening_is_shown_while_it_lasts(town):
    town.serve("/incoming", gather('numDigits="1" input="dtmf speech"'))
    sid = await town.dial()
    await town.until_listening(sid)
    assert (await town.call(sid))["listening"] == {"input": ["dtmf", "speech"], "num_digits": 1}
    await town.hang_up(sid)
    assert (await town.call(sid))["listening"] is None


@in_town()
async def test_a_gather_without_action_asks_the_same_document_again(town):
    answers = iter(['<Gather numDigits="1" timeout="1"/>', say("second")])
    town.serve("/incoming", lambda form: next(answers))
    sid = await town.dial()
    await town.until_listening(sid)
    await town.keys(sid, "5")
    await town.until_heard(sid, "second")
    assert town.app.at("/incoming", Digits="5")
