"""The day's log on the thermal printer (工作日志): its figures and its lines, for the folder and the next shift."""

from datetime import datetime
from zoneinfo import ZoneInfo

from db.store import Store
from reception import day_checks, events, log_notes, nonces, papers, sequences, spooling, work_log
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, said_times
from reception.site import site
from reception.wording import Words
from reception.work_log import Line, Log

# About two metres of paper; the rest is on the screen and on A4.
MOST = 120
# Whoever prints it: a paper shows what everybody at the desk may know.
READER = Actor(Role.RECEPTIONIST)


def print_day(store: Store, *, nonce: str, on: str = "", by: Actor, now: datetime) -> int:
    """Queue the log of a day (ISO; '' for today) at the desk's printer; return the job id. The same nonce prints one.

    Refuses `date_invalid`, `printer_unknown`, and what nonces refuse.
    """
    permit(by, "print_log")

    def make(at: datetime) -> int:
        log = work_log.day(store, on=on, by=READER, now=now)
        ref = f"work_log:{sequences.take(store, 'work_log')}"
        paper = _paper(store, log, by, at)
        job = spooling.enqueue(store, site(store), paper, ref=ref, at=at, now=now, printer=spooling.desk_printer(store))
        if job is None:
            raise Refused("printer_unknown")
        day = int(f"{log.day:%Y%m%d}")
        events.record(store, "print_log", "day", day, by=by, at=at, job=job, lines=len(log.lines))
        return job

    return nonces.once(store, nonce, "print_log", {"day": on}, now=now, make=make)


def _paper(store: Store, log: Log, by: Actor, at: datetime) -> papers.WorkLog:
    centre, figures = site(store), _figures(store, log)
    return papers.WorkLog(
        **spooling.heading(centre, at),
        day=Words(*said_times.day(log.day)),
        figures=tuple(label for label, _count in figures),
        counts=tuple(count for _label, count in figures),
        lines=tuple(_line(line, centre.zone) for line in log.lines[:MOST]),
        more=max(0, len(log.lines) - MOST),
        printed_by=by.name,
    )


def _figures(store: Store, log: Log) -> list[tuple[Words, str]]:
    """Return what the day had, without what it had none of, and how its checklists stand."""
    named = work_log.names()
    found = [(named[code], str(count)) for code, count in log.counts.items() if count]
    for part, counted in day_checks.figures(store, log.day).items():
        every = sum(counted.values())
        if every:
            found.append((day_checks.PARTS[part], f"{every - counted['open']}/{every}"))
    return found


def _line(line: Line, zone: ZoneInfo) -> Words:
    time = clock.from_text(line.at).astimezone(zone).strftime("%H:%M")
    if line.kind in log_notes.KINDS:
        return Words(f"{time} {line.title.zh}：{line.matter.zh}（{line.by_name.zh}）", line.title.en)
    said = (line.title.zh, line.no, line.matter.zh, line.result.zh, line.by_name.zh)
    parts = [part for part in said if part]
    english = [part for part in (line.title.en, line.matter.en, line.result.en) if part]
    return Words(f"{time} {' '.join(parts)}", ", ".join(english))
