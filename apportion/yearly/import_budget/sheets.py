"""All visible sheets of a workbook as rows of text.

openpyxl is imported on use: it costs 0.2 seconds, and most documents are text.
"""

import io
import warnings
from collections.abc import Iterator
from decimal import Decimal

from apportion.findings import Findings
from apportion.problem import Source
from apportion.tables.grid import tidy
from apportion.tables.xlsx_gate import broken, refusal


def read(
    file: str, data: bytes, findings: Findings
) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Name and rows of each visible sheet; none, with a problem, where the book cannot be read."""
    fault = refusal(data)
    found = [] if fault else _rows(data)
    if found is None or fault:
        (fault or broken()).add_to(findings, Source(file=file))
    yield from found or ()


def _rows(data: bytes) -> list[tuple[str, tuple[tuple[str, ...], ...]]] | None:
    from openpyxl import load_workbook  # noqa: PLC0415 (see the head of the module)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
            return [
                (
                    sheet.title,
                    tuple(tuple(map(_text, row)) for row in sheet.iter_rows(values_only=True)),
                )
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            ]
        except Exception:  # noqa: BLE001 (openpyxl fails in many ways on a broken file)
            return None


def _text(value: object) -> str:
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return "" if value is None else tidy(str(value))
