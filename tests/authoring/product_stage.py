"""The whole product on one origin, with the city pack's own documents, gate and refresher."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from config import app as product
from config import first_publications, migrating, settings
from config.assembly import build_runtime
from config.city import load
from models.database import open_engine
from tests.authoring.authoring_stage import Editor
from tests.fakes import AUTH_TOKEN, PUBLIC_URL, FakeGateway
from tests.staff.staff_stage import House, built

CITY = Path(__file__).parents[2] / "config" / "tucson"


@contextmanager
def standing(database_url: str, folder: Path) -> Iterator[House]:
    """Every door over a database in which the city pack is published; no telephone is dialled."""
    chosen = settings.read(
        {
            "DATABASE_URL": database_url,
            "PUBLIC_URL": PUBLIC_URL,
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_API_KEY_SID": "SK" + "0" * 32,
            "TWILIO_API_KEY_SECRET": "s" * 32,
            "TWILIO_APP_SID": "AP" + "0" * 32,
            "TWILIO_NUMBER": "+15205550100",
            "SECRET_KEY": "k" * 40,
            "PII_KEYS": "k1:" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
            "STATE_FOLDER": str(folder / "state"),
        }
    )
    engine = open_engine(database_url, patient=True)
    migrating.require_current(engine)
    first_publications.publish(engine, CITY)
    engine.dispose()
    pack = load(CITY)
    runtime = replace(build_runtime(chosen, pack), gateway=FakeGateway())
    staff_door = replace(product.desk_door(chosen, pack, runtime), build=built(folder / "build"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(product, "desk_door", lambda *_: staff_door)
        app = product.build(chosen, pack, runtime, None)
    yield House(app, runtime)
    runtime.menus.stop()
    runtime.turn_engine.dispose()
    runtime.sessions.kw["bind"].dispose()


def secure(house: House, editor: Editor) -> Editor:
    """The cookie over https has a name of its own."""
    word = editor.client.get_cookie("oldpueblo").value
    editor.client.set_cookie("__Host-oldpueblo", word, secure=True)
    editor.client.environ_base["wsgi.url_scheme"] = "https"
    editor.client.environ_base["HTTP_REFERER"] = "https://localhost/menus"
    return editor
