"""The desk's addresses: the page, its state, and every order about a call's telephone.

Each order is guarded twice: by role here, and by whose call it is in the view. Effects on the
telephone company follow the commit; `ivr.rooms` and `ivr.warm_transfer` record their command first.
"""

from datetime import timedelta
from functools import partial

from flask import Blueprint, Response, jsonify, make_response, render_template

from calltaker.answering import body, desk_state, one_commit, text_of
from calltaker.desk import dialling, own_calls, presence, showing, task_claims, tasks
from calltaker.desk.pages import page_of
from calltaker.doorway import door
from calltaker.errors import ConflictError, NotFoundError, RefusedError
from calltaker.handoff import dispatcher
from calltaker.handoff.ledger import Writing
from calltaker.staff.guards import allowed, outlives_database, signed_in
from calltaker.staff.navigation import pages_of
from calltaker.staff.permissions import Permission
from ivr import record, rooms, transfer_word, waiting_line, warm_transfer
from ivr.again import persistently
from ivr.errors import AlreadyEndedError
from ivr.waiting_line import Reason, TooLate
from models.states import EscalationCause, HoldReason

TOKEN_SECONDS = 900
"""A softphone's token lives 15 minutes at most; the page renews it at 80 %."""

_TOO_LATE = {
    Reason.TAKEN: "Somebody else has taken this call.",
    Reason.OVER: "The caller has hung up.",
    Reason.ENGAGED: "You have another call.",
    Reason.NOT_YOURS: "This offer is not yours.",
}

desk = Blueprint("desk", __name__)


@desk.get("/desk")
@allowed(Permission.OPEN_DESK)
def page() -> str:
    """The desk; what it shows is drawn from its state."""
    return render_template(
        "desk.html",
        person=signed_in(),
        shim=door().shim,
        phone=f"{door().signalling_url}/phone" if door().signalling else "",
        zone=door().grounds.zone,
        pages=[page for page in pages_of(signed_in().role) if page.name != "desk"],
    )


@desk.get("/desk/state")
@allowed(Permission.OPEN_DESK)
def state() -> Response:
    """Everything the page shows."""
    return desk_state()


@desk.get("/desk/map.json")
@allowed(Permission.OPEN_DESK)
def base_map() -> Response:
    """The city's own lines under the pin, GeoJSON; a browser may keep them for the shift."""
    answer = jsonify(door().base_map)
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@desk.post("/desk/presence")
@allowed(Permission.ANSWER_CALLS)
def choose_presence() -> Response:
    """Be available, on a break with its reason, or offline."""
    sent, runtime = body(), door().runtime
    breaks = runtime.city.at_the_desk.breaks
    chosen = presence.choice_of(sent.get("state"), sent.get("reason"), breaks)
    if signed_in().only_call:
        raise ConflictError("Your account is disabled.", "Finish your call.")
    with one_commit() as session:
        presence.choose(session, signed_in().staff_id, chosen, runtime.clock(), runtime.new_id)
    return desk_state()


@desk.post("/desk/heartbeat")
@allowed(Permission.OPEN_DESK)
def heartbeat() -> Response:
    """The page is alive."""
    runtime, page = door().runtime, page_of(body())
    with runtime.sessions() as session:
        presence.seen(session, signed_in().staff_id, runtime.clock(), page)
        session.commit()
    return desk_state()


@desk.post("/desk/softphone-token")
@allowed(Permission.ANSWER_CALLS)
def softphone_token() -> Response:
    """A token for this person's softphone and nobody else's."""
    runtime, identity = door().runtime, signed_in().identity
    expires_at = runtime.clock() + timedelta(seconds=TOKEN_SECONDS)
    return jsonify(
        token=runtime.gateway.softphone_token(identity, TOKEN_SECONDS),
        identity=identity,
        expires_at=showing.instant(expires_at),
        signalling=door().signalling,
        shim=door().shim,
    )


@desk.post("/desk/offers/<offer_id>/accept")
@allowed(Permission.ANSWER_CALLS)
def accept(offer_id: str) -> Response:
    """Take the call; one of all who ask wins."""
    runtime, staff_id = door().runtime, signed_in().staff_id
    with one_commit() as session:
        own_calls.own_offer(session, offer_id, staff_id)
        answer = waiting_line.accept(session, offer_id, staff_id, runtime.clock())
    if isinstance(answer, TooLate):
        raise ConflictError(_TOO_LATE[answer.reason], "The next call comes by itself.")
    return desk_state()


@desk.post("/desk/offers/<offer_id>/decline")
@allowed(Permission.ANSWER_CALLS)
def decline(offer_id: str) -> Response:
    """Pass the call on."""
    runtime, staff_id = door().runtime, signed_in().staff_id
    with one_commit() as session:
        own_calls.own_offer(session, offer_id, staff_id)
        waiting_line.decline(session, offer_id, staff_id, runtime.clock())
        waiting_line.offer_waiting(session, runtime.clock(), runtime.new_id)
    return desk_state()


@desk.post("/desk/calls/<call_id>/hold")
@allowed(Permission.ANSWER_CALLS)
def hold(call_id: str) -> Response:
    """Put the caller on hold with a spoken reason, or take them back."""
    sent = body()
    on, reason = sent.get("on"), sent.get("reason", HoldReason.LOOKING_UP.value)
    if not isinstance(on, bool):
        raise RefusedError("Hold is on or off.", "Load the page again and repeat it.")
    _own(call_id)
    if reason not in list(HoldReason):
        raise RefusedError("There is no such reason to hold.", "Choose one of the list.")
    hold_it = partial(rooms.hold, reason=HoldReason(reason))
    persistently(partial(hold_it, door().runtime, call_id, signed_in().staff_id, on))
    return desk_state()


@desk.post("/desk/calls/<call_id>/dispatcher")
@allowed(Permission.ANSWER_CALLS)
def say_dispatcher(call_id: str) -> Response:
    """911's dispatcher, who came with the caller, has left the line or is on it again."""
    is_there = body().get("is_there")
    if not isinstance(is_there, bool):
        raise RefusedError("The dispatcher is there or not.", "Load the page again and repeat it.")
    runtime, staff_id = door().runtime, signed_in().staff_id
    with one_commit() as session:
        own_calls.own(session, call_id, staff_id)
        writing = Writing(session, runtime.clock(), runtime.new_id)
        dispatcher.say(writing, call_id, staff_id, is_there=is_there)
    return desk_state()


@desk.post("/desk/calls/<call_id>/hang-up")
@desk.post("/desk/calls/<call_id>/hangup")
@allowed(Permission.ANSWER_CALLS)
def hang_up(call_id: str) -> Response:
    """End the call for everybody."""
    _own(call_id)
    persistently(partial(rooms.hang_up, door().runtime, call_id, signed_in().staff_id))
    return desk_state()


@desk.post("/desk/calls/<call_id>/leave")
@allowed(Permission.ANSWER_CALLS)
def leave(call_id: str) -> Response:
    """Leave the caller with 911, once 911 has accepted; a supervisor may override with a reason."""
    sent = body()
    reason = text_of(sent, "override_reason").strip() if sent.get("override_reason") else None
    _own(call_id)
    leave_it = partial(rooms.leave, override_reason=reason)
    persistently(partial(leave_it, door().runtime, call_id, signed_in().staff_id))
    return desk_state()


@desk.post("/desk/calls/<call_id>/emergency")
@allowed(Permission.ANSWER_CALLS)
@outlives_database
def emergency(call_id: str) -> Response:
    """The red button. Nothing stands before the dial but whose call it is; posted again, harmless."""
    escalation_id = dialling.escalation_id()
    runtime, staff_id = door().runtime, signed_in().staff_id
    dialling.reachable(call_id)
    warm_transfer.escalate(runtime, call_id, EscalationCause.RED_BUTTON, staff_id, escalation_id)
    return dialling.dialled(call_id)


@desk.post("/desk/calls/<call_id>/they-have-it")
@allowed(Permission.ANSWER_CALLS)
def they_have_it(call_id: str) -> Response:
    """911 has said that they have the caller."""
    escalation_id, runtime = dialling.escalation_id(), door().runtime
    with one_commit() as session:
        own_calls.own_escalation(session, escalation_id, call_id, signed_in().staff_id)
        transfer_word.they_have_it(session, escalation_id, signed_in().staff_id, runtime.clock())
    return desk_state()


@desk.post("/desk/calls/<call_id>/they-decline")
@allowed(Permission.ANSWER_CALLS)
def they_decline(call_id: str) -> Response:
    """911 has said that they will not take the caller: the next destination is dialled."""
    escalation_id, runtime = dialling.escalation_id(), door().runtime
    with one_commit() as session:
        staff_id, now = signed_in().staff_id, runtime.clock()
        own_calls.own_escalation(session, escalation_id, call_id, staff_id)
        effects = transfer_word.they_decline(session, escalation_id, staff_id, now)
    warm_transfer.act(runtime, effects)
    return desk_state()


@desk.post("/desk/tasks/<any(voicemail, call_back, follow_up):kind>/<task_id>/done")
@allowed(Permission.ANSWER_CALLS)
def finish_task(kind: str, task_id: str) -> Response:
    """Say what came of a message, or of calling somebody back."""
    note = text_of(body(), "note", longest=tasks.LONGEST_NOTE + 1)
    runtime, staff_id = door().runtime, signed_in().staff_id
    with one_commit() as session:
        now = runtime.clock()
        tasks.finish(session, runtime.keyring, (kind, task_id), staff_id, note, now)
    return desk_state()


@desk.post("/desk/tasks/<any(voicemail, call_back):kind>/<task_id>/claim")
@allowed(Permission.ANSWER_CALLS)
def claim_task(kind: str, task_id: str) -> Response:
    """Say that this person is on it, or no longer; one at a time."""
    on = body().get("on")
    if not isinstance(on, bool):
        raise RefusedError("A task is taken or given back.", "Load the page again and repeat it.")
    with one_commit() as session:
        row = tasks.left_by_caller(session, kind, task_id)
        task_claims.claim(session, row, signed_in().staff_id, door().runtime.clock(), on=on)
    return desk_state()


@desk.post("/desk/tasks/<any(voicemail, call_back):kind>/<task_id>/call")
@allowed(Permission.ANSWER_CALLS)
def call_now(kind: str, task_id: str) -> Response:
    """Ring the resident of a task, now: reserved for this person, whose softphone comes next."""
    offer_id = text_of(body(), "offer_id", longest=32)
    if not task_claims.OFFER.fullmatch(offer_id):
        raise RefusedError("The order has no proper id.", "Press the button again.")
    with one_commit() as session:
        row = tasks.left_by_caller(session, kind, task_id)
        task_claims.call_now(session, door().runtime, row, signed_in().staff_id, offer_id)
    return desk_state()


@desk.get("/desk/voicemails/<voicemail_id>/recording")
@allowed(Permission.ANSWER_CALLS)
def hear_message(voicemail_id: str) -> Response:
    """The sound of a message, from our own account at the telephone company; kept nowhere."""
    runtime, staff_id = door().runtime, signed_in().staff_id
    with one_commit() as session:
        found = tasks.message(session, voicemail_id)
        now, about = runtime.clock(), {"voicemail": found.id}
        record.note(session, found.call_id, "voicemail_heard", now, staff_id, **about)
    try:
        sound = runtime.gateway.recording(found.recording_sid)
    except AlreadyEndedError as missing:
        problem = "The recording is not there yet, or no longer."
        raise NotFoundError(problem, "Try again in a minute.") from missing
    answer = make_response(sound)
    answer.headers["Content-Type"] = "audio/wav"
    answer.headers["Content-Disposition"] = f'inline; filename="message-{found.id}.wav"'
    return answer


def _own(call_id: str) -> None:
    """Look whose call it is, in a transaction that is closed before the telephone is touched."""
    with door().runtime.reading() as session:
        own_calls.own(session, call_id, signed_in().staff_id)
