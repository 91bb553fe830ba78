"""前年度比較 and 人口1人当たり: tables against the input files, and the parts of the charts."""

import csv
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.workbook.sheets.live import rounded
from apportion.workbook.summary.book import make
from tests import small
from tests.unit.workbook.council import council
from tests.workspace import SHIPPED

PEOPLE_OF = "人口（人、令和2年10月1日現在）"
COMPARED, PEOPLE = "前年度比較", "人口1人当たり"


@pytest.fixture(scope="module")
def made() -> bytes:
    return make(compute(SHIPPED, FiscalYear(2025)))


@pytest.fixture(scope="module")
def values(made: bytes) -> Workbook:
    return load_workbook(BytesIO(made), data_only=True)


def table(book: Workbook, sheet: str, title: str) -> list[list[Any]]:
    """Rows below a heading and its head, to the next blank row."""
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    start = next(n for n, row in enumerate(rows) if str(row[0]).startswith(title))
    end = next((n for n in range(start, len(rows)) if rows[n][0] is None), len(rows))
    return rows[start + 2 : end]


def sums(path: str, key: str, yen: str) -> dict[str, int]:
    found: dict[str, int] = {}
    with (SHIPPED / path).open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found[row[key]] = found.get(row[key], 0) + int(row[yen])
    return found


def now(key: str) -> dict[str, int]:
    return sums("tests/golden/charges_r7.csv", key, "負担金額_円")


def before(key: str) -> dict[str, int]:
    return sums("members/r7/previous.csv", key, "負担金額（円）")


def places(number: Decimal, step: str) -> float:
    return float(number.quantize(Decimal(step), ROUND_HALF_UP))


def test_projects_are_compared(values: Workbook) -> None:
    rows = table(values, COMPARED, "1　")
    this, last = now("事業"), before("事業")
    for row in rows[:-1]:
        change = this[row[0]] - last[row[0]]
        rate = places(Decimal(change) / last[row[0]], "0.001")
        assert row[2:6] == [this[row[0]], last[row[0]], change, rate]
    assert rows[-1][0] == "合計"
    assert rows[-1][2:6] == [385_422_000, 351_361_000, 34_061_000, 0.097]
    source = "前年度の負担金は、前年度に各団体が負担した額です。"
    assert values[COMPARED]["A3"].value == source
    assert heads(values[COMPARED]) == ["令和7年度負担金\n（円）", "令和6年度負担金\n（円）"]


def heads(sheet: Worksheet) -> list[str]:
    """What the first table compares."""
    return [str(sheet.cell(6, column).value) for column in (3, 4)]


def test_a_budget_of_last_year_is_not_called_what_was_paid(tmp_path: Path) -> None:
    """Without previous.csv the columns of 収入の部 are all that is known, by the name that they have there."""
    small.write(
        tmp_path,
        "\n■経費 事務費\n負担割合: 均等割\n",
        {"事務費": 1000},
        {"あおば市": {PEOPLE_OF: 5}},
    )
    heading = "区分,事業,科目,予算額（円）,前年度予算額（円）"
    small.save(tmp_path, "rules/r7/income.csv", f"{heading}\n区分,共同事業,負担金収入,1000,900\n")
    book = load_workbook(BytesIO(make(compute(tmp_path, small.R7))), data_only=True)
    sheet = book[COMPARED]
    assert heads(sheet) == ["令和7年度負担金\n（円）", "令和6年度当初予算\n（円）"]
    assert str(sheet["A3"].value).endswith("負担した額ではありません。")
    income = [cell.value for row in book["収入の部"].iter_rows() for cell in row]
    assert "（参考）令和6年度\n当初予算（円）" in income


def test_members_are_compared_and_the_largest_changes_come_first(values: Workbook) -> None:
    this, last = now("団体コード"), before("団体コード")
    change = {code: this[code] - last[code] for code in this}
    rows = {row[0]: row for row in table(values, COMPARED, "4　")}
    assert list(rows) == [*sorted(this), "合計"]
    for code, yen in change.items():
        assert rows[code][2:5] == [this[code], last[code], yen]
    most = sorted(change, key=lambda code: (-change[code], code))[:10]
    assert [row[0] for row in table(values, COMPARED, "2　")] == most
    assert [row[4] for row in table(values, COMPARED, "2　")] == [change[code] for code in most]
    assert min(change.values()) > 0
    assert table(values, COMPARED, "3　") == []


def test_yen_per_head_are_sorted_and_the_prefecture_is_left_out(values: Workbook) -> None:
    with (SHIPPED / "members/r7/figures.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    heading = next(name for name in rows[0] if name.startswith("国勢調査人口"))
    people = {row["団体コード"]: int(row[heading]) for row in rows if row[heading]}
    yen = now("団体コード")
    sheet: list[list[Any]] = [[cell.value for cell in row] for row in values[PEOPLE].iter_rows()]
    found = [row for row in sheet if isinstance(row[0], int)]
    assert [row[0] for row in found] == list(range(1, 54))
    assert {row[1] for row in found} == set(people)
    for _, code, _, heads, owed, each in found:
        assert (heads, owed) == (people[code], yen[code])
        assert each == places(Decimal(owed) / heads, "0.1")
    exact = [Decimal(yen[row[1]]) / people[row[1]] for row in found]
    assert exact == sorted(exact, reverse=True)
    notes = [str(row[0]) for row in sheet]
    assert "人口の数値がない団体は、入れていません: 愛知県" in notes
    assert "人口は、基礎数値の「国勢調査人口（令和2年10月1日現在）」です。" in notes


def chart_parts(data: bytes) -> dict[str, str]:
    """Title and XML of each chart."""
    book = zipfile.ZipFile(BytesIO(data))
    parts = [
        book.read(name).decode() for name in book.namelist() if name.startswith("xl/charts/chart")
    ]
    return {"".join(re.findall(r"<a:t>([^<]*)</a:t>", part)): part for part in parts}


def test_charts_show_the_cells_of_their_tables(made: bytes, values: Workbook) -> None:
    parts = chart_parts(made)
    assert list(parts) == [
        "事業別の負担金（百万円）",
        "前年度から増えた額（千円）",
        "人口1人当たりの負担金（円）",
    ]
    for part in parts.values():
        for series in re.findall(r"<c:val>.*?</c:val>", part, re.DOTALL):
            place = re.search(r"<c:f>'([^']+)'!([^<]+)</c:f>", series)
            assert place is not None
            cells = [row[0].value for row in values[place[1]][place[2].replace("$", "")]]
            assert [float(v) for v in re.findall(r"<c:v>([^<]+)</c:v>", series)] == cells
    assert parts["事業別の負担金（百万円）"].count("<c:ser>") == 2
    assert len(re.findall(r"<c:v>", parts["前年度から増えた額（千円）"])) == 20 + 1
    assert "BIZ UDPゴシック" in parts["人口1人当たりの負担金（円）"]


@pytest.mark.parametrize("year", [2021, 2024])
def test_without_last_year_one_line_says_so(year: int) -> None:
    data = make(compute(SHIPPED, FiscalYear(year)))
    rows = [row[0].value for row in load_workbook(BytesIO(data))[COMPARED].iter_rows()]
    assert rows[2:] == ["前年度の額が分からないため、示していません。"]
    assert list(chart_parts(data)) == ["人口1人当たりの負担金（円）"]


def test_without_the_table_the_budget_of_last_year_is_compared(tmp_path: Path) -> None:
    data = make(council(tmp_path))
    book = load_workbook(BytesIO(data), data_only=True)
    rows = [row[:1] + row[2:6] for row in table(book, COMPARED, "1　")]
    assert rows == [
        ["会議事業", 1900, 900, 1000, 1.111],
        ["研究事業", 1413, 2000, -587, -0.294],
        ["合計", 3313, 2900, 413, 0.142],
    ]
    assert next(iter(chart_parts(data))) == "事業別の負担金（円）"


def test_without_a_population_one_line_says_so(tmp_path: Path) -> None:
    edits = [
        ("rules/r7/20.txt", "負担割合: 人口割", "負担割合: 均等割"),
        ("members/r7/figures.csv", "人口（人、令和2年10月1日現在）", "件数（件、令和5年度）"),
    ]
    data = make(council(tmp_path, edits=edits))
    rows = [row[0].value for row in load_workbook(BytesIO(data))[PEOPLE].iter_rows()]
    assert rows[1:] == [
        "人口の数値がない（または二つ以上ある）ため、1人当たりの額は示していません。"
    ]


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [(1, 2000, 0.001), (-1, 2000, -0.001), (1, 3, 0.333), (2, 3, 0.667), (0, 7, 0.0), (1, 2001, 0)],
)
def test_ratios_are_rounded_away_from_zero(first: int, second: int, value: float) -> None:
    assert rounded(first, second, 3) == value


def test_the_comparison_takes_two_pages(made: bytes) -> None:
    sheet: Any = load_workbook(BytesIO(made))[COMPARED]
    rows = [str(row[0].value) for row in sheet.iter_rows()]
    start = next(number for number, text in enumerate(rows) if text.startswith("4　"))
    assert [page.id for page in sheet.row_breaks.brk] == [start]
    assert sheet.page_setup.scale >= 80
