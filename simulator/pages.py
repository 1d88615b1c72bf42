"""Serves the simulator's pages: the index, the residents' telephones, the desks that answer elsewhere, and the shim.

Takes the names of built files from the manifest; knows nothing of how a call goes on. Nothing here is loaded from another
host, and no script stands in a page: what a script needs of the server is a block of JSON.
"""

import html
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any, Protocol

from aiohttp import web

from simulator.config import Phone, SimulatorConfig

HERE = Path(__file__).parent
BUILD = HERE / "static" / "build"
TEMPLATES = HERE / "templates"
DESK_KINDS = {"desk911": "911 desk", "line": "staffed line"}
DOORS = (("/", "Index"), ("/phone", "Telephones"), ("/911", "911 desk"))
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws:; img-src 'self' data:; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class MissingBuildError(Exception):
    """The pages have not been built; the message names the command."""

    def __init__(self) -> None:
        super().__init__(
            "the simulator's pages are not built: run `npm run build --workspace simulator/web`"
        )


class Directory(Protocol):
    """What the pages need of the exchange."""

    @property
    def config(self) -> SimulatorConfig:
        """Whose lines and telephones there are."""


class Pages:
    """The pages of one simulator."""

    def __init__(self, config: SimulatorConfig, build: Path = BUILD) -> None:
        self._config = config
        self._build = build
        self._manifest()

    def _manifest(self) -> dict[str, str]:
        """Read anew for each page, so that a rebuild needs no restart."""
        try:
            names: dict[str, str] = json.loads(
                (self._build / "manifest.json").read_text(encoding="utf-8")
            )
        except FileNotFoundError as error:
            raise MissingBuildError from error
        return names

    async def index(self, _request: web.Request) -> web.Response:
        """What is here, and the addresses for programs."""
        lines = [
            (account.name, line.number, ", ".join(line.dialled_as), line.voice_url.split("#")[0])
            for account in self._config.accounts
            for line in account.numbers
        ]
        phones = [
            (phone.name, phone.number, DESK_KINDS.get(phone.kind, phone.kind))
            for phone in self._desks_first()
        ]
        body = _filled("index.html", lines=_rows(lines), phones=_rows(phones))
        return self._page("/", "Old Pueblo 311 simulator", body, "index.css")

    async def phone(self, _request: web.Request) -> web.Response:
        """The residents' telephones."""
        residents = [
            {
                "name": r.name,
                "number": r.number,
                "language": r.language,
                "opening": r.opening,
                "note": r.note,
            }
            for r in self._config.residents
        ]
        body = _filled("phone.html")
        return self._page(
            "/phone",
            "Resident’s phone",
            body,
            "phone.css",
            "phone_page.js",
            {"residents": residents},
        )

    async def desk(self, request: web.Request) -> web.Response:
        """One telephone that is answered elsewhere (`?phone=NUMBER`), or the choice of them."""
        desks = [phone for phone in self._desks_first() if phone.kind in DESK_KINDS]
        # A plus sign that nobody escaped arrives as a blank.
        number = request.query.get("phone", "").replace(" ", "+")
        chosen = next((phone for phone in desks if phone.number == number), None)
        if chosen is None:
            return self._page(
                "/911", "911 desk", _filled("desks.html", desks=_choices(desks)), "desk.css"
            )
        body = _filled("desk.html", name=chosen.name, number=readable(chosen.number))
        data = {"phone": {"number": chosen.number, "name": chosen.name, "kind": chosen.kind}}
        return self._page("/911", chosen.name, body, "desk.css", "desk_page.js", data)

    def _desks_first(self) -> list[Phone]:
        return sorted(self._config.phones, key=lambda phone: phone.kind != "desk911")

    async def shim(self, _request: web.Request) -> web.StreamResponse:
        """The script that the product's desk page loads before the softphone, in a demonstration."""
        headers = {"Cache-Control": "no-store", "Content-Type": "text/javascript; charset=utf-8"}
        return web.FileResponse(self._build / self._manifest()["shim.js"], headers=headers)

    def _page(
        self,
        path: str,
        title: str,
        body: str,
        style: str,
        script: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> web.Response:
        text = _raw(
            "frame.html",
            title=html.escape(f"{title} · simulator" if path != "/" else title),
            heading="Simulator",
            style=f"/build/{self._manifest()[style]}",
            nav=_nav(path),
            name=style.removesuffix(".css"),
            body=body,
            scripts=self._scripts(script, data),
        )
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    def _scripts(self, script: str | None, data: Mapping[str, Any] | None) -> str:
        if script is None:
            return ""
        # "</script>" inside a string must not end the block.
        block = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        source = f"/build/{self._manifest()[script]}"
        return f'<script type="application/json" id="page-data">{block}</script>\n<script type="module" src="{source}"></script>'


def add_routes(app: web.Application, exchange: Directory) -> None:
    """Add the pages and their built files to the simulator's application.

    Raises:
        MissingBuildError: The pages have not been built.
    """
    pages = Pages(exchange.config)
    app.router.add_get("/", pages.index)
    app.router.add_get("/phone", pages.phone)
    app.router.add_get("/911", pages.desk)
    app.router.add_get("/shim.js", pages.shim)
    app.router.add_static("/build", BUILD)


def readable(number: str) -> str:
    """A North American number as people read it; any other as it is."""
    if len(number) == 12 and number.startswith("+1"):
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def _raw(template: str, **parts: str) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(parts)


def _filled(template: str, **parts: "str | Markup") -> str:
    return _raw(
        template,
        **{
            name: part if isinstance(part, Markup) else html.escape(part)
            for name, part in parts.items()
        },
    )


class Markup(str):
    """A text that is already markup, made of escaped parts."""


def _rows(rows: Iterable[tuple[str, ...]]) -> Markup:
    cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
    return Markup("".join(f"<tr>{row}</tr>" for row in cells))


def _choices(desks: Iterable[Phone]) -> Markup:
    links = (
        f'<li><a href="/911?phone=%2B{html.escape(desk.number.lstrip("+"))}"><strong>{html.escape(desk.name)}</strong>'
        f"{html.escape(readable(desk.number))}</a></li>"
        for desk in desks
    )
    return Markup("".join(links))


def _nav(here: str) -> str:
    def link(path: str, name: str) -> str:
        current = ' aria-current="page"' if path == here else ""
        return f'<a href="{path}"{current}>{html.escape(name)}</a>'

    return "".join(link(path, name) for path, name in DOORS)
