"""Keys and numbers of this process out of the run's seed: the same run again finds the same."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random


@contextmanager
def steady(random: Random) -> Iterator[None]:
    """Let keys and numbers of this process come from the run's seed meanwhile: the same run again finds the same."""
    put = {
        "token_bytes": lambda size=32: random.randbytes(size or 32),
        "token_hex": lambda size=32: random.randbytes(size or 32).hex(),
        "token_urlsafe": lambda size=32: random.randbytes(size or 32).hex(),
        "randbelow": random.randrange,
        "choice": random.choice,
    }
    before = {name: getattr(secrets, name) for name in put}
    for name, function in put.items():
        setattr(secrets, name, function)
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(secrets, name, function)
