"""What a finance officer's script would do: pandas, and one openpyxl template filled with values.

python tests/bench/peer.py FOLDER
"""

import sys
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.styles import Font

ROOT = Path(__file__).parents[2]


def main(folder: Path) -> None:
    """A workbook of each member from data/charges.csv: notice, breakdown and the shares, as values."""
    charges = pd.read_csv(
        ROOT / "outputs/r7/data/charges.csv", dtype={"団体コード": str}, encoding="utf-8-sig"
    )
    template = folder / "様式.xlsx"
    book = openpyxl.Workbook()
    for name in ("通知", "内訳", "計算"):
        sheet = book.create_sheet(name)
        for column in range(1, 9):
            sheet.cell(5, column, f"見出し{column}").font = Font(bold=True)
        for row in range(1, 4):
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=8)
    book.save(template)
    for code, own in charges.groupby("団体コード"):
        filled = openpyxl.load_workbook(template)
        filled["通知"]["A1"] = own["団体名"].iloc[0]
        filled["通知"]["A2"] = int(own["負担金額_円"].sum())
        by_project = own.groupby("事業", sort=False)["負担金額_円"].sum()
        for row, (project, yen) in enumerate(by_project.items(), start=6):
            filled["通知"].cell(row, 1, str(project))
            filled["通知"].cell(row, 2, int(yen))
        for sheet in ("内訳", "計算"):
            for row, values in enumerate(own.itertuples(index=False), start=6):
                for column, value in enumerate(values[:8], start=1):
                    filled[sheet].cell(row, column, value)
        filled.save(folder / f"{code}.xlsx")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
