"""補正: the tables of a year with the signed columns `補正第1号（千円）` … worked into the amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from apportion.core.model import BudgetLine, IncomeLine, Tables, Yen, total
from apportion.core.problem import Findings, Source
from apportion.core.text import name_key
from apportion.core.year import Edition, FiscalYear, parse_date, revises, wareki
from apportion.tables.amounts import AMOUNT
from apportion.tables.cells import as_of


def cases(tables: Tables) -> tuple[Edition, ...]:
    """Every 補正 that has an amount somewhere, in order."""
    found = (revises(name) for line in _lines(tables) for name in line.columns)
    return tuple(Edition(number) for number in sorted({own[1] for own in found if own}))


def last(tables: Tables) -> Edition | None:
    """The last 補正 that has an amount somewhere; None: there is only the first budget."""
    return (None, *cases(tables))[-1]


def former(tables: Tables, case: Edition) -> Edition | None:
    """The 補正 before this one; None: the first budget."""
    before = [other for other in cases(tables) if other.number < case.number]
    return before[-1] if before else None


def revised(tables: Tables, case: Edition, findings: Findings) -> Tables | None:
    """The tables as they are after all 補正 up to `case`; None where there is no such case.

    What changed points to the cell of the last 補正 that changed it. A fault leaves the amount as it
    was.
    """
    known = cases(tables)
    if case not in known:
        _unknown(tables, case, known, findings)
        return None
    return replace(
        tables,
        budget=tuple(_budget(line, case, findings) for line in tables.budget),
        income=tuple(_income(line, case, findings) for line in tables.income),
    )


def changed_by(line: BudgetLine | IncomeLine, number: int) -> Yen:
    """What 補正第`number`号 adds to the amount of a line; negative: takes off."""
    return total(yen for name, yen in line.columns.items() if revises(name) == ("", number))


def _lines(tables: Tables) -> tuple[BudgetLine | IncomeLine, ...]:
    return (*tables.budget, *tables.income)


def _headings(line: BudgetLine | IncomeLine, case: Edition) -> dict[str, list[str]]:
    """Headings of the 補正 up to `case`, in order, by the folded heading of what they change."""
    found: dict[str, list[tuple[int, str]]] = {}
    for heading in line.columns:
        own = revises(heading)
        if own and own[1] <= case.number:
            found.setdefault(own[0], []).append((own[1], heading))
    return {key: [heading for _, heading in sorted(listed)] for key, listed in found.items()}


def _budget(line: BudgetLine, case: Edition, findings: Findings) -> BudgetLine:
    changes = _headings(line, case)
    own = changes.pop("", [])
    columns, cells = dict(line.columns), dict(line.cells)
    names = {name_key(heading): heading for heading in line.columns}
    for key, headings in changes.items():
        name = names.get(key, key)
        before = columns.get(name, Yen(0))
        columns[name] = _sum(before, line, headings, findings)
        cells[name] = line.cells[headings[-1]]
    if line.amount is None:
        _no_amount(line, own, findings)
        return replace(line, columns=columns, cells=cells)
    return replace(
        line,
        amount=_sum(line.amount, line, own, findings),
        columns=columns,
        cells=cells,
        parts=(
            (AMOUNT, line.amount, line.source),
            *((heading, line.columns[heading], line.cells[heading]) for heading in own),
        ),
        source=_place(line, own),
    )


def _income(line: IncomeLine, case: Edition, findings: Findings) -> IncomeLine:
    own = _headings(line, case).get("", [])
    amount = _sum(line.amount, line, own, findings)
    added = tuple(line.texts[heading] for heading in own)
    return replace(line, amount=amount, added=added, source=_place(line, own))


def _sum(
    before: Yen, line: BudgetLine | IncomeLine, headings: list[str], findings: Findings
) -> Yen:
    """The amount after these 補正; below 0 it is a fault, told at the first that makes it so."""
    amount = before
    for heading in headings:
        after = total((amount, line.columns[heading]))
        if after < 0 <= amount:
            _negative(line, heading, amount, findings)
        amount = after
    return amount


def _place(line: BudgetLine | IncomeLine, headings: list[str]) -> Source:
    changed = [heading for heading in headings if line.columns[heading]]
    return line.cells[changed[-1]] if changed else line.source


def _unknown(tables: Tables, case: Edition, known: tuple[Edition, ...], findings: Findings) -> None:
    listed = "、".join(map(str, known))
    findings.add(
        "W850",
        Source(file=tables.budget[0].source.file if tables.budget else ""),
        f"「{case}」の列がありません。",
        why="補正の額は、支出の部（budget）と収入の部（income）の"
        f"「{case.column}（千円）」のような列から読みます。",
        fix=f"次のどれかを指定してください: {listed}"
        if known
        else f"1行目に「{case.column}（千円）」の見出しを足し、増減する経費の行に額を書いてください。"
        "減る額は「△」を付けます。",
    )


def _negative(line: BudgetLine | IncomeLine, heading: str, before: Yen, findings: Findings) -> None:
    findings.add(
        "W851",
        line.cells[heading],
        f"補正のあとの額が負になります（補正の前 {before:,}円、補正 △{-line.columns[heading]:,}円）。",
        why="予算の額は 0円 より小さくなりません。",
        fix=f"減らせるのは {before:,}円 までです。予算書と見比べて、額か単位（千円・円）を直してください。",
    )


def _no_amount(line: BudgetLine, headings: list[str], findings: Findings) -> None:
    for heading in headings[:1]:
        findings.add(
            "W852",
            line.cells[heading],
            f"予算額が空欄の「{line.name}」に補正額があります。",
            why="予算額が空欄の経費は、単価などで決まる額の合計を負担金とするので、補正額を足す先がありません。",
            fix="補正で新しくできた経費なら、予算額に「0」と書いてください。"
            "単価で決まる経費なら、補正額を空欄にして、単価や数を直してください。",
        )


def day_of(tables: Tables, case: Edition, year: FiscalYear, findings: Findings) -> date | None:
    """The day that stands in the headings of a 補正; None where none does or it is at fault."""
    days: dict[date, Source] = {}
    for source, text in _days(tables, case):
        day = parse_date(text)
        if day is None or not year.first_day <= day <= year.last_day:
            _bad_day(source, text, year, findings)
            return None
        days.setdefault(day, source)
    if len(days) > 1:
        _two_days(days, findings)
        return None
    return next(iter(days), None)


def _days(tables: Tables, case: Edition) -> Iterator[tuple[Source, str]]:
    """What stands behind the unit in each heading of the case, with a cell of its column."""
    told: set[tuple[str, str]] = set()
    for line in _lines(tables):
        for name, source in line.cells.items():
            own = revises(name)
            key = (source.file, source.heading)
            if own is None or own[1] != case.number or key in told:
                continue
            told.add(key)
            if text := as_of(source.heading):
                yield source, text


def _bad_day(source: Source, text: str, year: FiscalYear, findings: Findings) -> None:
    findings.add(
        "W853",
        source,
        f"見出しの「{text}」を、{year.label}の日として読めません。",
        why="補正の日までに納期限の来た期はそのままにし、残りの期で年額を調整します。",
        fix="見出しの日を、補正予算が議決された日に直してください。"
        f"例: {wareki(year.first_day.replace(month=11, day=20))}",
    )


def _two_days(days: Mapping[date, Source], findings: Findings) -> None:
    (first, _), (second, source) = list(days.items())[:2]
    findings.add(
        "W854",
        source,
        f"同じ補正の日が、{wareki(first)}と{wareki(second)}の二通りあります。",
        why="どの期がもう変えられないかが決まりません。",
        fix="見出しの日を、予算が議決された日にそろえてください。",
    )
