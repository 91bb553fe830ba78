"""精算: worked by hand.

人口 is 50,000, 30,000 and 20,000; 運用費 goes by it, 事務費 in equal parts.

    予算額  運用費 1,000,000円  500,000  300,000  200,000
            事務費   100,000円   33,334   33,333   33,333   (one yen left: the smallest code)
    請求済額                    533,334  333,333  233,333   1,100,000

    決算額  運用費   940,010円  470,005  282,003  188,002
            事務費   110,000円   36,667   36,667   36,666   (36,666 each leaves two yen)
                                506,672  318,670  224,668   1,050,010
    利子       1,000円  x 506,672/1,050,010 = 482.54, 318,670/... = 303.49, 224,668/... = 213.97
            482 + 303 + 213 leaves two yen: to .97 and .54  483      303      214

    差額    運用費              -29,995  -17,997  -11,998    -59,990
            事務費               +3,333   +3,334   +3,333    +10,000
            利子                   -483     -303     -214     -1,000
                                -27,145  -14,966   -8,879    -50,990 = 1,050,010 - 1,000 - 1,100,000
"""

import csv
import io
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import NEXT_YEAR, OTHER, REFUND, RESERVE, WAYS, difference_of
from apportion.outputs.data import all_files
from apportion.years.settle.compute import settle
from tests import settling, workspace
from tests.settling import (
    RECEIVED,
    RULES,
    SPENT,
    Received,
    Spent,
    council,
    differences,
    rows,
    settled,
    settlement,
)
from tests.small import R7, code, save

CLOSED = {"甲市": -27_145, "乙市": -14_966, "丙町": -8_879}


def worked(root: Path, way: str) -> Outcome:
    return settle(settling.worked(root, way), R7)


def data(outcome: Outcome, name: str) -> list[list[str]]:
    text = all_files(outcome, {})[name].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("way", WAYS)
def test_the_worked_example(tmp_path: Path, way: str) -> None:
    outcome = worked(tmp_path, way)
    assert rows(outcome) == {
        "運用費": {
            "甲市": (500_000, 470_005),
            "乙市": (300_000, 282_003),
            "丙町": (200_000, 188_002),
        },
        "事務費": {"甲市": (33_334, 36_667), "乙市": (33_333, 36_667), "丙町": (33_333, 36_666)},
        OTHER: {"甲市": (0, -483), "乙市": (0, -303), "丙町": (0, -214)},
    }
    assert differences(outcome) == CLOSED
    assert {row.way for row in settled(outcome).rows} == {way}
    assert all(equation.left == equation.right for equation in outcome.equations)
    assert [p.code for p in outcome.problems] == ["W895"]


@pytest.mark.parametrize("way", WAYS)
def test_where_the_difference_goes(tmp_path: Path, way: str) -> None:
    outcome = worked(tmp_path, way)
    own = settled(outcome)
    assert difference_of(own.rows, way) == -50_990
    assert [reserve.after for reserve in own.reserves] == [50_990 if way == RESERVE else 0]
    files = all_files(outcome, {})
    assert ("adjustment.csv" in files) == (way == NEXT_YEAR)
    assert ("reserve.csv" in files) == (way == RESERVE)
    if way == NEXT_YEAR:
        assert data(outcome, "adjustment.csv") == [
            ["団体コード", "団体名", "前年度精算額（円）"],
            *([code(n), name, str(yen)] for n, (name, yen) in enumerate(CLOSED.items(), start=1)),
        ]
    if way == RESERVE:
        assert data(outcome, "reserve.csv") == [
            ["事業", "前年度末残高（円）"],
            ["共同事業", "50990"],
        ]


def test_rows_of_the_settlement_file(tmp_path: Path) -> None:
    found = data(worked(tmp_path, REFUND), "settlement.csv")
    assert ",".join(found[0]) == (
        "年度,団体コード,団体名,事業,経費,請求済額_円,精算額_円,差額_円,扱い"
    )
    assert found[1] == [
        "r7",
        code(1),
        "甲市",
        "共同事業",
        "運用費",
        "500000",
        "470005",
        "-29995",
        REFUND,
    ]
    assert found[-1] == ["r7", code(3), "丙町", "共同事業", OTHER, "0", "-214", "-214", REFUND]
    assert len(found) == 1 + 9


def test_too_little_was_billed(tmp_path: Path) -> None:
    # 運用費 1,000,100: +50, +30, +20; 事務費 and income as planned
    spent = {"運用費": (1_000_000, 1_000_100), "事務費": (100_000, 100_000)}
    outcome = settle(council(tmp_path, RULES + settlement(REFUND), spent, RECEIVED[:1]), R7)
    assert differences(outcome) == {"甲市": 50, "乙市": 30, "丙町": 20}
    assert OTHER not in rows(outcome)


def test_the_ledger_of_the_reserve(tmp_path: Path) -> None:
    """10,000 + 50,990 - 4,000 + 3,000 - 2,000: what went in beyond the budget is no surplus."""
    received = [*RECEIVED, ("事業調整積立金取崩収入", 0, 2_000)]
    council(
        tmp_path,
        RULES + settlement(RESERVE),
        SPENT,
        received,
        reserves=[("事業調整積立金", 3_000)],
    )
    save(tmp_path, "members/r7/reserve.csv", "事業,前年度末残高（円）\n共同事業,10000\n")
    outcome = settle(tmp_path, R7)
    # その他の収支: 1,000 + 2,000 - 3,000 = 0
    assert sum(differences(outcome).values()) == -49_990
    (reserve,) = settled(outcome).reserves
    assert (reserve.before, reserve.settled, reserve.deposited, reserve.drawn) == (
        *(10_000, 49_990, 3_000, 2_000),
    )
    assert reserve.after == 60_990
    assert reserve.known


def test_a_reserve_below_nothing(tmp_path: Path) -> None:
    spent = {"運用費": (1_000_000, 1_000_100), "事務費": (100_000, 100_000)}
    council(tmp_path, RULES + settlement(RESERVE), spent, RECEIVED[:1])
    with pytest.raises(InputError) as caught:
        settle(tmp_path, R7)
    (problem,) = [p for p in caught.value.problems if p.code == "W893"]
    assert problem.source.file == "members/r7/reserve"
    assert "-100円" in problem.what
    save(tmp_path, "members/r7/reserve.csv", "事業,前年度末残高（円）\n共同事業,100\n")
    assert [reserve.after for reserve in settled(settle(tmp_path, R7)).reserves] == [0]


@pytest.mark.parametrize("interest", [0, 1_000])
def test_a_paper_speaks_of_other_income_where_there_is_some(tmp_path: Path, interest: int) -> None:
    received: Received = [
        ("負担金収入", 1_100_000, 1_100_000),
        ("預金利子", 0, interest),
    ]
    spent: Spent = {"運用費": (1_000_000, 1_000_000), "事務費": (100_000, 100_000)}
    council(tmp_path, RULES + settlement(REFUND), spent, received)
    assert bool(settled(settle(tmp_path, R7)).has_other) == bool(interest)


def problems(root: Path) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        settle(root, R7)
    return {p.code: f"{p.source.place()} {p.what} {p.fix}" for p in caught.value.problems}


def test_no_final_amounts(tmp_path: Path) -> None:
    spent = {"運用費": (1_000_000,), "事務費": (100_000,)}
    council(tmp_path, RULES + settlement(REFUND), spent, RECEIVED, headings=["予算額（円）"])
    found = problems(tmp_path)
    assert found.keys() == {"W890"}
    assert found["W890"].startswith(
        "rules/r7/budget.csv 支出の部に「決算額（円）」の列がありません。"
    )


def test_no_final_amount_in_any_row(tmp_path: Path) -> None:
    """Of the column nothing is filled in, not even in a row that needs none."""
    spent: Spent = {"運用費": (1_000_000, ""), "事務費": (100_000, ""), "新規": ("", "")}
    rules = RULES + "■経費 新規\n負担割合: 均等割\n" + settlement(REFUND)
    assert problems(council(tmp_path, rules, spent, RECEIVED)).keys() == {"W890"}


def test_a_blank_final_amount(tmp_path: Path) -> None:
    spent: Spent = {"運用費": (1_000_000, 940_010), "事務費": (100_000, "")}
    received: Received = [("負担金収入", 1_100_000, 1_100_000), ("預金利子", 0, "")]
    found = problems(council(tmp_path, RULES + settlement(REFUND), spent, received))
    assert found.keys() == {"W891"}
    assert "預金利子" in found["W891"]
    save(
        tmp_path,
        "rules/r7/income.csv",
        "区分,事業,科目,予算額（円）,決算額（円）\n区分,共同事業,負担金収入,1100000,1100000\n",
    )
    found = problems(tmp_path)
    assert "E3（3行目）" in found["W891"]
    assert "「共同事業の事務費」" in found["W891"]


def test_nothing_says_where_the_difference_goes(tmp_path: Path) -> None:
    council(tmp_path, RULES, SPENT, RECEIVED)
    found = problems(tmp_path)
    assert found.keys() == {"W892"}
    path = tmp_path / "rules/r7/10.txt"
    added = "\n■精算\n差額: 還付と追徴\n"  # the two lines that the message offers
    assert "「■精算」の行と「差額: 還付と追徴」の行" in found["W892"]
    path.write_text(path.read_text("utf-8") + added, "utf-8")
    assert differences(settle(tmp_path, R7)) == CLOSED


def test_the_common_file_may_say_it_for_all(tmp_path: Path) -> None:
    council(tmp_path, RULES, SPENT, RECEIVED)
    common = f"書式: 1\n事業: 共通\n年度: 令和7年度\n状態: 案\n{settlement(NEXT_YEAR)}"
    save(tmp_path, "rules/r7/00_common.txt", common)
    assert settled(settle(tmp_path, R7)).ways == {"共同事業": NEXT_YEAR}


def test_income_that_was_not_billed(tmp_path: Path) -> None:
    received = [("負担金収入", 1_100_000, 1_099_000)]
    outcome = settle(council(tmp_path, RULES + settlement(REFUND), SPENT, received), R7)
    (problem,) = [p for p in outcome.problems if p.code == "W894"]
    assert "差 -1,000円" in problem.what
    assert problem.source.cell == "E2"


def final(root: Path, name: str, less: dict[str, int]) -> None:
    """Give a shipped table 決算額: the budget, less so many yen for some rows."""
    path = root / "rules/r7" / name
    head, *lines = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    column = next(n for n, text in enumerate(head) if text.startswith("予算額"))
    unit = 1_000 if "千円" in head[column] else 1
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*head, "決算額（円）"])
    for row in lines:
        writer.writerow([*row, int(row[column]) * unit - less.get(row[3], 0)])
    path.write_text(out.getvalue(), "utf-8-sig")


@pytest.fixture(name="shipped")
def fixture_shipped(tmp_path: Path) -> Path:
    root = workspace.copy(tmp_path)
    final(root, "income.csv", {})
    return root


def test_the_shipped_year_spent_as_planned(shipped: Path) -> None:
    final(shipped, "budget.csv", {})
    outcome = settle(shipped, R7)
    assert set(differences(outcome).values()) == {0}
    assert outcome.total == 385_422_000
    assert {reserve.after for reserve in settled(outcome).reserves} == {0}


def test_the_shipped_year_with_a_thousand_less(shipped: Path) -> None:
    """13,298,000 among 52: 255,730.769…, 40 of them a yen more; billed 13,299,000: 255,750 each.

    The 40 with the smaller codes pay 255,731 (-19), the other 12 pay 255,730 (-20).
    """
    final(shipped, "budget.csv", {"共同セキュリティ監査": 1_000})
    outcome = settle(shipped, R7)
    found = sorted(differences(outcome).values())
    assert found == [-20] * 12 + [-19] * 40 + [0] * 2
    assert [reserve.after for reserve in settled(outcome).reserves] == [0, 0, 0, 0, 1_000]
    assert settling.rows(outcome)["共同セキュリティ監査"]["愛知県"] == (255_750, 255_731)


@pytest.mark.parametrize(
    ("final", "told"),
    [(1_000_000, True), (999_999, False), (10_000, True), (10_001, False), (0, False)],
)
def test_another_number_of_digits_is_told(tmp_path: Path, final: int, told: bool) -> None:  # noqa: FBT001  a value of the table
    """事務費 100,000円: from ten times and to a tenth; what was not spent at all is no slip."""
    spent: Spent = {**SPENT, "事務費": (100_000, final)}
    outcome = settle(council(tmp_path, RULES + settlement(REFUND), spent, RECEIVED), R7)
    found = [problem for problem in outcome.problems if problem.code == "W889"]
    assert bool(found) == told
    for problem in found:
        assert (problem.source.file, problem.source.cell) == ("rules/r7/budget.csv", "F3")
        assert f"共同事業の事務費: 予算額 100,000円、決算額 {final:,}円" in problem.what
