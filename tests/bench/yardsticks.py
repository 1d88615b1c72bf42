"""What our voice turn is measured against: a bare WSGI answer, and the idiomatic ORM turn.

`orm` is the turn as most would write it: Flask, Twilio's validator and helpers, one ORM session with
a select, an update and two inserts, committed. It does what our turn does, in one place.
"""

import os
from datetime import UTC, datetime

from flask import Flask, Response, abort, request
from sqlalchemy import DateTime, ForeignKey, LargeBinary, String, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

FIXED = (
    b'<?xml version="1.0" encoding="UTF-8"?><Response><Gather input="dtmf speech" timeout="5" '
    b'numDigits="1" action="/t/1"><Say language="en-US">In a few words, tell me what you need.</Say>'
    b"</Gather><Redirect>/t/1</Redirect></Response>"
)


def bare(environ, start_response):
    """The least a server under this WSGI server can do."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", str(len(FIXED)))])
    return [FIXED]


class Base(DeclarativeBase):
    """The yardstick's own tables."""


class Call(Base):
    """A call."""

    __tablename__ = "yardstick_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(34), unique=True)
    step: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Text, default="{}")
    heard_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Event(Base):
    """A journal row."""

    __tablename__ = "yardstick_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("yardstick_call.id"))
    kind: Mapped[str] = mapped_column(String(40))
    data: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Answer(Base):
    """The answer of a step."""

    __tablename__ = "yardstick_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("yardstick_call.id"))
    step: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)


def orm() -> Flask:
    """Make the ORM application from YARDSTICK_URL and YARDSTICK_PUBLIC."""
    engine = create_engine(os.environ["YARDSTICK_URL"], pool_size=20)
    validator = RequestValidator(os.environ["YARDSTICK_TOKEN"])
    public = os.environ["YARDSTICK_PUBLIC"]
    app = Flask("yardstick")

    @app.post("/voice/t/<sid>/<int:step>")
    def turn(sid: str, step: int) -> Response:
        """Take one turn the idiomatic way."""
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(public + request.path, request.form, signature):
            abort(403)
        now = datetime.now(UTC)
        with Session(engine) as session:
            call = session.scalars(select(Call).where(Call.sid == sid)).one()
            call.step, call.heard_at = step + 1, now
            spoken = VoiceResponse()
            gather = Gather(
                input="dtmf speech", timeout=5, num_digits=1, action=f"/voice/t/{sid}/{step + 1}"
            )
            gather.say("In a few words, tell me what you need.", language="en-US")
            spoken.append(gather)
            spoken.redirect(f"/voice/t/{sid}/{step + 1}")
            body = str(spoken).encode()
            session.add(Event(call_id=call.id, kind="heard", data=request.form["Digits"], at=now))
            session.add(Answer(call_id=call.id, step=step, body=body))
            session.commit()
        return Response(body, mimetype="text/xml")

    return app
