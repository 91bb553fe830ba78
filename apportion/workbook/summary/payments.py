"""Sheets 収納状況 (what each payer has paid of each 期, what is open) and 納入の記録 (every payment)."""

from collections.abc import Mapping, Sequence
from datetime import date

from apportion.core.model import Payment
from apportion.core.sums import grouped
from apportion.core.year import wareki
from apportion.outcome.outcome import Outcome
from apportion.outcome.receipts import BEYOND, NOT_BILLED, TO_REPAY, Standing, as_of
from apportion.workbook.sheets.live import Area, Live, Ref, known, less, link, sum_of, total_of
from apportion.workbook.sheets.page import LOW_ROW, Page, heads
from apportion.workbook.summary.members import MEMBERS
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

CODE, PAYER, TERM, DUE, YEARLY, OWED, PAID, OPEN, LAST, STATE = range(10)
_TITLES = (
    *("団体\nコード", "団体名", "期", "納期限", "年額（円）", "調定額（円）"),
    *("納入済額（円）", "未納額（円）", "最終の\n納入日", "状態"),
)
_ODD = (BEYOND, NOT_BILLED, TO_REPAY)
_NOTE = "未納額 = 調定額 − 納入済額。△は、納めすぎか、これから還付する額です。"
_DAY = "令和00年00月00日"


Paid = Mapping[tuple[str, str], Sequence[Ref]]
"""Cells of 納入の記録 by payer and 期."""


def write(page: Page, summary: Summary) -> Area:
    """期 in sum, and a row for each payer and 期; the cells of 差."""
    outcome, paid = summary.outcome, summary.of(RECORDS)
    on, found = as_of(outcome.tables.payments), outcome.standings
    terms = list(dict.fromkeys(one.label for one in sorted(found, key=_order)))
    row = page.top(f"最終の納入日（{wareki(on)}）現在。{outcome.receivables.words}{_NOTE}")
    head = row + len(terms) + 4
    areas = _listed(page, head, outcome, found, paid)
    _terms(page, row, terms, areas, found)
    differences = _close(page, head, areas, _yearly_sum(page, summary), paid)
    page.set_up((head, head), portrait=None, row_height=LOW_ROW)
    return differences


def _yearly_sum(page: Page, summary: Summary) -> Live:
    """What all instalments come to: the charges of this workbook, or what was sealed of another one."""
    outcome = summary.outcome
    if outcome.receivables.instalments == outcome.instalments:
        return link(summary.of(MEMBERS).total, page.name)
    return known(outcome.receivables.yearly)


def _order(standing: Standing) -> tuple[str, int]:
    return standing.account, standing.number


def _sorted(outcome: Outcome) -> list[tuple[str, Payment]]:
    """Payments, each with the 期 that it is for."""
    found = ((one.label, payment) for one in outcome.standings for payment in one.payments)
    return sorted(found, key=lambda own: (own[1].code, own[1].number, own[0], own[1].day))


def write_records(page: Page, summary: Summary) -> Paid:
    """Every payment by payer, 期 and day."""
    outcome = summary.outcome
    head = page.top()
    heads(page, head, ("団体\nコード", "団体名", "期", "納入日", "納入額（円）"))
    cells: dict[tuple[str, str], list[Ref]] = {}
    for row, (label, payment) in enumerate(_sorted(outcome), start=head + 1):
        page.text(row, CODE, payment.code, "code")
        page.text(row, PAYER, outcome.tables.by_code[payment.code].name)
        page.text(row, TERM, label, "center")
        _day(page, row, 3, payment.day)
        cell = page.number(row, 4, payment.yen)
        cells.setdefault((payment.code, label), []).append(cell)
    page.freeze(head + 1, TERM)
    page.set_up((head, head), portrait=True, row_height=LOW_ROW)
    return cells


def _listed(
    page: Page,
    head: int,
    outcome: Outcome,
    found: Sequence[Standing],
    paid: Paid,
) -> dict[int, list[Ref]]:
    """A row for each payer and 期; its cells of money by column."""
    page.line(head - 1, "2　団体と期ごとの状況", "heading")
    heads(page, head, _TITLES)
    on = as_of(outcome.tables.payments)
    columns: dict[int, list[Ref]] = {OWED: [], PAID: [], OPEN: []}
    for row, standing in enumerate(found, start=head + 1):
        _words(page, row, outcome, standing, on)
        owed = page.number(row, OWED, standing.owed)
        cells = paid.get((standing.code, standing.label), ())
        live = sum_of(cells, page.name) if cells else known(standing.paid)
        got = page.live(row, PAID, live, "money")
        columns[OWED].append(owed)
        columns[PAID].append(got)
        columns[OPEN].append(page.live(row, OPEN, less(owed, [got], page.name)))
    _yearly(page, head, found, columns[OWED])
    # 合計 stays outside: it would be sorted among the payers.
    page.sheet.raw.autofilter(head, CODE, head + len(found), STATE)
    page.freeze(head + 1, TERM)
    return columns


def _words(page: Page, row: int, outcome: Outcome, standing: Standing, on: date) -> None:
    page.text(row, CODE, standing.code, "code")
    page.text(row, PAYER, outcome.receivables.name(standing.code, outcome.tables))
    page.text(row, TERM, standing.label, "center")
    _day(page, row, DUE, standing.day)
    _day(page, row, LAST, standing.latest)
    state = standing.state(on)
    # What is open is a matter of course until its day has come.
    marked = standing.is_due(on) or state in _ODD
    page.text(row, STATE, state, "alert" if marked else "center")


def _yearly(page: Page, head: int, found: Sequence[Standing], owed: Sequence[Ref]) -> None:
    """年額 in the first row of each payer."""
    by_payer = grouped((one.code, cell) for one, cell in zip(found, owed, strict=True))
    for row, standing in enumerate(found, start=head + 1):
        cells = by_payer.pop(standing.code, None)
        if cells:
            page.live(row, YEARLY, sum_of(cells, page.name))
        else:
            page.blanks(row, [YEARLY])


def _terms(
    page: Page,
    row: int,
    terms: Sequence[str],
    columns: dict[int, list[Ref]],
    found: Sequence[Standing],
) -> None:
    """期 in sum: by the word of the rows below, so that a filter or a sorting changes nothing."""
    page.line(row, "1　期ごとの計", "heading")
    page.merged(row + 1, CODE, TERM, "期", "head")
    page.texts(row + 1, ("納期限", "未納の\n団体数", *_TITLES[OWED : OPEN + 1]), "head", first=DUE)
    first, last = columns[OWED][0].row, columns[OWED][-1].row
    named = page.area(first, TERM, last, TERM).on(page.name)
    for at, label in enumerate(terms, start=row + 2):
        page.merged(at, CODE, TERM, label, "center")
        own = [place for place, standing in enumerate(found) if standing.label == label]
        days = {found[place].day for place in own if found[place].billed}
        _day(page, at, DUE, days.pop() if len(days) == 1 else None)
        for column, cells in columns.items():
            area = page.area(first, column, last, column).on(page.name)
            formula = f'=SUMIF({named},"{label}",{area})'
            page.live(at, column, Live(formula, sum(cells[place].value for place in own)))
        opened = page.area(first, OPEN, last, OPEN).on(page.name)
        formula = f'=COUNTIFS({named},"{label}",{opened},">0")'
        page.live(at, YEARLY, Live(formula, sum(found[i].open > 0 for i in own)), "count")


def _close(
    page: Page,
    head: int,
    columns: dict[int, list[Ref]],
    total: Live,
    paid: Paid,
) -> Area:
    """合計, and below it the 差 of 調定額 to the charges and of 納入済額 to the payments."""
    end = columns[OWED][-1].row + 1
    page.merged(end, CODE, YEARLY, "合計", "grand_text")
    sums = {}
    for column, cells in columns.items():
        area = page.area(head + 1, column, end - 1, column)
        live = total_of(area, sum(cell.value for cell in cells))
        sums[column] = page.live(end, column, live, "grand_money")
    page.merged(end, LAST, STATE, "", "grand_text")
    page.merged(end + 1, CODE, YEARLY, "差（請求の総計、納入の記録の計との差）", "text")
    page.difference(end + 1, OWED, link(sums[OWED], page.name) - total)
    records = sum_of([cell for cells in paid.values() for cell in cells], page.name)
    page.difference(end + 1, PAID, link(sums[PAID], page.name) - records)
    return page.area(end + 1, OWED, end + 1, PAID)


def _day(page: Page, row: int, column: int, day: date | None) -> None:
    if day is None:
        page.blanks(row, [column])
    else:
        page.sheet.day(row, column, day, "day")
        page.measure(column, _DAY)


def _paid_at_all(outcome: Outcome) -> bool:
    return bool(outcome.tables.payments)


PAYMENTS = SheetOfSummary(
    name="収納状況",
    title="収納状況",
    text="団体と期ごとの、納入済の額と未納の額（最終の納入日現在）。",
    write=write,
    areas=lambda differences: (differences,),
    shown=_paid_at_all,
)
RECORDS = SheetOfSummary(
    name="納入の記録",
    title="納入の記録",
    text="団体ごとの納入と戻出のすべて。",
    write=write_records,
    shown=_paid_at_all,
)
