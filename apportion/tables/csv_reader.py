"""CSV to a grid."""

import csv
import io
from typing import NamedTuple

from apportion.core.problem import Findings, Source
from apportion.core.text import decode, looks_garbled
from apportion.tables.cells import Fault
from apportion.tables.grid import Cell, Grid, Kind, build, tidy

_RESAVE = "Excel で開き、「CSV UTF-8（コンマ区切り）」で保存し直してください。"


class _Record(NamedTuple):
    """Cells of one row of the table, and the line of the file it begins on."""

    cells: list[str]
    line: int


def read(file: str, data: bytes, findings: Findings) -> Grid | None:
    """Grid of a CSV, or None where it cannot be read."""
    decoded = decode(data)
    if decoded is None or looks_garbled(decoded.text):
        (_garbled() if decoded else _unreadable()).add_to(findings, Source(file=file))
        return None
    if decoded.encoding == "cp932":
        _old_encoding().add_to(findings, Source(file=file))
    records = _records(file, decoded.text, findings)
    if records is None:
        return None
    cells = (
        [Cell(tidy(text), Kind.PLAIN, row, column) for column, text in enumerate(record.cells, 1)]
        for row, record in enumerate(records, 1)
    )
    return build(file, "", cells, [record.line for record in records])


def _records(file: str, text: str, findings: Findings) -> list[_Record] | None:
    if "\t" in text.partition("\n")[0]:
        _tabs().add_to(findings, Source(file=file, line=1))
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for cells in reader:
            records.append(_Record(cells, line))
            line = reader.line_num + 1
    except csv.Error:
        _quotes().add_to(findings, Source(file=file, line=line))
        return None
    return records


def _unreadable() -> Fault:
    return Fault(
        "W101",
        "文字コードが分かりません。",
        "UTF-8、BOM付きのUTF-16、シフトJISのどれでもありません。",
        f"元の表を {_RESAVE}",
    )


def _garbled() -> Fault:
    return Fault(
        "W125",
        "文字化けしています。",
        "UTF-8 のファイルを別の文字コードで開いて保存すると、こうなります。",
        f"文字化けする前のファイルを {_RESAVE}",
    )


def _old_encoding() -> Fault:
    return Fault(
        "W141",
        "シフトJISのファイルとして読みました。",
        "UTF-8 としては読めませんでした。",
        f"このままでも使えます。UTF-8 にするときは、{_RESAVE}",
    )


def _tabs() -> Fault:
    return Fault(
        "W126",
        "列がコンマではなくタブで区切られています。",
        "CSV の列の区切りは、コンマ（,）です。",
        _RESAVE,
    )


def _quotes() -> Fault:
    return Fault(
        "W126",
        '引用符（"）の組が合いません。',
        '引用符で始まるセルは引用符で終わり、中の引用符は2つ重ねて（""）書く決まりです。',
        "この行の引用符を消すか、組にしてください。",
    )
