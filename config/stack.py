"""Everything on loopback: a product with secrets of its own, and the telephone company beside it.

The demonstration, the rehearsal and the whole-call tests all stand on this; the product is the very
one a city runs and is told nothing but other addresses.
"""

import base64
import json
import os
import secrets
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from config import settings
from config.processes import Child, ProcessGroup, python
from config.settings import DEMO_MARK, ROOT
from config.yaml_text import read_yaml

READY_SECONDS = 60.0
ENVIRONMENT_FILE = "environment.json"
"""The secrets of one run, kept beside its database: what it sealed can be opened afterwards."""
SPEECH_RATE = 1.0


class StackError(Exception):
    """The stack did not come up; the message says which part and where its log is."""


@dataclass
class Stack:
    """One product and one telephone company in `folder` (made anew, kept afterwards)."""

    folder: Path
    port: int
    simulator_port: int
    database_url: str = ""
    speech_rate: float = SPEECH_RATE
    calls_per_second: int = 1
    city: Path = ROOT / "config/tucson"
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    """More of the product's environment: keys of an exchange."""
    group: ProcessGroup = field(default_factory=ProcessGroup)
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def product_url(self) -> str:
        """Where the product answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def simulator_url(self) -> str:
        """Where the telephone company answers."""
        return f"http://127.0.0.1:{self.simulator_port}"

    def prepare(self) -> None:
        """Make the folder, the secrets, the telephone company's file and the database."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        self.database_url = self.database_url or f"sqlite:///{self.folder / 'oldpueblo.db'}"
        self.environment = product_environment(self)
        account_file = self.folder / "telephone-company.yaml"
        account_file.write_text(yaml.safe_dump(telephone_company(self), allow_unicode=True))
        account_file.chmod(0o600)
        remember(self.folder, ENVIRONMENT_FILE, self.environment)
        from config import first_publications, migrating
        from models.database import open_engine

        engine = open_engine(self.database_url, patient=True)
        migrating.upgrade(engine)
        first_publications.publish(engine, self.city)
        engine.dispose()

    def start(self) -> None:
        """Start both and wait until both answer.

        Raises:
            StackError: one of them did not come up.
        """
        simulator = python(
            "-m", "simulator", "--config", str(self.folder / "telephone-company.yaml")
        )
        self.group.start(
            Child("simulator", simulator, bytecode(), log_to=self.folder / "simulator.log")
        )
        product = python("-m", "config.cli", "serve")
        self.group.start(
            Child("product", product, self.environment, log_to=self.folder / "product.log")
        )
        self._wait("simulator", f"{self.simulator_url}/simulator/calls")
        self._wait("product", f"{self.product_url}/readyz")

    def stop(self) -> None:
        """End both."""
        self.group.stop()

    def settings(self) -> settings.Settings:
        """The product's settings, as it reads them itself."""
        return settings.read(self.environment)

    def _wait(self, name: str, url: str) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if _answers(url):
                return
            if not self.group.alive(name):
                break
            time.sleep(0.1)
        log = self.folder / f"{name}.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise StackError(f"{name} did not come up; the end of {log.relative_to(ROOT)}:\n{tail}")


def bytecode() -> dict[str, str]:
    """Where Pythons keep what they compile, on a machine that lets them keep nothing beside the sources.

    Half a dozen processes import the same packages; each would compile all of them, four seconds of work.
    """
    if not sys.dont_write_bytecode:
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ROOT / ".run/bytecode")}


def free_port(wanted: int = 0) -> int:
    """`wanted` if it is free on loopback, else any free port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StackError("no free port on 127.0.0.1")


def product_environment(stack: Stack) -> dict[str, str]:
    """An environment for the product with secrets made for this one run."""
    pack = _pack(stack.city)
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return (
        kept
        | bytecode()
        | {
            "DATABASE_URL": stack.database_url,
            "PUBLIC_URL": stack.product_url,
            "PORT": str(stack.port),
            "REDIS_URL": "",
            "STATE_FOLDER": str(stack.folder / "state"),
            "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
            "TWILIO_AUTH_TOKEN": f"{DEMO_MARK}-{secrets.token_hex(16)}",
            "TWILIO_API_KEY_SID": "SK" + secrets.token_hex(16),
            "TWILIO_API_KEY_SECRET": f"{DEMO_MARK}-{secrets.token_hex(16)}",
            "TWILIO_APP_SID": "AP" + secrets.token_hex(16),
            "TWILIO_NUMBER": str(pack["line_number"]),
            "SECRET_KEY": f"{DEMO_MARK}-{secrets.token_hex(32)}",
            "PII_KEYS": f"{DEMO_MARK}:{key}",
            "TWILIO_API_URL": stack.simulator_url,
            "TWILIO_SIGNALLING_URL": stack.simulator_url,
            "CITY": str(stack.city),
        }
        | stack.secrets
    )


def telephone_company(stack: Stack) -> dict[str, Any]:
    """The simulator's file: our one account, its numbers and application, and the outside telephones."""
    pack, url, ours = _pack(stack.city), stack.product_url, stack.environment
    documents = {
        "voice_fallback_url": f"{url}/voice/fallback",
        "status_callback": f"{url}/voice/status#rc=2&rp=ct,rt,5xx",
    }
    incoming = {
        "sms_url": f"{url}/voice/texts",
        "voice_url": f"{url}/voice/incoming#ct=1500&rt=3500&tt=5000&rc=1&rp=ct,5xx",
        **documents,
    }
    account = {
        "name": "tucson",
        "sid": ours["TWILIO_ACCOUNT_SID"],
        "auth_token": ours["TWILIO_AUTH_TOKEN"],
        "api_keys": [{"sid": ours["TWILIO_API_KEY_SID"], "secret": ours["TWILIO_API_KEY_SECRET"]}],
        "calls_per_second": stack.calls_per_second,
        "queue_max_size": 100,
        "numbers": [
            {"number": ours["TWILIO_NUMBER"], "dialled_as": ["311"], **incoming},
            {"number": str(pack["trial_number"]), **incoming},
            *({"number": number, **incoming} for number in trunk_numbers(stack.city)),
        ],
        "apps": [{"sid": ours["TWILIO_APP_SID"], "voice_url": f"{url}/voice/desk", **documents}],
    }
    return {
        "listen_port": stack.simulator_port,
        "journal_file": str(stack.folder / "journal.json"),
        "speech_rate": stack.speech_rate,
        "accounts": [account],
        "phones": outside_telephones(pack, stack.city),
        "residents": read_yaml((ROOT / "config/tucson/residents.yaml").read_text()),
    }


def trunk_numbers(city: Path) -> list[str]:
    """The numbers of ours that only 911 rings."""
    agencies = read_yaml((city / "first/agencies.yaml").read_text())
    return [number for row in agencies["agencies"].values() for number in row.get("trunks", ())]


def outside_telephones(
    pack: dict[str, Any], city: Path = ROOT / "config/tucson"
) -> list[dict[str, Any]]:
    """The staffed line, the departments and each 911 destination, as telephones that can be rung."""
    human = pack["human_line"]
    telephones = {human["number"]: {"name": human["name"], "kind": "line"}}
    destinations = read_yaml((city / "first/destinations.yaml").read_text())
    for entry in destinations["directory"].values():
        telephones[entry["number"]] = {"name": entry["name"]["en"], "kind": "line"}
    for listed in destinations["jurisdictions"].values():
        for destination in listed:
            name = destination["name"]["en"]
            telephones[destination["number"]] = {"name": name, "kind": "desk911"}
    return [{"number": number, **about} for number, about in telephones.items()]


def remember(folder: Path, name: str, content: Any) -> Path:
    """Write a file that only its owner reads (accounts of a demonstration)."""
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False))
    return path


def _pack(city: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml((city / "pack.yaml").read_text())
    return loaded


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback address
            return bool(answer.status < 500)
    except (OSError, urllib.error.URLError):
        return False
