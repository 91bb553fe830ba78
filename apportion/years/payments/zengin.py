"""全銀 records of 200 signs, 入出金取引明細 (03) and 振込入金通知 (01), as a table with headings."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.core.problem import Findings, Source, fault
from apportion.core.text import decode
from apportion.core.year import FiscalYear, parse_date
from apportion.tables.grid import Cell, CellKind, Grid, build
from apportion.tables.payments import closing_day

LENGTH = 200
HEADINGS = (
    "勘定日",
    "入払区分",
    "取引金額",
    "取引区分",
    "取消区分",
    "振込依頼人名",
    "仕向銀行名",
    "仕向店名",
    "摘要",
    "EDI情報",
)

_BEGIN = re.compile(rb"10[13][01][0-9 ]{6}")
_WAYS = {"1": "入金", "2": "出金"}
_DEALS = {
    "10": "現金",
    "11": "振込",
    "12": "他店券",
    "13": "交換",
    "14": "振替",
    "18": "その他",
    "19": "訂正",
}

Span = tuple[int, int]


class RecordLayout(NamedTuple):
    """Where the fields of a data record stand (first sign from 0, length), in the order of HEADINGS.

    `sums` are counts and amounts of the trailer: of what comes in, and of what goes out or is taken
    back.
    """

    fields: Mapping[str, Span]
    sums: tuple[tuple[Span, Span], tuple[Span, Span]]


LAYOUTS = {
    "03": RecordLayout(
        {
            "勘定日": (9, 6),
            "入払区分": (21, 1),
            "取引区分": (22, 2),
            "取引金額": (24, 12),
            "振込依頼人名": (81, 48),
            "仕向銀行名": (129, 15),
            "仕向店名": (144, 15),
            "摘要": (159, 20),
            "EDI情報": (179, 20),
        },
        (((1, 6), (7, 13)), ((20, 6), (26, 13))),
    ),
    "01": RecordLayout(
        {
            "勘定日": (7, 6),
            "取引金額": (19, 10),
            "振込依頼人名": (49, 48),
            "仕向銀行名": (97, 15),
            "仕向店名": (112, 15),
            "取消区分": (127, 1),
            "EDI情報": (128, 20),
        },
        (((1, 6), (7, 12)), ((19, 6), (25, 12))),
    ),
}


def is_zengin(data: bytes) -> bool:
    """Whether a file begins like a header of one of the two kinds."""
    return _BEGIN.match(data) is not None


def read(file: str, data: bytes, year: FiscalYear, findings: Findings) -> Grid | None:
    """The data records as a table; None, with a problem, where the records are not whole."""
    decoded = decode(data)
    text = decoded.text.rstrip("\n\x1a") if decoded else ""
    lines = text.split("\n") if "\n" in text else _cut(text)
    records = [line.ljust(LENGTH) for line in lines]
    bad = next((n for n, line in enumerate(records, 1) if len(line) != LENGTH), None)
    if bad is not None or text[3:4] == "1":
        findings.add(fault("W924").at(Source(file=file, line=bad or 1)))
        return None
    rows = list(_rows(file, records, year, findings))
    head = [Cell(name, CellKind.PLAIN, 1, column) for column, name in enumerate(HEADINGS, 1)]
    return build(file, "", [head, *rows], range(1, len(records) + 1))


def _cut(text: str) -> list[str]:
    return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]


def _rows(
    file: str, records: Sequence[str], year: FiscalYear, findings: Findings
) -> Iterator[list[Cell]]:
    """Data records; each account begins with a header and ends with a trailer that counts them."""
    layout, sums, is_open = LAYOUTS["03"], [[0, 0], [0, 0]], False
    for number, record in enumerate(records, 1):
        kind = record[0]
        if kind == "1":
            layout, sums, is_open = LAYOUTS.get(record[1:3], layout), [[0, 0], [0, 0]], True
        elif kind == "2":
            cells = _fields(record, layout, year)
            side = sums[cells["入払区分"] != "入金" or cells["取消区分"] == "1"]
            side[0] += 1
            side[1] += int(cells["取引金額"]) if cells["取引金額"].isdecimal() else 0
            yield [
                Cell(cells[name], CellKind.PLAIN, number, column)
                for column, name in enumerate(HEADINGS, 1)
            ]
        elif kind == "8":
            is_open = False
            _compare(record, layout, sums, Source(file=file, line=number), findings)
    if is_open:
        findings.add(fault("W924.open").at(Source(file=file, line=len(records))))


def _compare(
    trailer: str, layout: RecordLayout, sums: list[list[int]], place: Source, findings: Findings
) -> None:
    for (count, amount), side in zip(layout.sums, sums, strict=True):
        said = [_number(trailer, count), _number(trailer, amount)]
        if said != side:
            findings.add(
                fault(
                    "W924.sums",
                    count=said[0],
                    printed=f"{said[1]:,}",
                    rows=side[0],
                    added=f"{side[1]:,}",
                ).at(place)
            )


def _number(record: str, span: Span) -> int:
    text = _field(record, span)
    return int(text) if text.isdecimal() else 0


def _field(record: str, span: Span) -> str:
    return record[span[0] : span[0] + span[1]].strip()


def _fields(record: str, layout: RecordLayout, year: FiscalYear) -> dict[str, str]:
    cells = {
        name: _field(record, layout.fields[name]) if name in layout.fields else ""
        for name in HEADINGS
    }
    cells["勘定日"] = _day(cells["勘定日"], year)
    cells["入払区分"] = _WAYS.get(cells["入払区分"] or "1", cells["入払区分"])
    cells["取引区分"] = _DEALS.get(cells["取引区分"], cells["取引区分"])
    return cells


def _day(text: str, year: FiscalYear) -> str:
    """`070731` is a day of the era; some banks write the western year: the one that fits the 年度."""
    parts = (text[:2], text[2:4], text[4:])
    days = [f"{begin}{'.'.join(parts)}" for begin in ("R", "20")]
    for day in days:
        found = parse_date(day)
        if found and year.first_day <= found <= closing_day(year):
            return day
    return days[0]
