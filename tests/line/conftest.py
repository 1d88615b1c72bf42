"""A line to play on: the real webhooks over a migrated database, signed forms, a recording gateway."""

import hmac
import itertools
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from ivr import deadlines, waiting_line, warm_transfer
from ivr.signature import joined
from ivr.turns.caller import Caller
from ivr.waiting_line import Accepted
from ivr.webhooks import call_back, desk_telephone, line, line_message, rooms, texts, wish
from ivr.webhooks.blueprint import guarded
from models.call import CALL_TOKEN, CALLER_NUMBER, Call, Leg
from models.effects import Deadline, DeskEvent
from models.escalation import Escalation, EscalationAttempt
from models.journal import ContactFact, JournalEntry
from models.line import LineEntry, Offer
from models.staff import Presence, Staff
from models.states import (
    CallPhase,
    EscalationCause,
    Language,
    NumberPresentation,
    Origin,
    PresenceState,
    PriorityClass,
    Role,
)
from tests.fakes import AUTH_TOKEN, PUBLIC_URL, fake_runtime

NUMBER = "+15205550142"


def sid_of(word: str, prefix: str = "CA") -> str:
    return prefix + sha256(word.encode()).hexdigest()[:32]


class Stage:
    """One line: callers, call-takers and 911 are moved by what Twilio would post."""

    def __init__(self, runtime):
        self.runtime = runtime
        app = Flask("stage")
        parts = (line, line_message, rooms, desk_telephone, call_back, wish, texts)
        app.register_blueprint(guarded(runtime, [part.add_to for part in parts]))
        self.client = app.test_client()
        self._count = itertools.count(1)
        self.sequence = itertools.count(0)

    @property
    def gateway(self):
        return self.runtime.gateway

    @property
    def now(self):
        return self.runtime.clock()

    def post(self, path, headers=None, **fields):
        """Post as Twilio does; returns the document's text."""
        signed = PUBLIC_URL + path + joined(fields.items())
        signature = b64encode(hmac.digest(AUTH_TOKEN.encode(), signed.encode(), "sha1")).decode()
        answer = self.client.post(
            path, data=fields, headers={"X-Twilio-Signature": signature, **(headers or {})}
        )
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/xml")
        return answer.get_data(as_text=True)

    def pass_by(self, seconds):
        """Let time pass; whatever falls due meanwhile is swept at its moment."""
        end = self.now + timedelta(seconds=seconds)
        while True:
            self.sweep()
            due = self._next_due()
            if due is None or due > end:
                break
            self.runtime.clock.now = max(due, self.now)
        self.runtime.clock.now = end
        self.sweep()

    def _next_due(self):
        with self.runtime.sessions() as session:
            return session.scalar(
                select(Deadline.due_at)
                .where(Deadline.done_at.is_(None))
                .order_by(Deadline.due_at)
                .limit(1)
            )

    def sweep(self):
        return deadlines.run_due(self.runtime, self.now)

    def staff(
        self,
        name,
        role=Role.CALL_TAKER,
        state=PresenceState.AVAILABLE,
        languages="en,es",
        skills="all",
    ):
        staff_id = sha256(name.encode()).hexdigest()[:32]
        with self.runtime.sessions() as session:
            session.add(
                Staff(
                    id=staff_id,
                    email=f"{name}@example.test",
                    name=name,
                    role=role,
                    languages=languages,
                    skills=skills,
                    password_hash="-",
                    created_at=self.now,
                )
            )
            session.flush()
            session.add(
                Presence(
                    staff_id=staff_id,
                    state=state,
                    since=self.now,
                    idle_since=self.now + timedelta(milliseconds=next(self._count)),
                    heartbeat_at=self.now,
                )
            )
            session.commit()
        return staff_id

    def ring(self, word="ana", phase=CallPhase.MENU, token="token-1", number=NUMBER):
        """A caller who has come through the menu; returns the caller (sid and call id)."""
        caller = Caller.of(sid_of(word))
        keyring = self.runtime.keyring
        with self.runtime.sessions() as session:
            session.add(
                Call(
                    id=caller.call_id,
                    call_sid=caller.call_sid,
                    origin=Origin.LINE_311,
                    phase=phase,
                    language=Language.EN,
                    caller_number=keyring.seal(CALLER_NUMBER, caller.call_id, number)
                    if number
                    else None,
                    number_presentation=NumberPresentation.GIVEN
                    if number
                    else NumberPresentation.WITHHELD,
                    dialled_number="+15205550100",
                    call_token=keyring.seal(CALL_TOKEN, caller.call_id, token) if token else None,
                    step=3,
                    started_at=self.now,
                    heard_at=self.now,
                )
            )
            session.commit()
        return caller

    def join(self, caller, priority=PriorityClass.ORDINARY, untaken=False, language=Language.EN):
        with self.runtime.sessions() as session:
            entry = waiting_line.join(
                session,
                caller.call_id,
                priority,
                "general",
                language,
                self.now,
                self.runtime.new_id,
                dial_when_untaken=untaken,
            )
            waiting_line.offer_waiting(session, self.now, self.runtime.new_id)
            session.commit()
            return entry.id

    def offer(self):
        with self.runtime.sessions() as session:
            made = waiting_line.offer_waiting(session, self.now, self.runtime.new_id)
            session.commit()
        return made

    def offers(self, *states):
        with self.runtime.sessions() as session:
            rows = session.scalars(select(Offer).order_by(Offer.offered_at))
            return [row for row in rows if not states or row.state in states]

    def accept(self, offer_id, staff_id):
        with self.runtime.sessions() as session:
            answer = waiting_line.accept(session, offer_id, staff_id, self.now)
            session.commit()
        return answer

    def connect(self, offer_id, staff_id, word="soft"):
        """The softphone connects; returns its CallSid and the document it got."""
        sid = sid_of(f"{word}-{offer_id}")
        text = self.post(
            "/voice/desk", CallSid=sid, From=f"client:staff-{staff_id}", offer=offer_id
        )
        return sid, text

    def event(self, caller, kind, sid="", label="", room="room", status="", sequence=None):
        """The room reports."""
        number = next(self.sequence) if sequence is None else sequence
        fields = {
            "ConferenceSid": sid_of(room + caller.call_id, "CF"),
            "StatusCallbackEvent": kind,
            "SequenceNumber": str(number),
        }
        if sid:
            fields |= {"CallSid": sid, "ParticipantLabel": label}
        if status:
            fields["ParticipantCallStatus"] = status
        self._really(kind, fields["ConferenceSid"], label, sid)
        return self.post(f"/voice/room/{caller.call_id}/events", **fields)

    def _really(self, kind, conference_sid, label, sid):
        """Who is in the room at the telephone company, when it is asked."""
        if kind == "participant-join":
            self.gateway.labels[conference_sid, label] = sid
        elif kind == "participant-leave":
            here = self.gateway.labels
            self.gateway.labels = {where: leg for where, leg in here.items() if leg != sid}

    def enters(self, caller, sid=None, label="caller", **more):
        self.event(caller, "participant-join", sid or caller.call_sid, label, **more)

    def leaves(self, caller, sid=None, status="completed", label="caller", **more):
        self.event(
            caller, "participant-leave", sid or caller.call_sid, label, status=status, **more
        )

    def ends(self, sid):
        """Twilio's word that a telephone leg is over."""
        self.post("/voice/status", CallSid=sid, CallStatus="completed")

    def talk(self, word="ana", staff_name="carla"):
        """A caller and a call-taker in the room; returns caller, staff id and the desk's leg."""
        staff_id = self.staff(staff_name)
        caller = self.ring(word, phase=CallPhase.LINE)
        self.join(caller)
        offer = next(o for o in self.offers() if o.staff_id == staff_id and o.state == "open")
        assert isinstance(self.accept(offer.id, staff_id), Accepted)
        desk_sid, _ = self.connect(offer.id, staff_id)
        self.enters(caller)
        self.enters(caller, desk_sid, f"call-taker-{offer.id}")
        return caller, staff_id, desk_sid

    def escalate(self, caller, cause=EscalationCause.RED_BUTTON, actor="caller", word="one"):
        escalation_id = sha256(f"{caller.call_sid}{word}".encode()).hexdigest()[:32]
        warm_transfer.escalate(self.runtime, caller.call_id, cause, actor, escalation_id)
        return escalation_id

    def psap(self, escalation_id, n, status, sid=None):
        """A status callback of 911's leg."""
        if sid is None:
            sid = self.attempts(escalation_id)[n - 1].call_sid
        self.post(f"/voice/leg/{escalation_id}/{n}", CallSid=sid, CallStatus=status)
        return sid

    def psap_answers(self, caller, escalation_id, n=1):
        sid = self.psap(escalation_id, n, "in-progress")
        self.enters(caller, sid, f"psap-{escalation_id}-{n}")
        return sid

    def call(self, caller):
        with self.runtime.sessions() as session:
            return session.get(Call, caller.call_id)

    def escalation(self, escalation_id):
        with self.runtime.sessions() as session:
            return session.get(Escalation, escalation_id)

    def attempts(self, escalation_id):
        with self.runtime.sessions() as session:
            return list(
                session.scalars(
                    select(EscalationAttempt)
                    .where(EscalationAttempt.escalation_id == escalation_id)
                    .order_by(EscalationAttempt.n)
                )
            )

    def entry(self, caller):
        with self.runtime.sessions() as session:
            return session.scalar(
                select(LineEntry)
                .where(LineEntry.call_id == caller.call_id)
                .order_by(LineEntry.joined_at.desc())
            )

    def presence(self, staff_id):
        with self.runtime.sessions() as session:
            return session.get(Presence, staff_id).state

    def set_presence(self, staff_id, state):
        with self.runtime.sessions() as session:
            session.get(Presence, staff_id).state = state
            session.commit()

    def journal(self, caller):
        return [entry.kind for entry in self.entries(caller)]

    def entries(self, caller):
        with self.runtime.sessions() as session:
            return list(
                session.scalars(
                    select(JournalEntry)
                    .where(JournalEntry.call_id == caller.call_id)
                    .order_by(JournalEntry.id)
                )
            )

    def facts(self, caller):
        with self.runtime.sessions() as session:
            return [
                (row.field, row.value)
                for row in session.scalars(
                    select(ContactFact)
                    .where(ContactFact.call_id == caller.call_id)
                    .order_by(ContactFact.id)
                )
            ]

    def news(self, kind):
        with self.runtime.sessions() as session:
            return list(session.scalars(select(DeskEvent).where(DeskEvent.kind == kind)))

    def legs(self, caller):
        with self.runtime.sessions() as session:
            rows = session.scalars(select(Leg).where(Leg.call_id == caller.call_id))
            return {row.call_sid: row for row in rows}

    def dialled(self):
        """Whom the gateway was asked to ring, in order: (number, label)."""
        return [(dial.to, dial.label) for (dial,) in self.gateway.of("dial_into_room")]


@pytest.fixture
def patient(monkeypatch):
    """A loaded machine may take longer than 150 ms for an intent, and refusals need no pauses here.

    What happens when the limit is met is played with a database that hangs.
    """
    monkeypatch.setattr("ivr.transfer_intent.INTENT_SECONDS", 5.0)
    monkeypatch.setattr("ivr.psap_dial.PAUSES", (0, 0, 0))


@pytest.fixture
def runtime(database_url, tmp_path, patient):
    made = fake_runtime(database_url, tmp_path / "spool.jsonl")
    engine = made.sessions.kw["bind"]
    yield made
    made.turn_engine.dispose()
    engine.dispose()


@pytest.fixture
def stage(runtime):
    return Stage(runtime)


def new_id():
    return uuid4().hex
