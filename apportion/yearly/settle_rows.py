"""One row per member and 経費: what was billed and what it is after the year, and その他の収支."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from apportion.allocate.case import LineResult
from apportion.allocate.rounding import RestRule, close, cut_all
from apportion.allocate.shares import combine
from apportion.findings import Findings
from apportion.model import IncomeLine, Tables, Yen, total
from apportion.reconcile import contributions
from apportion.rulebook import Mode
from apportion.settled import OTHER, SettledRow, billed_of, final_of
from apportion.text import name_key
from apportion.yearly.settle_billed import Billed, Key
from apportion.yearly.settle_tables import final_place, other


def rows(
    tables: Tables, results: Sequence[LineResult], billed: Billed, ways: Mapping[str, str]
) -> tuple[SettledRow, ...]:
    """All rows: 事業 by 事業 in budget order, その他の収支 behind the 経費 of its 事業."""
    yen = billed.yen(tables)
    found = [*_charged(results, yen, ways), *_only_billed(tables, results, billed, ways)]
    by_project: dict[str, list[SettledRow]] = {}
    for row in found:
        by_project.setdefault(name_key(row.project), []).append(row)
    return tuple(
        row for own in by_project.values() for row in (*_in_order(own), *_others(tables, own))
    )


def _charged(
    results: Sequence[LineResult], yen: Mapping[Key, Yen], ways: Mapping[str, str]
) -> Iterator[SettledRow]:
    for result in results:
        line = result.case.line
        for charge in result.charges():
            yield SettledRow(
                member=charge.member,
                project=line.project,
                line=line.name,
                billed=yen.get((charge.member.code, *line.key), Yen(0)),
                settled=charge.yen,
                way=ways[name_key(line.project)],
            )


def _only_billed(
    tables: Tables, results: Sequence[LineResult], billed: Billed, ways: Mapping[str, str]
) -> Iterator[SettledRow]:
    """What was billed for a 経費 that the member takes no part in any more."""
    charged = {(p.member.code, *r.case.line.key) for r in results for p in r.case.participants}
    projects = {name_key(line.project): line.project for line in tables.charged}
    names = {name_key(line): line for *_, line, _ in billed.rows}
    for (code, project, line), yen in billed.yen(tables).items():
        if yen and (code, project, line) not in charged:
            yield SettledRow(
                member=tables.by_code[code],
                project=projects[project],
                line=names[line],
                billed=yen,
                settled=Yen(0),
                way=ways[project],
            )


def _in_order(own: Sequence[SettledRow]) -> list[SettledRow]:
    lines = list(dict.fromkeys(name_key(row.line) for row in own))
    return sorted(own, key=lambda row: (lines.index(name_key(row.line)), row.member.code))


def _others(tables: Tables, own: Sequence[SettledRow]) -> Iterator[SettledRow]:
    """その他の収支 of a 事業, shared like what its members owe after the year."""
    amount = other(tables, own[0].project)
    if not amount:
        return
    members = {row.member.code: row.member for row in own}
    codes = sorted(members)
    parts = shared(-amount, _weights(codes, own))
    for code, yen in zip(codes, parts, strict=True):
        yield SettledRow(
            member=members[code],
            project=own[0].project,
            line=OTHER,
            billed=Yen(0),
            settled=Yen(yen),
            way=own[0].way,
        )


def _weights(codes: Sequence[str], own: Sequence[SettledRow]) -> list[int]:
    """What each member owes; where nobody owes anything, what was billed, and else one each."""
    settled = [sum(row.settled for row in own if row.member.code == code) for code in codes]
    billed = [sum(row.billed for row in own if row.member.code == code) for code in codes]
    for sums in (settled, billed):
        if any(yen > 0 for yen in sums):
            return [max(yen, 0) for yen in sums]
    return [1] * len(codes)


def shared(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole yen in the ratio of `weights`, closed by the largest remainder."""
    places = tuple(range(len(weights)))
    shares = combine(len(weights), 1, [(Fraction(amount), places, tuple(weights), sum(weights))])
    return close(shares, cut_all(shares, 1, Mode.DOWN), amount, 1, RestRule()).yen


def income_as_billed(tables: Tables, listed: Sequence[SettledRow], findings: Findings) -> None:
    """負担金収入 of 決算 must be what was billed; what is not paid yet is another matter (収納)."""
    for key in dict.fromkeys(name_key(row.project) for row in listed):
        lines = [line for line in contributions(tables) if name_key(line.project) == key]
        income = total(final_of(line) or 0 for line in lines)
        asked = billed_of(row for row in listed if name_key(row.project) == key)
        if lines and income != asked:
            _not_as_billed(lines[0], income, asked, findings)


def _not_as_billed(line: IncomeLine, income: int, asked: int, findings: Findings) -> None:
    findings.add(
        "W894",
        final_place(line),
        f"「{line.project}」の負担金収入の決算額 {income:,}円 が、"
        f"請求済額の計 {asked:,}円 と違います（差 {income - asked:,}円）。",
        why="精算は、請求した額と決算額の差で計算します。まだ納められていない額は、差額に入りません。",
        fix="未納があるときは、請求した額（調定額）を決算額に書いてください。"
        "なければ、決算書と見比べてください。",
    )
