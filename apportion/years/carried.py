"""What a year carries over, beside what the year before was sealed, settled and budgeted as."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, IncomeLine, Tables
from apportion.core.numbers import money
from apportion.core.problem import Findings, InputError, OutputError, Problem, Source, grave, tell
from apportion.core.sums import summed
from apportion.core.text import name_key, on_lines
from apportion.core.year import SETTLED, FiscalYear, folder_name
from apportion.outcome.checks.texts import ADJUSTMENT
from apportion.outcome.computation import Examined, compute
from apportion.outcome.issued import CHARGES, OUTPUTS, Issue, Issues
from apportion.outcome.outcome import Outcome
from apportion.outcome.seen import marked
from apportion.outcome.workspace import load
from apportion.tables.cells import MONEY
from apportion.tables.register import CODE
from apportion.tables.reserve import BALANCE
from apportion.tables.revision import editions, revised
from apportion.years.issues import reissue

_SETTLED = "精算"

Adjustments = Mapping[str, Mapping[str, int]]
"""Yen by 団体コード for each name of a column: 前年度精算額, or one for each 事業."""


class Differing(NamedTuple):
    """An amount that is not that of the year before."""

    what: str
    here: int
    then: int
    source: Source

    def words(self) -> str:
        """`あおば市 利用料: 624,000円（前の年度は 642,000円）`."""
        return f"{self.what}: {money(self.here)}（前の年度は {money(self.then)}）"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBefore:
    """Its charges by 団体コード, folded 事業 and 経費, its tables, and where the charges stand."""

    charges: Mapping[tuple[str, str, str], int]
    tables: Tables
    origin: str
    path: str


def year_before(root: Path, old: FiscalYear) -> YearBefore | None:
    """As it was sealed last, else as it is computed; None where neither can be had.

    Raises `OutputError` where an issue is damaged.
    """
    if issue := Issues.of(root, old).newest():
        return _as_sealed(issue)
    if not (root / "rules" / old.code).is_dir():
        return None
    try:
        outcome = compute(root, old)
    except InputError:
        return None  # its own check tells
    return YearBefore(
        charges={(c.member.code, *c.line.key): c.yen for c in outcome.charges},
        tables=outcome.tables,
        origin="計算した額",
        path=f"outputs/{old.code}/data/charges.csv",
    )


def _as_sealed(issue: Issue) -> YearBefore | None:
    tables = load(issue.inputs, issue.year).tables
    if tables is None:
        return None
    rows = issue.charges()
    return YearBefore(
        charges={(r.code, name_key(r.project), name_key(r.line)): r.yen for r in rows},
        tables=tables,
        origin=f"確定した額（{issue.label}）",
        path=f"{issue.path}/{CHARGES}",
    )


def problems(root: Path, tables: Tables, year: FiscalYear) -> Iterator[Problem]:
    """All that is carried over into `year` and is not what the year before left."""
    old = year + -1
    lines: tuple[BudgetLine | IncomeLine, ...] = (*tables.budget, *tables.income)
    asked = tables.previous is not None or any(line.previous is not None for line in lines)
    if asked and (before := year_before(root, old)):
        yield from _charges(tables, before, old)
        yield from _budgets(tables, before, old)
    settled = settled_data(root, old)
    if settled.is_dir():
        path = settled.relative_to(root).as_posix()
        yield from _reserves(tables, settled, path, old)
        yield from _adjustments(tables, settled, path, old)


def of_check(root: Path, examined: Examined) -> tuple[Problem, ...]:
    """All that a check of a year tells: of itself, beside its issues, beside the year before.

    While its input is at fault only that is told.
    """
    tables, own = examined.workspace.tables, examined.problems
    if tables is None or grave(own):
        return own
    before = marked(problems(root, tables, examined.workspace.year), tables)
    return (*own, *reissue.changes(examined, root), *before)


def told(outcome: Outcome, root: Path) -> tuple[Problem, ...]:
    """What is told beside the year before."""
    return marked(problems(root, outcome.tables, outcome.year), outcome.tables)


def _charges(tables: Tables, before: YearBefore, old: FiscalYear) -> Iterator[Problem]:
    """前年度の負担金, of the 経費 that it names: by the bodies of today."""
    previous = tables.previous or {}

    def heir(code: str) -> str:
        return tables.heir(code).code if code in tables.by_code else code

    named = {key[1:] for key in previous}
    here = summed(((heir(key[0]), *key[1:]), charge.yen) for key, charge in previous.items())
    then = summed(((heir(k[0]), *k[1:]), y) for k, y in before.charges.items() if k[1:] in named)
    places = {(heir(key[0]), *key[1:]): charge.source for key, charge in previous.items()}
    any_place = next(iter(places.values()), Source())
    found = [
        Differing(f"{_name(tables, key[0])} {key[2]}", yen, past, places.get(key, any_place))
        for key in sorted(here.keys() | then.keys())
        for yen, past in [(here.get(key, 0), then.get(key, 0))]
        if yen != past
    ]
    if found:
        yield tell(
            "W836",
            found[0].source,
            year=old.label,
            origin=before.origin,
            count=len(found),
            changed=on_lines(found, "件", Differing.words),
            path=before.path,
        )


def _name(tables: Tables, code: str) -> str:
    member = tables.by_code.get(code)
    return member.name if member else code


def settled_data(root: Path, old: FiscalYear) -> Path:
    """The data of the 精算 that was sealed, as it was sealed; else of the one that was made last."""
    issue = Issues.of(root, old).latest(SETTLED)
    if issue is None:
        return root / "outputs" / folder_name(old, SETTLED) / "data"
    for name in issue.record[OUTPUTS]:
        if name.startswith("data/"):
            issue.content(f"{OUTPUTS}/{name}")  # raises where it was changed
    return issue.outputs / "data"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def _read(path: Path, amounts: Callable[[Path], Mapping[str, int]]) -> Mapping[str, int]:
    """What a file of the 精算 says; raises `OutputError` where it cannot be read."""
    try:
        return amounts(path)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> OutputError:
    return OutputError(f"{path} を読めません。apportion settle をもう一度実行してください。")


def _reserves(tables: Tables, folder: Path, path: str, old: FiscalYear) -> Iterator[Problem]:
    """積立金 at the end of the year before."""
    file = folder / "reserve.csv"
    if not tables.reserve or not file.is_file():
        return
    then = _read(
        file, lambda p: {name_key(r["事業"]): int(r[f"{BALANCE}（円）"]) for r in _rows(p)}
    )
    found = [
        Differing(balance.project, balance.yen, then.get(key, 0), balance.source)
        for key, balance in tables.reserve.items()
        if balance.yen != then.get(key, 0)
    ]
    if found:
        yield tell(
            "W836.reserve",
            found[0].source,
            year=old.label,
            origin=_SETTLED,
            count=len(found),
            changed=on_lines(found, "件", Differing.words),
            path=f"{path}/reserve.csv",
        )


def adjustments(path: Path) -> Adjustments:
    """Columns of the adjustment.csv of a 精算; raises `OutputError` where it cannot be read."""
    try:
        rows = _rows(path)
        names = [name for name in (rows[0] if rows else {}) if name.startswith(ADJUSTMENT)]
        return {
            name.removesuffix("（円）"): {row[CODE]: int(row[name]) for row in rows}
            for name in names
        }
    except (KeyError, ValueError, TypeError) as error:
        raise _unreadable(path) from error


def _adjustments(tables: Tables, folder: Path, path: str, old: FiscalYear) -> Iterator[Problem]:
    """Columns 前年度精算額 of the figures, body by body."""
    file = folder / "adjustment.csv"
    left = adjustments(file) if file.is_file() else {}
    then = {name_key(name): own for name, own in left.items()}
    for column in tables.figures:
        own = then.get(name_key(column.name))
        if own is None or column.unit not in MONEY:
            continue
        here = {code: value * MONEY[column.unit] for code, value in column.values.items()}
        found = [
            Differing(
                _name(tables, code),
                int(here.get(code, 0)),
                own.get(code, 0),
                column.cells.get(code, column.source),
            )
            for code in sorted(here.keys() | own.keys())
            if here.get(code, 0) != own.get(code, 0)
        ]
        if found:
            yield tell(
                "W836.adjustment",
                found[0].source,
                name=column.name,
                year=old.label,
                origin=_SETTLED,
                count=len(found),
                changed=on_lines(found, "件", Differing.words),
                path=f"{path}/adjustment.csv",
            )


def _budgets(tables: Tables, before: YearBefore, old: FiscalYear) -> Iterator[Problem]:
    """前年度予算額 of lines that the year before has: as first voted, or as it was after a 補正."""
    findings = Findings()
    changed = (revised(before.tables, edition, findings) for edition in editions(before.tables))
    states = [before.tables, *(made for made in changed if made)]
    found = [
        *_lines(tables.budget, [state.budget for state in states], _expense),
        *_lines(tables.income, [state.income for state in states], _subject),
    ]
    if found:
        yield tell(
            "W837",
            found[0].source,
            year=old.label,
            count=len(found),
            changed=on_lines(found, "件", Differing.words),
        )


Line = BudgetLine | IncomeLine
Key = tuple[str, ...]


def _expense(line: Line) -> Key:
    assert isinstance(line, BudgetLine)
    return line.category, line.project, line.name


def _subject(line: Line) -> Key:
    assert isinstance(line, IncomeLine)
    return line.category, line.project, line.subject


def _lines(
    here: Iterable[Line], states: Sequence[Sequence[Line]], of: Callable[[Line], Key]
) -> Iterator[Differing]:
    """Lines whose 前年度予算額 is none of the amounts that the line had."""
    had: dict[Key, list[int]] = {}
    for line in (line for state in states for line in state):
        had.setdefault(tuple(map(name_key, of(line))), []).append(line.amount or 0)
    for line in here:
        then = had.get(tuple(map(name_key, of(line))))
        if line.previous is not None and then and line.previous not in then:
            yield Differing(of(line)[-1], line.previous, then[-1], line.source)
