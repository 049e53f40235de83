"""The sound of a call: the right clips in the right order, of the right length, and to be heard."""

import io
import os
import struct
import tracemalloc
import wave
from array import array
from math import sqrt
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.voice import RATE, ROUND_GAP, SENTENCE_GAP, WORD_GAP, as_wav, missing, read_clip, silence, spoken_wav
from reception.rules.announcement import Clip, announcement

CALL = announcement("A035", "12号窗口", "Counter 12")
CLIPS = sorted({clip for sentence in CALL for clip in sentence}, key=lambda clip: clip.file)


def sound(seed: str, seconds: float = 0.0) -> bytes:
    """Return noise that belongs to this seed alone, of a length that does too unless it is given."""
    random = Random(seed)
    frames = round(seconds * RATE) or random.randrange(RATE // 10, RATE // 4)
    return array("h", [random.randrange(-20_000, 20_000) for _ in range(frames)]).tobytes()


def samples_of(content: bytes | None) -> bytes:
    """Return the samples of a WAV that must be mono, 16 bit, 22050 Hz."""
    assert content is not None
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        samples: bytes = file.readframes(file.getnframes())
        return samples


def loudness(samples: bytes) -> float:
    """Return the root mean square of samples."""
    values = array("h", samples)
    return sqrt(sum(value * value for value in values) / len(values))


def expected(sentences: tuple[tuple[Clip, ...], ...], times: int) -> list[bytes]:
    """Return what must be heard, piece by piece: pauses and clips."""
    pieces = []
    for sentence in sentences:
        for time in range(times):
            pieces.append(silence(ROUND_GAP if time else SENTENCE_GAP))
            for clip in sentence:
                pieces += [sound(clip.file), silence(WORD_GAP)]
            pieces.pop()
    return pieces[1:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a clip of its own sound for each that the call needs."""
    made = tmp_path / "voice"
    made.mkdir()
    for clip in CLIPS:
        (made / clip.file).write_bytes(as_wav(sound(clip.file)))
    return made


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("sentences", [CALL, CALL[:1]])
def test_the_call_of_a035_to_counter_12(folder: Path, sentences: tuple[tuple[Clip, ...], ...], times: int) -> None:
    heard = samples_of(spoken_wav([folder], sentences, times=times))
    pieces = expected(sentences, times)
    at = 0
    for piece in pieces:
        assert heard[at : at + len(piece)] == piece, f"at {at / 2 / RATE:.3f} s"
        at += len(piece)
    assert at == len(heard), "nothing else is said"
    for sentence in sentences:
        for clip in sentence:
            assert loudness(sound(clip.file)) > 5_000
    assert loudness(heard) > 3_000


def test_chinese_is_said_twice_then_english_twice(folder: Path) -> None:
    heard = samples_of(spoken_wav([folder], CALL))
    firsts = [heard.find(sound(Clip("zh", "请").file)), heard.find(sound(Clip("en", "Ticket").file))]
    assert firsts[0] == 0 < firsts[1]
    for clip in (Clip("zh", "请"), Clip("zh", "号窗口"), Clip("en", "Ticket"), Clip("en", "twelve")):
        assert heard.count(sound(clip.file)) == 2, clip
    assert heard.rfind(sound(Clip("zh", "号窗口").file)) < firsts[1]


def test_a_human_voice_goes_before_the_made_one(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "voice-own"
    own.mkdir()
    human, clip = sound("a human", 0.5), Clip("zh", "请")
    (own / clip.file).write_bytes(as_wav(human))
    heard = samples_of(spoken_wav([own, folder], CALL))
    assert heard.startswith(human) and heard.count(human) == 2 and sound(clip.file) not in heard
    assert samples_of(spoken_wav([folder, own], CALL)).startswith(sound(clip.file))
    (own / clip.file).write_bytes(b"RIFF, more or less")
    assert samples_of(spoken_wav([own, folder], CALL)).startswith(sound(clip.file)), "one that is broken does not count"


def test_a_clip_that_is_replaced_is_heard_at_once(folder: Path) -> None:
    clip, other = Clip("zh", "请"), sound("another", len(sound(Clip("zh", "请").file)) / 2 / RATE)
    spoken_wav([folder], CALL)
    written = (folder / clip.file).stat()
    (folder / clip.file).write_bytes(as_wav(other))
    os.utime(folder / clip.file, ns=(written.st_atime_ns, written.st_mtime_ns + 1))
    assert (folder / clip.file).stat().st_size == written.st_size
    assert samples_of(spoken_wav([folder], CALL)).startswith(other)


@pytest.mark.parametrize("lacking", CLIPS, ids=lambda clip: clip.file)
def test_with_a_clip_missing_nothing_is_said(folder: Path, tmp_path: Path, lacking: Clip) -> None:
    (folder / lacking.file).unlink()
    assert spoken_wav([tmp_path / "nowhere", folder], CALL) is None
    assert missing([tmp_path / "nowhere", folder], [*CLIPS, *CLIPS]) == [lacking]


def test_nothing_to_say_is_nothing(folder: Path) -> None:
    assert spoken_wav([folder], []) is None
    assert spoken_wav([folder], [()]) is None
    assert spoken_wav([], CALL) is None
    assert missing([folder], CLIPS) == []


def head(*, rate: int = RATE, channels: int = 1, bits: int = 16, claimed: int, coding: int = 1) -> bytes:
    """Return the head of a WAV file that claims so many bytes of sound."""
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", coding, channels, rate, (rate * block) & 0xFFFFFFFF, block, bits)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", claimed + 36, b"WAVE", b"fmt ", 16)
        + form
        + struct.pack("<4sI", b"data", claimed)
    )


def test_what_cannot_be_played_is_missing(tmp_path: Path) -> None:
    good = as_wav(sound("good", 0.5))
    spoilt = {
        "empty": b"",
        "no WAV": b"ID3\x04" + bytes(2000),
        "no sound": as_wav(b""),
        "cut short": good[:-2],
        "too long": as_wav(silence(10.01)),
        "too large": good + bytes(2 * 1024 * 1024),
        "floats": head(bits=32, claimed=8, coding=3) + bytes(8),
        "a lie": head(claimed=0xFFFF_FF00, rate=0xFFFF_FFFF) + bytes(100),
        "no rate": head(claimed=100, rate=0) + bytes(100),
        "no channel": head(claimed=100, channels=0) + bytes(100),
        "no bits": head(claimed=100, bits=0) + bytes(100),
    }
    for what, content in spoilt.items():
        path = tmp_path / f"{what}.wav"
        path.write_bytes(content)
        assert read_clip(path) is None, what
    (tmp_path / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")
    for name in ("folder.wav", "pipe.wav", "absent.wav", "x" * 300, "a\0b"):
        assert read_clip(tmp_path / name) is None, name
    for content in (good, as_wav(silence(10))):
        (tmp_path / "good.wav").write_bytes(content)
        assert read_clip(tmp_path / "good.wav") == samples_of(content)


def test_a_head_that_lies_takes_no_memory(tmp_path: Path) -> None:
    (tmp_path / "lie.wav").write_bytes(head(claimed=0xFFFF_FF00, rate=0xFFFF_FFFF) + bytes(100))
    tracemalloc.start()
    try:
        assert read_clip(tmp_path / "lie.wav") is None
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=80), at=st.integers(0, 60), kept=st.integers(0, 2000))
def test_no_file_whatever_raises(tmp_path: Path, content: bytes, at: int, kept: int) -> None:
    whole = as_wav(sound("some", 0.04))
    (tmp_path / "x.wav").write_bytes((whole[:at] + content + whole[at + len(content) :])[:kept])
    read = read_clip(tmp_path / "x.wav")
    assert read is None or 0 < len(read) <= 10 * RATE * 2


def wav(samples: "array[int]", *, rate: int, channels: int, width: int) -> bytes:
    """Return a WAV of 16-bit samples in another form; every channel gets the same."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        one = [
            bytes([(value >> 8) + 128]) if width == 1 else struct.pack("<i", value << 16)[4 - width :]
            for value in samples
        ]
        out.writeframes(b"".join(sample * channels for sample in one))
    return file.getvalue()


@pytest.mark.parametrize("rate", [8_000, 16_000, RATE, 44_100, 48_000, 96_000])
@pytest.mark.parametrize(("channels", "width"), [(1, 1), (1, 2), (2, 2), (2, 3), (6, 4)])
def test_recordings_of_any_kind_are_converted(tmp_path: Path, rate: int, channels: int, width: int) -> None:
    """A slope stays the same slope, whatever it was recorded at."""
    seconds = 0.3
    slope = array("h", [round(-12_000 + 24_000 * at / (rate * seconds)) for at in range(round(rate * seconds))])
    (tmp_path / "slope.wav").write_bytes(wav(slope, rate=rate, channels=channels, width=width))
    heard = array("h", read_clip(tmp_path / "slope.wav") or b"")
    assert len(heard) == pytest.approx(RATE * seconds, abs=2)
    wrong = [abs(value - (-12_000 + 24_000 * at / (RATE * seconds))) for at, value in enumerate(heard[:-4])]
    assert max(wrong) < (300 if width == 1 else 20)


def test_channels_are_mixed(tmp_path: Path) -> None:
    both = array("h", [1000, -3000] * 500)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(both.tobytes())
    (tmp_path / "both.wav").write_bytes(file.getvalue())
    assert read_clip(tmp_path / "both.wav") == array("h", [-1000] * 500).tobytes()
