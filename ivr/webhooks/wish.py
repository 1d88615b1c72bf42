"""`/voice/wish/CALL/ASKED`: a caller who asked to be called back says where, and is told when.

The wish stands already: whatever goes wrong here, and whoever hangs up, is called at the number shown.
9 dials 911, alone where a number is keyed in; 0 takes the wish back and is a person.
"""

from enum import StrEnum
from functools import partial

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr import call_backs, record, waiting_line
from ivr.again import persistently
from ivr.briefing import digit_by_digit
from ivr.errors import UnknownCallError
from ivr.rules import calling_back
from ivr.rules.actions import Listen, Say
from ivr.rules.calling_back import Promise
from ivr.rules.hours import MAIN
from ivr.rules.menu import asks_911, number_asks_911
from ivr.runtime import Runtime
from ivr.turns.asking import Known, readers_for
from ivr.turns.caller import Caller
from ivr.turns.speaking import enter_room
from ivr.turns.writing import escalate
from ivr.twiml import CONTENT_TYPE, Document
from ivr.webhooks import form
from ivr.webhooks.line import to_line
from ivr.webhooks.room_documents import say
from models.call import Call
from models.call_back import CALL_BACK_NUMBER, CallBack
from models.states import EscalationCause, Language, NumberPresentation, PriorityClass

log = structlog.get_logger(__name__)

SECONDS = 5.0
KEYING_SECONDS = 8.0


class Asked(StrEnum):
    """What the caller was asked before this request."""

    NOTHING = "nothing"
    NUMBER = "number"
    KEYED = "keyed"
    KEYED_AGAIN = "keyed_again"
    AFTER_HOURS = "after_hours"


COLLECTS = frozenset({Asked.KEYED, Asked.KEYED_AGAIN})


def add_to(voice: Blueprint, runtime: Runtime) -> None:
    """Add the address to the blueprint."""

    @voice.post("/wish/<call_sid>/<asked>")
    def wish(call_sid: str, asked: str) -> Response:
        if not form.CALL_SID.fullmatch(call_sid) or asked not in set(Asked):
            raise UnknownCallError("no such question")
        keys = form.caller_input(request.form).digits or ""
        document = _Dialogue(runtime, Caller.of(call_sid)).answer(Asked(asked), keys)
        return Response(document, content_type=CONTENT_TYPE)


class _Dialogue:
    """One caller's questions; every answer is one document."""

    def __init__(self, runtime: Runtime, who: Caller) -> None:
        self._runtime, self._who = runtime, who
        self._language: Language | None = None

    def answer(self, asked: Asked, keys: str) -> bytes:
        """Take the keys for the question that was asked, and go on."""
        danger = number_asks_911(keys) if asked in COLLECTS else asks_911(keys)
        if danger:
            return self._dial_911(asked)
        number = persistently(self._number)
        if keys == "0" and number is not None:
            return self._a_person()
        if number is None:
            return self._end(*self._say("goodbye"))
        match asked:
            case Asked.NOTHING:
                told = self._say("call_back_number", number=digit_by_digit(number))
                return self._ask(told, Asked.NUMBER, num_digits=1)
            case Asked.NUMBER if keys == "2":
                return self._ask_number((), Asked.KEYED)
            case Asked.KEYED | Asked.KEYED_AGAIN:
                return self._keyed(asked, keys)
            case Asked.AFTER_HOURS:
                persistently(partial(self._agree, keys=keys))
                return self._promised(())
            case _:
                return self._when(())

    def _keyed(self, asked: Asked, keys: str) -> bytes:
        """Another number, if it is one that may be rung; the second miss keeps the number shown."""
        number, presentation = form.number_of(keys)
        given = presentation is NumberPresentation.GIVEN and number is not None
        if number is not None and given and self._runtime.gateway.may_call_back(number):
            persistently(partial(self._keep, number))
            return self._when(self._say("call_back_number_kept", number=digit_by_digit(number)))
        wrong = self._say("call_back_not_a_number")
        if asked is Asked.KEYED:
            return self._ask_number(wrong, Asked.KEYED_AGAIN)
        return self._when(wrong)

    def _when(self, before: tuple[Say, ...]) -> bytes:
        """The window, or first whether they may be rung when the line is closed."""
        if self._runtime.readers.opening(MAIN, self._runtime.clock()).is_open:
            return self._promised(before)
        question = (*before, *self._say("call_back_after_hours"))
        return self._ask(question, Asked.AFTER_HOURS, num_digits=1)

    def _promised(self, before: tuple[Say, ...]) -> bytes:
        runtime, now = self._runtime, self._runtime.clock()
        wait = readers_for(runtime, Known(self._who.call_id, None)).wait_seconds()
        kind, window = calling_back.promise(wait, lambda at: runtime.readers.opening(MAIN, at), now)
        line = digit_by_digit(runtime.city.line_number)
        if kind is Promise.MINUTES and window is not None:
            least, most = str(window.from_minutes), str(window.to_minutes)
            told = self._say("call_back_in_minutes", least=least, most=most, line=line)
        elif kind is Promise.TODAY:
            told = self._say("call_back_today", line=line)
        else:
            told = self._say("call_back_when_open", line=line)
        return self._end(*before, *told)

    def _ask_number(self, before: tuple[Say, ...], then: Asked) -> bytes:
        question = (*before, *self._say("call_back_key_number"))
        return self._ask(question, then, num_digits=None)

    def _ask(self, prompt: tuple[Say, ...], then: Asked, num_digits: int | None) -> bytes:
        listen = Listen(
            prompt,
            keys=True,
            speech=False,
            language=self._language or next(iter(self._runtime.city.languages)),
            timeout_seconds=SECONDS if num_digits else KEYING_SECONDS,
            num_digits=num_digits,
        )
        address = self._runtime.addresses.wish(self._who.call_sid, then)
        return self._document().listen(listen, address).written()

    def _end(self, *spoken: Say) -> bytes:
        return self._document().say(*spoken).hang_up().written()

    def _dial_911(self, asked: Asked) -> bytes:
        escalate(self._runtime, self._who, EscalationCause.KEY, f"wish:{asked}")
        document = self._document().say(*self._say("connecting_911"))
        return enter_room(document, self._runtime, self._who).written()

    def _a_person(self) -> bytes:
        """They want to wait after all: the wish is taken back, its place becomes theirs."""
        persistently(self._into_line)
        self._runtime.bell.ring()
        return to_line(self._runtime, self._who.call_sid, "line_welcome")

    def _say(self, key: str, **names: str) -> tuple[Say, ...]:
        return say(self._runtime, key, self._language, **names)

    def _document(self) -> Document:
        return Document(self._runtime.city.languages)

    # What is read and written.

    def _number(self) -> str | None:
        """Where they will be rung, and in passing their language; None of who left no wish."""
        with self._runtime.reading() as session:
            wish = self._wish(session)
            if wish is None:
                return None
            self._language = wish.language
            return call_backs.number_of(session, self._runtime.keyring, wish)

    def _wish(self, session: Session) -> CallBack | None:
        found = session.scalar(
            select(CallBack).join(Call).where(Call.call_sid == self._who.call_sid)
        )
        return found if found is not None and found.done_at is None else None

    def _keep(self, number: str) -> None:
        runtime, now = self._runtime, self._runtime.clock()
        with runtime.sessions() as session:
            wish = self._wish(session)
            if wish is None:
                return
            wish.number = runtime.keyring.seal(CALL_BACK_NUMBER, wish.id, number)
            wish.number_index = runtime.keyring.blind_index(number)
            record.note(session, wish.call_id, "call_back_number_given", now, record.CALLER)
            session.commit()

    def _agree(self, keys: str) -> None:
        now = self._runtime.clock()
        with self._runtime.sessions() as session:
            wish = self._wish(session)
            if wish is None or keys[:1] != "1":
                return
            wish.after_hours = True
            record.note(session, wish.call_id, "call_back_after_hours", now, record.CALLER)
            session.commit()

    def _into_line(self) -> None:
        runtime, now = self._runtime, self._runtime.clock()
        with runtime.sessions() as session:
            call = record.lock_call(session, self._who.call_id)
            wish = self._wish(session)
            if call is None or wish is None:
                return
            call_backs.finish(session, wish, None, now)
            entry = waiting_line.join(
                session,
                call.id,
                PriorityClass.ORDINARY,
                wish.skill,
                wish.language,
                now,
                runtime.new_id,
            )
            entry.waiting_since = wish.waiting_since or now
            waiting_line.offer_waiting(session, now, runtime.new_id)
            session.commit()
