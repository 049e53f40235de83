"""How every screen marks a visit day that may still change: 暂定 while its year has no official calendar (K3, 12)."""

from flask import Flask
from flask_babel import gettext as _

from reception.visit_days import Day


def install(app: Flask) -> None:
    """Give the marks to every template."""
    app.add_template_filter(day_marks)


def day_marks(day: Day) -> list[str]:
    """Return what stands beside the date of a day to come: that it is provisional, that it is not announced yet."""
    marks = [_("provisional")] if day.provisional else []
    return marks if day.public else [*marks, _("unannounced")]
