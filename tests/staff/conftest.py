"""These tests share the staff door of `tests.staff.staff_stage`."""

from tests.staff.staff_stage import house

__all__ = ["house"]
