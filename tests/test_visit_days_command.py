"""`lobbydesk visit-days`: no store, no home, one line a day."""

from pathlib import Path

import pytest

from lobbydesk.cli import main


def lines(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["visit-days", *words]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("policy", "moved"),
    [
        ("next_workday", {"01-02": "01-04", "05-01": "05-06", "10-02": "10-08"}),
        ("next_workday_not_weekend", {"01-02": "01-05", "05-01": "05-06", "10-02": "10-08"}),
        ("next_same_weekday", {"01-02": "01-09", "05-01": "05-08", "10-02": "10-09"}),
    ],
)
def test_a_year_by_every_policy(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    moved: dict[str, str],
) -> None:
    monkeypatch.chdir(tmp_path)
    found = [line.split(" ") for line in lines(capsys, "2026", "--policy", policy)]
    assert len(found) == 12 and all(len(line) == 3 for line in found)
    assert {state for _, _, state in found} == {"confirmed"}
    assert {was: now for was, now, _ in found if was != now} == {f"2026-{a}": f"2026-{b}" for a, b in moved.items()}
    # It made no home.
    assert not list(tmp_path.iterdir())


def test_the_first_reading_is_the_default_and_the_next_year_is_provisional(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, "2026") == lines(capsys, "2026", "--policy", "next_workday")
    next_year = lines(capsys, "2027")
    assert next_year[:2] == ["2027-01-01 2027-01-04 provisional", "2027-02-05 2027-02-05 provisional"]
    assert all(line.endswith(" provisional") for line in next_year)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["next"], "not a year from 1950 to 2999: next"),
        (["26"], "not a year"),
        (["２０２６"], "not a year"),
        (["3000"], "not a year"),
        (["2026", "--policy", "whenever"], "no such policy: whenever; it is one of next_workday, "),
        ([], "YEAR"),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["visit-days", *words])
    assert refused.value.code == 2
    assert said in capsys.readouterr().err
