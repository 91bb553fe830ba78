"""What `show` says of the rules, the rosters and the figures that were read."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from apportion.cli.layout import GAP, aligned, wrapped
from apportion.core.model import Attendance, FigureColumn, Tables
from apportion.core.numbers import percent
from apportion.core.problem import Source
from apportion.core.year import wareki
from apportion.explain.ledger import decimal_text
from apportion.rules.book import RuleBook
from apportion.rules.tell import Chapter, ShareRow, chapters, drivers, matrix

_WIDE = 76
"""Cells that a line of names may take."""


def rules(book: RuleBook) -> Iterator[str]:
    """For each 事業 its sentences, and below them its 負担割合 as a table."""
    tables = {project: list(rows) for project, rows in groupby(matrix(book), _project)}
    for project, found in groupby(chapters(book), _project):
        yield f"◆{project}"
        for chapter in found:
            yield from _chapter(chapter)
        if project in tables:
            yield f"{GAP}負担割合の表"
            yield from (f"{GAP}{GAP}{line}" for line in _matrix(tables[project]))
        yield ""


def roster(tables: Tables) -> Iterator[str]:
    """For each 名簿 how many members take part, and which."""
    for column in tables.rosters:
        yield f"◆{column.name}（{len(column.entries)}団体、{column.source.file}）"
        names = (_attending(tables, code, entry) for code, entry in column.entries.items())
        yield from (f"{GAP}{line}" for line in wrapped(names, _WIDE))
        yield ""


def figures(tables: Tables) -> Iterator[str]:
    """For each column of 基礎数値 its date, its unit, how many values it has, and their sum."""
    heads = ("基礎数値", "時点", "単位", "値の数", "合計")
    yield from aligned([heads, *map(_figure, tables.figures)])


def _project(node: Chapter | ShareRow) -> str:
    return node.project


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield f"{GAP}{chapter.title or chapter.source.file}"
    places = [(_place(line.source, chapter.source), line.text) for line in chapter.sentences]
    yield from (f"{GAP}{GAP}{line}" for line in aligned(places))


def _place(source: Source, here: Source) -> str:
    """Line in the same file, else with its file; 既定 where nothing is written."""
    if not source.file:
        return "既定"
    return f"{source.line}行目" if source.file == here.file else source.short().rpartition("/")[2]


def _matrix(rows: Sequence[ShareRow]) -> Iterator[str]:
    columns = drivers(rows)
    yield from aligned(
        [
            ("経費", "負担する団体", "分ける額", *columns, "計", "行"),
            *((*_shares(row, columns), f"{row.source.line}行目") for row in rows),
        ]
    )


def _shares(row: ShareRow, columns: Sequence[str]) -> tuple[str, ...]:
    parts = (percent(row.parts[name]) if name in row.parts else "" for name in columns)
    return row.lines, row.who, row.share, *parts, percent(row.total) if row.total else "－"


def _attending(tables: Tables, code: str, entry: Attendance) -> str:
    days = [
        f"{wareki(day)}{word}"
        for day, word in ((entry.joins, "から"), (entry.leaves, "まで"))
        if day
    ]
    member = tables.by_code.get(code)
    return (member.name if member else code) + (f"（{''.join(days)}）" if days else "")


def _figure(column: FigureColumn) -> tuple[str, ...]:
    total = sum(column.values.values(), Fraction(0))
    return column.name, column.as_of, column.unit, f"{len(column.values)}", decimal_text(total)
