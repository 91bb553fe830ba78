"""歳入歳出予算 and 収支予算 of other bodies: read with every sum, or refused with what mends it.

The forms are those of published budgets; names are fictitious. What is expected was added up by hand.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from apportion.cli import app, guarded
from apportion.core.problem import Findings, InputError
from apportion.core.year import FiscalYear
from apportion.imports.budget import BudgetProposal, DraftedError, document, estimates, propose
from apportion.imports.budget.draft import drafted
from apportion.imports.budget.estimates import EstimateDocument
from tests.unit.imports.importing import FOLDER, spoiled

FORMS = FOLDER / "estimates"
YEARS = {"h28": 2016, "h29": 2017, "h30": 2018, "r2": 2020, "r6": 2024, "r7": 2025}


def year(name: str) -> FiscalYear:
    return FiscalYear(YEARS[name.partition("_")[0]])


def text_of(name: str) -> str:
    return (FORMS / f"{name}.txt").read_text(encoding="utf-8")


def proposed(root: Path, text: str, of: FiscalYear, name: str = "d.txt") -> BudgetProposal:
    (root / name).write_text(text, encoding="utf-8")
    return propose(root, root / name, of)


def rows(proposal: BudgetProposal) -> list[list[tuple[str, ...]]]:
    """Lines of both tables without 区分, 事業 and remark."""
    return [[row[2:-1] for row in sheet.merged.rows] for sheet in proposal.sheets]


EXPECTED = {
    "r7_款と項": (
        [
            ("議会費", "議会費", "913", ""),
            ("総務費", "総務管理費", "61021", ""),
            ("総務費", "監査委員費", "179", ""),
            ("衛生費", "清掃費", "345500", ""),
            ("予備費", "予備費", "3000", ""),
        ],
        [
            ("負担金収入", "380100000", ""),
            ("使用料", "19012000", ""),
            ("手数料", "1300000", ""),
            ("繰越金", "10000000", ""),
            ("組合預金利子", "1000", ""),
            ("雑入", "200000", ""),
        ],
    ),
    "h30_空白で並ぶ": (
        [
            ("議会費", "議会費", "2230", ""),
            ("総務費", "総務管理費", "226800", ""),
            ("総務費", "選挙費", "200", ""),
            ("民生費", "社会福祉費", "1400000", ""),
        ],
        [
            ("負担金収入", "1071306000", ""),
            ("国庫補助金", "4773000", ""),
            ("基金繰入金", "534501000", ""),
            ("延滞金加算金及び過料", "10200000", ""),
            ("雑入", "8450000", ""),
        ],
    ),
    "h28_科目と比較": (
        [("", "会議費", "817", "946"), ("", "事務費", "963", "924"), ("", "予備費", "20", "30")],
        [("負担金収入", "600000", "900000"), ("繰越金", "1200000", "1000000")],
    ),
    "r7_総括": (
        [
            ("議会費／議会費", "議会費", "400", "400"),
            ("総務費／総務管理費", "一般管理費（総務管理費）", "15000", "14500"),
            ("総務費／総務管理費", "財産管理費", "4900", "4400"),
            ("総務費／監査委員費", "監査委員費", "100", "100"),
            ("消防費／消防費", "常備消防費", "30000", "30200"),
            ("消防費／消防費", "一般管理費（消防費）", "1500", "1500"),
            ("予備費／予備費", "予備費", "500", "500"),
        ],
        [("負担金収入", "48000000", ""), ("県補助金", "2400000", ""), ("繰越金", "2000000", "")],
    ),
}
TOTALS = {"r2_ほかの表": 3_289_150_000, "h29_決算額の列": 9_170_000}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_lines_of_a_form(name: str, tmp_path: Path) -> None:
    spending, income = EXPECTED[name]
    assert rows(proposed(tmp_path, text_of(name), year(name))) == [spending, income]


@pytest.mark.parametrize("name", TOTALS)
def test_the_total_is_written_and_what_is_not_read_is_told(name: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, text_of(name), year(name))
    assert [sheet.total for sheet in proposal.sheets] == [TOTALS[name]] * 2
    assert [problem.code for problem in proposal.problems] == ["W816"]


def test_the_year_before_is_taken_from_the_table_that_has_it(tmp_path: Path) -> None:
    proposal = proposed(tmp_path, text_of("r7_総括"), year("r6"))
    assert [sheet.total for sheet in proposal.sheets] == [51_600_000] * 2
    assert rows(proposal)[1] == [
        ("負担金収入", "47000000"),
        ("県支出金", "2600000"),
        ("繰越金", "2000000"),
    ]


def as_book(text: str) -> bytes:
    """The form in a workbook as unions keep it: numbers of 款 and 項 in cells of their own."""
    book = Workbook()
    assert book.active is not None
    for line in text.split("\n"):
        row: list[str | int] = []
        for place, cell in enumerate(line.split("\t")):
            match = re.fullmatch(r"([1-9１-９])[ 　](.+)", cell)
            head = cell in {"款", "項"}
            row += [int(match[1]), match[2]] if match and place < 2 else [cell]
            row += [""] if place < 2 and "\t" in line and (head or not cell) else []
        if line.startswith("歳　") and "計" in line:
            row.insert(1, "")
        book.active.append(
            [
                int(str(cell).replace(",", "")) if re.fullmatch("[0-9,]+", str(cell)) else cell
                for cell in row
            ]
        )
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_workbook_with_numbers_in_cells_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "d.xlsx").write_bytes(as_book(text_of("r7_款と項")))
    spending, income = EXPECTED["r7_款と項"]
    assert rows(propose(tmp_path, tmp_path / "d.xlsx", year("r7"))) == [spending, income]


def test_a_csv(tmp_path: Path) -> None:
    lines = (line.split("\t") for line in text_of("r7_款と項").split("\n"))
    text = "\r\n".join(",".join(f'"{cell}"' for cell in cells) for cells in lines)
    spending, income = EXPECTED["r7_款と項"]
    assert rows(proposed(tmp_path, text, year("r7"), "d.csv")) == [spending, income]


BESIDE = """令和7年度架空協議会予算（単位：円）
歳入		歳出
科目	金額	科目	金額
負担金	100	会議費	70
繰越金	20	事務費	30
		予備費	20
計	120	計	120
"""


def test_two_parts_beside_each_other(tmp_path: Path) -> None:
    assert rows(proposed(tmp_path, BESIDE, year("r7"))) == [
        [("", "会議費", "0.07", ""), ("", "事務費", "0.03", ""), ("", "予備費", "0.02", "")],
        [("負担金収入", "100", ""), ("繰越金", "20", "")],
    ]


def test_the_unit_of_a_cell_is_that_of_its_amount(tmp_path: Path) -> None:
    text = text_of("h28_科目と比較").replace("963,000\t924,000", "963千円\t92.4万円")
    with pytest.raises(DraftedError):
        proposed(tmp_path, text, year("h28"))
    text = text.replace("92.4万円", "924千円")
    assert rows(proposed(tmp_path, text, year("h28"))) == list(EXPECTED["h28_科目と比較"])


def test_contributions_of_another_name_are_told(tmp_path: Path) -> None:
    text = text_of("r7_款と項").replace("分担金及び負担金", "市町村支出金")
    told = proposed(tmp_path, text, year("r7")).problems
    assert [problem.code for problem in told] == ["W817"]
    (tmp_path / "rules/r7").mkdir(parents=True)
    names = tmp_path / "rules/r7/names.csv"
    names.write_text("事業,公表の経費,経費\n,負担金,負担金収入\n", encoding="utf-8")
    mended = proposed(tmp_path, text, year("r7"))
    assert mended.problems == ()
    assert rows(mended) == list(EXPECTED["r7_款と項"])


REFUSED = [
    ("明細", "款\t項\t金　額\n", "(款) 1 X (項) 1 Y\n款\t項\t金　額\n", "1つの表にまとめて"),
    ("補正予算", "金　額", "補正前の額", "補正額だけを書いてください"),
    ("単位", "（単位：千円）", "", "「単位：円」か「単位：千円」のどちらか"),
    ("歳出", "歳　出\n", "", "「歳出」の行"),
    ("数", "345,500\n", "34,5500\n", "「17,155」の書き方"),
    ("年度", "令和7年度", "", "年度のある題"),
    ("節", "款\t項\t金　額\n", "款\t項\t金　額\n\t区分\t金額\n", "1つの表にまとめて"),
]


@pytest.mark.parametrize(("what", "old", "new", "mend"), REFUSED)
def test_what_is_not_read_is_refused_once_with_its_mend(
    what: str, old: str, new: str, mend: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        proposed(tmp_path, text_of("r7_款と項").replace(old, new), year("r7"))
    assert [problem.code for problem in caught.value.problems] == ["W815"], what
    assert mend in caught.value.problems[0].fix


def test_two_accounts_are_not_mixed(tmp_path: Path) -> None:
    other = (
        "歳入（単位：千円）\n科目\t金額\n繰入金\t70\n計\t70\n歳出\n科目\t金額\n事業費\t70\n計\t70\n"
    )
    with pytest.raises(DraftedError, match="2つ以上の会計"):
        proposed(tmp_path, text_of("r7_款と項") + other, year("r7"))


def test_a_document_of_no_form_is_refused_with_a_draft(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.txt").write_text("令和7年度の予算\n旅費\t1,000円\n会場費\t2,00円\n", "utf-8")
    words = ["import", "budget", str(tmp_path / "d.txt"), "--year", "r7", "--dir", str(tmp_path)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 1
    told = capsys.readouterr()
    assert "W815" in told.err
    assert "  ,【要確認】,,旅費,1000,文書の額: 1,000円" in told.out
    assert len((told.out + told.err).splitlines()) <= 40
    assert not (tmp_path / "予算の下書き").exists()
    assert guarded(lambda: app([*words, "--yes"], standalone_mode=False)) == 1
    draft = (tmp_path / "予算の下書き/r7/budget.csv").read_text("utf-8-sig")
    assert draft.splitlines()[1:] == [
        ',【要確認】,,旅費,1000,"文書の額: 1,000円"',
        ',【要確認】,,会場費,【要確認】,"文書の額: 2,00円"',
    ]
    assert not (tmp_path / "rules").exists()


FIGURE = re.compile(
    r"(?<![0-9０-９,])[0-9０-９][0-9０-９,，]*(?![0-9０-９,，]|[ 　]|年|条|表|号|月)"
)
EXACT = ("r7_款と項", "h30_空白で並ぶ", "h28_科目と比較", "r7_総括")


def spots(text: str) -> Iterator[int]:
    """Where each printed amount ends."""
    for match in FIGURE.finditer(text):
        yield match.end()


@pytest.mark.parametrize("name", EXACT)
def test_every_wrong_figure_is_told(name: str, tmp_path: Path) -> None:
    text, tried = text_of(name), 0
    for end in spots(text):
        wrong = str((int(text[end - 1]) + 1) % 10)
        tried += 1
        with pytest.raises(InputError):
            proposed(tmp_path, text[: end - 1] + wrong + text[end:], year(name))
    assert tried > 14


LINES = [text_of(name).split("\n") for name in (*EXPECTED, *TOTALS)]
ODD = "0123456789,△－【】（）()：:千円\t 　計合款項目節金額歳入出令和年度補正前比較説明\u200b\0"


@given(st.data())
def test_no_document_makes_it_stumble(data: st.DataObject) -> None:
    text = spoiled(data, LINES, ODD, 40)
    findings = Findings()
    read = document.lines("x.txt", text.encode(), findings)
    for each in (year("r7"), year("h29")):
        found = estimates.read(read, each, "x.txt", findings)
        if isinstance(found, EstimateDocument):
            estimates.judge(found, findings)
    assert drafted(Path(), read, year("r7")).count >= 0
