"""`import payments`: lists of banks and accounting systems, merged into the payments table."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from apportion.cli import app, guarded
from apportion.core.problem import InputError, OutputError
from apportion.outcome.computation import compute
from apportion.years.payments import PaymentsProposal, propose, write
from tests import small
from tests.small import R7

RULES = (
    "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n■経費 利用料\n負担割合: 均等割\n"
)
HEAD = "団体コード,団体名,期,納入日,納入額（円）"
ONE, TWO = small.code(1), small.code(2)
TABLE = "members/r7/payments.csv"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """甲市 and 乙町 owe 250,000円 in each of two 期."""
    figures = {"甲市": {"人口（人）": 1}, "乙町": {"人口（人）": 1}}
    return small.write(tmp_path, RULES, {"利用料": 1_000_000}, figures)


def given(root: Path, *rows: str, name: str = "一覧.csv") -> Path:
    small.save(root, name, "\n".join(rows) + "\n")
    return root / name


def book(root: Path, rows: Iterable[Sequence[object]]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    (root / "一覧.xlsx").write_bytes(stream.getvalue())
    return root / "一覧.xlsx"


def found(proposal: PaymentsProposal) -> list[tuple[str, int, str, int]]:
    return [(p.code, p.number, p.day.isoformat(), p.yen) for p in proposal.new]


def table(root: Path) -> list[str]:
    return (root / TABLE).read_text("utf-8-sig").splitlines()


def fault(root: Path, *rows: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        propose(root, given(root, *rows), R7)
    assert not (root / TABLE).exists()
    return [(p.code, p.source.cell) for p in caught.value.problems]


def test_a_list_of_a_bank(root: Path) -> None:
    """Titles above, other words for the columns, ¥ and commas, a total, columns that nobody needs."""
    proposal = propose(
        root,
        given(
            root,
            "入金明細,,,,,",
            "出力日,2025/8/1,,,,",
            "取引番号,入金日,納入義務者,期別,入金金額,摘要",
            '1,2025/7/31,甲市長　様,第1期,"¥250,000",負担金',
            "2,20250730,乙町,１,249000円,負担金",
            '合計,,,,"499,000",',
        ),
        R7,
    )
    assert found(proposal) == [
        (ONE, 1, "2025-07-31", 250_000),
        (TWO, 1, "2025-07-30", 249_000),
    ]
    assert (proposal.listed.unused, proposal.listed.totals) == (("取引番号", "摘要"), 1)
    assert write(proposal) is None
    assert table(root) == [
        HEAD,
        f"{ONE},甲市,1,2025-07-31,250000",
        f"{TWO},乙町,1,2025-07-30,249000",
    ]
    assert found(propose(root, root / "一覧.csv", R7)) == []


def test_a_workbook_with_serials_dates_and_thousands(root: Path) -> None:
    """整理番号 of the bill (also of a 補正), days as Excel keeps them, yen in 千円."""
    rows = [
        ("整理番号", "期", "収納日", "収納額（千円）"),
        (f"R7-{ONE}", 1, date(2025, 7, 31), 250),
        (f"Ｒ７-{TWO}-補正1", "第2期", datetime(2026, 1, 30, 9, 30), 249.5),  # noqa: DTZ001  Excel knows no zone
    ]
    assert found(propose(root, book(root, rows), R7)) == [
        (ONE, 1, "2025-07-31", 250_000),
        (TWO, 2, "2026-01-30", 249_500),
    ]


def test_a_serial_of_one_term_says_the_term(root: Path) -> None:
    """Without a column 期, or beside an empty one."""
    bare = given(root, "整理番号,入金日,入金額", f"R7-{ONE}-第2期,R8.1.30,250000")
    assert found(propose(root, bare, R7)) == [(ONE, 2, "2026-01-30", 250_000)]
    both = (
        "整理番号,期,入金日,入金額",
        f"Ｒ７-{TWO}-第１期,,R7.7.31,1",
        f"R7-{TWO}-第1期,1,R7.8.1,2",
    )
    assert [p[:2] for p in found(propose(root, given(root, *both), R7))] == [(TWO, 1), (TWO, 1)]


def test_a_serial_and_a_term_that_disagree_or_are_missing_stop_the_import(root: Path) -> None:
    head = "整理番号,期,納入日,納入額"
    assert fault(root, head, f"R7-{ONE}-第2期,1,R7.7.31,1") == [("W912", "B2")]
    assert fault(root, head, f"R7-{ONE}-第2期,前期,R7.7.31,1") == [("W912", "B2")]
    assert fault(root, "整理番号,納入日,納入額", f"R7-{ONE},R7.7.31,1") == [("W118", "A2")]


def test_what_is_there_already_is_told_and_left(root: Path) -> None:
    small.save(root, TABLE, f"{HEAD},備考\n{ONE},甲市,1,R7.7.31,250000,窓口\n")
    before = (root / TABLE).read_bytes()
    proposal = propose(
        root,
        given(
            root,
            HEAD,
            f"{ONE},甲市,第1期,2025/7/31,250000",
            f"{ONE},甲市,2,2026/1/30,250000",
        ),
        R7,
    )
    assert [p.number for p in proposal.known] == [1]
    kept = write(proposal)
    assert kept is not None
    assert [path.read_bytes() for path in kept.glob("*.csv")] == [before]
    assert table(root) == [
        f"{HEAD},備考",
        f"{ONE},甲市,1,R7.7.31,250000,窓口",
        f"{ONE},甲市,2,2026-01-30,250000,",
    ]


def test_equal_rows_are_counted(root: Path) -> None:
    """Two equal payments in the list, one of them in the table: one is new."""
    row = f"{ONE},甲市,1,2025-07-31,125000"
    small.save(root, TABLE, f"{HEAD}\n{row}\n")
    proposal = propose(root, given(root, HEAD, row, row), R7)
    assert (len(proposal.new), len(proposal.known)) == (1, 1)


def test_a_table_that_is_a_workbook_stays_one(root: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["団体名", "団体コード", "納入日", "期", "納入額（千円）", "備考"])
    made.worksheets[0].append(["甲市", ONE, date(2025, 7, 31), 1, 250, "窓口"])
    made.save(root / "members/r7/payments.xlsx")
    proposal = propose(root, given(root, HEAD, f"{TWO},乙町,1,R7.7.31,249500"), R7)
    write(proposal)
    payments = compute(root, R7).tables.payments
    assert [(p.code, p.number, p.yen) for p in payments] == [(ONE, 1, 250_000), (TWO, 1, 249_500)]
    assert not (root / TABLE).exists()


def test_doubts_are_told_before_anything_is_written(root: Path) -> None:
    rows = (
        f"{ONE},甲市,1,R7.7.31,250001",
        f"{TWO},乙町,3,R7.7.31,1",
        f"{TWO},乙町,1,R7.7.31,250000",
    )
    proposal = propose(root, given(root, HEAD, *rows), R7)
    assert [(p.code, p.source.cell) for p in proposal.problems] == [("W916", "E2"), ("W915", "E3")]
    assert len(proposal.new) == 3


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("990099,,,1,R7.7.31,1", "W308", "A2"),
        (",,丙村,1,R7.7.31,1", "W309", "C2"),
        (f"{ONE},,乙町,1,R7.7.31,1", "W310", "A2"),
        (f",R6-{ONE},,1,R7.7.31,1", "W919", "B2"),
        (",R7-990099,,1,R7.7.31,1", "W308", "B2"),
        (",,,1,R7.7.31,1", "W118", "A2"),
        (f"{ONE},,,前期,R7.7.31,1", "W912", "D2"),
        (f"{ONE},,,1,きのう,1", "W124", "E2"),
        (f"{ONE},,,1,R7.7.31,百円", "W113", "F2"),
        (f"{ONE},,,1,R7.7.31,1.5", "W116", "F2"),
        (f"{ONE},,,,R7.7.31,1", "W118", "D2"),
    ],
)
def test_a_row_that_cannot_be_understood_stops_the_import(
    root: Path, row: str, code: str, cell: str
) -> None:
    assert fault(root, "団体コード,整理番号,団体名,期,納入日,納入額", row) == [(code, cell)]


def test_a_list_without_a_heading(root: Path) -> None:
    assert fault(root, "団体名,納入日,金額", "甲市,R7.7.31,1") == [("W840", "")]
    assert fault(root, "期,納入日,金額", "1,R7.7.31,1") == [("W840", "")]


def test_a_list_that_is_none(root: Path) -> None:
    for name, data, code in (
        ("一覧.pdf", b"%PDF-1.4", "W105"),
        ("一覧.xlsx", b"PK\x03\x04", "W104"),
        ("一覧.csv", b"\x81\x00\xff", "W101"),
    ):
        (root / name).write_bytes(data)
        with pytest.raises(InputError) as caught:
            propose(root, root / name, R7)
        assert [p.code for p in caught.value.problems] == [code]
    with pytest.raises(OutputError, match=r"ない\.csv を読めません"):
        propose(root, root / "ない.csv", R7)


def test_an_amount_that_looks_like_a_formula_is_no_formula(root: Path) -> None:
    assert fault(root, HEAD, f"{ONE},甲市,1,R7.7.31,=1+1") == [("W113", "E2")]


def test_nothing_is_written_without_yes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = given(root, f"{HEAD},摘要", f"{ONE},甲市,1,R7.7.31,250000,x")
    words = ["import", "payments", str(path), "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app(words, standalone_mode=False)) == 2
    said = capsys.readouterr().out
    assert "加える納入 1件、250,000円" in said
    assert "使わない列: 摘要" in said
    assert not (root / TABLE).exists()
    assert guarded(lambda: app([*words, "--yes"], standalone_mode=False)) == 0
    assert table(root)[1:] == [f"{ONE},甲市,1,2025-07-31,250000"]
    assert guarded(lambda: app([*words, "--yes"], standalone_mode=False)) == 0
    assert "加える納入はありません。" in capsys.readouterr().out
    assert len(table(root)) == 2
