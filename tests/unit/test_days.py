"""Days as headings and titles write them: each form and the days that it may be, by hand."""

import pytest

from apportion.imports.days import Day, days

NEW = Day("", frozenset({2025}), 1, 1)
"""令和7年1月1日."""
MARCH = frozenset({1950, 2013, 2025, 2043})


@pytest.mark.parametrize(
    ("text", "years", "month", "day"),
    [
        ("令和7年1月1日現在", {2025}, 1, 1),
        ("令和七年一月一日", {2025}, 1, 1),
        ("平成三十一年四月一日", {2019}, 4, 1),
        ("２０２５年１月", {2025}, 1, 0),
        ("令7.1.1", {2025}, 1, 1),
        ("平25.3.31", {2013}, 3, 31),
        ("H25.3", {2013}, 3, 0),
        ("R7/1/1", {2025}, 1, 1),
        ("R070101", {2025}, 1, 1),
        ("20250101", {2025}, 1, 1),
        ("202501", {2025}, 1, 0),
        ("2025-01-01", {2025}, 1, 1),
        ("S60", {1985}, 0, 0),
        ("R元", {2019}, 0, 0),
        ("元年", {1926, 1989, 2019}, 0, 0),
        ("25年3月", MARCH, 3, 0),
        ("'25年3月末", MARCH, 3, 0),
        ("25/3", MARCH, 3, 0),
        ("7.1.1", {1932, 1995, 2007, 2025}, 1, 1),
        ("27国調人口", {1952, 2015, 2027, 2045}, 0, 0),
        ("2020国勢調査", {2020}, 0, 0),
        ("3月末人口", set(), 3, 0),
    ],
)
def test_a_form_of_a_day_is_read(text: str, years: set[int], month: int, day: int) -> None:
    (found,) = days(text)
    assert (set(found.years), found.month, found.day) == (years, month, day)


@pytest.mark.parametrize("text", ["令和6年度", "FY2024", "R6年度末", "2024年度"])
def test_a_fiscal_year_is_one(text: str) -> None:
    (found,) = days(text)
    assert found.fiscal
    assert found.whole
    assert found.years == {2024}


@pytest.mark.parametrize(
    "text",
    [
        *("5年平均", "過去5年間", "10年後", "第5次10年計画", "20年以上", "12月定例会", "3か月"),
        *(
            "表3-1-2 人口",
            "3-1-2",
            "四日市市",
            "231002",
            "25.3",
            "R7.13.1",
            "S1 学校",
            "202011長野市",
        ),
        *("更新日：2025年2月3日", "令和7年4月作成", "令和7年4月1日公表"),
    ],
)
def test_what_is_no_day_of_the_values_is_none(text: str) -> None:
    assert days(text) == []


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("7年1月", True),
        ("7年3月", False),
        ("25年1月", True),
        ("24年1月", False),
        ("R6", True),  # it may be 令和6年度
        ("R5", False),
        ("1月1日", True),
        ("1月2日", False),
        ("令和6年度", True),
        ("令和7年度", True),
    ],
)
def test_only_what_both_state_parts_two_days(text: str, *, agrees: bool) -> None:
    (found,) = days(text)
    assert found.agrees(NEW) is agrees
    assert NEW.agrees(found) is agrees
