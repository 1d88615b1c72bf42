"""Every table, imported once, so that the metadata is whole (migrations and tests start here)."""

from models import (
    call,
    call_back,
    call_tag,
    desk_telephone,
    draft,
    effects,
    escalation,
    follow_up,
    handoff,
    intake,
    journal,
    line,
    line_test,
    location_link,
    menu_parts,
    publication,
    quality,
    referral,
    staff,
    voicemail,
)
from models.base import Base

__all__ = [
    "Base",
    "call",
    "call_back",
    "call_tag",
    "desk_telephone",
    "draft",
    "effects",
    "escalation",
    "follow_up",
    "handoff",
    "intake",
    "journal",
    "line",
    "line_test",
    "location_link",
    "menu_parts",
    "publication",
    "quality",
    "referral",
    "staff",
    "voicemail",
]

metadata = Base.metadata
