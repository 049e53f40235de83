"""Printing past the spool: for a paper with a secret, which nothing may keep; who stands by sees how it went."""

import threading

from db.printers import Printer
from printing import documents
from printing.delivery import Delivery
from printing.devices import ConnectionLost, PrinterAbsent, open_device
from printing.devices.probe import probe
from printing.layout import Profile
from reception import papers

# The spool counts its papers from 1: no confirmation of this one is taken for one of those.
JOB = 0
OUT = frozenset({"printed", "sent"})


def print_now(printer: Printer, paper: papers.Paper) -> str:
    """Print one paper at once; return `printed`, `sent` (nobody can say more), or in plain words why neither.

    Nothing is sent twice: whether it came out, the person at the printer sees.
    """
    data = documents.build(paper, Profile.of(printer), job_id=JOB)
    try:
        device = open_device(printer.address)
    except (PrinterAbsent, PermissionError) as absent:
        return f"no way to the printer: {absent}"
    try:
        found = probe(device)
        delivery = Delivery(
            device,
            found.confirms,
            JOB,
            note=lambda _: None,
            meanwhile=lambda: True,
            alive=lambda: None,
            stop=threading.Event(),
        )
        outcome, why = delivery.run(data)
    except PrinterAbsent as absent:
        return str(absent)
    except ConnectionLost:
        return "the printer was lost before the paper was sent"
    finally:
        device.close()
    return outcome if outcome in OUT else f"nobody knows whether it came out ({why or 'nothing was sent'})"
