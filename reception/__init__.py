"""What happens in a service centre: one module per subject, one function per act."""

from pathlib import Path

SCHEMA = Path(__file__).parent / "schema"
