"""Sheet 団体別事業別: what each member pays for each 事業, with live totals both ways."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.model import Member
from apportion.core.sums import summed
from apportion.core.text import name_key
from apportion.outcome.outcome import Outcome
from apportion.workbook.sheets.live import (
    Area,
    Live,
    Ref,
    count_of,
    less,
    link_or_sum,
    sum_of,
    total_of,
)
from apportion.workbook.sheets.page import LOW_ROW, Page, heads
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "団体別事業別"
CODE, MEMBER, KIND, FIRST = range(4)
_WIDEST = 105.0


class BudgetProject(NamedTuple):
    """A 事業 of the budget: its folded name, its name and its 区分."""

    key: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class MembersSheet:
    """総計 and column of amounts of each 事業 by folded name, and the same of 合計.

    `codes` are the members with an amount, by column.
    """

    totals: Mapping[str, Ref]
    columns: Mapping[str, Area]
    total: Ref
    sums: Area
    codes: Mapping[Area, frozenset[str]]

    def sum_of_each(self, outcome: Outcome) -> dict[str, Ref]:
        """合計 of each member, by its code."""
        sheet, first, column, *_ = self.sums
        return {
            member.code: Ref(sheet, row, column, outcome.total_of(member.code))
            for row, member in enumerate(outcome.members, start=first)
        }

    def of_payers(self, outcome: Outcome, sheet: str) -> dict[str, Live]:
        """What stands here for each payer, by its code, as a formula on `sheet`."""
        sums, found = self.sum_of_each(outcome), {}
        for payer, charges in outcome.billed.items():
            keys: dict[str, set[str]] = {}
            for charge in charges:
                keys.setdefault(charge.member.code, set()).add(name_key(charge.line.project))
            cells = [
                cell
                for code, own in keys.items()
                for cell in self._cells(sums[code], outcome.by_project[code], own)
            ]
            found[payer] = link_or_sum(cells, sheet)
        return found

    def _cells(self, whole: Ref, yen: Mapping[str, int], keys: set[str]) -> Iterator[Ref]:
        """合計 of a member where these are all its 事業, else the cell of each."""
        if keys == yen.keys():
            yield whole
            return
        for key, area in self.columns.items():
            if key in keys:
                yield whole._replace(column=area.column, value=yen[key])

    def taking_part(self, sheet: str, columns: Sequence[Area]) -> Live:
        """How many members have an amount in at least one of these columns."""
        value = len(frozenset().union(*(self.codes[area] for area in columns)))
        if len(columns) == 1:
            return count_of(columns[0], sheet, value)
        # -- makes numbers of TRUE and FALSE, which SUMPRODUCT else leaves out. ISNUMBER would say
        # what is meant, but IronCalc gives it no column.
        terms = "+".join(f'({area.on(sheet)}<>"")' for area in columns)
        return Live(f"=SUMPRODUCT(--(({terms})>0))", value)


def projects(outcome: Outcome) -> tuple[BudgetProject, ...]:
    """事業 in the order of the budget."""
    found: dict[str, BudgetProject] = {}
    for line in outcome.tables.charged:
        key = name_key(line.project)
        found.setdefault(key, BudgetProject(key, line.project, line.category))
    return tuple(found.values())


def write(page: Page, summary: Summary) -> MembersSheet:
    """Members in code order; a blank cell says that the member does not take part."""
    outcome = summary.outcome
    head = page.top(
        "単位：円。空欄は、その事業の名簿に載っていないことを表します。",
        "収入の部は負担金収入、支出の部は団体に負担を求める額（対象外などを除く）です。",
    )
    columns = projects(outcome)
    page.texts(head, ["", "", "", *(project.category for project in columns), ""], "head")
    heads(page, head + 1, ["団体コード", "団体名", "区分", *(p.name for p in columns), "合計"])
    yen = amounts(outcome)
    first = head + 2
    for row, member in enumerate(outcome.members, start=first):
        _row(page, row, member, [yen.get((member.code, project.key)) for project in columns])
    by_project = {
        project.key: {code: y for (code, key), y in yen.items() if key == project.key}
        for project in columns
    }
    page.freeze(first, FIRST)
    return _totals(page, first, first + len(outcome.members), by_project)


def _totals(page: Page, first: int, end: int, yen: Mapping[str, Mapping[str, int]]) -> MembersSheet:
    """Row `end` with 総計 of every column; `yen` holds the amounts of each 事業 by code."""
    page.merged(end, CODE, KIND, "総計", "grand_text")
    areas = [page.area(first, FIRST + n, end - 1, FIRST + n) for n in range(len(yen) + 1)]
    sums = [sum(amounts.values()) for amounts in yen.values()]
    totals = [
        page.live(end, area.column, total_of(area, value), "grand_money")
        for area, value in zip(areas, (*sums, sum(sums)), strict=True)
    ]
    codes = [frozenset(amounts) for amounts in yen.values()]
    return MembersSheet(
        totals=dict(zip(yen, totals, strict=False)),
        columns=dict(zip(yen, areas, strict=False)),
        total=totals[-1],
        sums=areas[-1],
        codes=dict(zip(areas, (*codes, frozenset[str]().union(*codes)), strict=True)),
    )


def compare(
    page: Page, members: MembersSheet, parts: Mapping[str, Callable[[str], Live]]
) -> tuple[Area, ...]:
    """Finish the sheet: below 総計, what each part of the budget says and the 差 to it.

    Gives the rows of 差. `parts` names a part and gives its amount for each folded 事業.
    """
    row, end = members.total.row, members.total.column
    differences = []
    for name, amount in parts.items():
        cells = [
            page.live(row + 1, total.column, amount(key)) for key, total in members.totals.items()
        ]
        cells.append(page.live(row + 1, end, sum_of(cells, page.name)))
        for total, cell in zip((*members.totals.values(), members.total), cells, strict=True):
            page.difference(row + 2, cell.column, less(total, [cell], page.name))
        page.merged(row + 1, CODE, KIND, name, "text")
        page.merged(row + 2, CODE, KIND, f"差（総計 − {name}）", "text")
        differences.append(page.area(row + 2, FIRST, row + 2, end))
        row += 2
    head = members.sums.row - 2
    widest = dict.fromkeys(range(FIRST, end), _WIDEST)
    page.set_up((head, head + 1), widest, row_height=LOW_ROW, rows=row + 5)
    return tuple(differences)


def amounts(outcome: Outcome) -> Mapping[tuple[str, str], int]:
    """Yen by member code and folded 事業."""
    return summed(((c.member.code, name_key(c.line.project)), c.yen) for c in outcome.charges)


def _row(page: Page, row: int, member: Member, yen: Sequence[int | None]) -> None:
    page.text(row, CODE, member.code, "code")
    page.text(row, MEMBER, member.name)
    page.text(row, KIND, member.kind, "center")
    for column, amount in enumerate(yen, start=FIRST):
        if amount is None:
            page.blanks(row, [column])
        else:
            page.number(row, column, amount)
    end = FIRST + len(yen)
    area = page.area(row, FIRST, row, end - 1)
    page.live(row, end, total_of(area, sum(filter(None, yen))), "total_money")


MEMBERS = SheetOfSummary(
    name=NAME,
    title="団体別・事業別の負担金",
    text="団体ごと、事業ごとの負担金の額と合計。",
    write=write,
)
