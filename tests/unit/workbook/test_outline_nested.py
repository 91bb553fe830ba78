"""計算のあらまし of ■基準 that rest on one another: every number down to the cell of a table, live.

What is expected is worked out by hand from the rules, without the program.
"""

from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import plan
from tests import small
from tests.unit.workbook.formulas import Reader
from tests.unit.workbook.test_outline import OUTLINE, SAME, disagreements, formulas, rows

AREA = "面積（km2、令和6年10月1日現在）"
PEOPLE = "人口（人、令和2年10月1日現在）"
INCOME = "税収（千円、令和6年度）"
FIGURES: dict[str, dict[str, int | str]] = {
    "A市": {AREA: "40.5", PEOPLE: 20_000, INCOME: 3_000_000},
    "B町": {AREA: 60, PEOPLE: 5_000, INCOME: 700_000},
    "C村": {AREA: "9.25", PEOPLE: 1_000, INCOME: 90_000},
}
RULES = """
基礎数値: 人口 = 人口（令和2年10月1日現在）

■経費 運営費
負担割合: 均等割 20% + 規模割 80%

■基準 規模割
値: （人口 + 面積点 × 100）÷ 2 + 小さい方（人口、3000）

■基準 面積点
値: 面積 × 密度係数
端数: 小数第1位未満四捨五入

■係数表 密度係数
A市: 1.25
その他: 面積 ÷ 面積の計
"""


def council(root: Path) -> Outcome:
    return small.run(small.write(root, RULES, {"運営費": 1_000_000}, FIGURES))


def written(outcome: Outcome, name: str, folder: Path) -> Path:
    path = folder / "bill.xlsx"
    own = next(member for member in outcome.members if member.name == name)
    path.write_bytes(Filler(plan(outcome)).content(own, number=1))
    return path


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return council(tmp_path_factory.mktemp("nested"))


def values(path: Path, name: str) -> dict[str, object]:
    """What stands in 自団体の値 of a 経費, by label without its indent."""
    sheet = load_workbook(path, data_only=True)[OUTLINE]
    return {str(row[1]).strip(): row[4] for row in rows(sheet, name) if row[4] is not None}


def test_each_level_stands_on_the_sheet_down_to_the_table(nested: Outcome, tmp_path: Path) -> None:
    """B町: 60 × 60 ÷ 109.75 = 32.80… → 32.8; (5,000 + 3,280) ÷ 2 + 3,000 = 7,140."""
    found = values(written(nested, "B町", tmp_path), "運営費")
    share = found.pop("密度係数の値")
    assert isinstance(share, float)
    assert abs(Fraction(share) - Fraction(6000, 10975)) < Fraction(1, 10**12)
    assert found == {
        "人口": 5_000,
        "面積": 60,
        "面積の計": 109.75,
        "面積点の値": 32.8,
        "人口 + 面積点 × 100": 8_280,
        "小さい方（人口、3,000）": 3_000,
        "規模の値": 7_140,
        "規模割の分": 7_140,
    }


def test_a_row_for_one_member_is_its_own(nested: Outcome, tmp_path: Path) -> None:
    """A市: 40.5 × 1.25 = 50.625 → 50.6; (20,000 + 5,060) ÷ 2 + 3,000 = 15,530."""
    found = values(written(nested, "A市", tmp_path), "運営費")
    assert (found["密度係数の値"], found["面積点の値"], found["規模の値"]) == (1.25, 50.6, 15_530)
    assert "面積の計" not in found


def test_the_deeper_stands_in_from_what_it_gives(nested: Outcome, tmp_path: Path) -> None:
    sheet = load_workbook(written(nested, "B町", tmp_path))[OUTLINE]
    labels = [str(row[1]) for row in rows(sheet, "運営費")]
    assert "　面積点の値" in labels
    assert "　　密度係数の値" in labels


def test_every_level_is_live(nested: Outcome, tmp_path: Path) -> None:
    """With 61 km2 of B町, of 110.75: 33.6, (5,000 + 3,360) ÷ 2 + 3,000 = 7,180."""
    for name in FIGURES:
        assert disagreements(written(nested, name, tmp_path)) == []
    book = load_workbook(written(nested, "B町", tmp_path))
    sheet = book[OUTLINE]
    at = {str(cell.value).strip(): cell.row for cell in sheet["B"] if cell.value}
    sheet.cell(at["面積"], 5).value = 61
    sheet.cell(at["面積の計"], 5).value = 110.75
    reader = Reader(book)
    assert reader.value(OUTLINE, f"E{at['規模の値']}") == 7_180
    check = next(c for c in sheet["A"] if "検算" in str(c.value)).coordinate
    assert reader.value(OUTLINE, check) != SAME


def test_a_power_and_its_exponent(tmp_path: Path) -> None:
    """4,096 people are 2^12 times one: 1.5^12 = 129.746337890625, with three decimals 129.746."""
    rules = "\n■経費 運営費\n負担割合: 逓減割\n■基準 逓減割\n値: 人口が2倍で負担が1.5倍\n"
    people = {"A市": {PEOPLE: 4_096}, "B町": {PEOPLE: 1}}
    outcome = small.run(small.write(tmp_path, rules, {"運営費": 1_000}, people))
    path = written(outcome, "A市", tmp_path)
    found = values(path, "運営費")
    assert found["逓減の値"] == 129.746
    assert round(Fraction(str(found["指数"])), 9) == Fraction("0.584962501")
    assert disagreements(path) == []


def test_steps_that_add_up(tmp_path: Path) -> None:
    """10,000 × 3 + 15,000 × 2 of 25,000 people; 8,000 × 3 of 8,000."""
    rules = (
        "\n■経費 運営費\n負担割合: 段階割\n■段階表 段階割\n区分: 人口\n読み方: 段ごとに積み上げる\n"
        "1万人以下: 3\n1万人超: 2\n"
    )
    people = {"A市": {PEOPLE: 25_000}, "B町": {PEOPLE: 8_000}}
    outcome = small.run(small.write(tmp_path, rules, {"運営費": 1_000}, people))
    for name, value in (("A市", 60_000), ("B町", 24_000)):
        path = written(outcome, name, tmp_path)
        assert values(path, "運営費")["段階の値"] == value
        assert any(str(cell.value).startswith("=E") for cell in formulas(load_workbook(path)))
        assert disagreements(path) == []


def test_who_takes_part_for_some_months_is_counted(tmp_path: Path) -> None:
    """Two bodies, one of them from July: 12/12 and 9/12 are 1.75 of a body."""
    rules = (
        "途中参加: 月割（参加した月を含む）、減った分は他の団体で負担\n\n"
        "■経費 運営費\n名簿: 途中\n負担割合: 均等割\n"
    )
    root = small.write(
        tmp_path,
        rules,
        {"運営費": 1_750},
        {"A市": {PEOPLE: 2}, "B町": {PEOPLE: 1}},
        rosters={"途中": {"A市": "○", "B町": "令和7年7月1日から"}},
    )
    own = rows(
        load_workbook(written(small.run(root), "B町", tmp_path), data_only=True)[OUTLINE], "運営費"
    )
    [share] = (row for row in own if row[1] == "均等割")
    assert share[5] == 1.75
    assert share[6] == 750
    assert "参加する期間の計（12/12が1団体、9/12が1団体）" in str(share[7])


def test_yen_that_weigh_stand_where_other_values_do(tmp_path: Path) -> None:
    """3,000,000,000円 of 3,700,000,000円 of taxes: no yen to be paid, and wide enough a column."""
    rules = "\n■経費 運営費\n負担割合: 税割\n\n■基準 税割\n値: 税収 × 1\n"
    taxes = {name: {INCOME: FIGURES[name][INCOME]} for name in ("A市", "B町")}
    outcome = small.run(small.write(tmp_path, rules, {"運営費": 1_000_000_000}, taxes))
    path = written(outcome, "A市", tmp_path)
    own = values(path, "運営費")
    assert own["税収"] == own["税の値"] == 3_000_000_000
    sheet = load_workbook(path)[OUTLINE]
    [share] = (row for row in rows(sheet, "運営費") if row[1] == "税割の分")
    assert str(share[4]).startswith("=E")
    assert sheet.column_dimensions["E"].width > 12  # ten digits, and commas half as wide
    assert disagreements(path) == []
