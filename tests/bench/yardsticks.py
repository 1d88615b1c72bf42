"""What our voice turn is measured against: a bare WSGI answer, and the same turn done idiomatically.

`orm` is the same turn as most would write it: Flask, Twilio's validator and helpers, one ORM session
with selects, changed attributes and added rows, committed. It runs the same menu on the same rows, seals
the same columns and leaves the same journal.
"""

import os
from types import SimpleNamespace

from flask import Flask, Response, abort, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from config import settings
from config.assembly import build_runtime
from ivr.rules import menu
from ivr.rules.actions import Listen, Say
from ivr.turns import recording
from models.call import MENU_STATE, TURN_ANSWER, Call, CallTurn
from models.journal import JOURNAL_WORDS, ContactFact, JournalEntry

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


def orm() -> Flask:
    """Make the ORM application over the product's own database and menu."""
    chosen = settings.read(os.environ)
    runtime = build_runtime(chosen)
    engine = runtime.sessions().get_bind()
    validator = RequestValidator(chosen.auth_tokens[0])
    app = Flask("yardstick")

    @app.post("/voice/t/<sid>/<int:step>")
    def turn(sid: str, step: int) -> Response:
        """Take one turn the idiomatic way."""
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(chosen.public_url + request.path, request.form, signature):
            abort(403)
        with Session(engine) as session:
            body = take(session, runtime, sid, step)
            session.commit()
        return Response(body, mimetype="text/xml")

    return app


def take(session: Session, runtime, sid: str, step: int) -> bytes:
    """The same turn by the ORM: select, decide, change, add."""
    call = session.scalars(select(Call).where(Call.call_sid == sid)).one()
    answered = session.scalars(
        select(CallTurn).where(CallTurn.call_sid == sid, CallTurn.step == step)
    ).one_or_none()
    place = f"{sid}:{step}"
    if answered is not None:
        return runtime.keyring.unseal(TURN_ANSWER, place, answered.answer).encode()
    now = runtime.clock()
    before = menu.MenuState.from_json(runtime.keyring.unseal(MENU_STATE, call.id, call.menu_state))
    heard = menu.CallerInput(digits=request.form["Digits"])
    graph = runtime.menus.pinned(call.menu_publication_id)
    then = menu.answer(graph, before, heard, now, runtime.readers)
    body = spoken(runtime, then, f"/voice/t/{sid}/{step + 1}")
    change = recording.change_of(before, then, now, None, graph)
    call.step, call.heard_at, call.phase = step + 1, now, change.phase
    call.menu_state = runtime.keyring.seal(MENU_STATE, call.id, change.state)
    for row in recording.rows_of(then, runtime.new_id):
        words = row.words and runtime.keyring.seal(JOURNAL_WORDS, row.entry_id, row.words)
        session.add(
            JournalEntry(
                entry_id=row.entry_id,
                call_id=call.id,
                at=now,
                kind=row.kind,
                actor=row.actor,
                data=dict(row.data),
                words=words,
            )
        )
    for fact in change.facts:
        session.add(ContactFact(call_id=call.id, at=now, field=fact.field, value=fact.value))
    sealed = runtime.keyring.seal(TURN_ANSWER, place, body)
    session.add(CallTurn(call_sid=sid, step=step, answer=sealed, answered_at=now))
    return body.encode()


def spoken(runtime, then: menu.Turn, next_at: str) -> str:
    """The turn's document by Twilio's helpers."""
    response = VoiceResponse()
    for action in then.actions:
        match action:
            case Say():
                say(response, runtime, action)
            case Listen():
                gather = Gather(
                    input="dtmf speech",
                    timeout=round(action.timeout_seconds),
                    num_digits=action.num_digits,
                    action=next_at,
                    action_on_empty_result=True,
                )
                for part in action.prompt:
                    say(gather, runtime, part)
                response.append(gather)
    response.redirect(next_at)
    return str(response)


def say(verb, runtime, action) -> None:
    """One sentence in the city's voice."""
    voice = runtime.city.languages.get(
        getattr(action, "language", None), SimpleNamespace(locale="en-US", voice="alice")
    )
    if isinstance(action, Say):
        verb.say(action.text, language=voice.locale, voice=voice.voice)
