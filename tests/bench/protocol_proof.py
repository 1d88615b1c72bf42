"""How long the proof of the library takes, whole and at its slowest protocol."""

from collections.abc import Iterator
from time import perf_counter

from config.checking_protocols import LIBRARY, checked, reference_for
from protocols.proof_findings import Purpose
from tests.bench.figures import Figure

SLOWEST_GOAL = 2.0
WHOLE_GOAL = 30.0


def measure() -> Iterator[Figure]:
    """Load and prove every protocol once, as publishing would."""
    reference, took = reference_for(()), {}
    for path in sorted(LIBRARY.glob("*.yaml")):
        began = perf_counter()
        proof = checked(path.read_text("utf-8"), path.stem, reference, Purpose.DEMONSTRATION)
        took[path.stem] = perf_counter() - began
        if proof.blocks:
            raise RuntimeError(f"{path.stem} is not proven: what was measured is no proof")
    yield Figure("protocols proven", len(took), "files")
    yield Figure("proof of the slowest protocol", max(took.values()), "s", SLOWEST_GOAL, False)
    yield Figure("proof of the whole library", sum(took.values()), "s", WHOLE_GOAL, False)
