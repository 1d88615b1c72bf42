"""A small door for the menu editor alone: serves the built page and answers the contract's JSON from memory.

It keeps one draft with its revision, refuses stale ones, and takes every step from draft to live.
Tests change what others did meanwhile, slow it down or make it fail. Knows nothing of the product.
"""

import asyncio
import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.browser.loopback_door import LoopbackDoor, frame
from tests.browser.menus import menu_documents, mock_gate

MAIN = '<main id="menu-editor" data-key="menu"></main>'
ANA = {"staff_id": "a" * 32, "name": "Ana Ruiz", "role": "menu_admin"}
SAM = {"staff_id": "b" * 32, "name": "Sam Ortega", "role": "supervisor"}
PASSWORD = {
    "problem": "Your password is asked for again before this.",
    "what_to_do": "Give your password and repeat what you did.",
    "needs": "password",
}
REPORTED = {"problem": "The server is in trouble.", "what_to_do": "Try again."}


def stamp(minutes_ago: float = 0) -> str:
    """A moment as the contract writes it."""
    return (datetime.now(UTC) - timedelta(minutes=minutes_ago)).isoformat()


class MockMenus(LoopbackDoor):
    """One menu behind a door: `draft`, `live`, who looks (`me`), and what goes wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.me = ANA
        self.live: dict[str, Any] | None = None
        self.history: list[dict[str, Any]] = []
        self.publish(menu_documents.small_menu(), "First menu", "city pack", "city pack")
        self.draft = self._no_draft()
        self.password = ""
        self.trial: dict[str, str] | None = None
        self.catalogue = menu_documents.catalogue()
        self.usage: dict[str, Any] = {"as_of": stamp(3), "callers": 0, "nodes": {}, "edges": []}
        self.fails: dict[str, int] = {}
        self.slow: dict[str, list[float]] = {}
        self.asked: list[tuple[str, Any]] = []

    # What tests do

    def publish(self, document: Any, reason: str, author: str, approver: str) -> None:
        """Make a document live."""
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
        self.live = {
            **row,
            "id": version,
            "digest": f"d{version}",
            "document": copy.deepcopy(document),
        }

    def edit(self, document: Any, by: str = "Sam Ortega") -> None:
        """Somebody saves a draft from elsewhere."""
        self.draft = {
            **self.draft,
            "revision": self.draft["revision"] + 1,
            "document": copy.deepcopy(document),
            "state": "editing",
            "saved_at": stamp(),
            "saved_by": by,
        }

    def node(self, name: str) -> dict[str, Any]:
        """A node of the saved draft."""
        found: dict[str, Any] = self.draft["document"]["nodes"].get(name, {})
        return found

    def _no_draft(self) -> dict[str, Any]:
        assert self.live
        return {
            "revision": 0,
            "document": copy.deepcopy(self.live["document"]),
            "saved_at": None,
            "saved_by": None,
            "state": "none",
            "proposed_by": None,
            "reason": None,
            "publish_at": None,
            "based_on_version": self.live["version"],
        }

    def whole(self) -> dict[str, Any]:
        """What GET answers."""
        is_supervisor = self.me["role"] == "supervisor"
        may = {"edit": True, "propose": True, "approve": is_supervisor}
        may |= {"roll_back": is_supervisor, "announce": is_supervisor}
        if self.me["role"] == "auditor":
            may = dict.fromkeys(may, False)
        return {
            "key": "menu",
            "me": {**self.me, "may": may},
            "live": self.live,
            "draft": self.draft,
            "scheduled": [],
            "history": self.history,
            "catalogue": self.catalogue,
            "trial": self.trial,
        }

    # The door itself

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/menus/menu/menu", self._page),
            web.post("/menus/api/recordings", self._upload),
            web.route("*", "/menus/api/menu/menu", self._answer),
            web.route("*", "/menus/api/menu/menu/{what}", self._answer),
        ]

    async def _page(self, _request: web.Request) -> web.Response:
        return frame("menus", MAIN, "menu-page")

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        if request.headers.get("X-CSRFToken") != "mock-token":
            return web.json_response(REPORTED, status=403)
        made = {"id": "c" * 64, "name": str(form["name"]), "seconds": 2.5}
        self.catalogue["recordings"].append(made)
        return web.json_response(made)

    async def _answer(self, request: web.Request) -> web.Response:
        what = request.match_info.get("what", "read")
        body = await request.json() if request.can_read_body else dict(request.query)
        self.asked.append((what, body))
        waits = self.slow.get(what, [])
        if request.method != "GET" and request.headers.get("X-CSRFToken") != "mock-token":
            return web.json_response(REPORTED, status=403)
        if what in self.fails:
            return web.json_response(REPORTED, status=self.fails[what])
        # Answered as it was asked, then held back: an old answer that comes late.
        status, answer = self._of(what, body)
        await asyncio.sleep(waits.pop(0) if waits else 0)
        return web.json_response(answer, status=status)

    def _of(self, what: str, body: Any) -> tuple[int, Any]:
        match what:
            case "read":
                return 200, self.whole()
            case "draft":
                return self._save(body)
            case "check":
                return 200, mock_gate.examine(body["document"])
            case "try":
                return 200, mock_gate.play(body)
            case "trial":
                self.trial = {"number": "+1 520 555 0177", "until": stamp(-30)}
                return 200, self.trial
            case "difference":
                return 200, {"lines": self._difference()}
            case "usage":
                return 200, self.usage
            case _:
                return self._step(what, body)

    def _save(self, body: Any) -> tuple[int, Any]:
        if body["revision"] != self.draft["revision"]:
            names = ("revision", "document", "saved_by", "saved_at")
            theirs = {name: self.draft[name] for name in names}
            what = {"problem": "Somebody else has saved.", "what_to_do": "Choose a text."}
            return 409, what | {"theirs": theirs}
        self.edit(body["document"], self.me["name"])
        names = ("revision", "saved_at", "saved_by")
        return 200, {name: self.draft[name] for name in names}

    def _difference(self) -> list[dict[str, Any]]:
        assert self.live
        before, after = self.live["document"]["nodes"], self.draft["document"]["nodes"]
        return [
            {
                "where": name,
                "what": "node",
                "before": str(before.get(name, {}).get("text", "")),
                "after": str(after.get(name, {}).get("text", "")),
            }
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]

    def _step(self, what: str, body: Any) -> tuple[int, Any]:
        if what in ("approve", "roll-back") and self.password not in ("", body.get("password")):
            wrong = {"problem": "That is not your password, so nothing was done."}
            return 428, PASSWORD | (wrong if body.get("password") else {})
        match what:
            case "propose":
                who = {"proposed_by": self.me["name"], "proposed_at": stamp()}
                about = {"reason": body["reason"], "publish_at": body["publish_at"]}
                self.draft = {**self.draft, **who, **about, "state": "proposed"}
            case "withdraw" | "decline":
                self.draft = {**self.draft, "state": "editing", "proposed_by": None}
            case "approve":
                author, reason = self.draft["proposed_by"], self.draft["reason"]
                self.publish(self.draft["document"], reason, author, self.me["name"])
                self.draft = self._no_draft()
            case "roll-back":
                self.publish(menu_documents.small_menu(), body["reason"], self.me["name"], "")
                self.draft = self._no_draft()
            case "discard":
                self.draft = self._no_draft()
        return 200, self.whole()
