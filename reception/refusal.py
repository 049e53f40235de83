"""An act that cannot be done says so with a code; `web` turns it into a sentence in the reader's language."""

from collections.abc import Mapping


class Refused(Exception):
    """The act was not done and nothing was kept. `code` names the reason; it carries no data of a person.

    `also`: further codes, where several things are missing at once: each has its sentence. `said`: what the sentence
    of the code names, such as a time.
    """

    def __init__(self, code: str, *also: str, said: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.also, self.said = code, also, said
