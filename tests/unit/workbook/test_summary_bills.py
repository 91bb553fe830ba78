"""調定一覧, 送付一覧, 端数処理表 and the rules in the summary."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.workbook.summary import rules
from apportion.workbook.summary.book import make
from tests.unit.workbook.council import OKAZAKI, TOGO, TOYOHASHI, council
from tests.unit.workbook.odd_council import odd_council
from tests.workspace import SHIPPED


@pytest.fixture(scope="module")
def shipped() -> Workbook:
    data = make(compute(SHIPPED, FiscalYear(2025)))
    return load_workbook(BytesIO(data), data_only=True)


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    data = make(odd_council(tmp_path_factory.mktemp("w"), "議決"))
    return load_workbook(BytesIO(data), data_only=True)


def rows(book: Workbook, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def listed(book: Workbook, sheet: str, column: int = 0) -> list[list[Any]]:
    return [row for row in rows(book, sheet) if str(row[column]).isdigit()]


def test_decided_postings_have_their_due_dates(decided: Workbook) -> None:
    found = listed(decided, "調定一覧")
    assert [row[2] for row in found[:2]] == ["第1期", "第2期"]
    days = [date(2025, 7, 31), date(2026, 1, 30)]
    assert [row[3].date() for row in found[:2]] == days
    assert {tuple(row[5:7]) for row in found} == {("令和7年度", "負担金収入")}
    assert found[0][7] == "=SUM(1,1)　第1期"  # a subject that tries to be a formula
    owed: dict[str, int] = {}
    for row in found:
        owed[row[0]] = owed.get(row[0], 0) + row[4]
    sums = {row[0]: row[-1] for row in listed(decided, "団体別事業別")}
    assert owed == sums
    tail = {row[0]: row[4] for row in rows(decided, "調定一覧")[-2:]}
    assert tail == {"合計": sum(sums.values()), "差（団体別事業別の総計との差）": 0}


@pytest.mark.parametrize("state", ["例", "案"])
def test_nothing_is_posted_before_it_is_decided(tmp_path: Path, state: str) -> None:
    book = load_workbook(BytesIO(make(odd_council(tmp_path, state))))
    for name in (f"調定一覧（{state}）", f"送付一覧（{state}）"):
        texts = [str(row[0]) for row in rows(book, name)]
        warning = f"状態が「{state}」の間は、この表で調定や請求をしないでください。"
        assert any(text.startswith(warning) for text in texts)
    assert {row[3] for row in listed(book, f"調定一覧（{state}）")} == {None}


def test_without_due_dates_there_is_one_row_for_each_payer(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))), data_only=True)
    found = listed(book, "調定一覧")
    # CHARGES of council.py, added up by town
    assert [row[:5] for row in found] == [
        [TOYOHASHI, "豊橋市", "第1期", None, 1210],
        [OKAZAKI, "岡崎市", "第1期", None, 1203],
        [TOGO, "東郷町", "第1期", None, 900],
    ]
    assert {row[7] for row in found} == {"令和7年度 負担金"}


def test_who_pays_at_once_pays_what_the_members_sheet_says(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))))
    sheet = {row[0].value: row[-1].coordinate for row in book["団体別事業別"].iter_rows()}
    found = {row[0]: row[4] for row in listed(book, "調定一覧")}
    assert found == {code: f"='団体別事業別'!{sheet[code]}" for code in found}
    assert len(found) == 3


def test_instalments_are_compared_with_the_year_of_each_payer(tmp_path: Path) -> None:
    data = make(odd_council(tmp_path, "議決"))
    written, shown = (load_workbook(BytesIO(data), data_only=only) for only in (False, True))
    yearly = {row[0]: row[-1] for row in listed(shown, "団体別事業別")}
    pairs = list(zip(listed(written, "調定一覧"), listed(shown, "調定一覧"), strict=True))
    for number, (formulas, values) in enumerate(pairs):
        if number % 2:
            assert formulas[8:] == [None, None]
        else:
            assert formulas[8].startswith("='団体別事業別'!")
            assert formulas[9].startswith("=SUM(E")
            assert values[8:] == [yearly[values[0]], 0]


def test_letters_name_addressee_file_and_document(decided: Workbook) -> None:
    found = listed(decided, "送付一覧")
    assert [row[0] for row in found] == [1, 2, 3, 4, 5]
    assert found[1][3].endswith("　=SUM(1,1)")
    assert "納入通知書" in found[1][3]
    assert [*found[1][1:3], *found[1][4:6]] == [
        "232017",
        "豊橋市長　様",
        "7例協第12号の2",
        "232017_豊橋市_令和7年度負担金.xlsx",
    ]
    assert found[0][2] == "愛知県知事　様"
    assert all(row[7:9] == [None, None] for row in found)
    sums = {row[0]: row[-1] for row in listed(decided, "団体別事業別")}
    assert {row[1]: row[6] for row in found} == sums


def test_letters_of_a_group_go_to_its_lead(tmp_path: Path) -> None:
    edits = [
        (
            "rules/r7/00.txt",
            "根拠: 規約第1条\n",
            "根拠: 規約第1条\n\n■グループ 二団体\n団体: 岡崎市、東郷町\n代表: 岡崎市\n",
        )
    ]
    book = load_workbook(BytesIO(make(council(tmp_path, edits=edits))), data_only=True)
    found = [(row[0], row[1], row[5], row[6]) for row in listed(book, "送付一覧")]
    assert found == [
        (1, TOYOHASHI, "232017_豊橋市_令和7年度負担金.xlsx", 1210),
        (2, OKAZAKI, "232025_岡崎市_令和7年度負担金.xlsx", "－（計算書）"),
        (3, TOGO, "233021_東郷町_令和7年度負担金.xlsx", "－（計算書）"),
        (4, OKAZAKI, "232025_岡崎市_令和7年度負担金_請求.xlsx", 2103),
    ]
    assert {row[0]: row[6] for row in rows(book, "送付一覧")[-2:]} == {
        "合計": 3313,
        "差（団体別事業別の総計との差）": 0,
    }


def test_the_rules_stand_in_the_summary_as_in_their_own_list(shipped: Workbook) -> None:
    book = compute(SHIPPED, FiscalYear(2025)).book
    own = load_workbook(BytesIO(rules.make(book, FiscalYear(2025))))
    for name in (rules.SHARES.name, rules.SENTENCES.name):
        # Its last column is the place in the texts, its first note is for those who keep them.
        kept = [row[:-1] for row in rows(own, name) if row[1] != "■請求書"]
        told, listed_ = (
            rows(shipped, name),
            [row for row in kept[1:] if "規則のテキスト" not in str(row[0])],
        )
        assert told[1:] == listed_
    sentences = rows(own, rules.SENTENCES.name)
    assert len(kept) < len(sentences)  # where to pay is no matter of the summary


def test_rounding_tells_exact_cut_remainder_rank_and_reason(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(make(council(tmp_path))), data_only=True)
    found = rows(book, "端数処理表")
    line = next(n for n, row in enumerate(found) if row[0] == "会議事業　会場費")
    # 1,000円 among three: 333 each and 1円 left, to the smallest code of three equal remainders
    assert found[line][4:8] == [1000, 999, 1, 0]
    first, next_one = found[line + 1], found[line + 2]
    assert first[1:7] == [1, TOYOHASHI, "豊橋市", "333.333…", 333, 1]
    assert next_one[1:7] == [2, OKAZAKI, "岡崎市", "333.333…", 333, 0]
    assert int(first[8]) * 3 == int(str(found[line][8]).removeprefix("分母 "))
    assert first[9] == "端数も正確な額も同じ3団体のうち、団体コードの小さい順で1番目"
    assert next_one[9].endswith("（次点、加減なし）")
    back = next(n for n, row in enumerate(found) if row[0] == "会議事業　旅費")
    assert found[back + 1][3:7] == ["（なし）", None, None, 101]


def test_rows_of_the_rounding_are_equally_high(shipped: Workbook) -> None:
    sheet: Any = shipped["端数処理表"]
    heights = {sheet.row_dimensions[n].height for n in range(5, sheet.max_row + 1)}
    assert len(heights) <= 2, heights  # one line of text or two
