"""Sheets 調定一覧 and 送付一覧: what to enter in the books, and what to send to whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.outcome.outcome import Outcome
from apportion.outcome.reconcile import CONTRIBUTION
from apportion.rules.book import DECIDED
from apportion.workbook.letters.documents import way_of
from apportion.workbook.letters.sent import Letter, asked_by, letters
from apportion.workbook.letters.words import Words, addressee, billed_elsewhere
from apportion.workbook.sheets.live import Area, Live, Ref, known, link, sum_of, total_of
from apportion.workbook.sheets.page import LOW_ROW, Page, heads
from apportion.workbook.summary.members import MEMBERS
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

_NO_POSTING = "状態が「{state}」の間は、この表で調定や請求をしないでください。納期限は、議決のあとに入ります。"
_REST = "この一覧の書類で請求しない額（請求済みの期と、額の変わらない団体）"
_SUBJECT, _FILE = 360.0, 230.0
AMOUNT, YEAR = 4, 8
"""Columns of 調定一覧: what a 期 asks for, and what the year does."""


class Postings(NamedTuple):
    """What other sheets refer to: the amounts of each payer by its code, 合計, the areas of 差."""

    amounts: Mapping[str, Sequence[Ref]]
    total: Ref
    differences: tuple[Area, ...]


def write_postings(page: Page, summary: Summary) -> Postings:
    """A row for each payer and 期, compared with 団体別事業別."""
    outcome, members = summary.outcome, summary.of(MEMBERS)
    head = _top(page, outcome)
    titles = ["団体\nコード", "団体名", "期", "納期限", "金額（円）", "所属年度", "科目", "摘要"]
    if outcome.book.accounts:
        titles[6] = "会計・科目"
    heads(page, head, titles)
    yearly = members.of_payers(outcome, page.name)
    amounts = _amounts(page, head, outcome, yearly)
    rows = range(head + 1, head + 1 + len(outcome.instalments))
    cells = [cell for own in amounts.values() for cell in own]
    total, difference = _close(page, rows, AMOUNT, cells, members.total)
    areas = [difference]
    if any(len(own) > 1 for own in amounts.values()):
        areas.append(_compare(page, rows, amounts, yearly))
    page.set_up((head, head), {7: _SUBJECT}, portrait=None, row_height=LOW_ROW)
    return Postings(amounts, total, tuple(areas))


def _amounts(
    page: Page, head: int, outcome: Outcome, yearly: Mapping[str, Live]
) -> dict[str, list[Ref]]:
    """A row for each payer and 期; who pays all at once pays what `yearly` says."""
    subjects = {own.account: Words(own).subject for own in outcome.papers}
    several = {part.number for part in outcome.instalments} != {1}
    payers = [outcome.tables.heir(part.code).code for part in outcome.instalments]
    times = Counter(payers)
    amounts: dict[str, list[Ref]] = {}
    for row, (payer, part) in enumerate(
        zip(payers, outcome.instalments, strict=True), start=head + 1
    ):
        subject = subjects[part.account]
        _posting(page, row, part, outcome, f"{subject}　第{part.number}期" if several else subject)
        live = yearly.get(payer)
        # Only who pays all at once: a 期 is a value, no cell holds it elsewhere.
        if live and times[payer] == 1 and live.value == part.yen:
            cell = page.live(row, AMOUNT, live)
        else:
            cell = page.number(row, AMOUNT, part.yen)
        amounts.setdefault(payer, []).append(cell)
    return amounts


def _compare(
    page: Page, rows: range, amounts: Mapping[str, Sequence[Ref]], yearly: Mapping[str, Live]
) -> Area:
    """Beside the first 期 of each payer its 年額, and the 差 of all its 期 to it; the cells of 差."""
    heads_at = rows.start - 1
    page.texts(heads_at, ("年額（円）", "各期の計\n－年額（円）"), "head", first=YEAR)
    for row in rows:
        page.blanks(row, (YEAR, YEAR + 1))
    for code, cells in amounts.items():
        live = yearly.get(code, known(0))
        whole = page.live(cells[0].row, YEAR, live)
        rest = sum_of(cells, page.name) - link(whole, page.name)
        page.difference(cells[0].row, YEAR + 1, rest)
    return page.area(rows.start, YEAR + 1, rows.stop - 1, YEAR + 1)


def _posting(page: Page, row: int, part: Instalment, outcome: Outcome, text: str) -> None:
    """All of a row but its amount."""
    page.text(row, 0, part.code, "code")
    page.text(row, 1, outcome.tables.by_code[part.code].name)
    page.text(row, 2, f"第{part.number}期", "center")
    if part.day and outcome.state == DECIDED:
        page.sheet.day(row, 3, part.day, "day")
        page.measure(3, "令和00年00月00日")
    else:
        page.blanks(row, [3])
    of = f"{part.account}　{CONTRIBUTION}" if part.account else CONTRIBUTION
    page.texts(row, (outcome.year.label, of), "center", first=5)
    page.text(row, 7, text + _what(part.yen), "small_text")


def _what(yen: int) -> str:
    if yen == 0:
        return "（0円、調定不要）"
    return "（還付）" if yen < 0 else ""


def write_letters(page: Page, summary: Summary) -> Area:
    """A row for each workbook of the invoices; the cell of 差 to what the members pay."""
    outcome, total = summary.outcome, summary.of(MEMBERS).total
    head = _top(page, outcome)
    titles = ["番号", "団体\nコード", "宛先", "書類と件名", "文書番号", "ファイル名", "金額（円）"]
    heads(page, head, [*titles, "送付日", "確認"])
    amounts, row = [], head
    listed = letters(outcome)
    for row, letter in enumerate(listed, start=head + 1):
        words = _words(outcome, letter)
        page.number(row, 0, letter.number, "count")
        page.text(row, 1, letter.member.code, "code")
        page.text(row, 2, addressee(letter.member))
        title = words.of(way_of(letter.yen or 0)).title
        page.text(row, 3, f"{title}　{words.subject}", "small_text")
        page.text(row, 4, words.number(letter.member, letter.number, letter.yen or 0))
        page.text(row, 5, letter.file, "small_text")
        if letter.yen is None:
            page.text(row, 6, "－（計算書）", "right")
        else:
            amounts.append(page.number(row, 6, letter.yen))
        page.blanks(row, (7, 8))
    for column in (7, 8):
        page.measure(column, "令和0年0月")
    asked = asked_by(outcome)
    rest = sum(part.yen for part in outcome.instalments if part not in asked)
    _, difference = _close(page, range(head + 1, row + 1), 6, amounts, total, rest)
    page.set_up((head, head), {3: _SUBJECT, 5: _FILE}, row_height=LOW_ROW)
    return difference


def _words(outcome: Outcome, letter: Letter) -> Words:
    own = outcome.of_account(letter.account)
    return Words(own, billed_elsewhere(own, letter.member) if letter.is_own else "")


def _top(page: Page, outcome: Outcome) -> int:
    if outcome.state == DECIDED:
        return page.top()
    row = page.top()
    page.line(row, _NO_POSTING.format(state=outcome.state), "warn")
    return row + 1


def _close(
    page: Page, rows: range, column: int, amounts: Sequence[Ref], total: Ref, rest: int = 0
) -> tuple[Ref, Area]:
    """合計 of `column` below `rows`, and the 差 to what the members pay; their cells.

    `rest` is what no paper of this list asks for: billed before, and not changed.
    """
    end = rows.stop
    page.merged(end, 0, column - 1, "合計", "grand_text")
    live = total_of(page.area(rows.start, column, end - 1, column), sum(c.value for c in amounts))
    billed = page.live(end, column, live, "grand_money")
    whole = link(billed, page.name)
    if rest:
        end += 1
        page.merged(end, 0, column - 1, _REST, "text")
        whole += link(page.number(end, column, rest), page.name)
    page.merged(end + 1, 0, column - 1, "差（団体別事業別の総計との差）", "text")
    page.difference(end + 1, column, whole - link(total, page.name))
    page.freeze(rows.start, 2)
    return billed, page.area(end + 1, column, end + 1, column)


POSTING = SheetOfSummary(
    name="調定一覧",
    title="調定一覧",
    text="団体と期ごとの、調定に入れる額。",
    write=write_postings,
    areas=lambda written: written.differences,
    undecided=True,
)
SENDING = SheetOfSummary(
    name="送付一覧",
    title="送付一覧",
    text="請求書ごとの宛先、文書番号、額と、送付の記録の欄。",
    write=write_letters,
    areas=lambda difference: (difference,),
    undecided=True,
)
