"""`lobbydesk voice` with a real espeak-ng: clips are made once, listed, replaced by a human voice, joined to a call."""

import os
import subprocess
import sys
import wave
from array import array
from math import sqrt
from pathlib import Path

import pytest

from db.store import Store, writing
from kiosk.voice import RATE, ROUND_GAP, SENTENCE_GAP, WORD_GAP, as_wav, read_clip, silence
from lobbydesk import voice_clips
from reception.rules.announcement import DEFAULT_EN, DEFAULT_ZH, Clip

ROOT = Path(__file__).parent.parent
COMMAND = [sys.executable, "-W", "error", "-m", "lobbydesk", "voice"]
A035_TO_COUNTER_12 = (
    "zh-请,zh-A,zh-零,zh-三,zh-五,zh-号到,zh-十,zh-二,zh-号窗口",
    "en-Ticket,en-A,en-zero,en-three,en-five,en-please go to,en-Counter,en-twelve",
)


def command(home: Path, *words: str, path: str | None = None) -> tuple[int, bytes, str]:
    """Run it; return status, output and what it said of trouble."""
    environment = os.environ if path is None else {**os.environ, "PATH": path}
    done = subprocess.run(
        [*COMMAND, *words, "--home", str(home)], cwd=ROOT, capture_output=True, timeout=90, check=False, env=environment
    )
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture(scope="session")
def clips_made(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Path:
    """A folder with the clips of the demo's centre, made once by the command."""
    folder = tmp_path_factory.mktemp("clips") / "made"
    status, said, trouble = command(seeded, "build", "--folder", str(folder))
    assert (status, trouble) == (0, "") and said.decode().endswith(f"in {folder}\n")
    return folder


@pytest.fixture
def voiced(home: Path, clips_made: Path) -> Path:
    """A centre whose clips are made."""
    (home / "voice").mkdir()
    for clip in clips_made.iterdir():
        (home / "voice" / clip.name).write_bytes(clip.read_bytes())
    return home


def seconds(sound: bytes) -> float:
    """Return the length of samples."""
    return len(sound) / 2 / RATE


def loudness(sound: bytes) -> float:
    """Return the root mean square of samples."""
    values = array("h", sound)
    return sqrt(sum(value * value for value in values) / len(values))


def test_every_clip_of_the_centre_is_there_loud_and_of_a_likely_length(store: Store, clips_made: Path) -> None:
    wanted = voice_clips.clips(store)
    assert {clip.file for clip in wanted} == {path.name for path in clips_made.iterdir()}, "and no unfinished file"
    for clip in wanted:
        sound = read_clip(clips_made / clip.file)
        assert sound is not None
        short = len(clip.text) == 1 or clip.language == "en"
        assert 0.2 <= seconds(sound) <= (0.7 if clip.text in "零一二三四五六七八九十" else 1.2 if short else 2.0), clip
        samples = array("h", sound)
        assert max(map(abs, samples)) == pytest.approx(0.8 * 32767, abs=2), clip
        assert loudness(sound) > 2_000, clip
        # Silence is trimmed: within 20 ms of both ends something is heard.
        near = RATE // 50
        assert max(map(abs, samples[:near])) > 300 and max(map(abs, samples[-near:])) > 300, clip
    mode = (clips_made / wanted[0].file).stat().st_mode
    assert mode & 0o044 == 0o044, "the kiosk's own user reads it"


def test_clips_differ(store: Store, clips_made: Path) -> None:
    """Chinese read as English, or letters left out, would make several the same or nothing."""
    chinese = [clip for clip in voice_clips.clips(store) if clip.language == "zh"]
    assert len({(clips_made / clip.file).read_bytes() for clip in chinese}) == len(chinese)


def test_the_script_for_espeak() -> None:
    script = voice_clips._script
    assert script(Clip("zh", "号窗口")) == ("cmn-latn-pinyin", "hao4 chuang1 kou3")
    assert script(Clip("zh", "绿色（二楼")) == ("cmn-latn-pinyin", "lv4 se4 ,  er4 lou2")
    assert script(Clip("zh", "A")) == ("en", "A")
    assert script(Clip("zh", "VIP")) == ("en", "V I P")
    assert script(Clip("en", "please go to")) == ("en", "please go to")


def test_the_sound_of_a035_to_counter_12(voiced: Path, tmp_path: Path) -> None:
    """Each clip stands where it must, as it was made, and nothing stands between but the pauses."""
    out = tmp_path / "out.wav"
    words = ("say", "A035", "12号窗口", "--english", "Counter 12")
    assert command(voiced, *words, "--out", str(out)) == (0, b"", "")
    with wave.open(str(out)) as file:
        heard = file.readframes(file.getnframes())
    at, total = 0, 0.0
    for sentence in A035_TO_COUNTER_12:
        for time in range(2):
            if at:
                pause = silence(ROUND_GAP if time else SENTENCE_GAP)
                assert heard[at : at + len(pause)] == pause
                at += len(pause)
            for place, name in enumerate(sentence.split(",")):
                at += len(silence(WORD_GAP)) if place else 0
                sound = read_clip(voiced / "voice" / f"{name}.wav")
                assert sound is not None and loudness(sound) > 2_000
                assert heard[at : at + len(sound)] == sound, name
                at, total = at + len(sound), total + seconds(sound)
    assert at == len(heard)
    assert 12 < seconds(heard) < 30 and total < seconds(heard)
    assert loudness(heard) > 2_000
    assert command(voiced, *words)[1] == out.read_bytes(), "the same on standard output"


def test_english_is_that_of_the_counter_of_that_name(voiced: Path) -> None:
    assert (
        command(voiced, "say", "A035", "2号窗口")[1]
        == command(voiced, "say", "a035", "2号窗口", "--english", "Counter 2")[1]
    )
    chinese = command(voiced, "say", "A035", "2号窗口", "--english", "")[1]
    assert len(chinese) < len(command(voiced, "say", "A035", "2号窗口")[1])


def test_only_what_is_missing_is_made(voiced: Path) -> None:
    folder = voiced / "voice"
    (folder / "zh-三.wav").unlink()
    (folder / "zh-请.wav").write_bytes(b"half a file")
    kept = (folder / "zh-零.wav").stat().st_mtime_ns
    assert "2 missing" in command(voiced, "list")[1].decode()
    assert command(voiced, "build")[:2] == (0, f"made 2 clips in {folder}\n".encode())
    assert command(voiced, "build")[1].startswith(b"made 0 clips")
    assert (folder / "zh-零.wav").stat().st_mtime_ns == kept
    assert "0 missing" in command(voiced, "list")[1].decode()


def test_all_are_made_anew_when_asked(voiced: Path, store: Store) -> None:
    kept = (voiced / "voice" / "zh-零.wav").stat().st_mtime_ns
    assert voice_clips.build(store, voiced, everything=True) == len(voice_clips.clips(store))
    assert (voiced / "voice" / "zh-零.wav").stat().st_mtime_ns > kept


def test_a_new_counter_needs_its_words(voiced: Path, store: Store) -> None:
    with writing(store):
        store.execute("INSERT INTO counters (no, name, name_en) VALUES ('9', '洽谈室', 'Talk room')")
    status, sound, said = command(voiced, "say", "A035", "洽谈室")
    assert (status, sound) == (1, b"") and "zh-洽谈室.wav, en-Talk room.wav" in said and "voice build" in said
    assert voice_clips.build(store, voiced) == 2
    assert voice_clips.build(store, voiced) == 0
    assert command(voiced, "say", "A035", "洽谈室")[0] == 0


def test_a_human_voice_is_listed_and_heard(voiced: Path) -> None:
    own = voiced / "voice-own"
    own.mkdir()
    human = array("h", [9_000, -9_000] * 4_000).tobytes()
    (own / "zh-请.wav").write_bytes(as_wav(human))
    (own / "zh-三.wav").write_bytes(b"not a WAV")
    (own / "zh-清.wav").write_bytes(as_wav(human))
    _, listed, trouble = command(voiced, "list")
    lines = listed.decode().splitlines()
    assert "own      zh-请.wav" in lines and "made     zh-零.wav" in lines
    assert "made, the one in voice-own cannot be read zh-三.wav" in lines
    assert "no call needs" in trouble and "zh-清.wav" in trouble
    assert lines[-1].endswith("1 own, 0 missing")
    assert command(voiced, "say", "A035", "1号窗口")[1][44:].startswith(human)


def test_trouble_is_a_sentence(voiced: Path, home: Path, tmp_path: Path) -> None:
    assert command(tmp_path / "nowhere", "list")[2].startswith("there is no store")
    status, sound, said = command(voiced, "say", "A35", "1号窗口")
    assert (status, sound, said) == (1, b"", "refused: ticket no invalid (a ticket is A035)\n")
    (voiced / "voice" / "zh-三.wav").unlink()
    status, _, said = command(voiced, "build", path=str(tmp_path))
    assert (status, said) == (1, "espeak-ng is not installed: apt-get install espeak-ng\n")
    assert command(voiced, "list", path=str(tmp_path))[0] == 0, "only making needs it"


def test_an_espeak_that_fails_leaves_nothing_half_done(home: Path, store: Store, tmp_path: Path) -> None:
    fake = tmp_path / "espeak-ng"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    status, _, said = command(home, "build", path=f"{tmp_path}:{os.environ['PATH']}")
    assert status == 1 and said.startswith("espeak-ng does not work")
    assert list((home / "voice").iterdir()) == []
    # One that makes no sound leaves the clips missing, and says which.
    fake.write_text("#!/bin/sh\nexit 0\n")
    status, made, said = command(home, "build", path=f"{tmp_path}:{os.environ['PATH']}")
    assert status == 1 and made.startswith(b"made 0 clips") and "cannot be said: 请" in said


def test_the_sentences_are_those_of_the_centre(store: Store) -> None:
    assert voice_clips.templates(store) == (DEFAULT_ZH, DEFAULT_EN)
