"""Who a row is about: its code, its 整理番号, its name, or what a bank writes of the payer."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property, partial

from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.problem import Fault, Findings, fault
from apportion.core.text import fold, name_key, near
from apportion.core.year import FiscalYear
from apportion.tables.cells import code_digits, digits, restored_code
from apportion.tables.grid import Cell
from apportion.tables.register import CODE, NAME
from apportion.tables.table import Row
from apportion.years.payments.bills import YearBills
from apportion.years.payments.words import SERIAL, terms_in

_SERIAL = re.compile(r"([A-Z][0-9]{1,2})-([0-9]{6})(?:-.*)?")
_SERIAL_IN_TEXT = re.compile(
    r"(?<![A-Z0-9])([A-Z][0-9]{1,2})-?([0-9]{6})(?![0-9])(?:-第?([0-9]{1,2})期?)?"
)
_TERM = re.compile(r"-第0*([1-9][0-9]?)期")
_TITLES = re.compile(r"(?:様|殿|御中)$")


def serial_term(text: str) -> int | None:
    """期 that a 整理番号 names (`R7-232017-第1期`); None where it names none."""
    match = _TERM.search(digits(text))
    return int(match[1]) if match else None


def serial_account(text: str) -> str:
    """会計 that a 整理番号 names (`R7-232017-介護保険特別会計-第1期`); empty where it names none."""
    parts = text.strip().split("-")
    return parts[2] if len(parts) > 2 else ""  # noqa: PLR2004  behind year and code


@dataclass(frozen=True)
class RowPayers:
    """Finds the body of a row; all that the row says of it must agree."""

    billed: YearBills

    @cached_property
    def by_name(self) -> dict[str, Member]:
        """Bodies by folded name, addressee (豊橋市長), and both with their 郡 before them."""
        found: dict[str, Member] = {}
        for member in sorted(self.billed.tables.members, key=lambda m: m.valid_to is None):
            for name in (member.name, member.head):
                found[name_key(name)] = found[name_key(member.county + name)] = member
        return found

    def find(self, row: Row) -> Member | None:
        """The body of a row; None, with a problem, where there is none or the columns disagree."""
        found: dict[str, Member] = {}
        for heading, door in (
            (CODE, self._by_code),
            (SERIAL, self._by_serial),
            (NAME, partial(self._by_name, row.table.findings)),
        ):
            cell = row.cell(heading)
            if not cell.text:
                continue
            member = row.take(cell, door)
            if member is None:
                return None
            found[heading] = member
        if not found:
            row.table.report(row.cells[0], fault("W118.payer"))
            return None
        first, *others = found.values()
        if any(other != first for other in others):
            row.table.report(row.cell(next(iter(found))), _disagree(found))
            return None
        return first

    def _by_code(self, cell: Cell) -> Member | Fault:
        known = self.billed.tables.by_code
        code = code_digits(cell.text)
        member = known.get(code) or known.get(restored_code(cell) or "")
        return member or fault("W308.payer", code=code)

    def _by_serial(self, cell: Cell) -> Member | Fault:
        match = _SERIAL.fullmatch(digits(cell.text).upper())
        member = self.billed.tables.by_code.get(match[2]) if match else None
        if match is None or member is None:
            return fault("W308.serial", serial=cell.text)
        if FiscalYear.parse(match[1]) != self.billed.year:
            return fault(
                "W919",
                serial=cell.text,
                year=self.billed.year.label,
                prefix=self.billed.year.code.upper(),
            )
        return member

    def _by_name(self, findings: Findings, cell: Cell) -> Member | Fault:
        name = _TITLES.sub("", fold(cell.text).strip()).strip()
        if member := self.by_name.get(name_key(name)):
            return member
        names = (member.name for member in self.billed.tables.members)
        guess = near(name, names) if findings.room("W309") else None
        return fault("W309.payer-near" if guess else "W309.payer", name=cell.text, guess=guess)


def _disagree(found: Mapping[str, Member]) -> Fault:
    shown = "、".join(f"{heading}は{member.name}" for heading, member in found.items())
    return fault("W310.payment", shown=shown)


_SMALL = str.maketrans("ァィゥェォッャュョヮヶヵヲ", "アイウエオツヤユヨワケカオ")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_NO_SIGN = re.compile(r"[^0-9A-Za-z\u30a1-\u30fa\u4e00-\u9fff\u3005]")
_AROUND = (
    r"フリコミ[0-9]?|振込[0-9]?|総合振込|振替|入金|ニユウキン|ソウフリ|ドウソウフリ"
    r"|チヨウ|長|カイケイカンリシヤ|会計管理者|カイケイ|会計|シチヨウ|フタンキン|負担金|様"
    r"|令和[0-9]+年度|第[0-9]+期分?|ダイ[0-9]+キ"
)
"""What may stand beside the name of a payer and says nothing more of it."""


def kana_key(text: str) -> str:
    """What two spellings of a name in banks have in common: `ﾄﾖﾊｼｼ`, `とよはしし`, `ト－ヨハシ シ`."""
    wide = unicodedata.normalize("NFKC", text).translate(_HIRAGANA).translate(_SMALL)
    return _NO_SIGN.sub("", wide)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the texts of a deposit say: sure bodies, those only alike, 期 and a 整理番号 of another year."""

    sure: tuple[Member, ...]
    alike: tuple[Member, ...]
    number: int | None = None
    foreign: str = ""


@dataclass(frozen=True)
class TextPayers:
    """Finds bodies in what a bank writes: 整理番号, names, and names in kana."""

    billed: YearBills

    @cached_property
    def _around(self) -> re.Pattern[str]:
        """Words that may stand around a name; the reading of a prefecture is one of them."""
        members = self.billed.tables.members
        homes = {kana_key(m.kana) for m in members if m.kind in {"県", "都", "道", "府"}}
        homes |= {kana_key(name) for m in members if m.kind in {"県", "府"} for name in (m.name,)}
        homes |= {kana_key(m.county) for m in members}
        more = "|".join(sorted(map(re.escape, homes - {""})))
        return re.compile(rf"(?:{_AROUND}{'|' if more else ''}{more})*")

    @cached_property
    def _keys(self) -> tuple[tuple[str, Member], ...]:
        members = self.billed.tables.members
        pairs = ((kana_key(name), m) for m in members for name in (m.name, m.kana))
        return tuple((key, member) for key, member in pairs if key)

    @cached_property
    def _billed(self) -> frozenset[str]:
        return frozenset(part.code for part in self.billed.instalments)

    def find(self, texts: tuple[str, ...]) -> Named:
        """All that the texts of one deposit name."""
        serials = list(self._serials(texts))
        own = [match for match in serials if self._is_own(match)]
        foreign = next((match[0] for match in serials if match not in own), "")
        by_code = self.billed.tables.by_code
        sure = {match[2]: by_code[match[2]] for match in own}
        named = [found for text in texts if (found := self._named(kana_key(text), whole=True))]
        for found in named:
            sure |= {member.code: member for member in found}
        alike = (m for text in texts for m in self._named(kana_key(text), whole=False))
        terms = {int(match[3]) for match in own if match[3]}
        terms = terms or {number for text in texts for number in terms_in(text)}
        return Named(
            sure=tuple(sure.values()),
            alike=tuple({member.code: member for member in alike}.values()),
            number=terms.pop() if len(terms) == 1 else None,
            foreign=foreign,
        )

    def _is_own(self, serial: re.Match[str]) -> bool:
        """Whether a 整理番号 is of the year, and of the 会計 where one was chosen."""
        named = name_key(serial.string[serial.end(2) :].removeprefix("-").strip())
        others = (name_key(f.account.text) for f in self.billed.book.files if f.account)
        account = name_key(self.billed.account)
        apart = account and any(named.startswith(one) for one in others if one != account)
        return FiscalYear.parse(serial[1]) == self.billed.year and not apart

    def _serials(self, texts: tuple[str, ...]) -> Iterator[re.Match[str]]:
        known = self.billed.tables.by_code
        for text in texts:
            word = unicodedata.normalize("NFKC", digits(text)).upper()
            yield from (m for m in _SERIAL_IN_TEXT.finditer(word) if m[2] in known)

    def _named(self, text: str, *, whole: bool) -> tuple[Member, ...]:
        """Bodies whose name stands in a text, alone but for words around it where `whole`."""
        found = [m for key, m in self._keys if self._fits(text, key, whole=whole)]
        billed = [member for member in found if member.code in self._billed]
        return tuple(billed or found)

    def _fits(self, text: str, key: str, *, whole: bool) -> bool:
        place = text.find(key)
        while place >= 0:
            before, after = text[:place], text[place + len(key) :]
            if not whole or (self._around.fullmatch(before) and self._around.fullmatch(after)):
                return True
            place = text.find(key, place + 1)
        return False
