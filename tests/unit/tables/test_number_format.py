"""What is seen of a value: formats and values with what Excel's documented rules show."""

import pytest

from apportion.tables.number_format import shown, shown_text

# format, value, what a person sees, what is read (None: refused), the words around it
ROWS = [
    ("General", 28500, "28500", "28500", ""),
    ("General", 124599.99999999999, "124600", "124600", ""),  # 15 digits: 124600.000000000
    ("General", 0.1 + 0.2, "0.3", "0.3", ""),  # 0.300000000000000|04
    ("General", 1.1, "1.1", "1.1", ""),
    ('General"人"', 5, "5人", "5", "人"),
    ("@", 98019, "98019", "98019", ""),
    ("0", 1235, "1235", "1235", ""),
    ("#,##0", 1234567, "1,234,567", "1234567", ""),
    ("#,##0", 1234.56, "1,235", None, ""),  # the decimals are hidden
    ("0", 0.5, "1", None, ""),  # half goes up
    ("0", 2.5, "3", None, ""),
    ("0.0", 62.5, "62.5", "62.5", ""),
    ("0.00", 62.5, "62.50", "62.5", ""),
    ("#,##0,", 1000000, "1,000", "1000", ""),  # one comma behind: thousands
    ("#,##0,", 1234567, "1,235", None, ""),
    ("0,,", 3000000, "3", "3", ""),
    ("0.0,", 1500, "1.5", "1.5", ""),
    ("#,##0,.0", 1500, "1.5", "1.5", ""),
    ("0%", 0.25, "25%", "25", "%"),
    ("0%", 0.125, "13%", None, "%"),
    ("0.0%", 0.125, "12.5%", "12.5", "%"),
    ("0.0%", 0.07, "7.0%", "7", "%"),  # 0.07 * 100 is 7.000000000000001 in floats
    ("000000", 98019, "098019", "098019", ""),  # the zero of a code is seen
    ('#,##0"千円"', 1000, "1,000千円", "1000", "千円"),
    ("#,##0千円", 1000, "1,000千円", "1000", "千円"),
    ("#,##0\\円", 1000, "1,000円", "1000", "円"),
    ("[$¥-411]#,##0", 1000, "¥1,000", "1000", "¥"),
    ("¥#,##0", 1000, "¥1,000", "1000", "¥"),
    ("#,##0_ ", 12, "12", "12", ""),
    ("#,##0;△#,##0", -5, "△5", "-5", ""),
    ("#,##0;[赤]-#,##0", -5, "-5", "-5", ""),
    ("#,##0_);[Red](#,##0)", -1234, "(1,234)", "-1234", ""),
    ("#,##0;[赤]#,##0", -5, "5", "-5", ""),  # red is Excel's own minus
    ("0;0", -5, "5", None, ""),  # the minus is not seen
    ("0", -5, "-5", "-5", ""),
    ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 0, "-", "0", ""),  # Excel's style of accounts
    ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', -7, "-7", "-7", ""),
    ("#,##0;-#,##0;", 0, "", "0", ""),
    ("#,###", 0, "", "0", ""),  # a # shows no zero
    ("#", 7, "7", "7", ""),
    (";;;", 7, "", None, ""),
    ('"○"', 1, "○", "○", ""),
    ('0;-0;"なし"', 0, "なし", "なし", ""),
    ("[>=1000]#,##0,;0", 5000, "5", "5", ""),
    ("[>=1000]#,##0,;0", 999, "999", "999", ""),
    ("[青]0", 3, "3", "3", ""),
]
UNCLEAR = ["0.00E+00", "# ?/?", "000-0000", "[DBNum1]0", "yyyy", "0 x", "[<5]0;0;0.0"]


@pytest.mark.parametrize(("code", "value", "seen", "read", "unit"), ROWS)
def test_what_is_seen(code: str, value: float, seen: str, read: str | None, unit: str) -> None:
    found = shown(value, code)
    assert found is not None
    assert found.seen == seen
    assert (found.text if found.exact else None) == read
    assert found.unit == unit


@pytest.mark.parametrize("code", UNCLEAR)
def test_what_cannot_be_known(code: str) -> None:
    assert shown(7, code) is None


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("General", "豊橋"),
        ("@", "豊橋"),
        ('@"市"', "豊橋市"),
        ("0;0;0;@", "豊橋"),
        (";;;", ""),
        (";;", "豊橋"),
        ("#,##0", "豊橋"),
    ],
)
def test_what_is_seen_of_a_text(code: str, seen: str) -> None:
    assert shown_text("豊橋", code) == seen
