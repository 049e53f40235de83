"""The line to a printer on USB, through the kernel's usblp (`/dev/usb/lp0`)."""

import errno
import os
import select
import stat

from printing.devices.conversation import CHUNK
from printing.devices.device import PrinterAbsent

USB_MAJOR = 180
# usblp has one block of at most 8 kB under way; a printer that feeds takes it in less.
LAST_BLOCK_SECONDS = 2.0
REASONS = {
    errno.ENOENT: "no printer is plugged in there",
    errno.ENXIO: "no printer is plugged in there",
    errno.ENODEV: "no printer is plugged in there",
    errno.EBUSY: "another program holds the printer",
    errno.EACCES: "this user may not use the printer (group lp)",
}


class UsbLine:
    """The device file `path`, open for both ways.

    Raises `PrinterAbsent`, and PermissionError (EPERM) when the device policy of the unit forbids it: systemd
    resolved the policy when the process started, so the process must end and be started again (`box.md`).
    """

    def __init__(self, path: str) -> None:
        try:
            # NOCTTY: a service has no terminal, and would make one of a line that is a tty.
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as error:
            if error.errno == errno.EPERM:
                raise
            raise PrinterAbsent(REASONS.get(error.errno or 0, error.strerror or str(error))) from None
        if not _is_printer(self._fd):
            os.close(self._fd)
            # A write to a file, or to /dev/null, always succeeds: papers would "print" into nothing.
            raise PrinterAbsent(f"{path} is no printer")

    def fileno(self) -> int:
        """Return the number of the open device file."""
        return self._fd

    def read(self) -> bytes:
        """Return what has come. Empty is no end here: usblp gives an empty packet on as it is. Raises OSError."""
        try:
            return os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""

    def write(self, data: bytes) -> int:
        """Hand over what there is room for; return how many bytes. Raises OSError."""
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        """Close when the printer has taken the block under way, which usblp drops otherwise; wait 2 s at most."""
        if self._fd < 0:
            return
        select.select([], [self._fd], [], LAST_BLOCK_SECONDS)
        os.close(self._fd)
        self._fd = -1


def _is_printer(fd: int) -> bool:
    """Tell a device of the kernel's USB, or a terminal line, from whatever else a path may lead to."""
    about = os.fstat(fd)
    return stat.S_ISCHR(about.st_mode) and (os.major(about.st_rdev) == USB_MAJOR or os.isatty(fd))
