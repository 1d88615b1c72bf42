"""What the gate finds in names that lead outside: E01 (jumps, placeholders), E02, E04 (jumps).

A document's names of its own are settled by the loader. Which other protocols
there are, where they jump, and what the desk fills in, is handed in as data.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from protocols.proof_findings import Finding, Severity
from protocols.proof_reference import Reference
from protocols.proof_structure import loop
from protocols.proof_texts import placeholders
from protocols.script import Protocol

Jumps = Mapping[str, tuple[str, ...]]
"""Each protocol's id with those it jumps to."""


def jumps_of(protocols: Iterable[Protocol]) -> dict[str, tuple[str, ...]]:
    """Give the ids of protocols with where they jump, as `Reference.jumps` takes them."""
    return {protocol.id: _targets(protocol) for protocol in protocols}


def unknown(protocol: Protocol, reference: Reference) -> Iterator[Finding]:
    """E01: find jumps to no protocol, and placeholders that nobody fills in."""
    for name in _targets(protocol):
        if name not in reference.jumps and name != protocol.id:
            near = get_close_matches(name, reference.jumps, 1)
            hint = f'; nearest "{near[0]}"' if near else ""
            message = f'no protocol "{name}"{hint}'
            yield _finding("E01", f"jump {name}", message, "name a protocol that is published")
    for where, language, name in placeholders(protocol, reference.languages):
        if name not in reference.placeholders:
            message, mend = f'no placeholder "{name}"', "write the words out"
            yield Finding("E01", Severity.ERROR, where, message, mend, language)


def turning(protocol: Protocol, jumps: Jumps) -> Iterator[Finding]:
    """E02, E04: find a jump to the protocol itself, and one that leads back to it by others."""
    own = _targets(protocol)
    if protocol.id in own:
        message = f"{protocol.id} jumps to {protocol.id}"
        yield _finding("E02", f"jump {protocol.id}", message, "take it out")
    known = {**jumps, protocol.id: own}
    reads = {name: tuple(to for to in targets if to in known) for name, targets in known.items()}
    if way := loop(reads, protocol.id):
        message = f"loop {' → '.join(way)}"
        yield _finding("E04", f"jump {way[1]}", message, "let one of them not jump on")


def _targets(protocol: Protocol) -> tuple[str, ...]:
    return tuple(jump.to for jump in protocol.jumps)


def _finding(code: str, where: str, message: str, mend: str) -> Finding:
    return Finding(code, Severity.ERROR, where, message, mend)
