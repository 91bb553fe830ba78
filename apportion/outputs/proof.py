"""Reading the written files back: does every workbook say what the data say, cell by cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.core.sums import grouped, summed
from apportion.core.text import name_key
from apportion.core.year import Edition
from apportion.outcome.charges import ChargeRow
from apportion.outcome.outcome import Outcome
from apportion.outcome.settled import OTHER, REFUND, SettlementRow, settlement_rows
from apportion.outputs import data, readback, readback_summary, readback_workings
from apportion.outputs.both import both
from apportion.outputs.data import CHARGED, SETTLED, Kind
from apportion.outputs.office import Hear, silent
from apportion.outputs.readback import PARTS
from apportion.rules.book import DECIDED
from apportion.workbook.sheets.grid import YenCell

Key = tuple[str, str, str]
Charged = Mapping[Key, int]
"""Yen by (団体コード, 事業, 経費), names folded."""

Sides = tuple[Mapping[Any, YenCell], Mapping[Any, int]]
"""Amounts of a workbook, and those that must stand there, by the same keys."""

T = TypeVar("T")


class Expected(Protocol):
    """What the data of a run or of a settlement make the workbooks say."""

    kind: ClassVar[Kind]

    def books(self, folder: Path) -> Iterator[tuple[Path, Iterable[Sides]]]:
        """Each workbook of a folder, with its amounts beside what they must be."""


def compare(folder: Path, expected: Expected, hear: Hear = silent) -> tuple[Problem, ...]:
    """Every amount in the workbooks of `folder` that is not what was expected."""

    def differing(path: Path, sides: Iterable[Sides]) -> list[Problem]:
        name = path.relative_to(folder).as_posix()
        found = (difference for own in sides for difference in _differences(*own))
        return [_different(expected.kind, name, *difference) for difference in found]

    books = [partial(differing, *book) for book in expected.books(folder)]
    return tuple(problem for own in both(books, hear) for problem in own)


def computed(outcome: Outcome, folder: Path) -> Expected:
    """What an outcome makes the workbooks of `folder` say."""
    if outcome.settled:
        rows = settlement_rows(outcome.year.code, outcome.settled)
        return Differences(rows, outcome.settled.accounts)
    return Bills(
        charges_of(outcome),
        billed(folder),
        changed=is_notice(outcome.state, outcome.edition),
        accounts=outcome.book.account_of_each,
    )


def is_notice(state: str, edition: Edition | None) -> bool:
    """Whether letters are notices of what a decided 補正 changes."""
    return edition is not None and state == DECIDED


def charges_of(outcome: Outcome) -> Charged:
    """Charges of an outcome."""
    return {
        (c.member.code, name_key(c.line.project), name_key(c.line.name)): c.yen
        for c in outcome.charges
    }


def charged(rows: Iterable[ChargeRow]) -> Charged:
    """Charges of a data/charges.csv."""
    return {(row.code, name_key(row.project), name_key(row.line)): row.yen for row in rows}


def _in_letter(path: Path, project: str, accounts: Mapping[str, str]) -> bool:
    """Whether a folded 事業 is in the letter of a member: it is of the 会計 at the end of its name."""
    named = [one for one in {*accounts.values()} if one and path.stem.endswith(f"_{one}")]
    return accounts.get(project, "") == max(named, key=len, default="")


def billed(folder: Path) -> Mapping[str, int]:
    """Yen that each invoice workbook asks for, by data/invoices.csv."""
    return data.read_billed((folder / "data" / "invoices.csv").read_bytes())


def _letters(folder: Path, kind: Kind) -> Mapping[str, list[Path]]:
    """The workbooks of each member by its code; what is sent to it as a 代表 stands apart."""
    found = sorted((folder / kind.letters).glob("*_*.xlsx"))
    own = (path for path in found if not path.stem.endswith(kind.collected))
    return grouped((path.name.partition("_")[0], path) for path in own)


@dataclass(frozen=True, slots=True)
class Bills:
    """What a run must have written: the charges, and the yen of each invoice workbook.

    `changed`: those are notices of a 補正, which frame what is open after it, not the year. `accounts`
    are the 会計 of the folded 事業, where there is a letter for each.
    """

    kind: ClassVar[Kind] = CHARGED

    charges: Charged
    bills: Mapping[str, int]
    changed: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict)

    def books(self, folder: Path) -> Iterator[tuple[Path, Iterable[Sides]]]:
        """Those of members, those to a 代表 or of one 期, and 負担金一覧."""
        letters = _letters(folder, CHARGED)
        charges = grouped((key[0], (key[1:], yen)) for key, yen in self.charges.items())
        for code, own in charges.items():
            for path in letters.get(code, ()):
                here = {k: yen for k, yen in own if _in_letter(path, k[0], self.accounts)}
                yield path, self._letter(path, here)
        for name, yen in self.bills.items():
            path = folder / CHARGED.letters / name
            apart = path.stem.endswith(CHARGED.collected) or path.parent.name != CHARGED.letters
            if apart and path.is_file():
                yield path, [({"": readback.amount(path)}, {"": yen})]
        summary = folder / CHARGED.summary
        yield summary, self._summary(summary)
        workings = folder / CHARGED.workings
        yield workings, _workings(workings, self.charges)

    def _letter(self, path: Path, own: Mapping[tuple[str, str], int]) -> Iterator[Sides]:
        found, total = readback.read(path), sum(own.values())
        framed = self.bills.get(path.name, total) if self.changed else total
        yield {"": found.amount}, {"": framed}
        if found.yearly is not None:
            yield {"": found.yearly}, {"": total}
        yield found.lines, own
        yield found.outline, own

    def _summary(self, path: Path) -> Iterator[Sides]:
        found, charges = readback_summary.read(path), self.charges
        rows = {
            (row.code, name_key(row.project), name_key(row.line)): row.yen for row in found.data
        }
        by_project = _sums(charges, lambda key: key[1])
        yield found.members, _sums(charges, lambda key: key[:2])
        yield found.sums, _sums(charges, lambda key: key[0])
        yield found.totals, by_project
        yield found.lines, charges
        yield found.income, {key: yen for key, yen in by_project.items() if key in found.income}
        yield rows, charges


@dataclass(frozen=True, slots=True)
class Differences:
    """What a settlement must have written: the rows of data/settlement.csv, `accounts` as of bills."""

    kind: ClassVar[Kind] = SETTLED

    rows: Sequence[SettlementRow]
    accounts: Mapping[str, str] = field(default_factory=dict)

    def books(self, folder: Path) -> Iterator[tuple[Path, Iterable[Sides]]]:
        """Those of members, those to a 代表, and 精算一覧."""
        by_code = grouped((row.code, row) for row in self.rows)
        letters = _letters(folder, SETTLED)
        for code, own in by_code.items():
            for path in letters.get(code, ()):
                here = [row for row in own if _in_letter(path, row.key[0], self.accounts)]
                yield path, self._letter(path, here)
        for path in sorted((folder / SETTLED.letters).glob(f"*{SETTLED.collected}.xlsx")):
            yield path, self._collected(path)
        summary = folder / SETTLED.summary
        yield summary, self._summary(summary)
        workings = folder / SETTLED.workings
        yield workings, _workings(workings, self._shared())

    def _shared(self) -> Charged:
        """What the members share after the year."""
        return {
            (row.code, *row.key): row.settled
            for row in self.rows
            if row.line != OTHER and row.settled
        }

    @staticmethod
    def _letter(path: Path, own: Sequence[SettlementRow]) -> Iterator[Sides]:
        found = readback.read(path)
        yield {"": found.amount}, {"": sum(row.difference for row in own if row.way == REFUND)}
        if found.yearly is not None:
            yield {"": found.yearly}, {"": sum(row.settled for row in own)}
        yield readback.settled(path), _parts(own, lambda row: row.key)
        # Who takes no part any more has no row on 内訳: it owes nothing after the year.
        shared = {
            row.key: row.settled
            for row in own
            if row.line != OTHER and (row.settled or row.key in found.lines)
        }
        yield found.lines, shared
        yield found.outline, shared

    def _collected(self, path: Path) -> Iterator[Sides]:
        found = readback.collected(path)
        sums = _parts(self.rows, lambda row: (row.code, row.key[0]))
        yield found, {key: yen for key, yen in sums.items() if key in found}

    def _summary(self, path: Path) -> Iterator[Sides]:
        found = readback_summary.read_settled(path)
        yield found.rows, _parts(self.rows, lambda row: (row.code, *row.key))
        yield found.sums, _parts(self.rows, lambda row: (row.code,))


def _workings(path: Path, charges: Charged) -> Iterator[Sides]:
    yield readback_workings.read(path), charges


def _parts(
    rows: Iterable[SettlementRow], key: Callable[[SettlementRow], tuple[str, ...]]
) -> Mapping[tuple[str, ...], int]:
    """請求済額, 精算額 and 差額, each added up by a key."""
    return summed(
        ((*key(row), part), yen)
        for row in rows
        for part, yen in zip(PARTS, row.amounts, strict=True)
    )


def _sums(charges: Charged, key: Callable[[Key], T]) -> Mapping[T, int]:
    return summed((key(found), yen) for found, yen in charges.items())


def _differences(
    cells: Mapping[T, YenCell], expected: Mapping[T, int]
) -> Iterator[tuple[YenCell | None, int]]:
    """Cells that hold another amount, and amounts that have no cell."""
    for key, yen in expected.items():
        cell = cells.get(key)
        if cell is None or cell.yen != yen:
            yield cell, yen


def _different(kind: Kind, file: str, cell: YenCell | None, yen: int) -> Problem:
    sheet, _, place = cell.place.partition("!") if cell else ("", "", "")
    written = "ありません" if cell is None or cell.yen is None else f"{cell.yen:,}円"
    return tell(
        "W601",
        Source(file=file, sheet=sheet, cell=place),
        written=written,
        yen=yen,
        data=kind.data,
        command=kind.command,
    )
