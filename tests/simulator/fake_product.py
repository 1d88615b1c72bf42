"""A product in a hundred lines, for tests of the rehearsal: one question, one line, one desk, one room a call.

It speaks the same doors as the real one (Twilio's webhooks, Twilio's REST interface, the staff door), and remembers nothing
after the test.
"""

import time

import aiohttp
from aiohttp import web

from simulator.tokens import sign_token


class FakeProduct:
    """Answers the telephone and the staff; `desk_911` is dialled into the room by key 9 and by the red button."""

    def __init__(self, account_sid, auth_token, key_sid, key_secret, app_sid, desk_911):
        self.account_sid, self.auth_token = account_sid, auth_token
        self.key_sid, self.key_secret, self.app_sid = key_sid, key_secret, app_sid
        self.desk_911 = desk_911
        self.simulator = self.own = ""
        self.calls = {}
        self.presence = {}
        self.callers_at_sign_in = []
        self.posted = []

    def app(self):
        app = web.Application()
        for path, view in {
            "/voice/incoming": self.incoming,
            "/voice/said": self.said,
            "/voice/wait": self.wait,
            "/voice/room": self.room,
            "/voice/desk": self.desk_leg,
            "/login": self.log_in,
            "/desk/presence": self.set_presence,
            "/desk/heartbeat": self.heartbeat,
            "/desk/softphone-token": self.token,
            "/desk/offers/{call}/accept": self.accept,
            "/desk/calls/{call}/{what}": self.order,
        }.items():
            app.router.add_post(path, view)
        app.router.add_get("/login", self.login_page)
        app.router.add_get("/desk/state", self.state)
        return app

    # The telephone's door

    async def incoming(self, request):
        form = await request.post()
        sid = form["CallSid"]
        self.calls[sid] = {
            "from": form["From"],
            "token": form["CallToken"],
            "phase": "menu",
            "staff": None,
            "psap": None,
            "ended": False,
        }
        gather = '<Gather input="dtmf speech" numDigits="1" timeout="20" speechTimeout="auto" action="/voice/said"><Say>Emergency, press 9. Tell me what you need.</Say></Gather>'
        return document(gather)

    async def said(self, request):
        form = await request.post()
        sid = form["CallSid"]
        if form.get("Digits") == "9":
            await self.dial_911(sid)
            return document(f"<Say>I am connecting you to 911.</Say>{room(sid, 'caller')}")
        self.calls[sid]["phase"] = "waiting"
        return document('<Enqueue waitUrl="/voice/wait">line</Enqueue>')

    async def wait(self, _request):
        return document('<Say>Please stay on the line.</Say><Pause length="2"/>')

    async def room(self, request):
        return document(room((await request.post())["CallSid"], "caller"))

    async def desk_leg(self, request):
        call = (await request.post())["offer"]
        await self.rest(f"Calls/{call}", Url=f"{self.own}/voice/room")
        self.calls[call]["phase"] = "talking"
        return document(room(call, "desk"))

    async def dial_911(self, call):
        path, caller = f"Conferences/room-{call}/Participants", self.calls[call]["from"]
        shown = {"From": caller, "CallToken": self.calls[call]["token"]}
        await self.rest(
            path,
            **(shown if caller.startswith("+") else {"From": "+15205550100"}),
            To=self.desk_911,
            Label="psap-1",
            Timeout="20",
            EndConferenceOnExit="false",
        )
        self.calls[call]["psap"] = "answered"

    async def rest(self, path, **form):
        url = f"{self.simulator}/2010-04-01/Accounts/{self.account_sid}/{path}.json"
        headers = {"Authorization": aiohttp.encode_basic_auth(self.account_sid, self.auth_token)}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(url, data=form) as answer,
        ):
            return answer.status

    # The staff door

    async def login_page(self, _request):
        return web.Response(
            text='<form><input type="hidden" name="csrf_token" value="form-token"></form>',
            content_type="text/html",
        )

    async def log_in(self, request):
        form = await request.post()
        if form["csrf_token"] != "form-token" or form["password"] != "right":
            return web.Response(status=400)
        answer = web.Response(status=302, headers={"Location": "/desk"})
        answer.set_cookie("who", form["email"])
        return answer

    def who(self, request):
        if request.method == "POST" and request.headers.get("X-CSRFToken") != "header-token":
            raise web.HTTPForbidden
        return request.cookies["who"]

    async def set_presence(self, request):
        self.callers_at_sign_in += await self.on_the_line()
        self.presence[self.who(request)] = (await request.json())["state"]
        return web.json_response({})

    async def on_the_line(self):
        """The numbers of those who are calling now, as the simulator says."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.simulator}/simulator/calls") as answer,
        ):
            calls = (await answer.json())["calls"]
        return [
            call["from"]
            for call in calls
            if call["kind"] == "resident" and call["status"] in ("ringing", "in-progress")
        ]

    async def heartbeat(self, request):
        return await self.state(request)

    async def token(self, request):
        identity = f"staff-{self.who(request).split('@')[0]}"
        voice = {"incoming": {"allow": True}, "outgoing": {"application_sid": self.app_sid}}
        claims = {
            "sub": self.account_sid,
            "exp": int(time.time()) + 600,
            "grants": {"identity": identity, "voice": voice},
        }
        return web.json_response(
            {"token": sign_token(self.key_sid, self.key_secret, claims), "identity": identity}
        )

    async def state(self, request):
        who = self.who(request)
        mine = next(
            (
                sid
                for sid, call in self.calls.items()
                if call["staff"] == who and call["phase"] == "talking"
            ),
            None,
        )
        free = self.presence.get(who) == "available" and mine is None
        waiting = (
            [sid for sid, call in self.calls.items() if call["phase"] == "waiting"] if free else []
        )
        return web.json_response({
            "csrf_token": "header-token",
            "presence": {"state": self.presence.get(who, "offline")},
            "offers": [{"offer_id": sid, "call_id": f"id-{sid}", "caller": shown(self.calls[sid]["from"])} for sid in waiting],
            "call": self.shown_call(mine) if mine else None,
            "wrap_up": None,
        })  # fmt: skip

    def shown_call(self, sid):
        call = self.calls[sid]
        escalation = (
            {"escalation_id": "e1", "state": call["psap"], "may_leave": call["psap"] == "accepted"}
            if call["psap"]
            else None
        )
        request = {"number": "311-7"} if "request" in call else None
        asked = next((question for question in ("danger", "size") if question not in call), None)
        return {
            "call_id": f"id-{sid}",
            "escalation": escalation,
            "may_leave": call["psap"] == "accepted",
            "service_request": request,
            "protocol": {"question": {"id": asked} if asked else None},
        }

    async def accept(self, request):
        call = self.calls[request.match_info["call"]]
        if call["staff"] is not None:
            return web.json_response({"problem": "taken"}, status=409)
        call["staff"], call["phase"] = self.who(request), "accepted"
        return web.json_response({})

    async def order(self, request):
        self.who(request)
        sid, what, body = (
            request.match_info["call"].removeprefix("id-"),
            request.match_info["what"],
            await request.json(),
        )
        self.posted.append((what, body))
        call = self.calls[sid]
        match what:
            case "answers":
                call[body["question"]] = body["value"]
                if body["question"] == "size":
                    call["request"] = "311-7"
            case "emergency":
                await self.dial_911(sid)
            case "they-have-it":
                call["psap"] = "accepted"
            case "leave":
                call["phase"] = "left"
                await self.rest(f"Conferences/room-{sid}/Participants/desk", Muted="true")
            case "hangup":
                call["phase"] = "over"
                await self.rest(
                    f"Calls/{sid}",
                    Twiml="<Response><Say>Your request number is 3 1 1 7. Goodbye.</Say><Hangup/></Response>",
                )
        return web.json_response({})


def shown(number):
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}" if number.startswith("+1") else "withheld"


def room(call, label):
    return (
        f'<Dial><Conference beep="false" participantLabel="{label}">room-{call}</Conference></Dial>'
    )


def document(verbs):
    return web.Response(text=f"<Response>{verbs}</Response>", content_type="text/xml")
