"""What the 精算 of the old year will hand to the new one, where it is not done yet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apportion import workspace
from apportion.check_adjustment import ADJUSTMENT, line_of
from apportion.check_reserve import is_drawing
from apportion.model import RESERVES, Tables, total
from apportion.rulebook.book import RuleBook
from apportion.settled import NEXT_YEAR
from apportion.tables.reserve import FORM
from apportion.tables.table import REMARK
from apportion.text import UNDECIDED, name_key
from apportion.year import FiscalYear


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """The reserve as the budget foresees it (None: nobody knows), and what to do after the 精算."""

    reserve: bytes | None = None
    later: tuple[str, ...] = ()


def awaited(root: Path, old: FiscalYear, new: FiscalYear) -> Awaited:
    """From the tables and rules of the old year; nothing where they cannot be read."""
    read = workspace.load(root, old)
    if read.tables is None:
        return Awaited()
    reserve = _reserve(read.tables, old) if read.tables.reserve else None
    projects = _adjusted(read.tables, read.book)
    return Awaited(
        reserve=reserve,
        later=(
            *_replace_reserve(read.tables, old, new, known=reserve is not None),
            *_add_adjustments(projects, old, new),
        ),
    )


def _reserve(tables: Tables, old: FiscalYear) -> bytes:
    """Former balance, more by what the first budget lays by, less by what it draws."""
    lines = {name_key(line.project): line.project for line in tables.budget if line.project}
    projects = {key: balance.project for key, balance in tables.reserve.items()} | lines
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*FORM.headings.split(","), REMARK])
    for key, project in projects.items():
        yen = _foreseen(tables, key)
        if key in tables.reserve or yen:
            remark = f"{old.label}の予算による見込み。精算のあとで置き換える {UNDECIDED}"
            writer.writerow([project, yen, remark])
    return text.getvalue().encode("utf-8-sig")


def _foreseen(tables: Tables, key: str) -> int:
    balance = tables.reserve.get(key)
    saved = (x for x in tables.budget if x.category == RESERVES and name_key(x.project) == key)
    drawn = (x for x in tables.income if is_drawing(x) and name_key(x.project) == key)
    before = balance.yen if balance else 0
    return before + total(x.amount or 0 for x in saved) - total(x.amount for x in drawn)


def _replace_reserve(
    tables: Tables, old: FiscalYear, new: FiscalYear, *, known: bool
) -> Iterator[str]:
    settled = f"outputs/{old.code}-精算/data/reserve.csv"
    if known:
        yield (
            f"積立金の残高: members/{new.code}/reserve.csv を {settled} に置き換えます"
            "（いまの額は予算による見込みです）。"
        )
    elif any(map(is_drawing, tables.income)):
        yield (
            f"積立金の残高: {settled} を members/{new.code}/reserve.csv に写します"
            f"（members/{old.code}/reserve.csv がないので、取崩が残高より多くても分かりません）。"
        )


def _adjusted(tables: Tables, book: RuleBook) -> list[str]:
    """事業 whose ■精算 adjusts in the next year, in the order of the budget."""
    projects = {name_key(line.project): line.project for line in tables.charged}
    return [name for key, name in projects.items() if NEXT_YEAR in _way(book, key)]


def _way(book: RuleBook, key: str) -> str:
    file = book.by_project.get(key)
    files = book.scope(file).files if file else ()
    said = next((each.settlement for each in files if each.settlement), None)
    return said.difference if said else ""


def _add_adjustments(projects: list[str], old: FiscalYear, new: FiscalYear) -> Iterator[str]:
    for project in projects:
        name = f"{ADJUSTMENT} {project}" if len(projects) > 1 else ADJUSTMENT
        yield (
            f"{name}: outputs/{old.code}-精算/data/adjustment.csv の列を members/{new.code}/figures.csv に"
            f"移し、「{project}」の規則の■経費に次の行を足します: {line_of(name)}"
        )
