"""Sheet 総括: totals of each 事業, counts, what the other sheets hold, and whether all agrees."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.allocate.instalments import Instalment
from apportion.core.sums import grouped
from apportion.core.year import wareki
from apportion.outcome.outcome import Outcome
from apportion.rules.book import DECIDED
from apportion.workbook.sheets.live import (
    Area,
    Live,
    Ref,
    count_of,
    known,
    less,
    link,
    quoted,
    sum_of,
)
from apportion.workbook.sheets.page import LOW_ROW, Page, heads
from apportion.workbook.summary.budget import (
    EXPENDITURE_PART,
    INCOME_PART,
    charged_of,
    contribution_of,
)
from apportion.workbook.summary.members import MEMBERS, BudgetProject, MembersSheet, projects
from apportion.workbook.summary.proof import PROOF
from apportion.workbook.summary.rounding import ROUNDING
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "総括"
AGREES, DIFFERS = "すべて一致", "一致しない所があります"

LABEL, SPENT, OWED, COUNT, INCOME, LESS_SPENT, LESS_INCOME = range(7)
_HEADS = (
    "区分・事業",
    "支出の部\n（円）",
    "負担金\n（円）",
    "参加\n団体数",
    "収入の部\n（円）",
    "支出の部\nとの差（円）",
    "収入の部\nとの差（円）",
)
_VERDICT = 20.0
"""Height of the row of the verdict in points."""
_NOTE = (
    "収入の部は負担金収入、支出の部は団体に負担を求める額（対象外、端数未調整額などを除く）です。"
)


class Contents(NamedTuple):
    """A sheet, what it holds, its areas of 差, and how many of them are not 0."""

    sheet: str
    text: str
    areas: Sequence[Area]
    wrong: int


class Count(NamedTuple):
    """A line of 件数."""

    label: str
    live: Live
    note: str = ""


class Sources(NamedTuple):
    """What 総括 refers to: both parts of the budget by folded 事業, and what members pay."""

    spent: Callable[[str], Live]
    income: Callable[[str], Live]
    members: MembersSheet


def write(page: Page, summary: Summary) -> None:
    """Write the whole sheet; all others are filled and finished."""
    outcome = summary.outcome
    sources = Sources(
        charged_of(summary.of(EXPENDITURE_PART), page.name),
        contribution_of(summary.of(INCOME_PART), page.name),
        summary.of(MEMBERS),
    )
    verdict = page.top(*_subjects(outcome), _NOTE)
    page.line(verdict + 2, "1　区分・事業ごとの額", "heading")
    heads(page, verdict + 3, _HEADS)
    end = _table(page, verdict + 4, outcome, sources)
    own = page.area(verdict + 4, LESS_SPENT, end - 1, LESS_INCOME)
    row = _counts(page, end + 1, counts(summary, page.name))
    first = Contents(NAME, FRONT.text, [own], page.wrong)
    _verdict(page, verdict, _sheets(page, row + 1, [first, *_others(summary)]))
    page.set_up((verdict, verdict), portrait=True, row_height=LOW_ROW)


def _others(summary: Summary) -> Iterator[Contents]:
    for sheet in summary.sheets:
        if sheet.name != NAME:
            page = summary.pages[sheet.name]
            yield Contents(page.name, sheet.text, summary.areas(sheet), page.wrong)


def _subjects(outcome: Outcome) -> list[str]:
    """件名 of the invoices: whose budget this is."""
    return [remark.text for file in outcome.book.common for remark in file.invoice.get("件名", ())]


def _verdict(page: Page, row: int, counted: Sequence[Ref]) -> None:
    """Words that the live counts of 差 lead to."""
    wrong = sum_of(counted, page.name)
    formula = f'=IF({wrong.inner}=0,"{AGREES}","{DIFFERS}")'
    page.text(row, LABEL, "すべてのシートの差", "grand_text")
    page.sheet.height(row, _VERDICT)
    page.merged(row, SPENT, LESS_INCOME, "", "verdict")
    page.sheet.formula(row, SPENT, formula, DIFFERS if wrong.value else AGREES, "verdict")


def _table(page: Page, row: int, outcome: Outcome, sources: Sources) -> int:
    """区分 with its 事業 below it, and 合計; the next free row."""
    members, tops = sources.members, []
    for category, group in _by_category(outcome).items():
        below = [_project(page, at, p, sources) for at, p in enumerate(group, start=row + 1)]
        columns = [members.columns[project.key] for project in group]
        tops.append(_sums(page, row, category, below, "total"))
        page.live(row, COUNT, members.taking_part(page.name, columns), "total_count")
        row += 1 + len(group)
    _sums(page, row, "合計", tops, "grand")
    page.live(row, COUNT, members.taking_part(page.name, [members.sums]), "grand_count")
    return row + 1


def _by_category(outcome: Outcome) -> dict[str, list[BudgetProject]]:
    return grouped((project.category or "（区分なし）", project) for project in projects(outcome))


def _project(page: Page, row: int, project: BudgetProject, sources: Sources) -> Mapping[int, Ref]:
    members = sources.members
    column = members.columns[project.key]
    page.text(row, LABEL, project.name, "item_1")
    page.live(row, COUNT, members.taking_part(page.name, [column]), "count")
    amounts = {
        SPENT: sources.spent(project.key),
        OWED: link(members.totals[project.key], page.name),
        INCOME: sources.income(project.key),
    }
    return _compared(page, row, amounts, "money")


def _sums(
    page: Page, row: int, label: str, rows: Sequence[Mapping[int, Ref]], look: str
) -> Mapping[int, Ref]:
    page.text(row, LABEL, label, f"{look}_text")
    amounts = {
        column: sum_of([cells[column] for cells in rows], page.name)
        for column in (SPENT, OWED, INCOME)
    }
    return _compared(page, row, amounts, f"{look}_money")


def _compared(page: Page, row: int, amounts: Mapping[int, Live], look: str) -> Mapping[int, Ref]:
    cells = {column: page.live(row, column, live, look) for column, live in amounts.items()}
    for column, part in ((LESS_SPENT, SPENT), (LESS_INCOME, INCOME)):
        page.difference(row, column, less(cells[part], [cells[OWED]], page.name))
    return cells


def _counts(page: Page, row: int, counts: Sequence[Count]) -> int:
    """件数; the next free row."""
    page.line(row, "2　件数", "heading")
    _wide_heads(page, row + 1, "項目", "数", "内訳")
    for at, count in enumerate(counts, start=row + 2):
        page.text(at, LABEL, count.label)
        page.live(at, SPENT, count.live, "count")
        page.merged(at, OWED, LESS_INCOME, count.note, "remark")
    return row + 2 + len(counts)


def _sheets(page: Page, row: int, contents: Sequence[Contents]) -> list[Ref]:
    """Every sheet with a link, what it holds and how many of its 差 are not 0."""
    page.line(row, "3　シートの内容", "heading")
    _wide_heads(page, row + 1, "シート", "0でない差\nの数", "内容")
    counted = []
    for at, content in enumerate(contents, start=row + 2):
        # A link in the workbook itself: file names change.
        target = f"internal:{quoted(content.sheet)}!A1"
        page.sheet.raw.write_url(at, LABEL, target, page.sheet.styles["link"], content.sheet)
        if content.areas:
            counted.append(page.live(at, SPENT, _not_zero(page.name, content), "wrong_count"))
        else:
            page.text(at, SPENT, "－", "center")
        page.merged(at, OWED, LESS_INCOME, content.text, "remark")
    return counted


def _wide_heads(page: Page, row: int, label: str, number: str, text: str) -> None:
    page.texts(row, (label, number), "head")
    page.merged(row, OWED, LESS_INCOME, text, "head")


def _not_zero(sheet: str, content: Contents) -> Live:
    """How many cells of 差 are not 0."""
    # COUNTIF would count blank cells as not 0.
    terms = "+".join(f"SUMPRODUCT(--({area.on(sheet)}<>0))" for area in content.areas)
    return Live(f"={terms}", content.wrong, loose=True)


def counts(summary: Summary, sheet: str) -> list[Count]:
    """Lines of the table on `sheet`; what stands in other sheets is counted live."""
    outcome, members = summary.outcome, summary.of(MEMBERS)
    rest, equations = summary.of(ROUNDING).total, summary.of(PROOF)
    empty = sum(result.case.line.amount == 0 for result in outcome.results)
    return [
        Count("団体", members.taking_part(sheet, [members.sums])),
        Count("事業", known(len(projects(outcome)))),
        Count("経費", known(len(outcome.results)), f"うち予算額が0円の経費 {empty}"),
        *_instalments(outcome),
        Count("端数円数の計", link(rest, sheet), "きまりにより団体に足した円数（引いた円数は△）"),
        Count("突合の式", count_of(equations, sheet, len(outcome.equations))),
    ]


def _instalments(outcome: Outcome) -> Iterator[Count]:
    """How many members pay by each date, and how much in all; no due date before it is decided."""
    terms = grouped((_term(part, outcome.state), part.yen) for part in outcome.instalments)
    for label, yen in terms.items():
        yield Count(label, known(len(yen)), f"{sum(yen):,}円")


def _term(part: Instalment, state: str) -> str:
    day = f"（{wareki(part.day)}）" if part.day and state == DECIDED else ""
    account = f"{part.account}を" if part.account else ""
    return f"{part.label}の団体{day}" if part.day else f"{account}請求する団体"


FRONT = SheetOfSummary(
    name=NAME,
    title="負担金一覧　総括",
    text="区分・事業ごとの額、件数、各シートの内容。",
    write=write,
)
