"""Equations that prove a settlement: two sides, added independently, tolerance 0.

Left sides add up the rows member by member; right sides come from 決算額, from what the rules leave
out, and from the rows of what was billed.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from apportion.allocate.case import LineResult
from apportion.core.model import Tables
from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.outcome.outcome import Equation
from apportion.outcome.reconcile import beside, spending
from apportion.outcome.settled import OTHER, WAYS, Settled, SettledRow, difference_of
from apportion.years.settle.billed import Billed
from apportion.years.settle.tables import other

K = TypeVar("K", bound=Hashable)


def equations(
    tables: Tables, results: Sequence[LineResult], billed: Billed, settled: Settled
) -> tuple[Equation, ...]:
    """Every equation of a settlement, from single lines to the grand total; `tables` of the budget."""
    spent = _spent(results)
    others = {key: other(tables, name) for key, name in _projects(settled).items()}
    asked = summed(((name_key(p), name_key(n)), yen) for _, _, p, n, yen in billed.rows)
    return (
        *_lines(settled, spent, asked),
        *_others(settled, others),
        *_of_projects(settled, spent, asked, others),
        *_members(tables, settled, results, billed),
        *_ways(settled),
        *_payers(tables, settled),
        *_reserves(settled),
        Equation(
            "総額",
            "差額の総計 = 決算額 − その他の収支 − 請求済額",
            sum(difference_of(own) for own in settled.by_member.values()),
            sum(spent.values()) - sum(others.values()) - sum(row[4] for row in billed.rows),
        ),
    )


def _spent(results: Sequence[LineResult]) -> dict[tuple[str, str], int]:
    """決算額 of each 経費, less what its members do not pay by the rules."""
    pairs = zip(results, spending(results), strict=True)
    return {line.key: yen - beside(result) for result, (line, yen) in pairs}


def _projects(settled: Settled) -> dict[str, str]:
    return {name_key(row.project): row.project for row in settled.rows}


def _added(rows: Iterable[SettledRow], key: Callable[[SettledRow], K]) -> Mapping[K, int]:
    return summed((key(row), row.difference) for row in rows)


def _key(row: SettledRow) -> tuple[str, str]:
    return name_key(row.project), name_key(row.line)


def _lines(
    settled: Settled, spent: Mapping[tuple[str, str], int], asked: Mapping[tuple[str, str], int]
) -> Iterator[Equation]:
    names = {_key(row): row for row in settled.rows if not row.is_other}
    for key, yen in _added((r for r in settled.rows if not r.is_other), _key).items():
        name = f"{names[key].project}／{names[key].line}: 差額の計 = 決算額 − 請求済額"
        yield Equation("経費", name, yen, spent.get(key, 0) - asked.get(key, 0))


def _others(settled: Settled, others: Mapping[str, int]) -> Iterator[Equation]:
    added = _added((row for row in settled.rows if row.is_other), lambda r: name_key(r.project))
    for key, name in _projects(settled).items():
        if others[key] or added.get(key):
            equation = f"{name}: {OTHER}の計 = 収入の決算と予算の差（負担金収入を除く）"
            yield Equation("その他", equation, -added.get(key, 0), others[key])


def _of_projects(
    settled: Settled,
    spent: Mapping[tuple[str, str], int],
    asked: Mapping[tuple[str, str], int],
    others: Mapping[str, int],
) -> Iterator[Equation]:
    own = summed((key[0], yen) for key, yen in spent.items())
    before = summed((key[0], yen) for key, yen in asked.items())
    added = _added(settled.rows, lambda row: name_key(row.project))
    for key, name in _projects(settled).items():
        right = own.get(key, 0) - others[key] - before.get(key, 0)
        equation = f"{name}: 差額の計 = 決算額 − その他の収支 − 請求済額"
        yield Equation("事業", equation, added[key], right)


def _members(
    tables: Tables, settled: Settled, results: Sequence[LineResult], billed: Billed
) -> Iterator[Equation]:
    charged = summed((c.member.code, c.yen) for result in results for c in result.charges())
    asked = summed((tables.heir(code).code, yen) for code, *_, yen in billed.rows)
    for code, rows in settled.by_member.items():
        other_yen = sum(row.settled for row in rows if row.is_other)
        right = charged.get(code, 0) + other_yen - asked.get(code, 0)
        name = f"{rows[0].member.name}: 差額の計 = 精算額 − 請求済額"
        yield Equation("団体", name, difference_of(rows), right)


def _ways(settled: Settled) -> Iterator[Equation]:
    """Every difference goes one way."""
    parts = sum(difference_of(settled.rows, way) for way in WAYS)
    whole = sum(difference_of(rows) for rows in settled.by_member.values())
    yield Equation("扱い", "＋".join(WAYS) + " = 差額の総計", parts, whole)


def _payers(tables: Tables, settled: Settled) -> Iterator[Equation]:
    """A 代表 gets what its members get."""
    for code, rows in settled.by_payer.items():
        members = dict.fromkeys(row.member.code for row in rows)
        if tuple(members) != (code,):
            theirs = (row for m in members for row in settled.by_member[m])
            right = difference_of(row for row in theirs if settled.payer_of(row) == code)
            name = f"{tables.by_code[code].name}（代表）: 差額の計 = 各団体の差額の計"
            yield Equation("代表", name, difference_of(rows), right)


def _reserves(settled: Settled) -> Iterator[Equation]:
    """積立金台帳: its balances against the rows that go into it."""
    after = sum(reserve.after for reserve in settled.reserves)
    moved = sum(r.before + r.deposited - r.drawn for r in settled.reserves)
    into = difference_of(settled.rows, "積立金に積む")
    name = "年度末残高の計 = 前年度末残高 ＋ 積立金 − 取崩 − 積立金に積む差額"
    yield Equation("積立金", name, after, moved - into)
