"""A demo for the browsers, forked from a process that has imported all of it: nothing else of its start is left out."""

import multiprocessing
import os
import sys
from multiprocessing.context import ForkServerProcess

from lobbydesk import cli
from lobbydesk.commands import demo
from tests.demo import Demo

# It is most of the time of a start. What is missing here, the command imports.
PREPARED = (
    "db.migrations",
    "lobbydesk.commands.health",
    "lobbydesk.demo_centre",
    "lobbydesk.demo_visit_days",
    "lobbydesk.voice_clips",
)
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload([__name__, *PREPARED, *demo.SERVED])


class ForkedDemo(Demo):
    """`lobbydesk demo` in its own process group, without the interpreter's start and the imports."""

    forked: ForkServerProcess

    def begin(self) -> None:
        """Run the command."""
        self.forked = forks.Process(target=_run, args=(self.words,))
        self.forked.start()

    @property
    def group(self) -> int:
        """The id of its process group."""
        assert self.forked.pid is not None
        return self.forked.pid

    def ended(self) -> int:
        """Wait for its end; return the exit status."""
        self.forked.join(15)
        assert self.forked.exitcode is not None
        return self.forked.exitcode


def _run(words: list[str]) -> None:
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(cli.main(words))
