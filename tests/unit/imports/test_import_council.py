"""A document of another council: its lines, its other forms, and each message with its line."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from apportion.core.problem import Findings, InputError
from apportion.imports.budget import BudgetProposal, document, propose, reading
from apportion.imports.budget.words import spelled
from tests.unit.imports.importing import OTHER, PUBLISHED, R4, R6, R7, R8, errors, problems, spoiled

BUDGET = [
    ["共同システム事業", "住民票事業", "", "委託料", "600", "500", ""],
    ["共同システム事業", "住民票事業", "", "通信費", "200", "200", ""],
    ["共同システム事業", "住民票事業", "", "手数料", "200", "200", ""],
    ["共同システム事業", "図書館事業", "", "委託料", "300", "300", ""],
    ["共同システム事業", "図書館事業", "", "備品購入費", "200", "200", ""],
    ["研修事業", "研修事業", "", "講師謝金", "200", "210", ""],
    ["研修事業", "研修事業", "", "会場費", "100", "100", "会議室"],
    ["積立金等", "", "", "予備費", "0", "0", ""],
]
INCOME = [
    ["共同システム事業", "住民票事業", "負担金収入", "1000000", "900000", ""],
    ["共同システム事業", "図書館事業", "負担金収入", "400000", "400000", ""],
    ["研修事業", "研修事業", "負担金収入", "300000", "310000", ""],
    ["共同システム事業", "図書館事業", "国庫補助金", "100000", "100000", ""],
]


def proposed(root: Path, name: str, data: bytes) -> BudgetProposal:
    (root / name).write_bytes(data)
    return propose(root, root / name, R8)


def cells(proposal: BudgetProposal) -> list[list[list[str]]]:
    return [[list(row) for row in sheet.merged.rows] for sheet in proposal.sheets]


def as_csv() -> bytes:
    lines = (line.split("\t") for line in OTHER.splitlines())
    quoted = (",".join(f'"{cell}"' for cell in cells) for cells in lines)
    return "\r\n".join(quoted).encode("cp932")


def as_book(scale: int = 1, code: str = "General") -> bytes:
    """The document as a workbook; its numbers times `scale`, shown by a number format."""
    book = Workbook()
    plan, budget = book.active, book.create_sheet("予算")
    assert plan is not None
    for number, line in enumerate(OTHER.splitlines()):
        row = [
            int(cell.replace(",", "")) * scale if cell.replace(",", "").isdigit() else cell
            for cell in line.split("\t")
        ]
        (plan if number < 15 else budget).append(row)
    for cell in (c for sheet in (plan, budget) for row in sheet.iter_rows() for c in row):
        cell.number_format = code
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", OTHER.encode()),
        ("a.md", f"\ufeff{OTHER}".replace("\n", "\r\n").encode()),
        (
            "a.TXT",
            OTHER.replace("１　", "## **１** ").replace("２　", "<b>2</b> ").encode("utf-16"),
        ),
        ("a.csv", as_csv()),
        ("a.xlsx", as_book()),
        ("a.xlsx", as_book(1, "#,##0")),
        ("a.xlsx", as_book(1_000, "#,##0,")),
    ],
)
def test_all_forms_give_the_same_lines(name: str, data: bytes, tmp_path: Path) -> None:
    assert cells(proposed(tmp_path, name, data)) == [BUDGET, INCOME]


def test_a_cell_of_a_sheet_is_named(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for line in OTHER.replace("図書館事業	500	500", "図書館事業	501	500").splitlines():
        book.active.append(line.split("\t"))
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        propose(tmp_path, tmp_path / "a.xlsx", R8)
    assert [problem.source.cell for problem in caught.value.problems] == ["C32"]


MISTAKES = [
    ("W802", 0, "【収入の部】", "【歳計】"),
    ("W804", 9, "200	200\n計", "200	210\n計"),
    ("W807", 4, "900千円）】", "9 00千円）】"),
    ("W807", 7, "委託料	600", "委託料	6OO"),
    ("W807", 14, "イ　会場費", "会場費"),
    ("W807", 34, "備品購入費	200", "備品購入費	二百"),
    ("W808", 18, "単位：千円\n大", "大"),
    ("W809", 36, "ア　講師謝金", "ア　旅費"),
    ("W810", 3, "1,500千円（令和７年度", "1,500千円（令和６年度"),
    ("W810", 18, "令和8年度予算額	前年度", "令和8年度予算額	令和5年度"),
    ("W810", 6, "令和８年度	令和７年度\n委", "令和８年度	令和８年度\n委"),
]


@pytest.mark.parametrize(("code", "line", "old", "new"), MISTAKES)
def test_a_mistake_is_told_with_its_line(code: str, line: int, old: str, new: str) -> None:
    assert OTHER.count(old) >= 1
    told = {(p.code, p.source.line) for p in errors(OTHER.replace(old, new, 1), R8)}
    assert (code, line) in told, told


def test_a_plan_and_a_table_that_differ() -> None:
    text = OTHER.replace(
        "通信費	200	200\n手数料	200	200", "通信費	210	200\n手数料	190	200"
    )
    assert [(p.code, p.source.line) for p in errors(text, R8)] == [("W805", 8), ("W805", 9)]


def test_differences_that_add_up_but_do_not_lead_from_last_year_to_this() -> None:
    text = OTHER.replace("通信費	200	200	0", "通信費	200	200	10").replace(
        "手数料	200	200	0", "手数料	200	200	△10"
    )
    assert [(p.code, p.source.line) for p in errors(text, R8)] == [("W804", 30), ("W804", 31)]


def test_income_and_spending_that_differ() -> None:
    text = OTHER.replace(
        "国庫補助金	図書館事業	100	100	0",
        "国庫補助金	図書館事業	110	100	10",
    )
    text = text.replace("合計		1,800	1,710	90", "合計		1,810	1,710	100", 1)
    assert [p.code for p in errors(text, R8)] == ["W806"]


@pytest.mark.parametrize("name", ["a.doc", "a.docx"])
def test_other_kinds_of_files(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="W801"):
        proposed(tmp_path, name, OTHER.encode())


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for data in (b"\xff\xff\x00\x81", b"x" * 5_000_001):
        with pytest.raises(InputError, match="W801"):
            proposed(tmp_path, "a.txt", data)
    with pytest.raises(InputError, match="W801"):
        propose(tmp_path, tmp_path / "no.txt", R8)


def test_another_year_is_refused_with_the_two_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        propose(tmp_path, PUBLISHED[R7], R4)
    assert caught.value.problems[0].code == "W803"
    assert "--year r7 か --year r6" in caught.value.problems[0].fix


def test_two_lines_of_one_name_are_told_and_names_csv_mends_it(tmp_path: Path) -> None:
    text = OTHER.replace("備品購入費", "委託料")
    with pytest.raises(InputError, match="W811"):
        proposed(tmp_path, "a.txt", text.encode())
    text = OTHER.replace("手数料", "通信費（切手）")
    (tmp_path / "rules/r8").mkdir(parents=True)
    names = tmp_path / "rules/r8/names.csv"
    names.write_text("事業,公表の経費,経費\n住民票事業,通信費（切手）,通信費\n", "utf-8")
    with pytest.raises(InputError, match="W811"):
        proposed(tmp_path, "a.txt", text.encode())
    names.write_text("事業,公表の経費,経費\n住民票事業,通信費（切手）,手数料\n", "utf-8")
    assert cells(proposed(tmp_path, "a.txt", text.encode()))[0] == BUDGET


def test_another_word_for_the_contributions_is_mapped(tmp_path: Path) -> None:
    text = OTHER.replace("負担金収入", "分担金収入")
    (tmp_path / "rules/r8").mkdir(parents=True)
    names = tmp_path / "rules/r8/names.csv"
    names.write_text("事業,公表の経費,経費\n,分担金収入,負担金収入\n", "utf-8")
    assert cells(proposed(tmp_path, "a.txt", text.encode())) == [BUDGET, INCOME]


def test_rows_of_one_amount_stand_side_by_side(tmp_path: Path) -> None:
    text = OTHER.replace("	300	300	0", "	250	250	0").replace(
        "購入費	200	200	0", "購入費	250	250	0"
    )
    rows = cells(proposed(tmp_path, "a.txt", text.encode()))[0]
    assert [row[3:6] for row in rows[3:5]] == [
        ["委託料", "250", "250"],
        ["備品購入費", "250", "250"],
    ]


def test_a_long_chain_of_one_amount_is_no_tower(tmp_path: Path) -> None:
    row = "	手数料	200	200	0	\n"
    path = tmp_path / "a.txt"
    path.write_text(OTHER.replace(row, row * 300, 1), encoding="utf-8")
    with pytest.raises(InputError, match="W809"):
        propose(tmp_path, path, R8)


def test_a_name_that_meets_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "rules/r8").mkdir(parents=True)
    (tmp_path / "rules/r8/names.csv").write_text("事業,公表の経費,経費\n,旅費,費用\n", "utf-8")
    told = proposed(tmp_path, "a.txt", OTHER.encode()).problems
    assert [(p.code, p.source.cell) for p in told] == [("W821", "B2")]


def test_a_line_without_last_years_amount_cannot_be_of_last_year(tmp_path: Path) -> None:
    text = OTHER.replace(
        "項目	令和８年度	令和７年度\n委託料	600	500\n通信費	200	200\n手数料	200	200\n計	1,000	900",
        "項目	金額\n委託料	600\n通信費	200\n手数料	200\n計	1,000",
    )
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    rows = cells(propose(tmp_path, path, R8))[0]
    assert [row[5] for row in rows[:3]] == ["500", "200", "200"]  # as the 支出の部 has them
    text = text.replace(
        "	委託料	600	500	100	\n	通信費	200	200	0	\n	手数料	200	200	0	\n",
        "",
    )
    path.write_text(text, encoding="utf-8")
    assert [row[5] for row in cells(propose(tmp_path, path, R8))[0][:3]] == ["", "", ""]
    with pytest.raises(InputError, match="W812"):
        propose(tmp_path, path, R7)


def test_money_in_words_is_told() -> None:
    text = OTHER.replace("（２）　図", "1人につき2,000円を見込む。\n（２）　図")
    assert [(p.code, p.source.line) for p in problems(text, R8)] == [("W822", 11)]


def test_names_in_one_spelling() -> None:
    assert spelled("インターネット VPN 接続 費用 (旧 LGWAN 接続団体用)") == (
        "インターネットVPN接続費用（旧LGWAN接続団体用）"
    )
    assert spelled("電子調達（ＣＡＬＳ／ＥＣ）") == "電子調達（CALS/EC）"
    assert spelled("Windows Server 更新") == "Windows Server更新"
    assert spelled('=HYPERLINK("x")') == 'HYPERLINK（"x"）'


LINES = [OTHER.split("\n"), PUBLISHED[R4].read_text(encoding="utf-8").split("\n")]
ODD = "0123456789,△－ー※【】［］（）()：:千円\t 　計合小令和年度項目収支入出の部アイ<>*#|\u200b\0"


@given(st.data())
def test_no_document_makes_it_stumble(data: st.DataObject) -> None:
    text = spoiled(data, LINES, ODD, 60)
    for year in (R8, R4, R6):
        for problem in problems(text, year):
            assert problem.what


@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.csv", "a.xlsx", "a", "a.xls"]))
def test_no_bytes_make_it_stumble(data: bytes, name: str) -> None:
    findings = Findings()
    lines = document.lines(name, data, findings)
    assert reading.read(lines, R8, name, findings) is None
