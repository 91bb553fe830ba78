"""The amounts that the manual shows under ■精算 are those of a settlement."""

from pathlib import Path

from apportion.outcome.settled import OTHER, REFUND
from apportion.years.settle.compute import settle
from tests.manual import reading
from tests.manual.council import split_label, yen
from tests.settling import council, differences, rows, settlement
from tests.small import R7

PEOPLE = "人口（人、令和6年10月1日現在）"
LINE = "運営費"


def test_the_table_of_the_manual(tmp_path: Path) -> None:
    grids = [g for g in reading.elements(reading.MANUALS[0]) if isinstance(g, reading.Grid)]
    (grid,) = [grid for grid in grids if grid.head[0] == "精算"]
    council(
        tmp_path,
        f"■経費 {LINE}\n負担割合: 人口割\n{settlement(REFUND)}",
        {LINE: (1_000_000, 900_000)},
        [("負担金収入", 1_000_000, 1_000_000), ("預金利子", 0, 1_000)],
        figures={"A市": {PEOPLE: 30_000}, "B町": {PEOPLE: 10_000}},
    )
    outcome = settle(tmp_path, R7)
    found, seen = rows(outcome), 0
    for label, *cells in grid.rows:
        name, about = split_label(label)
        for body, cell in zip(grid.columns, cells, strict=True):
            billed, settled = found[about or LINE][body]
            known = {"請求済額": billed, "精算額": settled, "差額": differences(outcome)[body]}
            assert yen(cell) == known[name], (label, body)
            seen += 1
    assert seen == 2 * 4
    assert OTHER in found
