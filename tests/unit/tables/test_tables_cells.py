"""The doors: text to yen, figures, days and codes."""

from datetime import date
from fractions import Fraction

import pytest

from apportion.core.problem import Fault
from apportion.tables.cells import body_code, check_digit, day, fraction, restored_code, yen
from apportion.tables.grid import Cell, CellKind


def cell(text: str, kind: CellKind = CellKind.PLAIN) -> Cell:
    return Cell(text, kind, 2, 5)


def fault(value: object) -> Fault:
    assert isinstance(value, Fault)
    return value


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("0", "円", 0),
        ("0", "千円", 0),
        ("40656", "千円", 40_656_000),
        ("1,234", "円", 1_234),
        ("１，２３４", "円", 1_234),
        ("12,345,678", "円", 12_345_678),
        ("10.5", "千円", 10_500),
        ("0.001", "千円", 1),
        ("3", "万円", 30_000),
        ("1.5", "百万円", 1_500_000),
        ("2", "億円", 200_000_000),
        ("△5", "円", -5),
        ("▲5", "千円", -5_000),
        ("-5", "円", -5),
        ("－５", "円", -5),
        ("△ 1,234", "円", -1_234),
        ("999999999999999", "円", 999_999_999_999_999),
        ("999999999999.999", "千円", 999_999_999_999_999),
    ],
)
def test_amounts_are_exact(text: str, unit: str, amount: int) -> None:
    assert yen(cell(text), unit) == amount


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("1,23", "円", "W113"),
        ("1,2345", "円", "W113"),
        ("abc", "円", "W113"),
        ("1.2.3", "円", "W113"),
        ("(1,234)", "円", "W113"),
        ("１２人", "円", "W113"),
        ("٣", "円", "W113"),
        ("20,000千円", "千円", "W114"),
        ("－", "千円", "W115"),
        ("-", "千円", "W115"),
        ("ー", "円", "W115"),
        ("0.5", "円", "W116"),
        ("0.0005", "千円", "W116"),
        ("1月3日", "円", "W117"),
        ("2025/1/3", "円", "W117"),
        ("1/3", "円", "W117"),
        ("3-Jan", "円", "W117"),
        ("1000000000000000", "円", "W112"),
        ("△1000000000000", "千円", "W112"),
        ("10000000", "億円", "W112"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, unit: str, code: str) -> None:
    assert fault(yen(cell(text), unit)).code == code


@pytest.mark.parametrize(
    ("text", "unit", "mended"),
    [
        ("20,000千円", "千円", "「20000」"),
        ("20,000千円", "円", "「20000000」"),
        ("△5万円", "千円", "「-50」"),
        ("10円", "千円", "「0.01」"),
        ("３百万円", "万円", "「300」"),
    ],
)
def test_a_unit_in_a_cell_is_mended_in_the_unit_of_the_heading(
    text: str, unit: str, mended: str
) -> None:
    assert mended in fault(yen(cell(text), unit)).fix


def test_a_dash_says_to_write_zero_and_keep_the_sign_in_the_remarks() -> None:
    assert fault(yen(cell("－"), "千円")).fix == "「0」と書き、「－」は備考の列に書いてください。"


def test_a_fraction_of_a_yen_shows_the_amount_without_it() -> None:
    assert "「10.123」" in fault(yen(cell("10.1234"), "千円")).fix


def test_a_date_of_excel_is_no_number() -> None:
    assert fault(yen(cell("2025-01-03", CellKind.DATE), "円")).code == "W117"


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("0.876", "指数", Fraction(876, 1000)),
        ("371,920", "人", Fraction(371920)),
        ("387.20", "k㎡", Fraction(1936, 5)),
        ("1.5", "千円", Fraction(1500)),
        ("0.0001", "千円", Fraction(1, 10)),
        ("0", "件", Fraction(0)),
    ],
)
def test_figures_are_exact(text: str, unit: str, value: Fraction) -> None:
    assert fraction(cell(text), unit) == value


def test_a_dash_among_figures_says_blank_or_zero() -> None:
    assert "空欄" in fault(fraction(cell("－"), "人")).fix
    assert "「12」" in fault(fraction(cell("12人"), "人")).fix


@pytest.mark.parametrize("text", ["2005-10-01", "平成17年10月1日", "H17.10.1", "２００５/１０/１"])
def test_days(text: str) -> None:
    assert day(cell(text)) == date(2005, 10, 1)


@pytest.mark.parametrize("text", ["2005-02-30", "10月1日", "17.10.1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert fault(day(cell(text))).code == "W124"


# Digits worked out by hand: 23000 → 6·2+5·3=27, 11−5=6; 23201 → 12+15+8+0+2=37, 11−4=7;
# 23205 → 12+15+8+10=45, 11−1=10, its last digit 0; 23101 → 12+15+4+2=33, 11−0=11, 1.
@pytest.mark.parametrize(
    ("five", "digit"), [("23000", "6"), ("23201", "7"), ("23205", "0"), ("23101", "1")]
)
def test_check_digit(five: str, digit: str) -> None:
    assert check_digit(five) == digit


def test_codes() -> None:
    assert body_code(cell("232017")) == "232017"
    assert body_code(cell("２３２０１７")) == "232017"
    assert "「232017」" in fault(body_code(cell("232018"))).fix
    assert fault(body_code(cell("23201"))).code == "W121"


def test_a_lost_zero_is_told_from_a_missing_check_digit() -> None:
    assert restored_code(cell("12025")) == "012025"
    assert restored_code(cell("23201")) is None


@pytest.mark.parametrize("written", ["098019", "98019.0", "０９８０１９", "'098019", "098 019.00"])
def test_codes_with_what_other_programs_add(written: str) -> None:
    found = body_code(cell(written))
    assert found == "098019" or restored_code(cell(written)) == "098019"
