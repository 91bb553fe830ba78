"""References and live sums: what they name, and that they fit into what programs take."""

import re

from apportion.workbook.sheets.live import (
    MOST_QUOTIENT,
    Area,
    Live,
    Ref,
    fixed,
    known,
    less,
    link,
    operand,
    over,
    quoted,
    quotient,
    sum_of,
    times,
    total_of,
)


def column(rows: range, sheet: str = "表") -> list[Ref]:
    return [Ref(sheet, row, 2, row) for row in rows]


def test_neighbours_become_a_range() -> None:
    assert sum_of(column(range(3, 6)), "表") == Live("=SUM(C4:C6)", 12)
    assert sum_of([Ref("表", 0, n, 1) for n in range(3)], "表") == Live("=SUM(A1:C1)", 3)
    assert sum_of(column(range(0, 6, 2)), "表") == Live("=SUM(C1,C3,C5)", 6)
    assert sum_of([*column(range(2)), Ref("表", 1, 3, 5)], "表") == Live("=SUM(C1:C2,D2)", 6)


def test_nothing_adds_up_to_nothing() -> None:
    assert sum_of([], "表") == Live("=0", 0)


def test_another_sheet_is_named_in_quotes() -> None:
    cells = column(range(2), "農協'の表")
    assert sum_of(cells, "表") == Live("=SUM('農協''の表'!$C$1:$C$2)", 1)
    assert link(cells[1], "表") == Live("='農協''の表'!C2", 1)
    assert quoted("端数 (2)") == "'端数 (2)'"


def test_a_sum_takes_no_more_arguments_than_programs_do() -> None:
    live = sum_of(column(range(0, 1200, 2)), "表")
    assert live.value == sum(range(0, 1200, 2))
    assert re.fullmatch(r"=SUM\((SUM\([^()]+\),){2}SUM\([^()]+\)\)", live.formula)
    assert max(part.count(",") for part in live.formula.split("SUM(")) < 255
    assert len(re.findall(r"C\d+", live.formula)) == 600


def test_differences_and_totals() -> None:
    first, *others = column(range(7, 10))
    assert less(first, others, "表") == Live("=C8-C9-C10", 7 - 8 - 9)
    assert total_of(Area("表", 0, 0, 9, 0), 4) == Live("=SUM(A1:A10)", 4)


def test_what_is_taken_away_stands_in_brackets_where_it_is_a_sum() -> None:
    a, b, c = (link(cell, "表") for cell in column(range(7, 10)))
    assert a + b - c == Live("=C8+C9-C10", 6)
    assert a - (b + c) == Live("=C8-(C9+C10)", -10)
    assert a - (b - c) == Live("=C8-(C9-C10)", 8)
    assert a - known(-5) == Live("=C8-(-5)", 12)
    assert a - known(5) == Live("=C8-5", 2)
    assert a.enclosed() - sum_of([], "表") == Live("=(C8)-0", 7)


def test_factors_of_one_are_not_written() -> None:
    assert (times("G14", 1000), times("G14", 1)) == ("G14*1000", "G14")
    assert (over("余り3", 1000), over("余り3", 1)) == ("余り3/1000", "余り3")
    assert (operand("余り3"), operand("G14*1000")) == ("余り3", "(G14*1000)")


def test_a_quotient_is_put_right_only_where_plain_int_may_fail() -> None:
    assert quotient("A1", "B1", MOST_QUOTIENT - 1) == "INT(A1/B1)"
    assert quotient("A1", "B1", MOST_QUOTIENT) == "INT(A1/B1)-IF(INT(A1/B1)*B1>A1,1,0)"


def test_names_of_the_workbook_stand_for_fixed_cells() -> None:
    assert fixed("農協'の表", 2, 27) == "='農協''の表'!$AB$3"
