"""The music of a city pack: read whole, played as often as fills its time, and refused by name."""

import io
import wave

import pytest

from config.music import music_of
from ivr.rules.announcements import MUSIC_SECONDS

pytestmark = pytest.mark.rules


def wav(seconds, rate=800):
    written = io.BytesIO()
    with wave.open(written, "wb") as piece:
        piece.setnchannels(1)
        piece.setsampwidth(1)
        piece.setframerate(rate)
        piece.writeframes(b"\x80" * int(seconds * rate))
    return written.getvalue()


@pytest.mark.parametrize(("seconds", "plays"), [(4, 4), (8, 2), (MUSIC_SECONDS, 1), (20, 1)])
def test_a_piece_is_played_as_often_as_fills_its_time(tmp_path, seconds, plays):
    (tmp_path / "music.wav").write_bytes(wav(seconds))
    faults = []
    music = music_of(tmp_path, "music.wav", faults)
    assert (music.plays, faults) == (plays, [])
    assert music.sound.content == wav(seconds)


def test_no_music_is_silence_and_no_fault(tmp_path):
    faults = []
    assert music_of(tmp_path, None, faults) is None
    assert faults == []


@pytest.mark.parametrize("content", [b"", b"ID3 an mp3", wav(2), wav(21), wav(4)[:30], None])
def test_what_is_no_short_wav_file_is_a_fault(tmp_path, content):
    if content is not None:
        (tmp_path / "music.wav").write_bytes(content)
    faults = []
    assert music_of(tmp_path, "music.wav", faults) is None
    assert len(faults) == 1
    assert "music.wav" in faults[0]
