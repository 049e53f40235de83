"""The voice of the call display: clips joined to one WAV per call, by the standard library alone."""

import io
import stat
import sys
import wave
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

from reception.rules.announcement import Clip

# What leaves here, and what a clip becomes when it is read: mono, 16 bits, as espeak-ng speaks.
RATE: Final = 22050
LONGEST_SECONDS: Final = 10
LARGEST_BYTES: Final = 2 * 1024 * 1024

WORD_GAP: Final = 0.06
SENTENCE_GAP: Final = 0.35
ROUND_GAP: Final = 0.7


def folders(home: Path) -> tuple[Path, Path]:
    """Where clips lie below a home, the first that has one wins: the owner's human voice, the generated one."""
    return home / "voice-own", home / "voice"


def spoken_wav(folders: Sequence[Path], sentences: Sequence[Sequence[Clip]], *, times: int = 2) -> bytes | None:
    """The sound of a call as a WAV (mono, 16 bit, 22050 Hz): each sentence so many times, one after the other.

    None when there is nothing to say, or when a clip is missing in every folder.
    """
    said = []
    for sentence in sentences:
        sounds = [sound for sound in (_find(folders, clip) for clip in sentence) if sound is not None]
        if len(sounds) < len(sentence):
            return None
        if sounds:
            said.append(silence(ROUND_GAP).join([silence(WORD_GAP).join(sounds)] * times))
    return as_wav(silence(SENTENCE_GAP).join(said)) if any(said) else None


def missing(folders: Sequence[Path], clips: Iterable[Clip]) -> list[Clip]:
    """Those of the clips that no folder has, each once, in their order; one that cannot be read is missing."""
    return [clip for clip in dict.fromkeys(clips) if _find(folders, clip) is None]


def read_clip(path: Path) -> bytes | None:
    """The samples of a WAV file, mono, 16 bit, 22050 Hz, in the machine's byte order; any PCM is converted.

    None when it is no file, no WAV of PCM, cut short, empty, longer than 10 seconds or larger than 2 MB.
    """
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_BYTES:
        return None
    return _read(path, found.st_mtime_ns, found.st_size)


def as_wav(samples: bytes) -> bytes:
    """A WAV file of samples as `read_clip` gives them."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples)
    return file.getvalue()


def silence(seconds: float) -> bytes:
    """Samples of silence."""
    return bytes(2 * round(seconds * RATE))


def _find(folders: Sequence[Path], clip: Clip) -> bytes | None:
    """The samples of a clip from the first folder that has it in a form that can be read."""
    return next((sound for sound in (read_clip(folder / clip.file) for folder in folders) if sound is not None), None)


# A clip that is replaced has another time or size, and so another key.
@lru_cache(maxsize=256)
def _read(path: Path, mtime_ns: int, size: int) -> bytes | None:
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate, frames, *_ = file.getparams()
            # What the head promises is not believed: a wrong number would ask for gigabytes.
            if not 0 < frames <= LONGEST_SECONDS * rate or frames * channels * width > size:
                return None
            data = file.readframes(frames)
    # RuntimeError is the wave module's own, where a part of the file claims more than there is.
    except (OSError, EOFError, RuntimeError, wave.Error):
        return None
    if len(data) < frames * channels * width:
        return None
    return _resampled(_mono(_sixteen_bits(data, width), channels), rate).tobytes() or None


def _sixteen_bits(data: bytes, width: int) -> "array[int]":
    if width == 1:
        return array("h", [(byte - 128) << 8 for byte in data])
    # The two highest bytes of each sample.
    high = bytearray(len(data) // width * 2)
    first = width - 2 if sys.byteorder == "little" else 0
    high[0::2], high[1::2] = data[first::width], data[first + 1 :: width]
    return array("h", bytes(high))


def _mono(samples: "array[int]", channels: int) -> "array[int]":
    if channels == 1:
        return samples
    frames = zip(*(islice(samples, channel, None, channels) for channel in range(channels)), strict=True)
    return array("h", [sum(frame) // channels for frame in frames])


def _resampled(samples: "array[int]", rate: int) -> "array[int]":
    """The samples at 22050 Hz, each between its neighbours on a straight line."""
    # Halving by the mean of pairs first keeps the hiss of a fine recording from coming back as a whistle.
    while rate >= 2 * RATE:
        samples, rate = (
            array("h", [(a + b) // 2 for a, b in zip(samples[0::2], samples[1::2], strict=False)]),
            rate // 2,
        )
    if rate == RATE:
        return samples
    last = len(samples) - 1
    out = array("h")
    for at in range(len(samples) * RATE // rate):
        before, past = divmod(at * rate, RATE)
        here, there = samples[min(before, last)], samples[min(before + 1, last)]
        out.append(here + (there - here) * past // RATE)
    return out
