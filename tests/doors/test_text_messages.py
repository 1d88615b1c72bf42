"""Text messages: from the outbox by the belt to Twilio, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from ivr.errors import GatewayError, GatewayTimeout, NotAllowedError
from ivr.jobs import LEASE_SECONDS, MOST_TRIES, SENDING_SECONDS, relay_outbox, send_text, text_key
from models.call import Call
from models.effects import OutboxEntry
from models.intake import MESSAGE_TO, ServiceRequest, TextMessage
from models.states import (
    CallPhase,
    Language,
    NumberPresentation,
    Origin,
    OutboxState,
    RequestState,
)
from tests.fakes import NOON

pytestmark = pytest.mark.database


@pytest.fixture
def message_id(voice_runtime, call_sid) -> str:
    """A text message asked for: its row, its outbox row, in Spanish."""
    new, runtime = voice_runtime.new_id, voice_runtime
    call_id, request_id, message_id = new(), new(), new()
    with runtime.sessions() as session:
        session.add(
            Call(
                id=call_id, call_sid=call_sid, origin=Origin.LINE_311, phase=CallPhase.ROOM,
                language=Language.ES, number_presentation=NumberPresentation.GIVEN,
                dialled_number="+15205550100", started_at=NOON, heard_at=NOON,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            ServiceRequest(
                id=request_id, number=request_id[:8], call_id=call_id, category="pothole",
                department="streets", state=RequestState.OPEN, created_by="s", created_at=NOON,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            TextMessage(
                id=message_id, call_id=call_id, service_request_id=request_id, asked_at=NOON,
                to_number=runtime.keyring.seal(MESSAGE_TO, message_id, "+15205550140"),
            )
        )  # fmt: skip
        session.add(
            OutboxEntry(
                key=text_key(request_id), kind="send_text", state=OutboxState.PENDING, tries=0,
                payload={"text_message_id": message_id}, next_try_at=NOON, created_at=NOON,
            )
        )  # fmt: skip
        session.commit()
    return message_id


def outbox_of(runtime, message_id) -> OutboxEntry:
    with runtime.sessions() as session:
        rows = session.scalars(select(OutboxEntry))
        return next(row for row in rows if row.payload["text_message_id"] == message_id)


def message_of(runtime, message_id) -> TextMessage:
    with runtime.sessions() as session:
        return session.get(TextMessage, message_id)


def relayed(runtime, now) -> list[str]:
    put: list[str] = []
    relay_outbox(runtime, put.append, now)
    return put


def test_a_due_row_is_put_on_the_belt_once_while_its_lease_lasts(voice_runtime, message_id):
    assert message_id in relayed(voice_runtime, NOON)
    assert message_id not in relayed(voice_runtime, NOON + timedelta(seconds=LEASE_SECONDS - 1))
    assert message_id in relayed(voice_runtime, NOON + timedelta(seconds=LEASE_SECONDS))


def test_a_belt_that_loses_it_or_is_out_of_reach_is_asked_again(voice_runtime, message_id):
    def broken(_):
        raise ConnectionError("no belt")

    relay_outbox(voice_runtime, broken, NOON)
    assert outbox_of(voice_runtime, message_id).state is OutboxState.PENDING
    assert message_id in relayed(voice_runtime, NOON + timedelta(seconds=LEASE_SECONDS))


def test_it_is_sent_once_in_the_callers_language(voice_runtime, gateway, message_id):
    send_text(voice_runtime, message_id)
    send_text(voice_runtime, message_id)
    ((to, body),) = gateway.of("send_text")
    assert to == "+15205550140"
    assert body.startswith("Tucson 311: recibimos su reporte.")
    message = message_of(voice_runtime, message_id)
    assert message.message_sid
    assert message.sent_at == NOON
    assert outbox_of(voice_runtime, message_id).state is OutboxState.SENT
    assert message_id not in relayed(voice_runtime, NOON + timedelta(days=1))


def test_a_second_run_while_the_first_is_under_way_sends_nothing(
    voice_runtime, gateway, message_id
):
    class Slow(type(gateway)):
        def send_text(self, to, body):
            send_text(voice_runtime, message_id)
            return super().send_text(to, body)

    slow = Slow()
    send_text(replace(voice_runtime, gateway=slow), message_id)
    assert len(slow.of("send_text")) == 1
    assert gateway.of("send_text") == []
    assert outbox_of(voice_runtime, message_id).state is OutboxState.SENT


def test_a_run_that_died_is_followed_by_another(voice_runtime, gateway, message_id):
    with voice_runtime.sessions() as session:
        message = session.get(TextMessage, message_id)
        message.sending_until = NOON + timedelta(seconds=SENDING_SECONDS)
        session.commit()
    send_text(voice_runtime, message_id)
    assert gateway.of("send_text") == []
    voice_runtime.clock.pass_by(SENDING_SECONDS + 1)
    send_text(voice_runtime, message_id)
    assert len(gateway.of("send_text")) == 1


PASSING = [
    GatewayTimeout("send text"),
    GatewayError("send text", None, None),
    GatewayError("send text", 20429, 429),
    GatewayError("send text", 20500, 503),
]


@pytest.mark.parametrize("error", PASSING)
def test_what_may_pass_is_tried_again(voice_runtime, gateway, message_id, error):
    gateway.fail("send_text", error)
    with pytest.raises(GatewayError):
        send_text(voice_runtime, message_id)
    assert outbox_of(voice_runtime, message_id).state is OutboxState.PENDING
    send_text(voice_runtime, message_id)
    assert message_of(voice_runtime, message_id).message_sid


@pytest.mark.parametrize(
    ("error", "code"),
    [(GatewayError("send text", 21610, 400), 21610), (NotAllowedError("not this one"), 0)],
)
def test_a_refusal_is_final(voice_runtime, gateway, message_id, error, code):
    gateway.fail("send_text", error)
    send_text(voice_runtime, message_id)
    send_text(voice_runtime, message_id)
    assert len(gateway.of("send_text")) == 1
    assert message_of(voice_runtime, message_id).failed_code == code
    assert outbox_of(voice_runtime, message_id).state is OutboxState.GAVE_UP


def test_after_enough_tries_the_row_is_given_up_and_said_so(voice_runtime, message_id):
    now = NOON
    for _ in range(MOST_TRIES):
        assert message_id in relayed(voice_runtime, now)
        now += timedelta(seconds=LEASE_SECONDS)
    assert message_id not in relayed(voice_runtime, now)
    assert outbox_of(voice_runtime, message_id).state is OutboxState.GAVE_UP


def test_a_message_that_is_not_there_is_nothing_to_do(voice_runtime, gateway):
    send_text(voice_runtime, "0" * 32)
    assert gateway.asked == []
