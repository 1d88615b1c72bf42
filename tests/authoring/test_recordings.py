"""Uploaded prompts are what their bytes say, as long as their frames say, and no larger than allowed."""

import io
import struct
import wave

import pytest

from calltaker.authoring.sound_length import MP3, WAV, NotASoundError, measure
from models.menu_parts import PromptRecording
from tests.authoring.authoring_stage import City, Editor

pytestmark = pytest.mark.database

AT = "/menus/api/recordings"


def wav(seconds: float, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(b"\1" * int(seconds * rate) * channels * width)
    return out.getvalue()


def mu_law(seconds: float) -> bytes:
    sound = b"\x7f" * int(8000 * seconds)
    form = struct.pack("<HHIIHH", 7, 1, 8000, 8000, 1, 8)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def mp3(frames: int, header: bytes = b"\xff\xfb\x90\x00", size: int = 417) -> bytes:
    """MPEG 1, Layer III, 128 kbit/s, 44.1 kHz: 1152 samples a frame."""
    return (header + b"\0" * (size - 4)) * frames


def id3(size: int) -> bytes:
    parts = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\4\0\0" + parts + b"\xff" * size


A_SECOND = 1152 / 44100
XING = b"\xff\xfb\x90\x00" + b"\0" * 32 + b"Xing" + b"\0" * 377

SOUNDS = [
    (wav(2.0), WAV, 2.0),
    (wav(1.5, rate=44100, channels=2), WAV, 1.5),
    (wav(3.0, width=1), WAV, 3.0),
    (mu_law(2.5), WAV, 2.5),
    (wav(2.0)[:-8000], WAV, 1.5),
    (mp3(100), MP3, 100 * A_SECOND),
    (id3(300) + mp3(50), MP3, 50 * A_SECOND),
    (mp3(40) + b"TAG" + b" " * 125, MP3, 40 * A_SECOND),
    (XING + mp3(40), MP3, 40 * A_SECOND),
    (mp3(40)[:-100], MP3, 39 * A_SECOND),
    (mp3(30, b"\xff\xf3\x40\x00", 104), MP3, 30 * 576 / 22050),
]


@pytest.mark.parametrize(("data", "kind", "seconds"), SOUNDS)
def test_a_sound_is_known_and_measured_by_its_bytes(data: bytes, kind: str, seconds: float):
    sound = measure(data)
    assert sound.media_type == kind
    assert sound.seconds == pytest.approx(seconds, abs=0.03)


NO_SOUNDS = [
    b"",
    b"RIFF",
    b"RIFF\0\0\0\0WAVE",
    b"<script>alert(1)</script>",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    b"ID3" + b"\xff" * 40,
    mp3(1),
    mp3(10) + b"<html>" * 100,
    wav(1.0)[:30],
    wav(1.0, width=4),
    wav(1.0, rate=96000),
    b"RIFF\0\0\0\0WAVE" + b"fmt \x10\0\0\0" + b"\0" * 16,
    b"RIFF\0\0\0\0WAVE" + b"junk\xff\xff\xff\xff" + b"\0" * 16,
]


@pytest.mark.parametrize("data", NO_SOUNDS)
def test_what_is_no_sound_is_refused_whatever_it_is_called(data: bytes):
    with pytest.raises(NotASoundError):
        measure(data)


def upload(person: Editor, data: bytes, filename: str = "prompt.wav", name: str = ""):
    person.person.state()
    return person.client.post(
        AT,
        data={"file": (io.BytesIO(data), filename), "name": name},
        headers={"X-CSRFToken": person.person.token},
    )


def test_an_upload_is_kept_once_and_staff_can_listen(city: City):
    person = city.editor()
    first = upload(person, wav(2.0), name="../../etc/Welcome\x00 <b>").json
    assert first["seconds"] == 2.0
    assert first["name"] == "Welcome <b>"
    assert len(first["id"]) == 64
    again = upload(person, wav(2.0), name="other").json
    assert again["id"] == first["id"]
    assert len(city.house.rows(PromptRecording)) == 1
    heard = person.client.get(f"{AT}/{first['id']}")
    assert (heard.data, heard.headers["Content-Type"]) == (wav(2.0), "audio/wav")
    assert heard.headers["X-Content-Type-Options"] == "nosniff"
    listed = person.state("/menus/api/menu/menu")["catalogue"]["recordings"]
    assert listed == [{"id": first["id"], "name": "Welcome <b>", "seconds": 2.0}]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (wav(61.0), 422),
        (wav(0.1), 422),
        (b"<html>", 422),
        (b"\0" * 5_000_001, 422),
        (b"\0" * 6_000_000, 413),
    ],
    ids=["too long", "too short", "no sound", "just too large", "far too large"],
)
def test_an_upload_that_cannot_be_played_is_refused(city: City, data: bytes, status: int):
    answer = upload(city.editor(), data)
    assert answer.status_code == status, answer.text
    assert answer.json["what_to_do"]
    assert city.house.rows(PromptRecording) == []


def test_an_order_without_a_file_says_so(city: City):
    person = city.editor()
    assert person.post(AT, {}).status_code == 422
    assert person.client.get(f"{AT}/{'0' * 64}").status_code == 404
