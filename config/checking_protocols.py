"""`./run check-protocol` and `./run ask`: the gate held to files, with the city pack's data."""

import json
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from config import city
from config.protocol_reference import Around, of_pack, reference
from config.settings import ROOT
from protocols import asking, loading
from protocols.engine import determine
from protocols.errors import ProtocolError
from protocols.proof import prove
from protocols.proof_findings import Finding, Proof, Purpose, of_mistakes
from protocols.proof_jumps import jumps_of
from protocols.proof_reference import Reference
from protocols.script import Protocol

LIBRARY = ROOT / "protocols/library"
TUCSON = ROOT / "config/tucson"


def check(files: Sequence[Path], *, live: bool, as_json: bool) -> int:
    """Prove every file; give the exit status: 1 if one may not be published.

    Raises:
        CityPackError: the pack, or its gate file, cannot be used.
    """
    purpose = Purpose.LIVE if live else Purpose.DEMONSTRATION
    paths = list(files) or sorted(LIBRARY.glob("*.yaml"))
    against = reference_for(paths)
    proofs = [checked(path.read_text("utf-8"), path.stem, against, purpose) for path in paths]
    if as_json:
        print(json.dumps([proof.as_plain() for proof in proofs], indent=2, ensure_ascii=False))
    else:
        for path, proof in zip(paths, proofs, strict=True):
            _show(path, proof)
        print(_sum(proofs))
    return 1 if any(proof.blocks for proof in proofs) else 0


def reference_for(files: Sequence[Path]) -> Reference:
    """Put together what these files are held against: the city pack, and the library around them.

    Raises:
        CityPackError: the pack, or its gate file, cannot be used.
    """
    around = _tucson()
    return replace(reference(around, datetime.now(around.zone)), jumps=jumps_among(files))


def jumps_among(files: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Say where the library's protocols and these files jump; a file may be meant for the library.

    What cannot be read jumps nowhere: its own check says why.
    """
    return {**_library_jumps(), **_jumps(files)}


@cache
def _library_jumps() -> dict[str, tuple[str, ...]]:
    return _jumps(LIBRARY.glob("*.yaml"))


@cache
def _tucson() -> Around:
    """Read the pack once in a process; it takes longer than most proofs."""
    return of_pack(city.load(TUCSON))


def _jumps(files: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    protocols = []
    for path in files:
        with suppress(ProtocolError):
            protocols.append(loading.load(path.read_text("utf-8"), path.stem))
    return jumps_of(protocols)


def checked(text: str, name: str, against: Reference, purpose: Purpose) -> Proof:
    """Load and prove one document; what the loader refuses comes in the same form."""
    try:
        protocol = loading.load(text, name)
    except ProtocolError as refused:
        return Proof(name, of_mistakes(refused.mistakes), ())
    return prove(protocol, against, purpose, time.perf_counter)


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
