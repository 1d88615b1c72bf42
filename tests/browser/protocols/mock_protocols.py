"""A small door for the protocols' editor alone: the real proof over one protocol, everything else from memory.

What the editor is told of a text comes from the product's own pure parts, so that a page is never
tested against findings that nobody would find. Drafts, versions and recorded calls are lists here.
"""

import asyncio
import time
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from aiohttp import web

from calltaker.authoring import protocol_api, protocol_document, protocol_gate
from calltaker.authoring.grounds import Grounds, ProtocolGrounds
from calltaker.intake.answers import as_answer
from config import city, protocol_reference
from config.settings import ROOT
from protocols import engine, loading
from protocols.errors import AnswerError, ProtocolError
from protocols.replay import Outcome, replay
from protocols.script import QuestionKind
from tests.browser.loopback_door import LoopbackDoor, frame

MAIN = '<main id="protocol-editor" data-key="{key}"></main>'
LIBRARY = ROOT / "protocols" / "library"
NOW = datetime(2026, 7, 4, 12, tzinfo=UTC)
FAY = {"staff_id": "a" * 32, "name": "Fay Duarte", "role": "supervisor"}
SAM = {"staff_id": "b" * 32, "name": "Sam Ortega", "role": "supervisor"}
REPORTED = {"problem": "The server is in trouble.", "what_to_do": "Try again."}
NOTHING = {"changed": -1, "lost_911": 0}
PASSWORD = {
    "problem": "Your password is asked for again before this.",
    "what_to_do": "Give your password and repeat what you did.",
    "needs": "password",
}


def stamp(minutes_ago: float = 0) -> str:
    """A moment as the contract writes it."""
    return (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()


def library(key: str) -> str:
    """The text of a protocol that ships."""
    return (LIBRARY / f"{key}.yaml").read_text("utf-8")


@cache
def grounds() -> Grounds:
    """What protocols are held against in the city pack."""
    around = protocol_reference.of_pack(city.load(ROOT / "config" / "tucson"))
    reference = protocol_reference.reference(around, NOW.astimezone(ZoneInfo(around.zone.key)))
    others = {path.stem: () for path in LIBRARY.glob("*.yaml")}
    found = ProtocolGrounds(
        reference=replace(reference, jumps=others),
        places=protocol_reference.titles(around),
        requests={row["slug"]: row["names"] for row in around.categories["categories"]},
    )
    return Grounds(protocols=lambda _now, _instead: found)


@cache
def catalogue() -> dict[str, Any]:
    """What a protocol may name."""
    around = grounds().protocols(NOW, {})
    places = (place.key.partition(":") for place in around.reference.places.values())
    return {
        "common_codes": sorted(around.reference.common_codes),
        "request_codes": [
            {"code": code, "title": around.requests[code]} for code in sorted(around.requests)
        ],
        "destinations": [
            {"kind": "911", "key": "by_jurisdiction", "title": {"en": "911 of the place"}},
            *(
                {"kind": kind, "key": key, "title": around.places.get(f"{kind}:{key}")}
                for kind, _, key in places
            ),
        ],
        "protocols": [
            {"id": "dog_bite", "title": {"en": "Dog bite", "es": "Mordida de perro"}},
            {"id": "noise", "title": {"en": "Noise", "es": "Ruido"}},
        ],
        "levels": ["emergency", "urgent", "routine", "information"],
        "languages": ["en", "es"],
        "question_kinds": [kind.value for kind in QuestionKind],
    }


class MockProtocols(LoopbackDoor):
    """One protocol behind a door: its draft, who looks, what others do, what goes wrong."""

    def __init__(self, key: str = "loose_dog") -> None:
        super().__init__()
        self.key, self.me = key, FAY
        catalogue()  # reads a whole city: before the first page asks, not while it waits
        self.live: dict[str, Any] | None = None
        self.history: list[dict[str, Any]] = []
        self.publish(library(key), "First version", "city pack", "city pack")
        self.draft = self._no_draft()
        self.recorded: list[dict[str, Any]] = []
        self.password = ""
        self.fails: dict[str, int] = {}
        self.slow: dict[str, deque[float]] = {}
        self.asked: list[tuple[str, Any]] = []

    # What tests do

    def publish(self, text: str, reason: str, author: str, approver: str) -> None:
        """Make a text live."""
        version = len(self.history) + 1
        row = {
            "version": version,
            "state": "live",
            "author": author,
            "approver": approver,
            "reason": reason,
            "published_at": stamp(90),
        }
        self.history = [row, *({**old, "state": "superseded"} for old in self.history)]
        self.live = {**row, "id": str(version), "digest": f"d{version}", "text": text}

    def edit(self, text: str, by: str = "Sam Ortega") -> None:
        """Somebody saves a draft from elsewhere."""
        self.draft = {
            **self.draft,
            "revision": self.draft["revision"] + 1,
            "text": text,
            "state": "editing",
            "saved_at": stamp(),
            "saved_by": by,
        }

    def saved(self) -> Any:
        """The saved draft as plain data, every scalar as text."""
        return yaml.load(self.draft["text"], Loader=yaml.BaseLoader)

    def item(self, part: str, name: str) -> Any:
        """One question, rule, determinant or test of the saved draft; None if it is not there."""
        return next((one for one in self.saved()[part] if one["id"] == name), None)

    def record(self, many: int, answers: dict[str, Any]) -> None:
        """Calls that were answered so."""
        self.recorded += [answers] * many

    def _no_draft(self) -> dict[str, Any]:
        text = self.live["text"] if self.live else ""
        return {
            "revision": 0,
            "text": text,
            "digest": "",
            "state": "none",
            "saved_at": None,
            "saved_by": "",
            "saved_by_id": None,
            "proposed_by": "",
            "proposed_by_id": None,
            "reason": "",
            "publish_at": None,
            "based_on_version": None,
            "accepted": [],
        }

    def whole(self) -> dict[str, Any]:
        """What GET answers."""
        is_supervisor = self.me["role"] == "supervisor"
        may = dict.fromkeys(("edit", "propose", "approve", "roll_back", "retire"), is_supervisor)
        protocol = protocol_document.loaded(self.draft["text"])
        return {
            "kind": "protocol",
            "key": self.key,
            "title": protocol_document.title(protocol),
            "approval": protocol_document.approval(protocol),
            "me": {**self.me, "may": may},
            "live": self.live,
            "draft": self.draft,
            "scheduled": [],
            "history": self.history,
            "events": [],
            "catalogue": catalogue(),
        }

    # The door itself

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/protocols/{key}", self._page),
            web.route("*", f"/protocols/api/{self.key}", self._answer),
            web.route("*", f"/protocols/api/{self.key}/{{what}}", self._answer),
        ]

    async def _page(self, _request: web.Request) -> web.Response:
        return frame("protocols", MAIN.format(key=self.key), "protocol-page")

    async def _answer(self, request: web.Request) -> web.Response:
        what = request.match_info.get("what", "read")
        body = await request.json() if request.can_read_body else dict(request.query)
        self.asked.append((what, body))
        waits = self.slow.get(what)
        if request.method != "GET" and request.headers.get("X-CSRFToken") != "mock-token":
            return web.json_response(REPORTED, status=403)
        if what in self.fails:
            return web.json_response(REPORTED, status=self.fails[what])
        # Answered as it was asked, then held back: an old answer that comes late.
        status, answer = self._of(what, body)
        await asyncio.sleep(waits.popleft() if waits else 0)
        return web.json_response(answer, status=status)

    def _of(self, what: str, body: Any) -> tuple[int, Any]:
        match what:
            case "read":
                return 200, self.whole()
            case "draft":
                return self._save(body)
            case "check":
                return 200, self.check(body["text"])
            case "try":
                return self._try(body)
            case "difference" if self.live:
                before, after = self.live["text"], self.draft["text"]
                return 200, protocol_document.difference(before, after)
            case "replay" if self.live:
                return 200, self.replayed()
            case _:
                return self._step(what, body)

    def check(self, text: str) -> dict[str, Any]:
        """What the product's gate says of a text."""
        began = time.perf_counter()
        examined = protocol_gate.examine_typed(self.key, text, grounds(), NOW)
        protocol = protocol_document.loaded(text)
        found = examined.as_json()
        for finding in found["findings"]:
            finding["accepted_before"] = None
        return {
            **found,
            "ok": examined.errors == 0,
            "took_ms": round((time.perf_counter() - began) * 1000, 1),
            "document": protocol and protocol_document.written(protocol),
            "table": protocol and protocol_document.table(protocol),
            "difference": None,
        }

    def _try(self, body: Any) -> tuple[int, Any]:
        try:
            protocol = loading.load(body["text"], self.key)
        except ProtocolError as refused:
            found = protocol_gate.refusal(refused).as_json()
            return 422, {**REPORTED, **found}
        answers, faults = {}, []
        for name, value in body["answers"].items():
            try:
                engine.check(protocol, {name: as_answer(value)})
            except AnswerError as wrong:
                faults += wrong.faults
            else:
                answers[name] = as_answer(value)
        run = protocol_api.played(protocol, answers, is_gone=body["caller_gone"])
        off_path = list(engine.off_path(protocol, answers))
        return 200, {"run": run, "off_path": off_path, "faults": faults}

    def replayed(self) -> dict[str, Any]:
        """The recorded calls, run on the draft."""
        assert self.live
        old = loading.load(self.live["text"], self.key)
        new = loading.load(self.draft["text"], self.key)
        found = replay(old, new, ((f"{i:032x}", one) for i, one in enumerate(self.recorded)))
        return {
            "from_version": self.live["version"],
            "sessions": found.sessions,
            "changed": len(found.changed),
            "lost_911": len(found.lost_911),
            "gained_911": len(found.gained_911),
            "illegal": len(found.illegal),
            "skipped": len(found.skipped),
            "unopened": 0,
            "seconds": 0.41,
            "newest_at": stamp(4),
            "oldest_at": stamp(60 * 24 * 90),
            "calls": [
                {
                    "call_id": one.session_id,
                    "session_id": one.session_id,
                    "version": self.live["version"],
                    "at": stamp(30),
                    "old": _outcome(one.old),
                    "new": _outcome(one.new),
                    "lost_911": one.lost_911,
                    "gained_911": one.gained_911,
                    "illegal": list(one.illegal),
                }
                for one in found.changed[:500]
            ],
            "left_out": max(0, len(found.changed) - 500),
        }

    def _save(self, body: Any) -> tuple[int, Any]:
        if body["revision"] != self.draft["revision"]:
            names = ("revision", "text", "saved_by", "saved_at")
            theirs = {name: self.draft[name] for name in names}
            what = {"problem": "Somebody else has saved.", "what_to_do": "Choose a text."}
            return 409, what | {"theirs": theirs}
        self.edit(body["text"], self.me["name"])
        names = ("revision", "saved_at", "saved_by")
        return 200, {name: self.draft[name] for name in names}

    def _unaccepted(self, body: Any, findings: list[dict[str, Any]]) -> list[str]:
        given = {row["finding"] for row in body.get("accepted", []) if row["reason"]}
        return [
            one["id"] for one in findings if one["severity"] == "warning" and one["id"] not in given
        ]

    def _propose(self, body: Any) -> tuple[int, Any]:
        findings = self.check(self.draft["text"])["findings"]
        missing = self._unaccepted(body, findings)
        if missing:
            what = {"problem": "A warning is not accepted.", "what_to_do": "Say why it may stay."}
            return 422, {**what, "findings": findings, "unaccepted": missing}
        known = {one["id"]: one for one in findings}
        accepted = [
            {**known[row["finding"]], **row, "by": self.me["name"], "at": stamp()}
            for row in body["accepted"]
        ]
        who = {"proposed_by": self.me["name"], "proposed_by_id": self.me["staff_id"]}
        about = {"reason": body["reason"], "publish_at": body["publish_at"], "accepted": accepted}
        self.draft = {**self.draft, **who, **about, "proposed_at": stamp(), "state": "proposed"}
        return 200, self.whole()

    def _approve(self, body: Any) -> tuple[int, Any]:
        found, seen = self.replayed() if self.live else NOTHING, body.get("replay", {})
        if found["changed"] > seen.get("changed", -1):
            what = {"problem": "More calls change than you saw.", "what_to_do": "Look again."}
            return 409, {**what, "replay": found}
        if found["lost_911"] and not body.get("accepted"):
            return 422, {**REPORTED, "findings": [], "unaccepted": ["R01"]}
        draft = self.draft
        self.publish(draft["text"], draft["reason"], draft["proposed_by"], self.me["name"])
        self.draft = self._no_draft()
        return 200, self.whole()

    def _step(self, what: str, body: Any) -> tuple[int, Any]:
        if what in ("approve", "roll-back") and self.password not in ("", body.get("password")):
            wrong = {"problem": "That is not your password, so nothing was done."}
            return 428, PASSWORD | (wrong if body.get("password") else {})
        match what:
            case "propose":
                return self._propose(body)
            case "approve":
                return self._approve(body)
            case "withdraw" | "decline":
                self.draft = {**self.draft, "state": "editing", "proposed_by": ""}
            case "roll-back":
                self.publish(library(self.key), body["reason"], self.me["name"], "")
                self.draft = self._no_draft()
            case "retire":
                self.live = None
                self.history = [{**old, "state": "superseded"} for old in self.history]
            case "discard":
                self.draft = self._no_draft()
        return 200, self.whole()


def _outcome(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.determinant is None:
        return None
    level = outcome.level.value if outcome.level else None
    return {
        "determinant": outcome.determinant,
        "level": level,
        "emergency": outcome.emergency,
    }
