"""Uploaded prompts: taken by what they are, never by what they are called. Never commits.

The id is the SHA-256 of the bytes, so the same sound is kept once and a version that names it
always plays the same. The telephone's door serves it at a signed address (`ivr.sounds`).
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from calltaker.authoring.history import Doing
from calltaker.authoring.sound_length import NotASoundError, measure
from calltaker.errors import NotFoundError, RefusedError
from models.menu_parts import PromptRecording

MOST_BYTES = 5_000_000
LONGEST_SECONDS = 60.0
SHORTEST_SECONDS = 0.3
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Recording:
    """What the page lists of a recording."""

    id: str
    name: str
    seconds: float


def take(session: Session, data: bytes, name: str, doing: Doing) -> Recording:
    """Keep an upload.

    Raises:
        RefusedError: no sound, too large, too short or too long.
    """
    if len(data) > MOST_BYTES:
        raise RefusedError("The sound is larger than 5 MB.", "Shorten it, or save it as MP3.")
    try:
        sound = measure(data)
    except NotASoundError as wrong:
        raise RefusedError(
            f"The sound cannot be used: {wrong.what}.", "Save it as WAV (PCM) or MP3 and try again."
        ) from wrong
    if not SHORTEST_SECONDS <= sound.seconds <= LONGEST_SECONDS:
        raise RefusedError(
            f"The sound lasts {sound.seconds:.1f} s; a prompt lasts 0.3 to 60 s.",
            "Cut it and try again.",
        )
    found = PromptRecording(
        id=hashlib.sha256(data).hexdigest(),
        media_type=sound.media_type,
        seconds=round(sound.seconds, 2),
        data=data,
        name=_cleaned(name),
        uploaded_by=doing.by,
        uploaded_at=doing.at,
    )
    known = session.get(PromptRecording, found.id)
    if known is None:
        session.add(found)
        session.flush()
    kept = known or found
    return Recording(kept.id, kept.name, kept.seconds)


def read_recording(session: Session, recording: str) -> PromptRecording:
    """A recording with its bytes.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(PromptRecording, recording)
    if found is None:
        raise NotFoundError("There is no such recording.", "Choose one of the list.")
    return found


def _cleaned(name: str) -> str:
    """A name to show: printable, short, and nothing of anybody's folders."""
    last = name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]
    shown = " ".join("".join(c if c.isprintable() else " " for c in last).split())
    return shown[:_LONGEST_NAME] or "recording"
