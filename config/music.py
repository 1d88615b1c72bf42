"""The piece of a city pack that waiting callers hear: read and checked at the start.

Names every fault. A WAV file, because its length can be read: it is played as often as fills one half
of the time between two announcements.
"""

import hashlib
import io
import wave
from dataclasses import dataclass
from pathlib import Path

from ivr.rules.announcements import MUSIC_SECONDS
from ivr.runtime import Sound

SHORTEST_SECONDS, LONGEST_SECONDS = 3.0, 20.0
MOST_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Music:
    """A piece of music under its id, the SHA-256 of its bytes; `plays` is how often it is played."""

    recording: str
    sound: Sound
    plays: int


def music_of(folder: Path, name: object, faults: list[str]) -> Music | None:
    """The music named by a city pack; None where it names none, which is silence."""
    if name is None:
        return None
    try:
        content = (folder / str(name)).read_bytes()
        seconds = _seconds(content)
    except (OSError, EOFError, ZeroDivisionError, wave.Error) as error:
        faults.append(f"pack.yaml: music: {name}: is no WAV file ({type(error).__name__})")
        return None
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS or len(content) > MOST_BYTES:
        faults.append(
            f"pack.yaml: music: {name}: lasts {seconds:.1f} s; from {SHORTEST_SECONDS:g} to"
            f" {LONGEST_SECONDS:g} s, and at most {MOST_BYTES} bytes"
        )
        return None
    recording = hashlib.sha256(content).hexdigest()
    plays = max(1, round(MUSIC_SECONDS / seconds))
    return Music(recording, Sound("audio/wav", content), plays)


def _seconds(content: bytes) -> float:
    with wave.open(io.BytesIO(content)) as piece:
        return float(piece.getnframes() / piece.getframerate())
