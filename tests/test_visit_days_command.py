"""`lobbydesk visit-days`: no store, no home, one line a day."""

from pathlib import Path

import pytest

from db.migrations import migrate
from db.store import Store, open_store
from lobbydesk import settings_file
from lobbydesk.cli import main
from lobbydesk.home import store_path
from reception import SCHEMA
from reception.permissions import BOX
from reception.site import site
from tests.conftest import Clock
from tests.reception.test_visit_calendar import Planned


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


def test_a_notice_by_command_is_checked_first(home: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    notice, half = home / "2027.csv", home / "half.csv"
    notice.write_text("日期,当天,名称\n2027-01-01,休息,元旦\n2027-01-03,上班,元旦\n", encoding="utf-8")
    half.write_text("日期,当天,名称\n2027-05-03,休息,劳动节\n", encoding="utf-8")
    assert main(["import", "--home", str(home), "calendar", str(half), "--apply"]) == 1
    said = capsys.readouterr().out
    assert "line 2, 日期 (Date): " in said and "[notice_of_part]" in said
    assert main(["import", "--home", str(home), "calendar", str(notice)]) == 0
    assert "only checked" in capsys.readouterr().out
    assert store.value("SELECT count(*) FROM calendar_years WHERE year = 2027") == 0
    assert main(["import", "--home", str(home), "calendar", str(notice), "--apply"]) == 0
    assert "2 new" in capsys.readouterr().out
    assert store.value("SELECT count(*) FROM calendar_years WHERE year = 2027") == 1


def test_rules_policy_and_the_manager_s_days_go_to_the_second_lobby(store: Store, clock: Clock, tmp_path: Path) -> None:
    made = Planned(store, clock)
    made.tick()
    made.rule("1", opens="09:00", closes="11:00")
    made.rule(nth="3")
    made.set(visit_day_roll="next_workday_not_weekend", visit_day_slack="4,8")
    made.rest("2026-12-04")
    text = settings_file.export(store)
    assert "National Day" not in text
    migrate(store_path(tmp_path), [SCHEMA])
    other = open_store(store_path(tmp_path))
    done = settings_file.load(other, text, by=BOX, now=clock())
    assert (done["visit_day_rules"], done["calendar_days"]) == (2, 1)
    sql = "SELECT nth, weekday, opens, closes, room, active FROM visit_day_rules ORDER BY nth"
    assert [tuple(row) for row in other.rows(sql)] == [tuple(row) for row in store.rows(sql)]
    assert (site(other).visit_day_roll, site(other).visit_day_slack) == ("next_workday_not_weekend", "4,8")
    assert other.value("SELECT reason FROM calendar_changes WHERE day_on = '2026-12-04'") == "停电检修"
    # Taken over once more it is the same.
    settings_file.load(other, text, by=BOX, now=clock())
    assert other.value("SELECT count(*) FROM visit_day_rules") == 2
    other.close()


def test_settings_taken_over_on_another_box_double_no_item(store: Store, clock: Clock) -> None:
    # A centre gave an item to a department and moved it; on a new box it is the same item still.
    sql = "UPDATE procedure_items SET department = 'security', offset_minutes = -45 WHERE template = 'tour'"
    text = settings_file.export(store)
    count = "SELECT count(*) FROM procedure_items"
    before = store.value(count)
    store.execute(sql)
    settings_file.load(store, text, by=BOX, now=clock())
    assert store.value(count) == before
