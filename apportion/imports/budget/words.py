"""Words of such documents: names in one spelling, years, units, amounts."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import fold, name_key
from apportion.core.year import FiscalYear
from apportion.tables.cells import MONEY

UNITS = "|".join(MONEY)
"""Pattern of a unit of money."""
_YEAR = re.compile(r"(?:令和|平成|昭和)(?:[0-9]{1,2}|元)年度?")
_NUMBER = re.compile(rf"([-△▲+]?)([0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,15}})({UNITS})?(※?)")
NEGATIVE = frozenset("-△▲")
_DASHES = frozenset("-ー―─")
_UNIT = re.compile(rf"単位:?({UNITS})")
_NUMBERING = re.compile(r"\(?[0-9]{1,3}\)?")
_JAPANESE = r"[^\x21-\x7e ]"
_GAP = re.compile(rf"(?<={_JAPANESE}) +|(?<! ) +(?={_JAPANESE})")
_LOOSE = re.compile(r"[・、,･]")
_TAIL = re.compile(r"(.+?)（([^（）]+)）")


class AmountColumn(Enum):
    """Amounts that a document prints: this year's, last year's, and what lies between them."""

    NOW = "予算額"
    BEFORE = "前年度予算額"
    DIFFERENCE = "増減"


YEARS = (AmountColumn.NOW, AmountColumn.BEFORE)
"""The two years; the value is their column in a budget file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """One printed amount, in yen. Two of equal amount are two figures: each has its place."""

    yen: int
    unit: str
    source: Source
    starred: bool = False
    dash: bool = False

    @property
    def printed(self) -> str:
        """`40,656千円（23行目）`."""
        return f"{written(self.yen, self.unit)}（{spot(self.source)}）"


def figure(text: str, unit: str, source: Source) -> Figure | None:
    """Amount of `text`, in the unit behind it or else in `unit` (one of MONEY).

    「－」 is 0; None where it is no number.
    """
    folded = squeezed(text)
    if folded in _DASHES:
        return Figure(yen=0, unit=unit, source=source, dash=True)
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return None
    unit = match[3] or unit
    yen = int(match[2].replace(",", "")) * MONEY[unit]
    return Figure(
        yen=-yen if match[1] in NEGATIVE else yen, unit=unit, source=source, starred=bool(match[4])
    )


def is_figure(text: str) -> bool:
    """Whether a text is an amount, whatever its unit."""
    return figure(text, "円", Source()) is not None


def is_numbering(text: str) -> bool:
    """Whether a text is the number of a 款 or 項, as it stands beside a name: `3`, `(12)`."""
    return _NUMBERING.fullmatch(squeezed(text)) is not None


def written(yen: int, unit: str) -> str:
    """Amount as such a document prints it: `40,656千円`."""
    whole, rest = divmod(abs(yen), MONEY[unit])
    sign = "△" if yen < 0 else ""
    return f"{sign}{abs(yen):,}円" if rest else f"{sign}{whole:,}{unit}"


def spot(source: Source) -> str:
    """`23行目` or `予算!C5`."""
    return f"{source.sheet}!{source.cell}" if source.sheet else f"{source.line}行目"


def squeezed(text: str) -> str:
    """`text` folded, without spaces."""
    return fold(text).replace(" ", "")


def year_in(text: str) -> FiscalYear | None:
    """The first fiscal year that `text` names."""
    match = _YEAR.search(squeezed(text))
    return FiscalYear.parse(match[0]) if match else None


def unit_in(text: str) -> str | None:
    """Unit that a line `（単位：千円）` gives."""
    match = _UNIT.search(squeezed(text))
    return match[1] if match else None


def spelled(name: str) -> str:
    """A published name in one spelling: letters and figures narrow, brackets wide, no stray spaces.

    The signs stay those of the document: 「・」 is kept, 「規定」 is not 「規程」.
    """
    narrow = "".join(_narrow(sign) for sign in name)
    whole = _GAP.sub("", " ".join(narrow.split())).replace("(", "（").replace(")", "）")
    return harmless(whole)


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula, without invisible signs."""
    seen = "".join(sign for sign in text if sign.isprintable())
    return seen.lstrip("=+-@＝＋＠'")


def _narrow(sign: str) -> str:
    folded = fold(sign)
    kept = folded.isascii() and (folded.isalnum() or folded in "/() ")
    return folded if kept else sign


def loose_key(name: str) -> str:
    """What 「調査・研修費」 and 「調査研修費」 have in common."""
    return _LOOSE.sub("", name_key(name))


def without_tail(name: str) -> tuple[str, str]:
    """Name before a bracket at its end, and what the bracket holds (or nothing)."""
    match = _TAIL.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BudgetNode:
    """A heading, an item or a row, with its amounts; `children` are what it is made of.

    `own` holds the printed figures; a missing one counts as the sum of the children.
    """

    name: str
    own: Mapping[AmountColumn, Figure]
    source: Source
    remark: str = ""
    children: "tuple[BudgetNode, ...]" = ()
    is_item: bool = False

    def figures(self, column: AmountColumn) -> tuple[Figure, ...] | None:
        """The printed figure, or those of the children that stand for it; None where unknown."""
        if column in self.own:
            return (self.own[column],)
        parts = [child.figures(column) for child in self.children]
        if not parts or any(part is None for part in parts):
            return None
        return tuple(figure for part in parts for figure in part or ())

    def yen(self, column: AmountColumn) -> int | None:
        """Amount in yen; None where it is not known."""
        found = self.figures(column)
        return None if found is None else sum(figure.yen for figure in found)

    @property
    def depth(self) -> int:
        """How many levels it has, itself included."""
        return 1 + max((child.depth for child in self.children), default=0)

    def walk(self) -> Iterator["BudgetNode"]:
        """The node and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self, above: tuple[str, ...] = ()) -> Iterator[tuple["BudgetNode", tuple[str, ...]]]:
        """What has no parts, in the order of the document, each with the names that stand above it."""
        if not self.children:
            yield self, above
        for child in self.children:
            yield from child.leaves((*above, self.name))


class SumKind(Enum):
    """Why two sums must be equal."""

    SUM = "parts make the whole"
    CROSSING = "the plan has what the accounts have"
    BALANCE = "income is expenditure"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSum:
    """What must be equal: `left` as printed, and the sum of `right`."""

    kind: SumKind
    name: str
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]

    @property
    def missing(self) -> int:
        """Yen by which the right side is too small."""
        return sum(f.yen for f in self.left) - sum(f.yen for f in self.right)


def equation(
    kind: SumKind, name: str, left: BudgetNode, right: tuple[BudgetNode, ...], column: AmountColumn
) -> Iterator[PrintedSum]:
    """That `left` is the sum of `right`, where all of them are known."""
    parts = [node.figures(column) for node in right]
    whole = left.figures(column)
    if whole is not None and parts and all(part is not None for part in parts):
        found = tuple(figure for part in parts for figure in part or ())
        if found != whole:
            yield PrintedSum(kind=kind, name=name, left=whole, right=found)


def comparison(name: str, node: BudgetNode) -> Iterator[PrintedSum]:
    """That last year's amount and the difference give this year's, where all are printed."""
    if all(column in node.own for column in AmountColumn):
        now, before, difference = (node.own[column] for column in AmountColumn)
        yield PrintedSum(kind=SumKind.SUM, name=name, left=(now,), right=(before, difference))


def unplaced(findings: Findings, source: Source, words: str) -> None:
    """A figure that belongs to nothing, or a place where one is missing."""
    shown = " ".join(words.split())[:60]
    findings.add(tell("W807.words" if shown else "W807", source, shown=shown))
