"""What is printed is text: nothing in it is a command to the printer, even if the acts had let it through."""

import pytest

from printing import documents
from printing.layout import Profile
from tests.printing.samples import sample

COMMANDS = ("\x1b@", "\x1bp\x00", "\x1dV\x00", "\x10\x14\x01", "\x1d(L", "\x9b", "\x7f", "\x00", "\x0c", "\r")


@pytest.mark.parametrize("chinese", ["gbk", "gb2312", "none"])
@pytest.mark.parametrize("command", COMMANDS, ids=ascii)
def test_no_name_and_no_words_steer_the_printer(chinese: str, command: str) -> None:
    texts = dict.fromkeys(("content", "name", "place", "convenient_time"), f"Ab{command}Cd")
    sent = documents.build(sample("repair_receipt", **texts), Profile(chinese=chinese), job_id=1)
    assert f"Ab{command}Cd".encode("latin-1") not in sent
    assert f"Ab{command[:2]}".encode("latin-1") not in sent
