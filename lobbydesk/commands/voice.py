"""`lobbydesk voice`: make the clips of the call display's voice, list them, and hear one call."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path

if TYPE_CHECKING:
    from db.store import Store

# What to do about a refusal, where its name does not say it.
CURES = {
    "template_invalid": "it holds {ticket}, then {place}, each once, in at most 80 characters",
    "ticket_no_invalid": "a ticket is A035",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="build|say|list")
    build = acts.add_parser("build", help="make the clips that are missing, with espeak-ng")
    build.add_argument("--folder", type=Path, help="where to (default: voice in the home)")
    build.add_argument("--all", action="store_true", help="also those that are there")
    say = acts.add_parser("say", help="write the sound of one call, as WAV")
    say.add_argument("ticket", help="its number, such as A035")
    say.add_argument("place", help="where to, in Chinese, such as 12号窗口")
    say.add_argument("--english", help="the same in English (default: as the counter of that name is called)")
    say.add_argument("--out", type=Path, help="the file to write (default: standard output)")
    listing = acts.add_parser("list", help="list the clips that calls may need: made, own (a human voice) or missing")
    for one in (build, say, listing):
        add_home(one)


def run(options: argparse.Namespace) -> int:
    """Do one act; 1 when it was refused, or a clip is missing."""
    from db.migrations import check
    from db.store import open_store
    from lobbydesk.voice_clips import CannotSpeak
    from reception import SCHEMA

    path = store_path(options.home)
    if not path.exists():
        print(
            f"there is no store in {options.home}: run `lobbydesk migrate` or `lobbydesk demo` first", file=sys.stderr
        )
        return 1
    store = open_store(path)
    try:
        check(store, [SCHEMA])
        acts = {"build": _build, "say": _say, "list": _list}
        return acts[options.act](store, options)
    except CannotSpeak as reason:
        print(reason, file=sys.stderr)
        return 1
    except ValueError as refused:
        code = str(refused)
        if code not in CURES:
            raise
        print(f"refused: {code.replace('_', ' ')} ({CURES[code]})", file=sys.stderr)
        return 1
    finally:
        store.close()


def _build(store: "Store", options: argparse.Namespace) -> int:
    from kiosk.voice import folders, missing
    from lobbydesk import voice_clips

    target = options.folder or folders(options.home)[-1]
    made = voice_clips.build(store, options.home, everything=options.all, folder=options.folder)
    print(f"made {made} clips in {target}")
    for clip in (lacking := missing([target], voice_clips.clips(store))):
        print(f"cannot be said: {clip.text}", file=sys.stderr)
    return 1 if lacking else 0


def _say(store: "Store", options: argparse.Namespace) -> int:
    from kiosk.voice import folders, missing, spoken_wav
    from lobbydesk.voice_clips import templates
    from reception import lines
    from reception.rules.announcement import announcement

    if options.out is None and sys.stdout.isatty():
        print("this writes sound: say where to, --out FILE or > FILE", file=sys.stderr)
        return 1
    english = options.english
    if english is None:
        english = next((one.name.en for one in lines.counters(store) if one.name.zh == options.place), "")
    zh, en = templates(store)
    sentences = announcement(options.ticket, options.place, english, template_zh=zh, template_en=en)
    sound = spoken_wav(folders(options.home), sentences)
    if sound is None:
        lacking = missing(folders(options.home), [clip for sentence in sentences for clip in sentence])
        print(
            f"clips are missing: {', '.join(clip.file for clip in lacking)}; `lobbydesk voice build` makes those of the"
            f" centre's own lines and counters",
            file=sys.stderr,
        )
        return 1
    if options.out is None:
        sys.stdout.buffer.write(sound)
    else:
        options.out.write_bytes(sound)
    return 0


def _list(store: "Store", options: argparse.Namespace) -> int:
    from kiosk.voice import folders, read_clip
    from lobbydesk.voice_clips import clips

    own, made = folders(options.home)
    wanted = clips(store)
    states = []
    for clip in wanted:
        replaced = read_clip(own / clip.file) is not None
        states.append("own" if replaced else "made" if read_clip(made / clip.file) is not None else "missing")
        # A recording in a format that is not read would go unheard without a word.
        spoilt = ", the one in voice-own cannot be read" if not replaced and (own / clip.file).exists() else ""
        print(f"{states[-1] + spoilt:8} {clip.file}")
    for path in sorted(own.glob("*")) if own.is_dir() else []:
        if path.name not in {clip.file for clip in wanted}:
            print(f"no call needs {path}", file=sys.stderr)
    print(f"{len(wanted)} clips: {', '.join(f'{states.count(state)} {state}' for state in ('made', 'own', 'missing'))}")
    return 0
