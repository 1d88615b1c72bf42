"""The cases of what callers say: read from the files beside this module, and split for good.

A deterministic hash of the id keeps 30 % back. The held-back split is measured by the bench and
never looked at while signs, phrases or weights are bettered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from config.yaml_text import read_yaml
from models.states import EmergencyLevel, Language

FILES = (
    *("danger", "confusable", "ordinary", "afterwards"),
    *("stranger_open", "stranger_served", "second_open", "second_held"),
)
HELD_BACK_OF_TEN = 3


@dataclass(frozen=True, slots=True)
class Utterance:
    """One case. `intent` "" is not judged: what such a caller wants is a person."""

    id: str
    language: Language
    text: str
    emergency: EmergencyLevel
    intent: str
    source: str
    tuned: bool
    """Looked at from the beginning: never held back."""
    held: bool = False
    """Written by a stranger to be measured only: always held back."""

    @property
    def held_back(self) -> bool:
        """Whether the case is kept from tuning."""
        if self.tuned or self.held:
            return self.held
        return sha256(self.id.encode()).digest()[0] % 10 < HELD_BACK_OF_TEN


def utterances() -> Iterator[Utterance]:
    """Yield every case, in the order of the files."""
    for name in FILES:
        text = (Path(__file__).parent / f"{name}.yaml").read_text("utf-8")
        for group in read_yaml(text)["groups"]:
            for case in group["cases"]:
                yield Utterance(
                    case["id"],
                    Language(group["language"]),
                    case["text"],
                    EmergencyLevel(group["emergency"]),
                    case["intent"],
                    group["source"],
                    group.get("tuned", False),
                    group.get("held", False),
                )
