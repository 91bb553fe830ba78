"""Loading: files found, missing, doubled, copied; and the whole model of a sound workspace."""

import csv
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from apportion.core.model import Attendance, Tables
from apportion.core.year import FiscalYear, parse_date
from apportion.tables import load
from apportion.tables.grid import column_of, letters
from apportion.tables.loading import FORMS
from tests.unit.tables.conftest import book

if TYPE_CHECKING:
    from tests.unit.tables.conftest import Workspace

SHIPPED = Path(__file__).parents[3]
R7 = FiscalYear(2025)


def test_a_sound_workspace_has_no_problems(workspace: "Workspace") -> None:
    assert workspace.codes() == []


def test_budget(workspace: "Workspace") -> None:
    upkeep, office = workspace.tables().budget
    assert (upkeep.category, upkeep.project, upkeep.path, upkeep.name) == (
        "システム事業",
        "施設予約事業",
        ("事業費", "運営費"),
        "運用保守",
    )
    assert (upkeep.amount, upkeep.previous, upkeep.columns) == (44_710_000, 45_727_000, {})
    assert (office.path, office.note) == ((), "郵便料など")
    assert upkeep.source.place() == "rules/r7/budget.csv  E2（2行目）  「予算額（千円）」の列"


def test_income(workspace: "Workspace") -> None:
    (line,) = workspace.tables().income
    assert (line.subject, line.amount, line.text, line.unit) == (
        "負担金収入",
        44_910_000,
        "44910000",
        "円",
    )


def test_register(workspace: "Workspace") -> None:
    tables = workspace.tables()
    town = tables.by_code["233048"]
    assert (town.name, town.kana, town.kind, town.county) == (
        "長久手町",
        "ナガクテチョウ",
        "町",
        "愛知郡",
    )
    assert (town.valid_to, town.successor) == (parse_date("2012-01-03"), "232386")
    assert tables.by_code["231002"].membership == ""


def test_rosters(workspace: "Workspace") -> None:
    booking, tender = workspace.tables().rosters
    assert (booking.name, tender.name) == ("施設予約", "電子調達（CALS/EC）")
    blank = booking.source
    assert booking.entries == {
        "230006": Attendance(source=blank),
        "232017": Attendance(source=blank),
        "232386": Attendance(
            joins=parse_date("2025-06-01"), leaves=parse_date("2025-12-31"), source=blank
        ),
    }
    assert tender.entries == {
        "232017": Attendance(joins=parse_date("2025-10-01"), source=blank),
        "232386": Attendance(leaves=parse_date("2025-09-30"), source=blank),
    }
    assert tender.entries["232017"].source.short() == "members/r7/roster.csv!D3"


def test_figures(workspace: "Workspace") -> None:
    people, scale = workspace.tables().figures
    assert (people.name, people.unit, people.as_of) == (
        "国勢調査人口",
        "人",
        "令和2年10月1日現在",
    )
    assert people.values == {"232017": 371920, "232386": 60162}
    assert (scale.unit, scale.as_of) == ("円", "令和5年度決算")
    assert scale.values["232386"] == Fraction(13_566_013_500)
    assert people.cells["232386"].cell == "C4"


def test_all_missing_tables_are_named_at_once(tmp_path: Path) -> None:
    tables, problems = load(tmp_path, R7)
    assert tables is None
    assert [problem.code for problem in problems] == ["W102"] * 5
    assert {problem.source.file for problem in problems} == {
        "rules/r7/budget.csv",
        "rules/r7/income.csv",
        "members/members.csv",
        "members/r7/roster.csv",
        "members/r7/figures.csv",
    }
    assert "区分,事業,項,経費,予算額（千円）" in problems[0].fix
    assert problems[0].fix.endswith("apportion import budget ファイル --year r7")
    assert problems[4].fix.endswith("apportion new-year r7")


def test_a_missing_table_does_not_hide_faults_of_the_others(workspace: "Workspace") -> None:
    (workspace.root / "members/members.csv").unlink()
    workspace.replace("rules/r7/budget.csv", "44710", "－")
    tables, _ = workspace.load()
    assert tables is None
    assert workspace.codes() == ["W102", "W115"]


def test_an_old_workbook_beside_a_missing_table_is_named(workspace: "Workspace") -> None:
    (workspace.root / "rules/r7/budget.csv").rename(workspace.root / "rules/r7/budget.xls")
    assert "「budget.xls」" in workspace.problem().fix


def test_one_table_in_two_files(workspace: "Workspace") -> None:
    workspace.write("rules/r7/budget.xlsx", b"")
    assert workspace.problem().code == "W103"


def test_copies_and_lock_files_are_named_and_not_read(workspace: "Workspace") -> None:
    names = ["~$budget.xlsx", "budget - コピー.csv", "budget(1).csv", "budget（２）.xlsx"]
    for name in [*names, "20_コピー機.txt"]:
        workspace.write(f"rules/r7/{name}", b"")
    tables, problems = workspace.load()
    assert tables is not None
    assert sorted(Path(problem.source.file).name for problem in problems) == sorted(names)
    assert {problem.code for problem in problems} == {"W142"}
    assert [problem.source.file[-13:] for problem in problems if "目印" in problem.why] == [
        "~$budget.xlsx"
    ]


def test_an_unreadable_file(workspace: "Workspace", monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert workspace.codes() == ["W104"] * 5


def test_the_shipped_tables_have_no_problems() -> None:
    tables, problems = load(SHIPPED, R7)
    assert problems == ()
    assert tables is not None
    assert sum(line.amount or 0 for line in tables.charged) == sum(
        line.amount for line in tables.income
    )


def test_a_shipped_table_as_a_workbook_gives_the_same_model(tmp_path: Path) -> None:
    expected, _ = load(SHIPPED, R7)
    assert expected is not None
    for name in expected.files:
        write_as_xlsx(SHIPPED / name, (tmp_path / name).with_suffix(".xlsx"))
    tables, problems = load(tmp_path, R7)
    assert problems == ()
    assert tables is not None
    assert {name.rpartition(".")[2] for name in tables.files} == {"xlsx"}
    assert without_sources(tables) == without_sources(expected)


def write_as_xlsx(source: Path, target: Path) -> None:
    """The CSV as Excel would hold it: numbers as numbers, codes as text."""
    headings, *rows = csv.reader(source.read_text(encoding="utf-8-sig").splitlines())
    typed = [
        [
            int(text) if text.isdecimal() and not heading.endswith("コード") else text
            for heading, text in zip(headings, row, strict=True)
        ]
        for row in rows
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    book([headings, *typed]).save(target)


def without_sources(tables: Tables) -> Tables:
    """Sources do not take part in comparisons; the list of files does."""
    return replace(tables, files=())


@pytest.mark.parametrize(
    ("column", "name"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")],
)
def test_columns_are_named_as_in_excel(column: int, name: str) -> None:
    assert letters(column) == name
    assert column_of(name) == column


def test_every_table_has_one_form() -> None:
    assert len({form.path for form in FORMS}) == len(FORMS)
