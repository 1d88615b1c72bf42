"""`./run check-protocol` and `./run ask`: the gate held to files, with the city pack's data."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from config import city
from config.settings import ROOT
from ivr.errors import CityPackError
from ivr.rules import hours
from protocols import asking, loading
from protocols.engine import determine
from protocols.errors import ProtocolError
from protocols.proof import prove
from protocols.proof_findings import Finding, Proof, Purpose, of_mistakes
from protocols.proof_reference import Place, Reference
from protocols.script import Protocol

LIBRARY = ROOT / "protocols/library"
TUCSON = ROOT / "config/tucson"
GATE = "protocol_gate.yaml"

Opening = Callable[[datetime], bool] | None


def check(files: Sequence[Path], *, live: bool, as_json: bool) -> int:
    """Prove every file; give the exit status: 1 if one may not be published.

    Raises:
        CityPackError: the pack, or its gate file, cannot be used.
    """
    reference = reference_of(TUCSON, datetime.now)
    purpose = Purpose.LIVE if live else Purpose.DEMONSTRATION
    paths = list(files) or sorted(LIBRARY.glob("*.yaml"))
    proofs = [checked(path.read_text("utf-8"), path.stem, reference, purpose) for path in paths]
    if as_json:
        print(json.dumps([proof.as_plain() for proof in proofs], indent=2, ensure_ascii=False))
    else:
        for path, proof in zip(paths, proofs, strict=True):
            _show(path, proof)
        print(_sum(proofs))
    return 1 if any(proof.blocks for proof in proofs) else 0


def checked(text: str, name: str, reference: Reference, purpose: Purpose) -> Proof:
    """Load and prove one document; what the loader refuses comes in the same form."""
    try:
        protocol = loading.load(text, name)
    except ProtocolError as refused:
        return Proof(name, of_mistakes(refused.mistakes), ())
    return prove(protocol, reference, purpose, time.perf_counter)


def ask(protocol: str, answers: str, *, caller_gone: bool, as_json: bool) -> None:
    """Print what answers (a YAML map of question to value) amount to.

    Raises:
        ProtocolError: the protocol or the answers have mistakes; all of them are listed.
        OSError: there is no such file.
    """
    script = loaded(protocol)
    given = loading.load_answers(answers, "answers", script)
    plain = asking.as_plain(determine(script, given, closed=caller_gone))
    if as_json:
        print(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    for key, value in plain.items():
        print(f"{key}: {json.dumps(value, ensure_ascii=False)}")


def loaded(name: str) -> Protocol:
    """Load a protocol by its file, or by its id in the library.

    Raises:
        ProtocolError: all its mistakes.
        OSError: there is no such file.
    """
    path = Path(name)
    found = path if path.is_file() or path.suffix else LIBRARY / f"{name}.yaml"
    return loading.load(found.read_text("utf-8"), found.stem)


def reference_of(pack_path: Path, now: Callable[[ZoneInfo], datetime]) -> Reference:
    """Put together what the gate needs from a city pack.

    Raises:
        CityPackError: lists what is missing.
    """
    pack = city.load(pack_path)
    zone = ZoneInfo(pack.time_zone)
    gate, categories = _document(pack_path / GATE), yaml.safe_load(pack.first["categories"])
    points = yaml.safe_load(pack.first["destinations"])
    areas = _document(pack_path / _document(pack_path / "pack.yaml")["files"]["areas"])
    served = [area["properties"]["key"] for area in areas["features"]]
    try:
        targets = dict(_targets(points, served, zone))
        return Reference(
            now=now(zone),
            places=_places(gate, categories, pack.hours, targets, zone),
            targets_of_911=targets,
            common_codes=frozenset(gate["common_codes"]),
            request_codes=frozenset(pack.categories),
            grades=gate["reading_grades"],
            danger_question=gate["danger_question"],
            longest_verified=timedelta(days=gate["longest_verified_days"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CityPackError([f"{GATE}: {fault!r}"]) from fault


def _document(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        raise CityPackError([f"{path.name}: cannot be read: {type(fault).__name__}"]) from fault


def _targets(
    document: Mapping[str, Any], served: Sequence[str], zone: ZoneInfo
) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """Give the answering points of each jurisdiction; one without its own has `otherwise`'s."""
    rows = document["jurisdictions"]
    for jurisdiction in served:
        points = rows.get(jurisdiction) or rows[document["otherwise"]]
        yield (
            jurisdiction,
            tuple(
                Place(f"911:{p['key']}", dialled=True, verified_on=_day(p["verified_on"], zone))
                for p in points
            ),
        )


def _places(
    gate: Mapping[str, Any],
    categories: Mapping[str, Any],
    line: hours.Hours,
    targets: Mapping[str, tuple[Place, ...]],
    zone: ZoneInfo,
) -> dict[str, Place]:
    """Give every place a protocol may lead to. A department's requests are taken day and night."""
    always = line.line(hours.MAIN).always_open
    staffed = None if always else lambda now: hours.is_open(line, now)
    openings: dict[str | None, Opening] = {
        "always": None,
        "line_hours": staffed,
        None: lambda _now: False,
    }
    places = [Place(f"department:{key}") for key in categories["departments"]]
    places += [place for row in targets.values() for place in row]
    places += [
        Place(
            f"referral:{key}",
            openings[row["open"]],
            row["fallback"],
            dialled=True,
            verified_on=_day(row["verified_on"], zone),
        )
        for key, row in gate["referrals"].items()
    ]
    return {place.key: place for place in places}


def _day(given: date | None, zone: ZoneInfo) -> datetime | None:
    return None if given is None else datetime(given.year, given.month, given.day, tzinfo=zone)


def _show(path: Path, proof: Proof) -> None:
    seconds = sum(statement.seconds for statement in proof.statements)
    sets = max((statement.answer_sets for statement in proof.statements), default=0)
    said = "BLOCKED" if proof.blocks else "proven"
    print(f"{proof.protocol}: {said}; {sets:,} sets of answers in {seconds:.2f} s")
    for finding in proof.findings:
        print(f"  {finding}")
        if finding.example:
            print(f"      {_replay(path, finding)}")


def _replay(path: Path, finding: Finding) -> str:
    """Give the counter-example as a line for the shell."""
    answers = ", ".join(
        f"{question}: {json.dumps(value, ensure_ascii=False)}"
        for question, value in finding.example
    )
    gone = " --gone" if finding.caller_gone else ""
    return f"echo '{{{answers}}}' | ./run ask {path} --answers -{gone}"


def _sum(proofs: Sequence[Proof]) -> str:
    blocked = [proof.protocol for proof in proofs if proof.blocks]
    if not proofs:
        return "no protocol"
    end = f"{len(blocked)} blocked: {', '.join(blocked)}" if blocked else "all proven"
    return f"{len(proofs)} protocols, {end}"
