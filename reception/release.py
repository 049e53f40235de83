"""Which version of the software runs."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of


def version() -> str:
    """Return the version of the software that runs; '' where it was not installed as a package."""
    try:
        return version_of("jiedaitai")
    except PackageNotFoundError:
        return ""
