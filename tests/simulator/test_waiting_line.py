"""`<Enqueue>`: waiting documents, `<Leave>`, and every QueueResult."""

import pytest

from tests.simulator.town import in_town, room, say

pytestmark = pytest.mark.rules
ENQUEUE = '<Enqueue action="/line-over" waitUrl="/wait">line</Enqueue>'
GATHER = '<Gather numDigits="1" timeout="1" action="/pressed"/>'


async def waiting(town, wait: str = '<Pause length="5"/>') -> str:
    town.serve("/incoming", ENQUEUE + say("after the line"))
    town.serve("/wait", wait)
    sid = await town.dial()
    await town.asked("/wait")
    return sid


@in_town()
async def test_the_waiting_document_is_asked_again_and_again_with_the_lines_figures(town):
    await waiting(town, say("please wait") + '<Pause length="1"/>')
    asked = await town.asked("/wait", 3)
    assert asked[0]["QueuePosition"] == "1"
    assert asked[0]["CurrentQueueSize"] == "1"
    assert asked[0]["MaxQueueSize"] == "1000"
    assert {"QueueSid", "QueueTime", "AvgQueueTime"} <= set(asked[0])


@in_town()
async def test_a_key_in_the_line_can_lead_to_leave_and_the_action_hears_of_it(town):
    sid = await waiting(town, GATHER + '<Pause length="5"/>')
    town.serve("/pressed", "<Leave/>")
    town.serve("/line-over", say("out of the line"))
    await town.until_listening(sid)
    await town.keys(sid, "9")
    pressed = (await town.asked("/pressed"))[0]
    assert pressed["Digits"] == "9"
    assert pressed["QueuePosition"] == "1"
    over = (await town.asked("/line-over"))[0]
    assert over["QueueResult"] == "leave"
    assert over["QueueSid"].startswith("QU")
    await town.until_heard(sid, "out of the line")


@in_town()
async def test_a_rest_redirect_takes_the_caller_out_at_once_and_settles_nothing_else(town):
    sid = await waiting(town)
    town.serve("/line-over", say("this answer is not heeded"))
    town.serve("/moved", room())
    status, _ = await town.rest("POST", f"Calls/{sid}.json", Url=f"{town.app.base}/moved")
    assert status == 200
    assert (await town.asked("/line-over"))[0]["QueueResult"] == "redirected"
    await town.until(lambda: town.exchange.leg(sid).participant)
    assert "this answer is not heeded" not in town.heard(sid)
    assert (await town.call(sid))["queue"] is None


@in_town()
async def test_hanging_up_in_the_line_is_told_as_hangup(town):
    sid = await waiting(town)
    await town.hang_up(sid)
    over = (await town.asked("/line-over"))[0]
    assert over["QueueResult"] == "hangup"
    assert over["CallStatus"] == "completed"


@in_town(queue_max_size=1)
async def test_a_full_line_takes_nobody(town):
    await waiting(town)
    second = await town.dial(caller="+15205550143")
    over = (await town.asked("/line-over"))[0]
    assert over["CallSid"] == second
    assert over["QueueResult"] == "queue-full"
    assert "QueueSid" not in over


@pytest.mark.parametrize("wait", ["<Dial>+15205550199</Dial>", "<Record/>"])
@in_town()
async def test_a_waiting_document_with_a_forbidden_verb_is_an_error_of_the_line(town, wait):
    await waiting(town, wait)
    assert (await town.asked("/line-over"))[0]["QueueResult"] == "error"


@in_town()
async def test_without_an_action_the_next_verb_runs(town):
    town.serve("/incoming", '<Enqueue waitUrl="/wait">line</Enqueue>' + say("next verb"))
    town.serve("/wait", "<Leave/>")
    sid = await town.dial()
    await town.until_heard(sid, "next verb")


@in_town()
async def test_the_first_in_line_is_taken_by_rest(town):
    first = await waiting(town)
    await town.dial(caller="+15205550143")
    await town.asked("/wait", 2)
    _, lines = await town.rest("GET", "Queues.json")
    queue = lines["queues"][0]["sid"]
    _, members = await town.rest("GET", f"Queues/{queue}/Members.json")
    assert [one["position"] for one in members["queue_members"]] == [1, 2]
    town.serve("/taken", say("you are next"))
    status, taken = await town.rest(
        "POST", f"Queues/{queue}/Members/Front.json", Url=f"{town.app.base}/taken"
    )
    assert (status, taken["call_sid"]) == (200, first)
    await town.until_heard(first, "you are next")


@in_town()
async def test_dialling_the_line_bridges_and_is_told_after_the_parties_part(town):
    first = await waiting(town)
    town.serve("/other", '<Dial action="/dialled"><Queue>line</Queue></Dial>')
    town.serve("/desk", '<Dial action="/dialled"><Queue url="/before">line</Queue></Dial>')
    town.serve("/before", say("connecting you"))
    status, call = await town.rest(
        "POST", "Calls.json", To="+15205550192", From="+15205550100", Url=f"{town.app.base}/desk"
    )
    assert status == 201
    await town.until(lambda: town.exchange.leg(first).bridged_to)
    assert (await town.asked("/before"))[0]["DequeingCallSid"] == call["sid"]
    assert town.app.at("/line-over") == []
    await town.says(call["sid"], "good morning")
    await town.until_heard(first, "good morning")
    await town.hang_up(call["sid"])
    assert (await town.asked("/line-over"))[0]["QueueResult"] == "bridged"
