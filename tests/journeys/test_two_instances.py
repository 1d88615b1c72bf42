"""Two instances of the product, each the other's other side, hand a caller both ways.

The wire between the two telephone companies is this test: what one side rings, it makes ring at the
other. Packets, acknowledgement and completion go from product to product by themselves.
"""

import base64
import json
import shutil
import sqlite3
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import yaml

from config.settings import ROOT
from config.stack import Stack, free_port
from models.database import open_engine, open_sessions
from models.staff import Presence, Staff
from models.states import PresenceState, Role
from tests.handoff.conftest import made_key

pytestmark = pytest.mark.journey

CALLER = "+15205550143"
TRUNK_OF_311, TRUNK_OF_911 = "+15205550102", "+15205550103"


def city_of(folder, domain, other, address, key, trunk):
    """A city pack with one agency beside it: the other instance."""
    city = folder / "city"
    shutil.copytree(ROOT / "config/tucson", city)
    path = city / "first/agencies.yaml"
    document = yaml.safe_load(path.read_text())
    agency = document["agencies"]["city-911"]
    agency |= {
        "domain": other,
        "address": address,
        "trunks": [trunk],
        "keys": {key.kid: key.public},
    }
    document["agencies"] = {"city-911": agency}
    document["us"] |= {"domain": domain, "element": f"line.{domain}"}
    document["seconds"]["answer_within"] = 4
    path.write_text(yaml.safe_dump(document, allow_unicode=True))
    return city


def secret(key):
    raw = key.private.private_bytes_raw()
    return {"HANDOFF_KEY": f"{key.kid}:{base64.b64encode(raw).decode()}"}


def instance(folder, ports, city, key):
    folder.mkdir(exist_ok=True)
    stack = Stack(
        folder / "stack", ports[0], ports[1], speech_rate=3.0, city=city, secrets=secret(key)
    )
    stack.prepare()
    return stack


@contextmanager
def two_instances(folder):
    line, centre = folder / "line", folder / "centre"
    line.mkdir()
    centre.mkdir()
    ports = [free_port() for _ in range(4)]
    keys = made_key("line"), made_key("centre")
    urls = [f"http://127.0.0.1:{port}" for port in (ports[0], ports[2])]
    names = "311.tucsonaz.example", "911.tucsonaz.example"
    cities = (
        city_of(line, names[0], names[1], urls[1], keys[1], TRUNK_OF_311),
        city_of(centre, names[1], names[0], urls[0], keys[0], TRUNK_OF_911),
    )
    stacks = (
        instance(line, ports[:2], cities[0], keys[0]),
        instance(centre, ports[2:], cities[1], keys[1]),
    )
    try:
        for stack in stacks:
            stack.start()
        yield stacks
    finally:
        for stack in stacks:
            stack.stop()


def post(url, body, method="POST"):
    data = json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read() or b"{}")


def dial(stack, caller, number):
    body = {"from": caller, "to": number}
    return post(f"{stack.simulator_url}/simulator/calls", body)["call_sid"]


def seat_somebody(stack):
    """A call-taker who is signed in and answers nothing."""
    engine = open_engine(stack.database_url, patient=True)
    now = datetime.now(UTC)
    with open_sessions(engine)() as session:
        who = {"email": "silent@centre.example", "name": "Silent", "role": Role.CALL_TAKER}
        session.add(Staff(id="e" * 32, password_hash="-", created_at=now, **who))
        session.flush()
        moments = {"since": now, "idle_since": now, "heartbeat_at": now}
        session.add(Presence(staff_id="e" * 32, state=PresenceState.AVAILABLE, **moments))
        session.commit()
    engine.dispose()


def rows(stack, statement):
    connection = sqlite3.connect(stack.folder / "oldpueblo.db", timeout=10)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def wait_for(stack, statement, seconds=40):
    """The rows, once there are any."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := rows(stack, statement):
            return found
        time.sleep(0.2)
    facts = rows(stack, "SELECT fact, actor, data FROM handoff_event")
    raise AssertionError(f"{statement} never held; {facts}")


def fact(word, direction):
    return (
        "SELECT e.data, h.incident_id FROM handoff_event e JOIN handoff h ON h.id = e.handoff_id"
        f" WHERE e.fact = '{word}' AND h.direction = '{direction}'"
    )


def test_a_caller_goes_to_911_and_back_and_stays_one_incident(tmp_path):
    with two_instances(tmp_path) as (line, centre):
        destinations = yaml.safe_load((line.city / "first/destinations.yaml").read_text())
        first = destinations["jurisdictions"]["tucson"][0]["number"]
        phone = {"next": [], "otherwise": {"on_ring": "no_answer"}}
        for stack in (line, centre):
            post(f"{stack.simulator_url}/simulator/phones/{first}", phone, "PUT")
        seat_somebody(centre)
        sid = dial(line, CALLER, "311")
        time.sleep(1.5)
        post(f"{line.simulator_url}/simulator/calls/{sid}/keys", {"digits": "9"})

        # 311 dials, and its packet is at 911 before the voice, acknowledged with 911's own name.
        wait_for(line, fact("packet_sent", "out"))
        wait_for(line, fact("acknowledged", "out"))
        ours = rows(line, "SELECT incident_id, their_incident_urn FROM handoff")[0]
        assert wait_for(centre, fact("announced", "in"))
        assert ours[1].endswith(":911.tucsonaz.example")

        # The voice arrives on the trunk that only 311 rings, and finds its packet.
        dial(centre, CALLER, TRUNK_OF_911)
        wait_for(centre, fact("claimed", "in"))
        origin = rows(centre, "SELECT origin FROM call")
        assert origin == [("transfer_in",)]

        # Nobody answers at 911's desk: the caller goes back by itself, and 311 is told of it twice.
        wait_for(centre, fact("returned", "in"))
        dialled = wait_for(centre, "SELECT destination FROM escalation_attempt")
        assert dialled[0] == ("city-911",)
        told = wait_for(line, fact("completed", "out"))
        assert json.loads(told[0][0])["outcome"] == "returned"
        back = wait_for(line, fact("announced", "in"))
        assert back[0][1] == ours[0]

        # It rings at 311 on 911's trunk: one incident, handed to and fro, and a supervisor knows.
        dial(line, CALLER, TRUNK_OF_311)
        wait_for(line, fact("claimed", "in"))
        assert len(rows(line, "SELECT DISTINCT incident_id FROM handoff")) == 1
        alerts = rows(line, "SELECT data FROM desk_event WHERE kind = 'supervisor_alert'")
        assert any("to and fro" in row[0] for row in alerts)
        faulty = [
            *rows(line, fact("packet_faulty", "out")),
            *rows(centre, fact("packet_faulty", "out")),
        ]
        assert faulty == []
        labels = [row[0] for row in rows(line, "SELECT label FROM escalation_attempt")]
        assert len(labels) == len(set(labels))
