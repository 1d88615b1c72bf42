"""`<Dial>` to telephones and softphones: how each end is told, and what runs after it."""

import pytest

from tests.simulator.town import ANA, DESK_911, HUMAN_LINE, LINE, SECOND_911, in_town, say

pytestmark = pytest.mark.rules
DIAL = f'<Dial action="/dialled" timeout="5">{HUMAN_LINE}</Dial>' + say("after the dial")

OUTCOMES = [
    # what the telephone does       DialCallStatus  DialBridged
    ({"on_ring": "busy"}, "busy", "false"),
    ({"on_ring": "no_answer"}, "no-answer", "false"),
    ({"on_ring": "manual"}, "no-answer", "false"),
    ({"on_ring": "fail"}, "failed", "false"),
    ({"on_ring": "answer", "hang_up_after_seconds": 0.2}, "completed", "true"),
]


@pytest.mark.parametrize(("behaviour", "status", "bridged"), OUTCOMES)
@in_town()
async def test_the_action_hears_how_the_dial_went(town, behaviour, status, bridged):
    await town.control("PUT", f"/phones/{HUMAN_LINE}", {"otherwise": behaviour})
    town.serve("/incoming", DIAL)
    town.serve("/dialled", say("goodbye"))
    sid = await town.dial()
    told = (await town.asked("/dialled"))[0]
    assert (told["DialCallStatus"], told["DialBridged"]) == (status, bridged)
    assert told["DialCallSid"].startswith("CA")
    await town.until_status(sid, "completed")
    assert "after the dial" not in town.heard(sid)
    assert "goodbye" in town.heard(sid)


@in_town()
async def test_a_number_that_nobody_has_fails(town):
    town.serve("/incoming", '<Dial action="/dialled">+15205550177</Dial>')
    await town.dial()
    assert (await town.asked("/dialled"))[0]["DialCallStatus"] == "failed"


@in_town()
async def test_without_an_action_the_next_verb_runs(town):
    town.serve("/incoming", f'<Dial timeout="5">{HUMAN_LINE}</Dial>' + say("nobody answered"))
    sid = await town.dial()
    await town.until_heard(sid, "nobody answered")
    assert town.heard(sid)[0] == HUMAN_LINE


@in_town()
async def test_two_people_talk_and_the_callers_hang_up_ends_both(town):
    town.serve("/incoming", f'<Dial action="/dialled" callerId="{LINE}">{HUMAN_LINE}</Dial>')
    sid = await town.dial()
    phone = await town.until(lambda: town.exchange.phones.find(HUMAN_LINE).ringing())
    assert town.exchange.leg(phone[0]).from_ == LINE
    await town.control("POST", f"/calls/{phone[0]}/answer")
    await town.until(lambda: town.exchange.leg(sid).bridged_to)
    await town.says(sid, "hello?")
    await town.until_heard(phone[0], "hello?")
    await town.says(phone[0], "the city, good evening")
    await town.until_heard(sid, "the city, good evening")
    await town.hang_up(sid)
    await town.until_status(phone[0], "completed")


@in_town()
async def test_the_first_to_answer_wins_and_the_others_are_let_go(town):
    reports = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"'
    both = f"<Number {reports}>{DESK_911}</Number><Number>{SECOND_911}</Number>"
    town.serve("/incoming", f'<Dial action="/dialled">{both}</Dial>')
    sid = await town.dial()
    await town.until(lambda: town.exchange.leg(sid).bridged_to)
    assert town.exchange.leg(sid).bridged_to.to == SECOND_911
    told = await town.asked("/leg", 3)
    assert [one["CallStatus"] for one in sorted(told, key=lambda one: one["SequenceNumber"])] == [
        "initiated", "ringing", "canceled",
    ]  # fmt: skip
    assert told[0]["ParentCallSid"] == sid
    assert told[0]["Direction"] == "outbound-dial"


@in_town()
async def test_a_screened_leg_that_does_not_press_is_completed_but_never_bridged(town):
    town.serve(
        "/incoming", f'<Dial action="/dialled"><Number url="/screen">{SECOND_911}</Number></Dial>'
    )
    town.serve("/screen", '<Gather numDigits="1" timeout="1" action="/pressed"/><Hangup/>')
    await town.dial()
    told = (await town.asked("/dialled"))[0]
    assert (told["DialCallStatus"], told["DialBridged"]) == ("completed", "false")


@in_town()
async def test_a_screened_leg_that_presses_is_bridged(town):
    await town.control(
        "PUT", f"/phones/{SECOND_911}", {"otherwise": {"on_ring": "answer", "press": "1"}}
    )
    town.serve(
        "/incoming", f'<Dial action="/dialled"><Number url="/screen">{SECOND_911}</Number></Dial>'
    )
    town.serve("/screen", '<Gather numDigits="1" timeout="5" action="/pressed"/><Hangup/>')
    sid = await town.dial()
    await town.until(lambda: town.exchange.leg(sid).bridged_to)
    assert town.app.at("/pressed")[0]["Digits"] == "1"


@pytest.mark.parametrize(
    ("dial", "code"),
    [
        ('<Dial callerId="+15205550199">+15205550191</Dial>', 13214),
        ("<Dial>520 555 0199</Dial>", 13223),
        ("<Dial>911</Dial>", 13223),
        ("<Dial/>", 12200),
        ("<Dial><Number>+15205550191</Number><Conference>room</Conference></Dial>", 12200),
    ],
)
@in_town()
async def test_a_dial_that_twilio_refuses_goes_to_the_fallback(town, dial, code):
    town.serve("/incoming", dial)
    town.serve("/fallback", say("one moment"))
    sid = await town.dial()
    told = (await town.asked("/fallback"))[0]
    assert (told["ErrorCode"], told["ErrorUrl"]) == (str(code), f"{town.app.base}/incoming")
    await town.until_heard(sid, "one moment")


@in_town()
async def test_a_leg_that_is_redirected_out_of_a_dial_leaves_the_caller_to_go_on(town):
    town.serve("/incoming", f'<Dial action="/dialled">{SECOND_911}</Dial>')
    town.serve("/elsewhere", say("elsewhere"))
    sid = await town.dial()
    other = await town.until(lambda: town.exchange.leg(sid).bridged_to)
    await town.rest("POST", f"Calls/{other.sid}.json", Url=f"{town.app.base}/elsewhere")
    assert (await town.asked("/dialled"))[0]["DialCallStatus"] == "completed"


@in_town()
async def test_who_has_called_before_can_be_called_back(town):
    town.serve("/incoming", say("hello"))
    first = await town.dial(caller="+15205550166")
    await town.until_status(first, "completed")
    town.serve("/incoming", '<Dial action="/dialled">+15205550166</Dial>')
    await town.dial(caller=ANA)
    await town.until(lambda: town.exchange.phones.find("+15205550166").ringing())
