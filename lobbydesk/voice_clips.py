"""The clips of the voice, made by espeak-ng once at set-up; a human voice may replace any of them."""

import re
import shutil
import subprocess
import tempfile
import unicodedata
from array import array
from pathlib import Path
from typing import Final

from db.store import Store
from kiosk.voice import RATE, as_wav, folders, missing, read_clip
from reception import lines
from reception.rules.announcement import Clip, needed
from reception.site import site

PEAK: Final = 0.8 * 32767
# Quieter than this part of the loudest sample is silence at the ends, save for a margin.
SILENCE: Final = 0.015
MARGIN: Final = RATE // 100
# Words per minute: a lobby echoes, and the old listen too.
SPEED: Final = {"cmn-latn-pinyin": 140, "en": 150}


class CannotSpeak(Exception):
    """There is nothing to make clips with; the message is a plain sentence."""


def templates(store: Store) -> tuple[str, str]:
    """The sentences of a call as this centre has them, in Chinese and in English (empty: no English)."""
    centre = site(store)
    return centre.voice_zh, centre.voice_en


def clips(store: Store) -> list[Clip]:
    """Every clip that a call in this centre may need."""
    zh, en = templates(store)
    prefixes = [line.prefix for line in (*lines.lines(store), *lines.in_private(store), lines.guest_line(store))]
    # The room of the visit day bears the name of whichever room the day is held in.
    places = [(counter.name.zh, counter.name.en) for counter in (*lines.counters(store), lines.session_room(store))]
    places += [
        (row["name"], row["name_en"]) for row in store.rows("SELECT name, name_en FROM rooms WHERE active = 1 LIMIT 50")
    ]
    return needed(prefixes, places, template_zh=zh, template_en=en)


def build(store: Store, home: Path, *, everything: bool = False, folder: Path | None = None) -> int:
    """Make the clips that are not there yet (or `everything`) in `home/voice` or another folder; return how many.

    A clip that cannot be said is left out: `kiosk.voice.missing` tells. Raises `CannotSpeak` without espeak-ng when
    there is something to make.
    """
    target = folder or folders(home)[-1]
    wanted = clips(store) if everything else missing([target], clips(store))
    if wanted and shutil.which("espeak-ng") is None:
        raise CannotSpeak("espeak-ng is not installed: apt-get install espeak-ng")
    target.mkdir(parents=True, exist_ok=True)
    made = 0
    for clip in wanted:
        sound = _said(clip)
        if sound is not None:
            _put(target / clip.file, as_wav(sound))
            made += 1
    return made


def _put(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there, and that the service of the kiosk may read."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".clip-", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(content)
            file.flush()
            unfinished.chmod(0o644)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def _said(clip: Clip) -> bytes | None:
    """The samples of a clip, trimmed and as loud as the others; None when nothing can be heard or it has no end."""
    voice, text = _script(clip)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "clip.wav"
        command = ["espeak-ng", "-v", voice, "-s", str(SPEED[voice]), "-b", "1", "-z", "-w", str(path), "--stdin"]
        try:
            subprocess.run(command, input=text.encode("utf-8", "replace"), check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotSpeak(f"espeak-ng does not work: {error}") from error
        sound = read_clip(path)
    return None if sound is None else _levelled(sound)


def _script(clip: Clip) -> tuple[str, str]:
    """The voice of espeak-ng and what it reads: pinyin for Chinese, for it reads characters wrongly (screens.md)."""
    if clip.language == "en" or clip.text.isascii():
        # It would read VIP as a word.
        return "en", re.sub(r"\b[A-Z]{2,4}\b", lambda capitals: " ".join(capitals[0]), clip.text)
    from pypinyin import Style, lazy_pinyin

    text = re.sub(r"[^\w\s]+", "，", unicodedata.normalize("NFKC", clip.text))
    syllables = " ".join(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))
    return "cmn-latn-pinyin", syllables.replace("，", ", ")


def _levelled(sound: bytes) -> bytes | None:
    samples = array("h", sound)
    loudest = max(max(samples), -min(samples))
    heard = [at for at, sample in enumerate(samples) if abs(sample) > SILENCE * loudest]
    if not heard:
        return None
    kept = samples[max(0, heard[0] - MARGIN) : heard[-1] + 1 + MARGIN]
    return array("h", [round(sample * PEAK / loudest) for sample in kept]).tobytes()
