"""`import payments`: the columns that decide what an amount means."""

from pathlib import Path

import pytest

from apportion.cli import app, guarded
from apportion.core.problem import InputError
from apportion.tables.grid import Cell, CellKind
from apportion.years.payments import PaymentsProposal, propose, write
from apportion.years.payments.words import RowKind, is_own_subject, is_own_year, meaning
from tests import small
from tests.small import R7

RULES = (
    "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n■経費 利用料\n負担割合: 均等割\n"
)
ONE, TWO = small.code(1), small.code(2)
TABLE = "members/r7/payments.csv"
OURS = "団体コード,団体名,期,納入日,納入額（円）"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """甲市 and 乙町 owe 250,000円 in each of two 期."""
    figures = {"甲市": {"人口（人）": 1}, "乙町": {"人口（人）": 1}}
    return small.write(tmp_path, RULES, {"利用料": 1_000_000}, figures)


def proposed(root: Path, *rows: str) -> PaymentsProposal:
    small.save(root, "一覧.csv", "\n".join(rows) + "\n")
    return propose(root, root / "一覧.csv", R7)


def booked(root: Path, *rows: str) -> list[tuple[str, int, int]]:
    """Body, 期 and yen of each new payment."""
    return [(p.code, p.number, p.yen) for p in proposed(root, *rows).new]


def passed(proposal: PaymentsProposal) -> list[tuple[str, int]]:
    return [(aside.kind, aside.yen) for aside in proposal.passed]


def left(proposal: PaymentsProposal) -> list[tuple[str, int | None]]:
    """Place and draft of each row that a person decides."""
    return [(aside.source.cell, aside.draft) for aside in proposal.left]


def faults(root: Path, *rows: str) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        proposed(root, *rows)
    return [(p.code, p.source.cell) for p in caught.value.problems]


def test_two_columns_of_what_was_received(root: Path) -> None:
    head = "団体名,期,収納日,収納額,入金額"
    assert faults(root, head, "甲市,1,R7.7.31,100000,200000") == [("W921", "D2")]
    assert booked(root, head, "甲市,1,R7.7.31,100000,100000") == [(ONE, 1, 100_000)]
    assert booked(root, head, "甲市,1,R7.7.31,,100000") == [(ONE, 1, 100_000)]


def test_an_amount_beside_what_was_billed_may_be_either(root: Path) -> None:
    rows = ("団体名,期,収納日,金額,調定額", "甲市,1,R7.7.31,250000,250000")
    assert faults(root, *rows) == [("W921", "D1")]


@pytest.mark.parametrize("billed", [250_000, 500_000])
def test_what_was_billed_is_compared(root: Path, billed: int) -> None:
    """A 期 or the year; anything else is of another bill."""
    head = "団体名,期,調定額,収納日,収納額"
    assert booked(root, head, f"甲市,1,{billed},R7.7.31,250000") == [(ONE, 1, 250_000)]
    assert left(proposed(root, head, f"甲市,1,{billed + 1},R7.7.31,250000")) == [("E2", 250_000)]


def test_rows_of_another_year_and_subject_are_passed_over(root: Path) -> None:
    found = proposed(
        root,
        "年度,科目,団体名,期,収納日,収納額",
        "R6,負担金,甲市,1,R7.5.9,1000",
        "2025,使用料,丙村,1,R7.7.1,200",
        "令和7,負担金,甲市,1,R7.7.31,250000",
        "7,給食費負担金,乙町,1,R7.7.31,30",
    )
    assert [p.yen for p in found.new] == [250_000]
    assert passed(found) == [("別の年度の行", 1000), ("別の科目の行", 200)]
    assert left(found) == [("F5", 30)]


def test_cancelled_rows(root: Path) -> None:
    """Alone it is passed over; where another row could be meant, both wait for a person."""
    head = "団体名,期,収納日,収納額,状態"
    alone = proposed(root, head, "甲市,1,R7.7.31,9,取消済", "甲市,1,R7.7.31,250000,消込済")
    assert ([p.yen for p in alone.new], passed(alone)) == ([250_000], [("取消の行", 9)])
    twins = proposed(root, head, "甲市,1,R7.7.31,250000,収納", "甲市,1,R7.8.1,250000,取消")
    assert twins.new == ()
    assert left(twins) == [("D2", None), ("D3", -250_000)]
    both = proposed(root, head, "甲市,1,R7.7.31,250000,取消済", "甲市,1,R7.8.1,-250000,取消")
    assert (both.new, passed(both)) == ((), [("取消の行", 250_000), ("取消の行", -250_000)])
    minus = booked(root, head, "甲市,1,R7.7.31,250000,収納", "甲市,1,R7.8.1,△250000,取消")
    assert minus == [(ONE, 1, 250_000), (ONE, 1, -250_000)]
    assert left(proposed(root, head, "甲市,1,R7.8.1,△250000,取消")) == [("D2", None)]


def test_a_cancelled_row_of_what_the_table_holds_is_left(root: Path) -> None:
    small.save(root, TABLE, f"{OURS}\n{ONE},甲市,1,R7.7.31,250000\n")
    head = "団体名,期,収納日,収納額,状態"
    assert left(proposed(root, head, "甲市,1,R7.7.31,250000,取消")) == [("D2", -250_000)]


@pytest.mark.parametrize(
    ("title", "word", "kind"),
    [
        ("状態", "消込済", RowKind.FINE),
        ("状態", "取 消", RowKind.CANCELLED),
        ("処理区分", "訂正", RowKind.DOUBTFUL),
        ("収納区分", "未収", RowKind.UNPAID),
        ("種別", "過誤納還付", RowKind.REFUND),
        ("種別", "なにか", RowKind.DOUBTFUL),
        ("区分", "市", RowKind.FINE),
        ("収納区分", "コンビニ", RowKind.FINE),
        ("備考", "返金", RowKind.REFUND),
        ("備考", "前回取消分の再納付", RowKind.DOUBTFUL),
        ("備考", "なにか", RowKind.FINE),
        ("摘要", "ｸﾐﾓﾄﾞｼ ｴｰｼ", RowKind.DOUBTFUL),
        ("取消フラグ", "1", RowKind.CANCELLED),
        ("取消フラグ", "0", RowKind.FINE),
        ("取消日", "2025-08-01", RowKind.CANCELLED),
        ("還付額", "1000", RowKind.DOUBTFUL),
        ("充当額", "0", RowKind.FINE),
        ("納付方法", "口座振替", RowKind.FINE),
    ],
)
def test_words(title: str, word: str, kind: RowKind) -> None:
    head = Cell(title, CellKind.PLAIN, 1, 1)
    assert meaning(head, word, frozenset({"市"})) is kind


def test_years_and_subjects() -> None:
    own = ("令和7年度", "R7", "2025", "7", "07", "現年度", "現年分")
    assert {is_own_year(text, R7) for text in own} == {True}
    assert {is_own_year(text, R7) for text in ("R6", "6", "2024", "過年度", "滞納繰越分")} == {
        False
    }
    assert is_own_year("なにか", R7) is None
    assert is_own_subject("会費", frozenset({"会費"}))
    assert is_own_subject("手数料", frozenset()) is False
    assert is_own_subject("道路負担金", frozenset()) is None


def running(root: Path, *lists: tuple[str, ...]) -> list[int]:
    """Yen of all payments after some lists."""
    found: list[int] = []
    for rows in lists:
        proposal = proposed(root, *rows)
        found += [p.yen for p in proposal.new]
        if proposal.new:
            write(proposal)
    return found


def test_a_running_amount_is_booked_as_the_difference(root: Path) -> None:
    """By its heading, by a title with its day, or by 調定額 less 未納額; a second time nothing."""
    july, august = "甲市,1,R7.7.31,100000", "甲市,1,R7.8.31,180000"
    by_heading = ("団体名,期,収入日,収入累計", july), ("団体名,期,収入日,収入累計", august)
    assert running(root, *by_heading, *by_heading) == [100_000, 80_000]
    (root / TABLE).unlink()
    head = "団体名,期,収入日,収入済額"
    titled = ("7月末現在", head, july), ("8月末現在", head, august)
    assert running(root, *titled) == [100_000, 80_000]
    (root / TABLE).unlink()
    head += ",調定額,未納額"
    opened = (head, f"{july},250000,150000"), (head, f"{august},250000,70000")
    assert running(root, *opened) == [100_000, 80_000]


def test_a_running_amount_that_shrinks_is_left(root: Path) -> None:
    small.save(root, TABLE, f"{OURS}\n{ONE},甲市,1,R7.7.31,100000\n")
    found = proposed(root, "団体名,期,収入日,収入累計", "甲市,1,R7.8.31,90000")
    assert (found.new, left(found)) == ((), [("D2", None)])


def test_an_amount_that_grows_is_left_where_nothing_says_what_it_is(root: Path) -> None:
    small.save(root, TABLE, f"{OURS}\n{ONE},甲市,1,R7.7.31,100000\n")
    head = "団体名,期,収納日,収納額"
    found = proposed(root, head, "甲市,1,R7.8.31,120000")
    assert left(found) == [("D2", None)]
    assert "増えたのは20,000円" in found.left[0].why
    assert booked(root, head, "甲市,1,R7.8.31,90000") == [(ONE, 1, 90_000)]
    assert booked(root, head, "甲市,1,R7.8.31,150000") == [(ONE, 1, 150_000)]
    once = "団体名,期,入金日,入金額"
    assert booked(root, once, "甲市,1,R7.8.31,120000") == [(ONE, 1, 120_000)]


def test_a_running_column_beside_the_payment_is_compared(root: Path) -> None:
    head = "団体名,期,収入日,当月収入額,収入済額"
    small.save(root, TABLE, f"{OURS}\n{ONE},甲市,1,R7.7.31,100000\n")
    assert booked(root, head, "甲市,1,R7.8.31,50000,150000") == [(ONE, 1, 50_000)]
    found = proposed(root, head, "甲市,1,R7.8.31,50000,170000")
    assert left(found) == [("D2", 50_000)]
    assert "170,000円" in found.left[0].why


def test_what_is_open_is_compared(root: Path) -> None:
    head = "団体名,期,調定額,収納日,入金額,未納額"
    assert booked(root, head, "甲市,1,250000,R7.7.31,100000,150000") == [(ONE, 1, 100_000)]
    assert left(proposed(root, head, "甲市,1,250000,R7.7.31,100000,100000")) == [("E2", 100_000)]


def test_totals_are_added_up_again(root: Path) -> None:
    """Of all rows, of those since the last one, and without what was cancelled."""
    head = "団体名,期,収納日,収納額,状態"
    rows = (
        "甲市,1,R7.7.31,100,",
        "小計,,,100,",
        "乙町,1,R7.7.31,250,",
        "小計,,,250,",
        "総計,,,350,",
    )
    assert proposed(root, head, *rows).listed.checked == 3
    with_undone = ("甲市,1,R7.7.31,100,", "乙町,1,R7.7.31,250,取消", "合計,,,100,")
    assert proposed(root, head, *with_undone).listed.checked == 1
    assert faults(root, head, "甲市,1,R7.7.31,100,", "合計,,,101,") == [("W922", "D3")]


def test_terms_with_zeros_and_wide_digits(root: Path) -> None:
    for term in ("01", "１期", "第01期", "第１期分", "001"):
        assert booked(root, "団体名,期,収納日,収納額", f"甲市,{term},R7.7.31,9") == [(ONE, 1, 9)]


def test_values_under_no_heading_stop_the_import(root: Path) -> None:
    """250,000 without quotes is two cells."""
    assert faults(root, "団体名,期,収納日,収納額", "甲市,1,R7.7.31,250,000") == [("W120", "E2")]


def test_who_has_not_paid_is_passed_over(root: Path) -> None:
    rows = ("団体名,期,収納日,収納額", "甲市,1,,0", "乙町,1,,", "甲市,2,R7.7.31,5")
    assert passed(proposed(root, *rows)) == [("まだ納入でない行", 0), ("まだ納入でない行", 0)]


@pytest.mark.parametrize(
    ("title", "head", "code"),
    [
        ("令和6年度　収納一覧", "収納額", "W919"),
        ("（単位：千円）", "収納額", "W921"),
        ("調定一覧", "金額", "W921"),
    ],
)
def test_what_the_title_says_is_compared(root: Path, title: str, head: str, code: str) -> None:
    rows = (f"団体名,期,収納日,{head}", "甲市,1,R7.7.31,5")
    assert [found for found, _ in faults(root, title, *rows)] == [code]
    assert booked(root, "令和7年度　納入一覧（単位：円）", *rows) == [(ONE, 1, 5)]


def test_a_day_outside_the_year_is_left(root: Path) -> None:
    rows = ("団体名,期,収納日,収納額", "甲市,1,R6.7.31,5", "甲市,1,R8.5.31,6")
    found = proposed(root, *rows)
    assert ([p.yen for p in found.new], left(found)) == ([6], [("D2", 5)])


def test_what_the_texts_say_of_year_and_term_is_compared(root: Path) -> None:
    head = "団体名,期,収納日,収納額,摘要"
    rows = (
        "甲市,1,R7.7.31,5,令和6年度負担金",
        "甲市,1,R7.7.31,6,第2期分",
        "甲市,1,R7.7.31,7,令和7年度第1期",
    )
    found = proposed(root, head, *rows)
    assert ([p.yen for p in found.new], left(found)) == ([7], [("D2", None), ("D3", 6)])
    assert "摘要の列に「令和6年度負担金」" in found.left[0].why


def test_headings_at_the_top_of_each_page(root: Path) -> None:
    head = "団体名,期,収納日,収納額"
    assert len(booked(root, head, "甲市,1,R7.7.31,5", head, "乙町,1,R7.7.31,6")) == 2


def test_unpaid_with_an_amount_is_left(root: Path) -> None:
    rows = ("団体名,期,収納日,収納額,収納状況", "甲市,1,R7.7.31,5,未納", "甲市,1,R7.8.1,6,一部納入")
    found = proposed(root, *rows)
    assert ([p.yen for p in found.new], left(found)) == ([6], [("D2", None)])


def test_a_title_and_notes_of_one_cell(root: Path) -> None:
    rows = ("一覧", "団体名,期,収納日,収納額", "甲市,1,R7.7.31,5", "※速報値", "合計")
    found = proposed(root, *rows)
    assert ([p.yen for p in found.new], found.listed.notes) == ([5], ("※速報値",))


def test_a_list_of_nothing_but_cancelled_rows_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small.save(root, "一覧.csv", "団体名,期,収納日,収納額,状態\n甲市,1,R7.7.31,5,取消\n")
    words = ["import", "payments", str(root / "一覧.csv"), "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app([*words, "--yes"], standalone_mode=False)) == 1
    said = capsys.readouterr()
    assert "納入に数えない行: 取消の行 1件、5円" in said.out
    assert "W926" in said.err
    assert not (root / TABLE).exists()


def test_what_is_left_is_shown_with_a_row_to_finish(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "団体名,期,収納日,収納額,種別\n甲市,1,R7.7.31,250000,収納\n甲市,1,R7.8.8,1000,還付\n"
    small.save(root, "一覧.csv", rows)
    words = ["import", "payments", str(root / "一覧.csv"), "--year", "r7", "--dir", str(root)]
    assert guarded(lambda: app([*words, "--yes"], standalone_mode=False)) == 0
    said = capsys.readouterr().out
    assert "決まらないので加えない行 1件、1,000円" in said
    assert f"{ONE},甲市,1,2025-08-08,\n" in said
    assert (root / TABLE).read_text("utf-8-sig").splitlines()[1:] == [
        f"{ONE},甲市,1,2025-07-31,250000"
    ]
