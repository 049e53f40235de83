"""The quotation on the worker's phone: the one place that knows `reception.quotations`, and does without it."""

from typing import Any

from reception.worker_orders import Sheet


def facts(sheet: Sheet) -> dict[str, Any]:
    """Return what the page needs for a quotation; nothing can be quoted while the module is not there."""
    return {"able": False}
