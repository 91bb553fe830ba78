"""Sheet 人口1人当たり: what a member pays for each inhabitant, the largest first, with a chart."""

from fractions import Fraction
from typing import NamedTuple

from apportion.core.model import FigureColumn, Member
from apportion.outcome.outcome import Outcome
from apportion.why.fairness import population
from apportion.workbook.sheets.live import Ref, link
from apportion.workbook.sheets.page import Page, heads
from apportion.workbook.summary.members import MEMBERS, MembersSheet
from apportion.workbook.summary.past import NOW, Series, bars, place, rows_of
from apportion.workbook.summary.sheet import SheetOfSummary, Summary

NAME = "人口1人当たり"
PLACE, CODE, MEMBER, PEOPLE, YEN, EACH = range(6)
_WIDTHS = {PLACE: 44.0, CODE: 64.0, MEMBER: 130.0}
_MOST, _BAR, _AROUND = 60, 11.5, 50.0
"""Members in the chart, and points that each and the title take."""
_ONE_PAGE = 46
"""Low rows of one page."""
_NONE = "人口の数値がない（または二つ以上ある）ため、1人当たりの額は示していません。"


class Person(NamedTuple):
    """A member with its people and the cell of what it pays."""

    member: Member
    people: int
    yen: Ref

    @property
    def each(self) -> Fraction:
        """Yen for each inhabitant."""
        return Fraction(self.yen.value, self.people)


def write(page: Page, summary: Summary) -> None:
    """Write the sheet; without a population only one line that says so."""
    outcome, members = summary.outcome, summary.of(MEMBERS)
    page.widths.update(_WIDTHS)
    column = population(outcome)
    found = _persons(outcome, members, column) if column else []
    if column is None or not found:
        page.top(_NONE)
        page.set_up((0, 0), portrait=True)
        return
    missing = [m.name for m in outcome.members if m not in {p.member for p in found}]
    row = page.top(*_notes(column, missing))
    shown = found[:_MOST]
    high = len(shown) * _BAR + _AROUND
    first = row + rows_of(high) + 1
    titles = ["順位", "団体\nコード", "団体名", f"人口\n（{column.unit or '人'}）"]
    heads(page, first - 1, [*titles, "負担金\n（円）", "1人当たり\n（円）"])
    for place_, person in enumerate(found):
        _row(page, first + place_, place_ + 1, person)
    _chart(page, row, (first, first + len(shown) - 1), high)
    end = first + len(found) - 1
    starts = [first - 1] if end > _ONE_PAGE else []
    page.set_up_pages((first - 1, first - 1), _WIDTHS, starts, end)


def _persons(outcome: Outcome, members: MembersSheet, column: FigureColumn) -> list[Person]:
    """Members with people, by what each of them pays; the 県 has no column of its own."""
    cells = members.sum_of_each(outcome)
    former = outcome.tables.former_bodies
    found = []
    for member in outcome.members:
        # Figures of bodies that it took over stand under their own codes.
        codes = (member.code, *former.get(member.code, ()))
        people = _whole(sum((column.values.get(code, Fraction(0)) for code in codes), Fraction(0)))
        if people > 0:
            found.append(Person(member, people, cells[member.code]))
    return sorted(found, key=lambda person: (-person.each, person.member.code))


def _whole(people: Fraction) -> int:
    """A mean of several years, to the nearest person: it is only looked at."""
    return (people.numerator * 2 + people.denominator) // (people.denominator * 2)


def _notes(column: FigureColumn, missing: list[str]) -> list[str]:
    """Where the people come from, and who is left out."""
    dated = f"（{column.as_of}）" if column.as_of else ""
    notes = [f"人口は、基礎数値の「{column.name}{dated}」です。"]
    if missing:
        notes.append(f"人口の数値がない団体は、入れていません: {'、'.join(missing)}")
    return notes


def _row(page: Page, row: int, number: int, person: Person) -> None:
    page.number(row, PLACE, number, "count")
    page.text(row, CODE, person.member.code, "code")
    page.text(row, MEMBER, person.member.name)
    people = page.number(row, PEOPLE, person.people, "count")
    yen = page.live(row, YEN, link(person.yen, page.name))
    page.ratio(row, EACH, yen, people, "per_head", 1)


def _chart(page: Page, row: int, rows: tuple[int, int], high: float) -> None:
    labels, numbers = (page.area(rows[0], column, rows[1], column) for column in (MEMBER, EACH))
    series = Series("1人当たり", labels, numbers, NOW)
    chart = bars(page, "人口1人当たりの負担金（円）", series, "#,##0.0")
    place(page, row, chart, page.fitted(_WIDTHS), high)


PER_HEAD = SheetOfSummary(
    name=NAME,
    title="人口1人当たりの負担金",
    text="団体ごとの、人口1人当たりの負担金の額。",
    write=write,
)
