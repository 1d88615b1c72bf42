"""The built-in cases of a city pack, read when phrases are first examined, and `./run check-phrases`.

Sentences of danger and ordinary ones are those that the second voter learns from; they ship with
the pack, beside the signs whose own words are cases too.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from calltaker.authoring import documents
from config.city import load
from config.settings import ROOT
from config.yaml_text import read_yaml
from ivr.errors import CityPackError
from ivr.rules import phrase_gate
from ivr.rules.menu_findings import Finding
from ivr.rules.phrase_cases import Case, sentence_cases, sign_cases


@cache
def cases_of(folder: Path) -> tuple[Case, ...]:
    """Every built-in case of a city pack; some 8,000, kept once read.

    Raises:
        CityPackError: a file is not there, or is not what it should be.
    """
    files = _document(folder / "pack.yaml")["files"]
    dangers, ordinary, signs = (
        _document(folder / files[name])
        for name in ("danger_examples", "danger_ordinary", "emergency_signs")
    )
    found = (
        *sentence_cases(dangers, is_danger=True),
        *sign_cases(signs),
        *sentence_cases(ordinary, is_danger=False),
    )
    return tuple({(one.text, one.is_danger): one for one in reversed(found)}.values())[::-1]


def _document(path: Path) -> Any:
    try:
        return read_yaml(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CityPackError([f"{path.name}: cannot be read: {type(error).__name__}"]) from error


def check(file: Path, *, as_json: bool) -> int:
    """Examine a file of phrases and print what was found; 1 when something blocks, else 0.

    Raises:
        CityPackError: the file cannot be read as a document at all.
    """
    try:
        document = documents.read(file.read_text("utf-8"))
    except documents.UnreadableError as broken:
        raise CityPackError([f"{file.name}, line {broken.line}: {broken.what}"]) from broken
    except UnicodeDecodeError as broken:
        raise CityPackError([f"{file.name}: is not text in UTF-8"]) from broken
    pack = load(ROOT / "config/tucson")
    found = phrase_gate.examine(document, pack.signs, cases_of(pack.path))
    rows = {"findings": [one.as_json() for one in found]}
    shown = json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    sys.stdout.write(shown if as_json else "".join(map(_line, found)) or "nothing against it\n")
    return int(any(one.blocks for one in found))


def _line(found: Finding) -> str:
    where = f"{found.where}: " if found.where else ""
    return (
        f"{found.severity.value:8}{found.code}  {where}{found.message}\n             {found.mend}\n"
    )
