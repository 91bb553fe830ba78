"""Who paid: a body by its code, its name, its addressee or the 整理番号 of its bill."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from apportion.model import Member
from apportion.near import near
from apportion.outcome import Outcome
from apportion.tables.cells import Fault, digits, restored_code
from apportion.tables.directory import CODE, NAME
from apportion.tables.grid import Cell
from apportion.tables.table import Row
from apportion.text import fold, name_key
from apportion.year import FiscalYear
from apportion.yearly.bridge import debtor

SERIAL = "整理番号"

_SERIAL = re.compile(r"([A-Z][0-9]{1,2})-([0-9]{6})(?:-.*)?")
_TERM = re.compile(r"-第([1-9][0-9]?)期")
_TITLES = re.compile(r"(?:様|殿|御中)$")


def serial_term(text: str) -> int | None:
    """期 that a 整理番号 names (`R7-232017-第1期`); None where it names none."""
    match = _TERM.search(digits(text))
    return int(match[1]) if match else None


@dataclass(frozen=True)
class Payers:
    """Finds the body of a row; all that the row says of it must agree."""

    outcome: Outcome

    @cached_property
    def by_name(self) -> dict[str, Member]:
        """Bodies by folded name, addressee (豊橋市長), and both with their 郡 before them."""
        found: dict[str, Member] = {}
        for member in sorted(self.outcome.tables.members, key=lambda m: m.valid_to is None):
            for name in (member.name, debtor(member)):
                found[name_key(name)] = found[name_key(member.county + name)] = member
        return found

    def find(self, row: Row) -> Member | None:
        """The body of a row; None, with a problem, where there is none or the columns disagree."""
        found: dict[str, Member] = {}
        for heading, door in (
            (CODE, self._by_code),
            (SERIAL, self._by_serial),
            (NAME, self._by_name),
        ):
            cell = row.cell(heading)
            if not cell.text:
                continue
            member = row.take(cell, door)
            if member is None:
                return None
            found[heading] = member
        if not found:
            row.table.report(row.cells[0], _nobody())
            return None
        first, *others = found.values()
        if any(other != first for other in others):
            row.table.report(row.cell(next(iter(found))), _disagree(found))
            return None
        return first

    def _by_code(self, cell: Cell) -> Member | Fault:
        known = self.outcome.tables.by_code
        code = digits(cell.text)
        member = known.get(code) or known.get(restored_code(cell) or "")
        return member or _unknown(f"団体コード「{code}」", "W308", "")

    def _by_serial(self, cell: Cell) -> Member | Fault:
        match = _SERIAL.fullmatch(digits(cell.text).upper())
        member = self.outcome.tables.by_code.get(match[2]) if match else None
        if match is None or member is None:
            return _unknown(f"整理番号「{cell.text}」の団体", "W308", "")
        if FiscalYear.parse(match[1]) != self.outcome.year:
            return _other_year(cell.text, self.outcome.year)
        return member

    def _by_name(self, cell: Cell) -> Member | Fault:
        name = _TITLES.sub("", fold(cell.text).strip()).strip()
        member = self.by_name.get(name_key(name))
        guess = near(name, (member.name for member in self.outcome.tables.members))
        return member or _unknown(f"「{cell.text}」という団体", "W309", guess or "")


def _unknown(what: str, code: str, guess: str) -> Fault:
    return Fault(
        code,
        f"{what}は、団体一覧にありません。",
        "取り込めるのは、団体一覧（members/members）にある団体の納入だけです。",
        f"「{guess}」のことなら直してください。"
        if guess
        else "団体を直すか、負担金でない納入なら、取り込むファイルからこの行を除いてください。",
    )


def _other_year(serial: str, year: FiscalYear) -> Fault:
    return Fault(
        "W919",
        f"整理番号「{serial}」は、{year.label}の請求ではありません。",
        f"{year.label}の整理番号は「{year.code.upper()}-」で始まります。",
        "その年度の納入として取り込むか（--year）、このファイルから除いてください。",
    )


def _nobody() -> Fault:
    return Fault(
        "W118",
        "だれの納入かが書いてありません。",
        "団体コード、団体名、整理番号のどれかが要ります。",
        "どれかを書いてください。合計などの行なら、行ごと消してください。",
    )


def _disagree(found: Mapping[str, Member]) -> Fault:
    shown = "、".join(f"{heading}は{member.name}" for heading, member in found.items())
    return Fault(
        "W310",
        f"一つの行が、違う団体を指しています（{shown}）。",
        "どの団体の納入かが決まりません。",
        "正しいほうに直してください。",
    )
