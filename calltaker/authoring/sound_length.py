"""What an uploaded sound is and how long it lasts, read from its own bytes. Pure.

WAV by its chunks, MP3 by walking its frames: a name or a type that somebody claims says nothing.
Total: any bytes give a sound or a `NotASoundError`.
Sources: RIFF WAVE (Microsoft, 1991); ISO/IEC 11172-3 and 13818-3, audio frame header; ID3v2.4.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

WAV = "audio/wav"
MP3 = "audio/mpeg"
_WAV_FORMATS = {1: "PCM", 6: "A-law", 7: "mu-law"}
_RATES = range(8_000, 48_001)
_LEAST_FRAMES = 3
_BITRATES = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Layer III, kbit/s, of MPEG 1 (3) and of MPEG 2 and 2.5 (2)."""
_SAMPLE_RATES = {
    3: (44_100, 48_000, 32_000),
    2: (22_050, 24_000, 16_000),
    0: (11_025, 12_000, 8_000),
}


class NotASoundError(Exception):
    """The bytes are no sound that a telephone can play; `what` says why."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound: its media type by content and its length in seconds."""

    media_type: str
    seconds: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """One MP3 frame: its length in bytes and in seconds."""

    size: int
    seconds: float


def measure(data: bytes) -> SoundFile:
    """Say what the bytes are.

    Raises:
        NotASoundError: neither WAV nor MP3, damaged, or of a form that is not played.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return SoundFile(WAV, _wav_seconds(data))
    if data[:3] == b"ID3" or _frame(data, 0) is not None:
        return SoundFile(MP3, _mp3_seconds(data))
    raise NotASoundError("it is neither a WAV nor an MP3 file")


def _wav_seconds(data: bytes) -> float:
    bytes_a_second = 0
    for name, begin, size in _chunks(data):
        if name == b"fmt ":
            bytes_a_second = _wav_form(data[begin : begin + size])
        if name == b"data":
            if not bytes_a_second:
                break
            return min(size, len(data) - begin) / bytes_a_second
    raise NotASoundError("the WAV file is damaged: it has no sound")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and length of every chunk."""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, at + 8, size
        at += 8 + size + size % 2


def _wav_form(form: bytes) -> int:
    """Bytes a second."""
    if len(form) < 16:
        raise NotASoundError("the WAV file is damaged")
    kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", form)
    if kind not in _WAV_FORMATS or channels not in (1, 2) or bits not in (8, 16):
        raise NotASoundError("a WAV file is played as PCM, A-law or mu-law of 8 or 16 bits")
    if rate not in _RATES or block != channels * bits // 8:
        raise NotASoundError("a WAV file is played at 8 to 48 kHz")
    return int(rate * block)


def _mp3_seconds(data: bytes) -> float:
    at, seconds, frames = _after_id3(data), 0.0, 0
    while (frame := _frame(data, at)) is not None:
        if at + frame.size > len(data):
            break
        if not (frames == 0 and _is_index(data[at : at + frame.size])):
            seconds += frame.seconds
        frames += 1
        at += frame.size
    if frames < _LEAST_FRAMES or not _is_end(data[at:]):
        raise NotASoundError("the MP3 file is damaged")
    return seconds


def _after_id3(data: bytes) -> int:
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    parts = data[6:10]
    size = sum((part & 0x7F) << shift for part, shift in zip(parts, (21, 14, 7, 0), strict=True))
    return 10 + size + (10 if data[5] & 0x10 else 0)


def _frame(data: bytes, at: int) -> _Frame | None:
    """The Layer III frame whose header stands at `at`, None where none does."""
    header = data[at : at + 4]
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate_at, rate_at, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version not in _SAMPLE_RATES or layer != 1 or bitrate_at in (0, 15) or rate_at == 3:
        return None
    rate = _SAMPLE_RATES[version][rate_at]
    bitrate = _BITRATES[3 if version == 3 else 2][bitrate_at] * 1000
    samples = 1152 if version == 3 else 576
    return _Frame(samples // 8 * bitrate // rate + padding, samples / rate)


def _is_index(frame: bytes) -> bool:
    """Whether the first frame only tells of the others (Xing, Info, VBRI)."""
    return any(mark in frame[:64] for mark in (b"Xing", b"Info", b"VBRI"))


def _is_end(rest: bytes) -> bool:
    """Whether nothing but tags, silence of a writer or a cut last frame follows."""
    return (
        rest[:3] in (b"", b"TAG")
        or rest[:8] in (b"APETAGEX", b"LYRICSBE")
        or not rest.strip(b"\0")
        or _frame(rest, 0) is not None
    )
