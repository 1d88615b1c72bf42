"""`./run play FILE`: a menu or a protocol in the terminal, no phone and no database."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from config.city import load
from config.settings import ROOT
from config.yaml_text import read_yaml
from ivr.errors import MenuError
from ivr.rules import playing as menu_playing
from ivr.rules.menu import compile_graph
from protocols import loading
from protocols import playing as protocol_playing

HOW_MENU = f"You are the caller: {menu_playing.KEYS}. Ctrl-D ends."
PLAYED_NUMBER = "0 1 0 0"
"""The tail of the number that a played call comes from: one that can be texted and called back."""
HOW_PROTOCOL = (
    f"You are the call-taker: type an answer's number. {protocol_playing.KEYS}. Ctrl-D ends."
)


def play(file: Path, language: str) -> None:
    """Play a file until it ends; its top-level keys tell a menu from a protocol.

    Raises:
        MenuError, ProtocolError: the file has mistakes; all of them are listed.
    """
    text = file.read_text("utf-8")
    if _is_menu(text):
        _play_menu(text)
    else:
        _play_protocol(text, file.stem, language)


def _is_menu(text: str) -> bool:
    try:
        document = read_yaml(text)
    except yaml.YAMLError:
        return False
    return isinstance(document, dict) and "nodes" in document


def _play_menu(text: str) -> None:
    try:
        graph = compile_graph(read_yaml(text))
    except yaml.YAMLError as broken:
        raise MenuError([f"not YAML: {broken}"]) from broken
    known = load(ROOT / "config/tucson").readers()
    readers = replace(known, can_text=True, own_number=PLAYED_NUMBER)
    print(HOW_MENU)
    shown = menu_playing.begin(graph, readers, datetime.now(UTC))
    _show(shown.lines)
    while not shown.play.over:
        typed = _typed()
        if typed is None:
            return
        shown = menu_playing.step(shown.play, typed, datetime.now(UTC))
        _show(shown.lines)


def _play_protocol(text: str, name: str, language: str) -> None:
    protocol = loading.load(text, name)
    print(HOW_PROTOCOL)
    shown = protocol_playing.begin(protocol, language)
    _show(shown.lines)
    while not shown.play.over:
        typed = _typed()
        if typed is None:
            return
        shown = protocol_playing.step(shown.play, typed)
        _show(shown.lines)


def _show(lines: tuple[str, ...]) -> None:
    for line in lines:
        print(line)


def _typed() -> str | None:
    """One typed line; None at the end of input."""
    print("> ", end="", flush=True)
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None
