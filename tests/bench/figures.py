"""One measured figure beside its goal."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `goal` is the least (`at_least`) or the most that is accepted; None informs."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether the goal is reached; a figure without one always is."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def as_json(self) -> dict[str, Any]:
        """The shape of `./run bench --json`."""
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "goal": self.goal,
            "met": self.met,
        }

    def __str__(self) -> str:
        told = f"{self.name:<58} {self.value:>9.3f} {self.unit:<8}"
        if self.goal is None:
            return told
        sign = "≥" if self.at_least else "≤"
        return f"{told} goal {sign} {self.goal:g}  {'met' if self.met else 'MISSED'}"
