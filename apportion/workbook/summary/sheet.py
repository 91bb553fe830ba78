"""What a sheet of a summary is, and the workbook in which sheets find what others hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from io import BytesIO
from typing import Any, Generic, TypeVar

from apportion.core.dataclass import dataclass
from apportion.outcome.outcome import Outcome
from apportion.rules.book import DECIDED
from apportion.workbook.letters.naming import council, of
from apportion.workbook.sheets.live import Area
from apportion.workbook.sheets.page import Page, add_page
from apportion.workbook.sheets.sheet import new_book
from apportion.workbook.sheets.styles import Styles

R = TypeVar("R")


def _none(_written: object) -> Sequence[Area]:
    return ()


def _always(_outcome: Outcome) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOfSummary(Generic[R]):
    """A sheet: its name, its title, what 総括 says of it, and how it is filled.

    `write` gives what other sheets refer to, `areas` its cells of 差. `finish` adds what needs
    sheets that themselves refer to this one, and gives the cells of 差 instead. Only `shown`
    sheets are in a workbook; one that is `undecided` says in its name while nothing is decided.
    """

    name: str
    title: str
    text: str = ""
    write: Callable[[Page, "Summary"], R]
    areas: Callable[[R], Sequence[Area]] = _none
    finish: Callable[[Page, "Summary"], Sequence[Area]] | None = None
    shown: Callable[[Outcome], bool] = _always
    undecided: bool = False

    def named(self, text: str, outcome: Outcome) -> str:
        """Its name or title: `調定一覧（案）` while nothing is decided."""
        told = self.undecided and outcome.state != DECIDED
        return f"{text}（{outcome.state}）" if told else text


AnySheet = SheetOfSummary[Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """A workbook being filled: `sheets` in their order, their pages by name."""

    outcome: Outcome
    sheets: Sequence[AnySheet]
    pages: Mapping[str, Page]
    _written: dict[str, Any] = field(default_factory=dict)
    _areas: dict[str, Sequence[Area]] = field(default_factory=dict)

    def of(self, sheet: SheetOfSummary[R]) -> R:
        """What a sheet holds for others; it is filled when first asked for."""
        if sheet.name not in self._written:
            self._written[sheet.name] = sheet.write(self.pages[sheet.name], self)
        found: R = self._written[sheet.name]
        return found

    def areas(self, sheet: AnySheet) -> Sequence[Area]:
        """The cells of 差 of a sheet, which is then finished."""
        if sheet.name not in self._areas:
            written = self.of(sheet)
            finished = sheet.finish(self.pages[sheet.name], self) if sheet.finish else None
            self._areas[sheet.name] = sheet.areas(written) if finished is None else finished
        return self._areas[sheet.name]

    def fill(self, sheets: Iterable[AnySheet]) -> None:
        """Fill these sheets in this order, and finish them."""
        listed = list(sheets)
        for sheet in listed:
            self.of(sheet)
        for sheet in listed:
            self.areas(sheet)


def content(
    outcome: Outcome,
    title: str,
    sheets: Sequence[AnySheet],
    first: Sequence[Sequence[AnySheet]] = (),
) -> bytes:
    """Bytes of a summary; the same outcome gives the same bytes.

    XlsxWriter numbers texts in the order in which they are written, so that order is fixed: the
    groups `first`, then the others from left to right, 総括 (which counts the 差 of all) at last.
    """
    buffer, label = BytesIO(), outcome.year.label
    after = f"（{outcome.edition.column}のあと）" if outcome.edition else ""
    named = " ".join(filter(None, (council(outcome), f"{label} {title}{after}")))
    book = new_book(buffer, named, outcome.year)
    styles = Styles(book)
    pages = {
        sheet.name: add_page(
            book,
            styles,
            sheet.named(sheet.name, outcome),
            f"{label}　{sheet.named(sheet.title, outcome)}{after}",
            outcome.state,
            of(outcome),
        )
        for sheet in sheets
    }
    summary = Summary(outcome, sheets, pages)
    for group in (*first, sheets[1:], sheets[:1]):
        summary.fill(group)
    book.close()
    return buffer.getvalue()
