"""These tests share the staff door of `tests.staff.staff_stage`, with calls that were wrapped up."""

import pytest

from tests.quality.quality_stage import Floor
from tests.staff.staff_stage import House, house

__all__ = ["house"]


@pytest.fixture
def floor(house: House) -> Floor:
    """The door with two published protocols, a call-taker, and two readers."""
    return Floor.open(house)
