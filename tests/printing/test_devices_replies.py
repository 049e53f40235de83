"""What a printer says is sorted by its form, and one answer is never taken for another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing.devices import confirmation, process_id
from printing.devices.replies import Replies
from printing.interpreter import tokenize

OF_JOB_7 = b"\x37\x22" + process_id(7) + b"\x00"
AUTOMATIC = b"\x14\x00\x0c\x0f"
ANSWERS = [b"\x12", b"\x1e", OF_JOB_7, b"\x00", b"\xff", b"\x80\xa5", AUTOMATIC, AUTOMATIC[:2]]
JOBS = st.integers(1, 15**4 - 1)


def sorted_out(*pieces: bytes) -> Replies:
    replies = Replies()
    for piece in pieces:
        replies.feed(piece)
    return replies


def seen(replies: Replies) -> tuple[list[int], set[bytes], int]:
    return replies.statuses, replies.processes, replies.transmitted


def test_each_answer_is_known_by_its_form() -> None:
    replies = sorted_out(b"\x12" + OF_JOB_7 + b"\x16\x00\x0f")
    assert seen(replies) == ([0x12, 0x16], {process_id(7)}, 2)


@given(st.lists(st.sampled_from(ANSWERS)), st.data())
@settings(database=None)
def test_answers_are_the_same_however_they_are_cut(answers: list[bytes], data: st.DataObject) -> None:
    said = b"".join(answers)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)))))
    pieces = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    assert seen(sorted_out(*pieces)) == seen(sorted_out(said))


@pytest.mark.parametrize("rubbish", [b"\xff\x80\xa5", b"\x37\xff\x37", b"\x10\x14\x38", b"\xf7\x22ABCD"[:1]])
def test_rubbish_is_no_answer(rubbish: bytes) -> None:
    assert seen(sorted_out(rubbish)) == ([], set(), 0)


@pytest.mark.parametrize("automatic", [b"\x14", b"\x1c", b"\x3c", b"\x10"])
def test_the_first_byte_of_an_automatic_status_is_no_answer_to_a_question(automatic: bytes) -> None:
    assert seen(sorted_out(automatic)) == ([], set(), 0)


def test_half_an_answer_waits_for_its_rest() -> None:
    replies = sorted_out(OF_JOB_7[:4])
    assert seen(replies) == ([], set(), 0)
    replies.feed(OF_JOB_7[4:])
    assert seen(replies) == ([], {process_id(7)}, 0)


@given(JOBS)
@settings(database=None)
def test_the_letters_of_a_process_id_are_printable_and_like_no_status(job_id: int) -> None:
    letters = process_id(job_id)
    assert len(letters) == 4
    assert all(0x20 <= letter <= 0x7E for letter in letters)
    assert sorted_out(b"\x37\x22" + letters + b"\x00").statuses == []
    # Nor when the beginning of the answer was lost.
    assert sorted_out(letters + b"\x00").statuses == []


@given(JOBS, JOBS)
@settings(database=None)
def test_each_job_has_its_own_process_id(one: int, other: int) -> None:
    assert (process_id(one) == process_id(other)) == (one == other)


def test_the_request_for_confirmation_stands_in_the_makers_manual() -> None:
    assert confirmation("gs_h", 7) == b"\x1d\x28\x48\x06\x00\x30\x30" + process_id(7)
    assert confirmation("gs_r", 7) == b"\x1d\x72\x01"
    assert confirmation("none", 7) == b""
    assert [command.name for command in tokenize(confirmation("gs_h", 7) + confirmation("gs_r", 7))] == [
        "GS ( H",
        "GS r",
    ]


def test_an_automatic_status_confirms_nothing() -> None:
    assert seen(sorted_out(AUTOMATIC)) == ([], set(), 0)
    assert seen(sorted_out(AUTOMATIC + b"\x00")) == ([], set(), 1)
    # What another answer interrupts is over: the next byte of GS r's form is GS r's.
    assert seen(sorted_out(AUTOMATIC[:2] + b"\x12\x00")) == ([0x12], set(), 1)


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_name_is_read_only_when_it_was_asked_for(cut: int) -> None:
    said = b"_TM-T20\x00\x12"
    replies = Replies(naming=True)
    replies.feed(said[:cut])
    assert replies.names == []
    replies.feed(said[cut:])
    assert (replies.names, replies.statuses, replies.transmitted) == (["TM-T20"], [0x12], 0)
    assert sorted_out(said).names == []


def test_a_name_without_an_end_holds_up_no_answer() -> None:
    replies = Replies(naming=True)
    replies.feed(b"_" + b"\xff" * 100 + b"\x12")
    assert (replies.names, replies.statuses) == ([], [0x12])
