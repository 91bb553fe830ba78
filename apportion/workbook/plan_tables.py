"""■段階表, ■基準 and ■係数表 behind the figures: in words for 重み, and as formulas where they are exact.

A 段階表 with whole bounds and whole values over one figure is a nested IF; all others are values.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from apportion.explain.words import value_of
from apportion.rulebook import Basis, Coefficients, Number, TierTable
from apportion.rulebook.book import Table, stem

Tables = Mapping[str, Table]
"""Blocks of a rule file by the stem of their name."""

_MOST_STEPS = 50
"""Nested IFs; programs take 64."""


def sentence(column: str, table: Table, *, live: bool, own_only: bool) -> str:
    """What a recipient needs to derive the values of a column, as the rule says it."""
    kind = {Basis: "基準", TierTable: "段階表", Coefficients: "係数表"}[type(table)]
    way = "「指標一覧」の式です。" if live else "値です（式では正確に表せないため）。"
    if isinstance(table, Coefficients) and own_only:
        return f"{column}　{kind}「{table.name.text}」　{way}"
    return f"{column}　{kind}「{table.name.text}」　{'、'.join(_said(table))}　{way}"


def _said(table: Table) -> Iterator[str]:
    """The lines of the block."""
    if isinstance(table, TierTable):
        yield f"{table.by.text}による"
        if table.marginal:
            yield "段ごとに積み上げる"
        yield from (_line(row.source.text) for row in table.rows)
    elif isinstance(table, Coefficients):
        yield from (_line(name.source.text) for name, _ in table.rows)
    else:
        yield value_of(table.formula.source.text)
        if table.decimals:
            yield value_of(table.decimals.source.text)


def _line(text: str) -> str:
    """`1万人未満: 1` as `1万人未満＝1`."""
    head, _, value = text.strip().replace("：", ":").partition(":")
    return f"{head.strip()}＝{value.strip()}"


def is_simple(table: Table | None, tables: Tables) -> bool:
    """Whether a 段階表 looks up whole numbers by a figure itself."""
    if not isinstance(table, TierTable) or table.marginal or len(table.rows) > _MOST_STEPS:
        return False
    return stem(table.by.text) not in tables and all(
        isinstance(row.value, Number)
        and row.value.value.denominator == 1
        and (row.high is None or row.high.denominator == 1)
        for row in table.rows
    )


def steps(table: TierTable) -> list[tuple[int | None, str, int]]:
    """Upper bound (None: open), `<` or `<=`, and value of each step, from below."""
    rows = sorted(table.rows, key=lambda row: (row.high is None, row.high or 0))
    found = []
    for row in rows:
        assert isinstance(row.value, Number)
        high = None if row.high is None else int(row.high)
        found.append((high, "<=" if row.high_included else "<", int(row.value.value)))
    return found


def looked_up(table: TierTable, figure: Fraction) -> int:
    """What the formula gives for a figure: 0 where there is none, or no step fits."""
    if not figure:
        return 0
    for high, sign, value in steps(table):
        if high is None or figure < high or (sign == "<=" and figure == high):
            return value
    return 0


def nested(table: TierTable, cell: str) -> str:
    """`=IF(D{row}=0,0,IF(D{row}<10000,1,…))`: the value of the step."""
    text = "0"
    for high, sign, value in reversed(steps(table)):
        text = str(value) if high is None else f"IF({cell}{sign}{high},{value},{text})"
    return f"=IF({cell}=0,0,{text})"
