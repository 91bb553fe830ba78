"""A program of its own, started by `engines`: the formula cells of workbooks as IronCalc computes them.

A JSON list of paths comes in; for each a line of JSON goes out: its cells as sheet, cell, kind and
text, or IronCalc's own words why it cannot open it. It needs nothing else of this package.
"""

import json
import os
import sys

import ironcalc
from ironcalc import CellType, Model

Cell = tuple[str, str, str, str]


def main() -> None:
    """Answer what was asked."""
    books = json.load(sys.stdin)
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answer:
        # What IronCalc says of a damaged file goes nowhere: `verify` has words of its own.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        for book in books:
            answer.write(json.dumps(_cells(book)) + "\n")
            answer.flush()


def _cells(book: str) -> list[Cell] | str:
    try:
        model = ironcalc.load_from_xlsx(book)
        model.evaluate()
    except BaseException as error:  # noqa: BLE001  a panic of Rust is no Exception
        return str(error)
    sheets = [sheet["name"] for sheet in model.get_worksheets_properties()]
    return [
        (
            sheets[sheet],
            f"{ironcalc.column_name_from_number(column)}{row}",
            *_value(model, sheet, row, column),
        )
        for sheet, row, column in model.get_all_cells()
        if model.get_cell_formula(sheet, row, column) is not None
    ]


def _value(model: Model, sheet: int, row: int, column: int) -> tuple[str, str]:
    """Kind and text of a value, as a program saves them."""
    value = model.get_cell_value(sheet, row, column)
    if model.get_cell_type(sheet, row, column) == CellType.ErrorValue:
        return "e", str(value)
    if isinstance(value, bool):
        return "b", str(int(value))
    if isinstance(value, float):
        return "n", str(int(value)) if value.is_integer() else f"{value:.15g}"
    return "str", value or ""


if __name__ == "__main__":
    main()
