"""Every table, imported once, so that the metadata is whole (migrations and tests start here)."""

from models import call, effects, escalation, intake, journal, line, publication, staff
from models.base import Base

__all__ = [
    "Base",
    "call",
    "effects",
    "escalation",
    "intake",
    "journal",
    "line",
    "publication",
    "staff",
]

metadata = Base.metadata
