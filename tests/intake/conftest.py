"""These tests share the staff door of `tests.staff.staff_stage`, and calls in a protocol."""

from tests.intake.protocol_calls import desk, dialled, stage
from tests.staff.staff_stage import house

__all__ = ["desk", "dialled", "house", "stage"]
