"""The ways to a printer: TCP 9100, USB, a queue of CUPS, a folder. All behave as `Device` promises."""

from db.printers import parse_address
from printing.devices.conversation import REPLY_SECONDS, Conversation
from printing.devices.cups import CupsQueue
from printing.devices.device import Condition, ConnectionLost, Device, PrinterAbsent
from printing.devices.folder import PaperFolder
from printing.devices.replies import confirmation, process_id
from printing.devices.tcp import CONNECT_SECONDS, TcpLine
from printing.devices.usb import UsbLine

__all__ = [
    "CONNECT_SECONDS",
    "REPLY_SECONDS",
    "Condition",
    "ConnectionLost",
    "Device",
    "PrinterAbsent",
    "confirmation",
    "open_device",
    "process_id",
]


def open_device(address: str, *, answers: bool = True) -> Device:
    """Open the way to a printer: `tcp://HOST:PORT`, `usb:PATH`, `cups:QUEUE` or `folder:PATH`.

    `answers` is False for a printer known to answer no status questions: it is then ready as soon as the connection
    stands. Raises `PrinterAbsent` with the reason, also for what is no address; and PermissionError from USB, which
    must end the process (see `UsbLine`).
    """
    try:
        kind, place = parse_address(address)
    except ValueError as error:
        raise PrinterAbsent(str(error)) from None
    if kind == "tcp":
        return Conversation(TcpLine(place), answers=answers)
    if kind == "usb":
        return Conversation(UsbLine(place), answers=answers)
    if kind == "cups":
        return CupsQueue(place)
    return PaperFolder(place)
