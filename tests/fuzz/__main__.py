"""`python -m tests.fuzz`: a long run in as many processes as `FUZZ_PROCESSES` says; 1 when anything was found.

`FUZZ_SEED=... FUZZ_STEP=... python -m tests.fuzz`, as a failure prints it, does that process again up to that request.
"""

import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.fuzz.machine import Failure, Figures, again, run


def main() -> int:
    """Run, print the figures, and one line for each failure."""
    requests = int(os.environ.get("FUZZ_REQUESTS", "100000"))
    seed = int(os.environ.get("FUZZ_SEED", str(random.SystemRandom().randrange(10**6))))
    if step := int(os.environ.get("FUZZ_STEP", "0")):
        answer, found = again(seed, step)
        print(answer)
        for one in found:
            _show(one)
        return 1 if found else 0
    processes = int(os.environ.get("FUZZ_PROCESSES", "2"))
    began = time.monotonic()
    share = -(-requests // processes)
    print(f"fuzz: {requests} requests in {processes} processes, FUZZ_SEED={seed}", flush=True)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        ran = list(pool.map(run, [seed * 100 + number for number in range(processes)], [share] * processes))
    figures = [one for one, _ in ran]
    _tell(figures, time.monotonic() - began)
    failures = {(one.what, one.endpoint): one for _, found in ran for one in found}
    for one in failures.values():
        _show(one)
    print(f"fuzz: {len(failures)} found", flush=True)
    return 1 if failures else 0


def _tell(figures: list[Figures], seconds: float) -> None:
    total = sum(one.requests for one in figures)
    by_app, by_status, by_route, done = (
        sum((getattr(one, name) for one in figures), Counter[str]())
        for name in ("by_app", "by_status", "by_route", "done")
    )
    rare = by_route.most_common()[-1]
    print(f"requests {total} in {seconds:.0f} s ({total / seconds:.0f} a second), acts {sum(f.acts for f in figures)}")
    print("by app", dict(by_app), "by status", dict(sorted(by_status.items())))
    print(f"routes {len(by_route)}, each at least {rare[1]} times ({rare[0]})")
    print(f"never answered well: {', '.join(sorted(set(by_route) - set(done))) or 'none'}")


def _show(one: Failure) -> None:
    print(f"FOUND {one.endpoint} {one.status}: {one.what}\n  {one.sent.line()[:1500]}")
    print(f"  again: FUZZ_SEED={one.seed} FUZZ_STEP={one.step} python -m tests.fuzz")
    if one.near:
        print("  " + one.near[-700:].replace("\n", "\n  "))


if __name__ == "__main__":
    sys.exit(main())
