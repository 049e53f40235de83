"""python-escpos, imported so that it leaves nothing behind, as a builder of bytes."""

import logging
import os
import tempfile
import threading
from functools import cache
from typing import Any

_importing = threading.Lock()


@cache
def _import_once() -> Any:
    """Import the library; its temp folder and its logging.basicConfig() stay inside (`printing.md`)."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    before, folder_before = os.environ.get("ESCPOS_CAPABILITIES_PICKLE_DIR"), tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = tempfile.tempdir = folder
        try:
            from escpos import printer
        finally:
            tempfile.tempdir = folder_before
            if before is None:
                del os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"]
            else:
                os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = before
            for handler in [handler for handler in root.handlers if handler not in handlers]:
                root.removeHandler(handler)
    return printer


def new_dummy(width_dots: int = 576) -> Any:
    """Return an `escpos.printer.Dummy`: it collects bytes in `output` and touches no device.

    No bundled profile fits (`printing.md`); ours says how wide the paper is, and nothing it does not know.
    """
    # The import turns settings of the whole process for a moment: one worker at a time.
    with _importing:
        dummy = _import_once().Dummy()
    dummy.profile.profile_data = dummy.profile.profile_data | {
        "media": {"width": {"pixels": width_dots, "mm": "Unknown"}}
    }
    return dummy


def warm_up() -> None:
    """Import the library ahead of the first paper (220 ms, `printing.md`)."""
    new_dummy()
