"""Builds the runtime that doors and workers hand down: the one chooser of real things."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from config.belt import NoBell, RedisBell
from config.city import CityPack, load
from config.published import Published, Snapshot
from config.settings import Settings
from ivr.gateway import Gateway
from ivr.rules.dialling import Allowed
from ivr.runtime import Addresses, Runtime
from ivr.sounds import RecordedSounds
from ivr.twilio_gateway import Account, TwilioGateway
from models import rows
from models.database import (
    Sessions,
    open_engine,
    open_intent_engine,
    open_sessions,
    open_turn_engine,
)
from models.turn_store import TurnStore

ROWS = rows.metadata
"""Every table is known before the first flush, whichever door this is."""
DIALLER_THREADS = 32
"""Requests to the telephone company that no answer waits for; 20 live calls may all ask at once."""


def build_runtime(settings: Settings, pack: CityPack | None = None) -> Runtime:
    """Put the real things together.

    Raises:
        CityPackError: the pack has faults; all of them are named.
    """
    pack = pack or load(settings.city)
    engine = open_engine(settings.database_url)
    sessions, addresses = open_sessions(engine), Addresses(settings.public_url)
    published = published_of(pack, sessions)
    return Runtime(
        sessions=sessions,
        turn_engine=open_turn_engine(settings.database_url),
        turns=TurnStore(settings.keyring),
        intent_sessions=open_sessions(open_intent_engine(settings.database_url)),
        keyring=settings.keyring,
        gateway=gateway(settings, pack, published),
        clock=lambda: datetime.now(UTC),
        new_id=lambda: uuid4().hex,
        dialler=ThreadPoolExecutor(DIALLER_THREADS, thread_name_prefix="dialler"),
        city=replace(
            pack.city,
            destinations=published.answering_points(),
            directory=published.directory(),
            trunks=published.trunks(),
            trunk_header=settings.trunk_secret,
        ),
        menus=published,
        readers=replace(
            pack.readers(),
            emergency=published.emergency,
            opening=published.opening,
            switch=published.switch,
            announcements=published.announcements,
        ),
        addresses=addresses,
        bell=RedisBell(settings.redis_url) if settings.redis_url else NoBell(),
        spool=spool_of(settings.state_folder),
        auth_tokens=settings.auth_tokens,
        sounds=RecordedSounds(
            sessions,
            addresses,
            settings.secret_key,
            always={pack.music.recording: pack.music.sound} if pack.music else {},
        ),
    )


def published_of(pack: CityPack, sessions: Sessions) -> Published:
    """What the city has published, looked up from now on; it starts from the pack's own."""
    start = Snapshot(pack.hours, pack.destinations, agencies=pack.agencies, signs=pack.signs)
    published = Published(sessions, start)
    published.start()
    return published


def gateway(settings: Settings, pack: CityPack, published: Published) -> Gateway:
    """The telephone company, behind the list of who may be dialled."""
    account = Account(
        account_sid=settings.account_sid,
        auth_token=settings.auth_tokens[0],
        api_key_sid=settings.api_key_sid,
        api_key_secret=settings.api_key_secret,
        app_sid=settings.app_sid,
        line_number=settings.line_number,
        api_url=settings.twilio_api_url,
    )
    return TwilioGateway(account, allowed(settings, pack, published))


def allowed(settings: Settings, pack: CityPack, published: Published) -> Allowed:
    """Who may be dialled: rehearsal numbers alone, or in production what was approved."""
    return Allowed(
        production=settings.production,
        rehearsal=pack.rehearsal_numbers,
        directory=published.numbers(always=frozenset({pack.city.human_line.number})),
        emergency=settings.may_dial_911,
    )


def spool_of(folder: Path) -> Path:
    """The file of 911 intents that the database did not take in time."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "escalations.jsonl"
