"""`./run demo` and `./run rehearse`: the stack on this machine, with people to try it."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from calltaker.staff import accounts
from config import rehearsed_storm
from config.processes import python
from config.rehearsed_closing import close_for_the_day
from config.settings import ROOT
from config.stack import Stack, bytecode, free_port, remember
from models.database import open_engine, open_sessions
from models.states import Role

SCRIPTS = ROOT / "simulator/rehearsal/scripts"
CLOSED = SCRIPTS / "closed"
"""Calls after hours: the line is closed for the day before they are played."""
REHEARSAL_SPEECH_RATE = 3.0
REHEARSAL_CALL_TAKERS = 8
REHEARSAL_CALLS_PER_SECOND = 5
# Thousands of calls with faults: as many side by side as a small machine bears, and quicker speech.
FAULTS_SPEECH_RATE = 6.0
FAULTS_CALL_TAKERS = 12
FAULTS_AT_ONCE = 20
FAULTS_CALLS_PER_SECOND = 20
WORDS = (
    *(
        "adobe",
        "agave",
        "canyon",
        "cholla",
        "copper",
        "desert",
        "gecko",
        "granite",
        "hawk",
        "heron",
    ),
    *("javelina", "jojoba", "kestrel", "mesa", "mesquite", "monsoon", "ocotillo", "quail", "raven"),
    *("ridge", "sage", "saguaro", "sonora", "sunset", "thunder", "verde", "willow", "yucca"),
)

PEOPLE = [
    ("ana@demo.example", "Ana Robles", Role.CALL_TAKER),
    ("ben@demo.example", "Ben Castle", Role.CALL_TAKER),
    ("carla@demo.example", "Carla Noriega", Role.SENIOR),
    ("dora@demo.example", "Dora Quist", Role.SUPERVISOR),
    ("eli@demo.example", "Eli Marsh", Role.MENU_ADMIN),
    ("sys@demo.example", "Sam Ortega", Role.SYSTEM_ADMIN),
]


def run(port: int, simulator_port: int) -> None:
    """Run everything until Ctrl-C, and say where it is."""
    stack = Stack(ROOT / ".run/demo", free_port(port), free_port(simulator_port))
    print("Preparing the demonstration ...", flush=True)
    stack.prepare()
    passphrase = make_people(stack, PEOPLE)
    try:
        stack.start()
        print(welcome(stack, passphrase), flush=True)
        stack.group.watch()
    finally:
        stack.stop()


def rehearse(
    scripts: Sequence[str],
    *,
    faults: int,
    seed: int,
    as_json: bool,
    database_url: str = "",
    name: str = "rehearse",
    storm: bool = False,
) -> int:
    """Play scripted calls on a fresh stack; the exit status is the rehearsal's own.

    Args:
        scripts: files to play; empty plays all.
        faults: so many seeded calls with faults instead, side by side; figures to `figures.json`.
        seed: the first of their seeds.
        as_json: print rows as JSON.
        database_url: another database than the embedded SQLite.
        name: the folder below `.run`.
        storm: also let processes die and stall beside the calls.
    """
    stack = Stack(
        ROOT / ".run" / name,
        free_port(),
        free_port(),
        database_url=database_url,
        speech_rate=FAULTS_SPEECH_RATE if faults else REHEARSAL_SPEECH_RATE,
        calls_per_second=FAULTS_CALLS_PER_SECOND if faults else REHEARSAL_CALLS_PER_SECOND,
    )
    stack.prepare()
    seats = min(FAULTS_CALL_TAKERS, faults) if faults else REHEARSAL_CALL_TAKERS
    staff = rehearsal_staff(stack, seats)
    by_day, closed = _day_and_night(scripts, everything=not faults)
    options = [
        *("--simulator", stack.simulator_url, "--product", stack.product_url),
        *("--staff", str(staff), "--seed", str(seed)),
        *(_wild_options(stack, faults, seats) if faults else ()),
        *(("--json",) if as_json else ()),
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    troubles = rehearsed_storm.Storm(stack, seed)
    try:
        stack.start()
        if storm:
            troubles.begin()
        played = []
        if by_day:
            played.append(_play(options, by_day, as_json=as_json))
        if closed:
            _close_the_line(stack)
            played.append(_play(options, closed, as_json=as_json))
    finally:
        troubles.end()
        stack.stop()
    for trouble, times in troubles.met.items():
        print(f"{trouble}: {times} times", file=sys.stderr)
    if as_json:
        print(_as_one([one.stdout for one in played]))
    return max(one.returncode for one in played)


def _day_and_night(scripts: Sequence[str], *, everything: bool) -> tuple[list[str], list[str]]:
    """The scripts to play while the line is open, and those of after hours, which come last."""
    if not scripts:
        return [str(SCRIPTS)], [str(CLOSED)] if everything else []
    closed = [script for script in scripts if Path(script).resolve().parent == CLOSED]
    return [script for script in scripts if script not in closed], closed


def _wild_options(stack: Stack, faults: int, seats: int) -> list[str]:
    figures = stack.folder / "figures.json"
    many = ["--faults", str(faults), "--seats", str(seats), "--at-once", str(FAULTS_AT_ONCE)]
    return [*many, "--figures", str(figures)]


def _play(
    options: Sequence[str], scripts: Sequence[str], *, as_json: bool
) -> "subprocess.CompletedProcess[str]":
    """Play these scripts; rows are printed as they come, JSON is kept to be printed as one."""
    command = python("-m", "simulator.rehearsal", *options, "--scripts", *scripts)
    environment = {**os.environ, **bytecode()}
    return subprocess.run(  # noqa: S603 - ours
        command,
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE if as_json else None,
        text=True,
    )


def _close_the_line(stack: Stack) -> None:
    engine = open_engine(stack.database_url, patient=True)
    close_for_the_day(engine)
    engine.dispose()


def _as_one(printed: Sequence[str]) -> str:
    """The rows of several rehearsals as of one; a rehearsal that could not play printed none."""
    rows = [row for text in printed if text.strip() for row in json.loads(text)]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def rehearsal_staff(stack: Stack, call_takers: int = REHEARSAL_CALL_TAKERS) -> Path:
    """Accounts for the scripted call-takers, written for the rehearsal to sign in with."""
    people = [
        (f"desk{number}@rehearsal.example", f"Desk {number}", Role.CALL_TAKER)
        for number in range(1, call_takers + 1)
    ]
    passphrase = make_people(stack, people)
    listed = [
        {"email": email, "password": passphrase, "role": role.value} for email, _, role in people
    ]
    return remember(stack.folder, "staff.json", {"base_url": stack.product_url, "staff": listed})


def make_people(stack: Stack, people: Sequence[tuple[str, str, Role]]) -> str:
    """Make accounts with one random passphrase, and give it."""
    passphrase = "-".join(secrets.choice(WORDS) for _ in range(5))
    engine = open_engine(stack.database_url, patient=True)
    with open_sessions(engine)() as session:
        for email, name, role in people:
            accounts.make(
                session,
                email=email,
                name=name,
                role=role,
                password=passphrase,
                now=datetime.now(UTC),
                new_id=uuid4().hex,
            )
        session.commit()
    engine.dispose()
    return passphrase


def welcome(stack: Stack, passphrase: str) -> str:
    """What a newcomer reads."""
    accounts_text = "\n".join(
        f"    {email:<20} {role.value.replace('_', ' ')}" for email, _, role in PEOPLE
    )
    return f"""
Old Pueblo 311 is running on this machine. Nothing here reaches a real telephone.

  Desk             {stack.product_url}/desk
  Resident's phone {stack.simulator_url}/phone
  911 desk         {stack.simulator_url}/911

  Sign in with any of these, passphrase  {passphrase}
{accounts_text}

First call: open the desk, sign in as ana@demo.example, press Ready. Open the resident's phone in a
second window, press "Dial 3-1-1" and say: there is a big pothole at Speedway and Campbell.

Ctrl-C stops all of it. Its files stay in {stack.folder.relative_to(ROOT)}.
"""
