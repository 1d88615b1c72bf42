"""The telephone company as Twilio, or as the simulator at another address: one code path.

Chosen by the composition root alone. Nothing is sent before the allow-list has agreed; every
refusal comes out as an error of `ivr.errors`, so that nobody above knows Twilio's numbers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from ivr.errors import (
    AlreadyEndedError,
    GatewayError,
    GatewayTimeout,
    LabelInUseError,
    NotAllowedError,
)
from ivr.gateway import LONGEST_RECORDING, ROOM_EVENTS, CallOut, Dial, Dialled, LegView, Ring
from ivr.rules.dialling import Allowed, may_call_back, may_dial, may_ring, may_text

CONNECT_SECONDS = 1.0
MOST_IN_ROOM = 50
READ_SECONDS = 3.0
LEG_EVENTS = ["initiated", "ringing", "answered", "completed"]
LEAST_RING_SECONDS = 5
"""Twilio rings five seconds longer than it is told, always."""
TRANSPORT_SECONDS = 5

_RECORDINGS = "https://api.twilio.com/2010-04-01/Accounts/{}/Recordings"
_RECORDING = re.compile(r"RE[0-9a-f]{32}")
_NOT_FOUND = 20404
_NOT_IN_PROGRESS = frozenset({21220, 20409})
_LABEL_IN_USE = frozenset({16025, 16026})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """What Twilio calls us by. `api_url` empty means Twilio itself."""

    account_sid: str
    auth_token: str = field(repr=False)
    api_key_sid: str
    api_key_secret: str = field(repr=False)
    app_sid: str
    line_number: str
    api_url: str = ""


class HttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's client with our limits, no log of what it sends, and perhaps another host."""

    def __init__(self, api_url: str = "") -> None:
        """Take the address that stands in for Twilio's, or nothing."""
        super().__init__()
        self._host = urlsplit(api_url) if api_url else None
        self.session.trust_env = not api_url

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - Twilio's signature; ours are fixed
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - Twilio's signature
    ) -> Response:
        """Send one request, at our address where there is one."""
        answer = self.session.request(
            method.upper(),
            self._rehosted(url),
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=allow_redirects,
        )
        return Response(int(answer.status_code), answer.text, answer.headers)

    def fetched(self, url: str, auth: tuple[str, str]) -> bytes:
        """Read a file whole, unless it is longer than any of ours; no redirect is followed.

        Raises:
            TwilioRestException: it is not there, or too long.
        """
        limits = (CONNECT_SECONDS, READ_SECONDS)
        with self.session.get(
            self._rehosted(url), auth=auth, timeout=limits, allow_redirects=False, stream=True
        ) as answer:
            if answer.status_code != 200:
                raise TwilioRestException(answer.status_code, url, code=_NOT_FOUND)
            content = bytearray()
            for part in answer.iter_content(65_536):
                content += part
                if len(content) > LONGEST_RECORDING:
                    raise TwilioRestException(413, url, "the recording is too long")
        return bytes(content)

    def _rehosted(self, url: str) -> str:
        if self._host is None:
            return url
        return urlunsplit(
            urlsplit(url)._replace(scheme=self._host.scheme, netloc=self._host.netloc)
        )


class TwilioGateway:
    """`ivr.gateway.Gateway` over Twilio's REST interface of 2010-04-01."""

    def __init__(self, account: Account, allowed: Allowed) -> None:
        """Take the account and the policy of who may be dialled."""
        self._account = account
        self._allowed = allowed
        self._http = HttpClient(account.api_url)
        self._client = Client(account.account_sid, account.auth_token, http_client=self._http)
        self._load()

    def _load(self) -> None:
        """Let the package read its modules now: it does so at first use, up to a second too late for 911."""
        client = self._client
        _read_now = client.calls, client.messages, client.conferences, self._room("").participants

    def dial_into_room(self, dial: Dial) -> Dialled:
        """Ring a leg into the room; see `Gateway`. Early media: a call-taker hears it ring."""
        is_allowed = may_call_back if dial.is_caller else may_dial
        if not is_allowed(self._allowed, dial.to):
            raise NotAllowedError("this number may not be dialled")
        optional = {"call_token": dial.call_token} if dial.call_token else {}
        made = _asked(
            "dial into room",
            lambda: self._room(dial.room).participants.create(
                from_=dial.from_number,
                to=dial.to,
                label=dial.label,
                timeout=max(LEAST_RING_SECONDS, dial.ring_seconds - TRANSPORT_SECONDS),
                early_media=True,
                beep="false",
                start_conference_on_enter=True,
                end_conference_on_exit=False,
                status_callback=dial.leg_callback,
                status_callback_event=LEG_EVENTS,
                conference_status_callback=dial.conference_callback,
                conference_status_callback_event=list(ROOM_EVENTS),
                **optional,
            ),
        )
        return Dialled(made.call_sid, made.conference_sid or None)

    def ring(self, ring: Ring) -> str:
        """Ring a desk telephone with a document of our own; see `Gateway`."""
        if not may_ring(self._allowed, ring.to):
            raise NotAllowedError("this desk telephone may not be dialled")
        return self._rung("ring desk telephone", ring)

    def call_out(self, call: CallOut) -> str:
        """Ring a resident back; what they hear is asked of us once somebody answers."""
        if not may_call_back(self._allowed, call.to):
            raise NotAllowedError("this number may not be rung")
        return self._rung("call out", call, fallback_url=call.fallback)

    def _rung(self, what: str, order: Ring | CallOut, **more: str) -> str:
        """Ring a telephone outside every room; gives its leg."""
        made = _asked(
            what,
            lambda: self._client.calls.create(
                to=order.to,
                from_=order.from_number,
                url=order.document,
                method="POST",
                timeout=max(LEAST_RING_SECONDS, order.ring_seconds - TRANSPORT_SECONDS),
                status_callback=order.leg_callback,
                status_callback_event=LEG_EVENTS,
                **more,
            ),
        )
        return str(made.sid)

    def find_in_room(self, room: str, label: str) -> str | None:
        """Look a label up; a room known by name only is looked for among the live ones."""
        sid = room if room.startswith("CF") else self._live_room(room)
        if sid is None:
            return None
        try:
            found = _asked("find in room", self._room(sid).participants(label).fetch)
        except AlreadyEndedError:
            return None
        return str(found.call_sid)

    def labels_in_room(self, room: str) -> Mapping[str, str]:
        """List who is in a live room; a room that is over, or never was, has nobody."""
        sid = room if room.startswith("CF") else self._live_room(room)
        if sid is None:
            return {}
        try:
            here = _asked(
                "list room", lambda: self._room(sid).participants.list(limit=MOST_IN_ROOM)
            )
        except AlreadyEndedError:
            return {}
        return {str(one.label): str(one.call_sid) for one in here if one.label}

    def redirect(self, call_sid: str, url: str) -> None:
        """Make a live leg ask `url`."""
        _asked("redirect", lambda: self._leg(call_sid).update(url=url, method="POST"))

    def speak_and_end(self, call_sid: str, document: str) -> None:
        """Make a live leg run an inline document."""
        _asked("speak", lambda: self._leg(call_sid).update(twiml=document))

    def hold(self, conference_sid: str, call_sid: str, url: str | None) -> None:
        """Hold a participant, or take them off hold."""
        changes: dict[str, Any] = {"hold": url is not None}
        if url is not None:
            changes |= {"hold_url": url, "hold_method": "POST"}
        participant = self._room(conference_sid).participants(call_sid)
        _asked("hold", lambda: participant.update(**changes))

    def remove(self, conference_sid: str, call_sid: str) -> None:
        """Take one leg out of the room."""
        _asked("remove", self._room(conference_sid).participants(call_sid).delete)

    def end_room(self, conference_sid: str) -> None:
        """End the room; Twilio answers 400 when it is ending already."""
        try:
            _asked("end room", lambda: self._room(conference_sid).update(status="completed"))
        except GatewayError as refused:
            if refused.status == 400:
                raise AlreadyEndedError("end room", refused.code, refused.status) from refused
            raise

    def hang_up(self, call_sid: str) -> None:
        """End a leg; one that still rings is ended too."""
        _asked("hang up", lambda: self._leg(call_sid).update(status="completed"))

    def leg(self, call_sid: str) -> LegView | None:
        """Ask for a leg's state."""
        try:
            found = _asked("ask for leg", self._leg(call_sid).fetch)
        except AlreadyEndedError:
            return None
        return LegView(str(found.sid), str(found.status))

    def send_text(self, to: str, body: str) -> str:
        """Send a text message from the line's number."""
        if not may_text(self._allowed, to):
            raise NotAllowedError("no text message may go to this number")
        sent = _asked(
            "send text",
            lambda: self._client.messages.create(to=to, from_=self._account.line_number, body=body),
        )
        return str(sent.sid)

    def may_dial(self, to: str) -> bool:
        """Say whether `to` is allowed."""
        return may_dial(self._allowed, to)

    def may_call_back(self, to: str) -> bool:
        """Say whether a resident may be rung at `to`."""
        return may_call_back(self._allowed, to)

    def recording(self, recording_sid: str) -> bytes:
        """Fetch a recording from our own account; no other address is ever asked."""
        if not _RECORDING.fullmatch(recording_sid):
            raise GatewayError("fetch recording", _NOT_FOUND, 404)
        account = self._account
        url = f"{_RECORDINGS.format(account.account_sid)}/{recording_sid}.wav"
        auth = (account.account_sid, account.auth_token)
        return _asked("fetch recording", lambda: self._http.fetched(url, auth))

    def softphone_token(self, identity: str, seconds: int) -> str:
        """A token for the desk's softphone; made here, without a request."""
        account = self._account
        token = AccessToken(
            account.account_sid,
            account.api_key_sid,
            account.api_key_secret,
            identity=identity,
            ttl=seconds,
        )
        grant = VoiceGrant(outgoing_application_sid=account.app_sid, incoming_allow=True)
        token.add_grant(grant)
        return str(token.to_jwt())

    def _room(self, room: str) -> Any:
        return self._client.conferences(room)

    def _leg(self, call_sid: str) -> Any:
        return self._client.calls(call_sid)

    def _live_room(self, name: str) -> str | None:
        """The Sid of the newest room of this name that is not over."""
        rooms = _asked(
            "find room", lambda: self._client.conferences.list(friendly_name=name, limit=20)
        )
        return next((str(room.sid) for room in rooms if room.status != "completed"), None)


def _asked(what: str, ask: Callable[[], T]) -> T:
    """Ask the telephone company, and tell its refusals apart."""
    try:
        return ask()
    except TwilioRestException as refused:
        raise _refusal(what, refused.code, int(refused.status)) from refused
    except TwilioException as refused:  # how the package tells that a list was refused
        response = next((each for each in refused.args if isinstance(each, Response)), None)
        raise _refusal(what, None, response.status_code if response else 0) from refused
    except requests.RequestException as lost:
        if _is_unsent(lost):
            raise GatewayError(f"{what}: not reached") from lost
        raise GatewayTimeout(f"{what}: no answer") from lost
    except ValueError as garbled:  # it was done, perhaps: nobody can read what was answered
        raise GatewayTimeout(f"{what}: no readable answer") from garbled


def _is_unsent(lost: requests.RequestException) -> bool:
    """Say whether no connection was made: then nothing can have happened there."""
    reason = getattr(lost.args[0] if lost.args else None, "reason", None)
    return isinstance(lost, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def _refusal(what: str, given: int | None, status: int) -> GatewayError:
    code = given or None
    if code in _LABEL_IN_USE:
        return LabelInUseError(what, code, status)
    if code in _NOT_IN_PROGRESS or status == 404:
        return AlreadyEndedError(what, code, status)
    return GatewayError(what, code, status)
