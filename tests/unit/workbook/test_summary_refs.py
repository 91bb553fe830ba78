"""References and live sums: what they name, and that they fit into what programs take."""

import re

from apportion.workbook.sheets.live import Area, Ref, less, link, quoted, sum_of, total_of


def column(rows: range, sheet: str = "表") -> list[Ref]:
    return [Ref(sheet, row, 2, row) for row in rows]


def test_neighbours_become_a_range() -> None:
    assert sum_of(column(range(3, 6)), "表") == ("=SUM(C4:C6)", 12)
    assert sum_of([Ref("表", 0, n, 1) for n in range(3)], "表") == ("=SUM(A1:C1)", 3)
    assert sum_of(column(range(0, 6, 2)), "表") == ("=SUM(C1,C3,C5)", 6)
    assert sum_of([*column(range(2)), Ref("表", 1, 3, 5)], "表") == ("=SUM(C1:C2,D2)", 6)


def test_nothing_adds_up_to_nothing() -> None:
    assert sum_of([], "表") == ("=0", 0)


def test_another_sheet_is_named_in_quotes() -> None:
    cells = column(range(2), "農協'の表")
    assert sum_of(cells, "表") == ("=SUM('農協''の表'!$C$1:$C$2)", 1)
    assert link(cells[1], "表") == ("='農協''の表'!C2", 1)
    assert quoted("端数 (2)") == "'端数 (2)'"


def test_a_sum_takes_no_more_arguments_than_programs_do() -> None:
    live = sum_of(column(range(0, 1200, 2)), "表")
    assert live.value == sum(range(0, 1200, 2))
    assert re.fullmatch(r"=SUM\((SUM\([^()]+\),){2}SUM\([^()]+\)\)", live.formula)
    assert max(part.count(",") for part in live.formula.split("SUM(")) < 255
    assert len(re.findall(r"C\d+", live.formula)) == 600


def test_differences_and_totals() -> None:
    first, *others = column(range(7, 10))
    assert less(first, others, "表") == ("=C8-C9-C10", 7 - 8 - 9)
    assert total_of(Area("表", 0, 0, 9, 0), 4) == ("=SUM(A1:A10)", 4)
