"""`import payments`: lists of banks, in columns and in 全銀 records; only what is certain is booked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.years.payments import PaymentsProposal, propose, write
from apportion.years.payments.payers import kana_key
from tests import small
from tests.small import R7

RULES = (
    "納期: 第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り\n\n■経費 利用料\n負担割合: 人口割\n"
)
ONE, TWO, THREE = small.code(1), small.code(2), small.code(3)
TABLE = "members/r7/payments.csv"
HEAD = "日付,摘要,お支払金額,お預り金額,残高"


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    """甲市 owes 300,000 + 300,001, 乙町 100,000 twice, 丙村 100,000 + 100,001 (by 601,001 and so on)."""
    figures = {
        name: {"人口（人）": n}
        for name, n in (("甲市", 600_001), ("乙町", 200_000), ("丙村", 200_001))
    }
    small.write(tmp_path, RULES, {"利用料": 1_000_002}, figures)
    register = tmp_path / "members/members.csv"
    text = register.read_text(encoding="utf-8")
    for name, kana in (("甲市", "とよこうし"), ("乙町", "オツチョウ"), ("丙村", "ヘイソン")):
        text = text.replace(f"{name},よみ", f"{name},{kana}")
    register.write_text(text, encoding="utf-8")
    return tmp_path


def proposed(root: Path, *rows: str) -> PaymentsProposal:
    small.save(root, "明細.csv", "\n".join(rows) + "\n")
    return propose(root, root / "明細.csv", R7)


def booked(found: PaymentsProposal) -> list[tuple[str, int, str, int]]:
    return [(p.code, p.number, p.day.isoformat(), p.yen) for p in found.new]


def left(found: PaymentsProposal) -> list[tuple[str, int | None, int | None]]:
    """Body, 期 and amount of the rows to finish."""
    return [(aside.code, aside.number, aside.draft) for aside in found.left]


@pytest.mark.parametrize(
    "text",
    [
        "ﾄﾖｺｳｼ",
        "ﾌﾘｺﾐ ﾄﾖｺｳｼ ｶｲｹｲｶﾝﾘｼﾔ",
        "振込 トヨコウシチヨウ",
        "とよこうし",
        "ト－ヨコウシ",
        "甲市会計管理者",
        "甲市長　様",
        "振込入金 甲市",
        "甲市　令和7年度負担金　第1期分",
        "R7-{one}-第1期",
        "フタンキン Ｒ７－{one}",
    ],
)
def test_a_payer_is_known_by_what_the_bank_writes(root: Path, text: str) -> None:
    found = proposed(root, HEAD, f"R7.7.31,{text.format(one=ONE)},,300000,300000")
    assert booked(found) == [(ONE, 1, "2025-07-31", 300_000)]


def test_one_sign_for_one_reading() -> None:
    assert kana_key("ｶﾞｯｺｳ ﾁｮｳ") == kana_key("がっこうちょう") == "ガツコウチヨウ"


@pytest.mark.parametrize(
    ("text", "yen", "row"),
    [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", 300_000, ("", None, 300_000)),  # the amount alone names nobody
        ("ﾄﾖｺｳｼﾘﾂ ｺｳｺｳ", 300_000, ("", None, 300_000)),  # only alike
        ("ﾄﾖｺｳｼ ﾍｲｿﾝ", 300_000, ("", None, 300_000)),
        ("ﾄﾖｺｳｼ", 299_999, (ONE, None, 299_999)),  # no 期 of this amount
        ("ｵﾂﾁﾖｳ", 100_000, (TWO, None, 100_000)),  # two 期 of this amount
        ("ﾄﾖｺｳｼ 組戻", 300_000, ("", None, None)),
    ],
)
def test_what_is_not_certain_is_left(
    root: Path, text: str, yen: int, row: tuple[str, int | None, int | None]
) -> None:
    found = proposed(root, HEAD, f"R7.7.31,{text},,{yen},{yen}")
    assert (booked(found), left(found)) == ([], [row])


def test_a_serial_tells_which_of_two_equal_terms(root: Path) -> None:
    found = proposed(root, HEAD, f"R7.7.31,R7-{TWO}-第2期,,100000,100000")
    assert booked(found) == [(TWO, 2, "2025-07-31", 100_000)]


def test_a_term_or_another_year_in_the_text(root: Path) -> None:
    found = proposed(root, HEAD, "R7.7.31,乙町 第１期,,100000,100000")
    assert booked(found) == [(TWO, 1, "2025-07-31", 100_000)]
    former = proposed(root, HEAD, "R7.7.31,甲市 令和6年度負担金,,300000,300000")
    assert (former.new, left(former)) == ((), [(ONE, None, None)])


def test_a_serial_of_another_year_is_passed_over(root: Path) -> None:
    found = proposed(root, HEAD, f"R7.7.31,R6-{TWO}-第2期,,100000,100000")
    assert (found.new, found.left) == ((), ())
    assert [aside.kind for aside in found.passed] == ["別の年度の整理番号の入金"]


def test_what_goes_out_or_lies_outside_the_year_is_passed_over(root: Path) -> None:
    found = proposed(
        root,
        HEAD,
        "R7.3.31,ﾄﾖｺｳｼ,,300000,300000",
        "R7.7.30,手数料,440,,299560",
        "R7.7.31,ﾄﾖｺｳｼ,,300001,599561",
    )
    assert booked(found) == [(ONE, 2, "2025-07-31", 300_001)]
    assert [(aside.kind, aside.yen) for aside in found.passed] == [
        ("令和7年度の外の日の入金", 300_000),
        ("出金の行", 440),
    ]


def test_a_second_import_finds_everything_there(root: Path) -> None:
    rows = (HEAD, "R7.7.31,ﾄﾖｺｳｼ,,300000,300000", "R8.1.30,ﾄﾖｺｳｼ,,300001,600001")
    first = proposed(root, *rows)
    assert len(first.new) == 2
    write(first)
    again = proposed(root, *rows)
    assert (again.new, len(again.known), again.left, again.nothing) == ((), 2, (), None)


def test_balances_that_do_not_follow_are_told(root: Path) -> None:
    """W923; a list from new to old follows too."""
    gap = proposed(root, HEAD, "R7.7.31,x,,5,5", "R7.7.31,x,,5,11")
    assert [(p.code, p.source.cell) for p in gap.problems] == [("W923", "E3")]
    upward = proposed(root, HEAD, "R7.8.1,x,,5,10", "R7.7.31,x,,5,5")
    assert (upward.problems, upward.listed.balanced) == ((), True)


def test_one_signed_column(root: Path) -> None:
    head = "取引日,入出金(円),残高(円),入出金先内容"
    found = proposed(root, head, "20250731,300000,300000,ﾄﾖｺｳｼ", "20250801,-440,299560,ﾃｽｳﾘﾖｳ")
    assert booked(found) == [(ONE, 1, "2025-07-31", 300_000)]
    assert [(aside.kind, aside.yen) for aside in found.passed] == [("出金の行", 440)]


def test_a_direction_that_nobody_knows(root: Path) -> None:
    head = "取引日,入払区分,取引金額,摘要"
    assert booked(proposed(root, head, "20250731,入金,300000,ﾄﾖｺｳｼ"))
    assert [aside.kind for aside in proposed(root, head, "20250731,2,300000,ﾄﾖｺｳｼ").passed] == [
        "出金の行"
    ]
    with pytest.raises(InputError) as caught:
        proposed(root, head, "20250731,受払,300000,ﾄﾖｺｳｼ")
    assert [(p.code, p.source.cell) for p in caught.value.problems] == [("W925", "B2")]


def number(value: int, width: int) -> str:
    return str(value).rjust(width, "0")


def record(*parts: tuple[str, int]) -> str:
    """A record of 200 signs; each field with its length."""
    text = "".join(value.ljust(length) for value, length in parts)
    assert len(text) == 200
    return text


def header(kind: str = "03") -> str:
    rest = "0070801070701070731"
    account: tuple[tuple[str, int], ...]
    if kind == "01":
        account = (("1", 1), ("0000000", 7), ("ｷﾖｳｷﾞｶｲ", 40), ("", 93))
    else:
        account = (
            ("000", 3),
            ("1", 1),
            (number(0, 10), 10),
            ("ｷﾖｳｷﾞｶｲ", 40),
            ("1", 1),
            ("1", 1),
            (number(0, 14), 14),
            ("", 71),
        )
    return record(
        ("1", 1),
        (kind, 2),
        (rest, 19),
        ("9999", 4),
        ("ｶｸｳ", 15),
        ("001", 3),
        ("ﾎﾝﾃﾝ", 15),
        *account,
    )


def moved(way: int, yen: int, who: str, note: str = "", day: str = "070731") -> str:
    """A data record of 入出金取引明細."""
    return record(
        *(("2", 1), ("00000001", 8), (day, 6), (day, 6), (str(way), 1), ("11", 2)),
        *((number(yen, 12), 12), (number(0, 12), 12), (number(0, 6), 6), (number(0, 6), 6)),
        *(("0", 1), (number(0, 7), 7), ("000", 3), (number(0, 10), 10), (who, 48)),
        *(("ｶｸｳ", 15), ("ｼﾃﾝ", 15), (note, 20), ("", 20), ("", 1)),
    )


def trailer(came: Sequence[int], went: Sequence[int]) -> str:
    return record(
        *(("8", 1), (number(len(came), 6), 6), (number(sum(came), 13), 13)),
        *((number(len(went), 6), 6), (number(sum(went), 13), 13), ("1", 1)),
        *((number(0, 14), 14), (number(len(came) + len(went), 7), 7), ("", 139)),
    )


END = record(("9", 1), ("", 199))


def records(root: Path, *lines: str, newline: str = "") -> PaymentsProposal:
    (root / "明細.dat").write_bytes(newline.join(lines).encode("cp932"))
    return propose(root, root / "明細.dat", R7)


@pytest.mark.parametrize("newline", ["", "\r\n", "\n"])
def test_records_of_what_came_and_went(root: Path, newline: str) -> None:
    found = records(
        root,
        header(),
        moved(1, 300_000, "ﾄﾖｺｳｼ ｶｲｹｲｶﾝﾘｼﾔ"),
        moved(2, 440, "", "ﾃｽｳﾘﾖｳ"),
        moved(1, 7, "", "ﾘｿｸ"),
        trailer([300_000, 7], [440]),
        END,
        newline=newline,
    )
    assert booked(found) == [(ONE, 1, "2025-07-31", 300_000)]
    assert [(aside.kind, aside.yen) for aside in found.passed] == [("出金の行", 440)]
    assert left(found) == [("", None, 7)]
    assert [p.source.line for p in found.new] == [2]


def test_days_in_western_years(root: Path) -> None:
    found = records(
        root, header(), moved(1, 300_000, "ﾄﾖｺｳｼ", day="250731"), trailer([300_000], []), END
    )
    assert booked(found) == [(ONE, 1, "2025-07-31", 300_000)]


def noticed(yen: int, who: str, undone: str = "") -> str:
    """A data record of 振込入金通知."""
    return record(
        *(("2", 1), ("000001", 6), ("070731", 6), ("070731", 6), (number(yen, 10), 10)),
        *((number(0, 10), 10), (number(0, 10), 10), (who, 48), ("ｶｸｳ", 15), ("ｼﾃﾝ", 15)),
        *((undone, 1), ("", 20), ("", 52)),
    )


def test_notices_and_one_that_cancels_another(root: Path) -> None:
    end = record(
        ("8", 1),
        (number(2, 6), 6),
        (number(400_000, 12), 12),
        (number(1, 6), 6),
        (number(100_000, 12), 12),
        ("", 163),
    )
    found = records(
        root,
        header("01"),
        noticed(300_000, "ﾄﾖｺｳｼ"),
        noticed(100_000, "ﾍｲｿﾝ"),
        noticed(100_000, "ﾍｲｿﾝ", "1"),
        end,
        END,
    )
    assert booked(found) == [(ONE, 1, "2025-07-31", 300_000)]
    assert left(found) == [(THREE, None, 100_000), (THREE, None, None)]


def test_records_that_are_not_whole(root: Path) -> None:
    """W924: too long, cut off, or other than their trailer says."""
    good = (header(), moved(1, 300_000, "ﾄﾖｺｳｼ"))
    for lines, line in (
        ((*good, trailer([300_000], [])[:150] + "x" * 90), 3),
        (good, 2),
        ((*good, trailer([300_001], []), END), 3),
    ):
        with pytest.raises(InputError) as caught:
            records(root, *lines, newline="\r\n")
        assert [(p.code, p.source.line) for p in caught.value.problems] == [("W924", line)]
