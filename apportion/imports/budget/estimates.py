"""The other common form: 歳入歳出予算 with 款, 項 and 目, or a plain 収支予算 with 科目 and amounts.

Of several tables of one part (第1表, 総括, …) the finest that adds up is used; the totals of all agree.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, Problem, Source, tell
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.imports.budget import accounts, reading
from apportion.imports.budget.accounts import AccountSection
from apportion.imports.budget.document import DocumentLine
from apportion.imports.budget.estimate_tables import (
    EstimateTable,
    loose_tables,
    one_below_another,
    section_in,
    tables,
)
from apportion.imports.budget.headings import DocumentPart, carries_budget, year_of
from apportion.imports.budget.joining import BudgetRow, Names
from apportion.imports.budget.words import (
    YEARS,
    AmountColumn,
    BudgetNode,
    PrintedSum,
    SumKind,
    equation,
    figure,
    squeezed,
)

CONTRIBUTIONS = "負担金収入"
_CONTRIBUTED = re.compile(
    r"(?:分担金及び負担金|負担金及び分担金|分担金・負担金|(?:構成)?(?:市区?町村?|団体|会員|市町村等)?(?:分担金|負担金)(?:収入)?)"
)
_NAMED = re.compile(
    r"(?:(?:令和|平成|昭和)(?:[0-9]{1,2}|元)年度)(?P<name>.+?(?:組合|連合|協議会|企業団|会議|協会|機構|委員会|研究会|連絡会))"
)
_STATED = re.compile(
    r"歳入歳出予算の総額は、?歳入歳出それぞれ(?P<yen>[0-9,]+)(?P<unit>千円|円)と定"
)
_OTHERS = "一般会計"
_TITLES = {DocumentPart.INCOME: "歳入", DocumentPart.SPENDING: "歳出"}
"""The parts of such a document, as it calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateDocument:
    """What was found; `body` is the name of the council or union, `checks` what more must agree."""

    year: FiscalYear
    body: str
    income: AccountSection
    spending: AccountSection
    checks: tuple[PrintedSum, ...]

    def budget(self, called: Names) -> Iterator[BudgetRow]:
        """Lines of the 支出の部: the finest rows, with what stands above them."""
        rows = [pair for root in self.spending.roots for pair in root.leaves()]
        often = Counter(name_key(leaf.name) for leaf, _ in rows)
        for leaf, above in rows:
            alone = often[name_key(leaf.name)] == 1 or not above
            name = leaf.name if alone else f"{leaf.name}（{above[-1]}）"
            yield self._entry(leaf, above, called.of(name, self.body))

    def receipts(self, called: Names) -> Iterator[BudgetRow]:
        """Lines of the 収入の部: a 款 of contributions is one, of the others the finest rows."""
        for root in self.income.roots:
            if is_contribution(root.name):
                name = called.of(root.name, self.body)
                yield self._entry(root, (), CONTRIBUTIONS if name == root.name else name)
                continue
            for leaf, _ in root.leaves():
                yield self._entry(leaf, (), called.of(leaf.name, self.body))

    def _entry(self, node: BudgetNode, path: tuple[str, ...], name: str) -> BudgetRow:
        return BudgetRow(
            category=self.body,
            project=self.body,
            path=path,
            name=name,
            yen={column: node.yen(column) for column in YEARS},
            remark=node.remark,
            source=node.source,
        )


def is_contribution(name: str) -> bool:
    """Whether a 款 of this name is what the members pay."""
    return _CONTRIBUTED.fullmatch(squeezed(name)) is not None


def is_estimate(lines: Sequence[DocumentLine]) -> bool:
    """Whether the document says that it is of this form: 歳入 and 歳出, and no plan with budgets."""
    if any(carries_budget(line) for line in lines):
        return False
    return any(section_in(line) for line in one_below_another(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the document is not read, and what to do: words of one message; no mend: a 補正."""

    reason: str
    places: tuple[Source, ...]
    mend: str


def read(
    lines: Sequence[DocumentLine], asked: FiscalYear, file: str, findings: Findings
) -> EstimateDocument | Refusal | None:
    """The document, or why it is none; None where a problem says so already."""
    year = year_of(lines)
    if year is None:
        return Refusal(
            reason="題に年度がありません",
            places=(),
            mend="写しの初めに「令和7年度 予算」のような、年度のある題の行を書いてください",
        )
    if year not in {asked, asked + 1}:
        findings.add(reading.wrong_year(Source(file=file), year, asked))
        return None
    lines = one_below_another(lines)
    found = tables(lines, year)
    refusal = _refusal(found, year)
    if refusal:
        return refusal
    findings.extend(_unread(lines, found, year, file))
    usable = [table for table in found if _usable(table, year)]
    return _document(
        lines, usable, year, AmountColumn.NOW if year == asked else AmountColumn.BEFORE
    )


def _refusal(found: Sequence[EstimateTable], year: FiscalYear) -> Refusal | None:
    """Why no pair of tables can be read."""
    revised = tuple(table.begun.whole for table in found if table.supplementary)
    if revised:
        return Refusal(reason="補正予算の表です", places=revised, mend="")
    by_part = [(part, [table for table in found if table.part is part]) for part in _TITLES]
    faulty = [(part, own) for part, own in by_part if not any(_usable(each, year) for each in own)]
    return _unusable(faulty, year) if faulty else _accounts([t for t in found if _usable(t, year)])


def _accounts(usable: Sequence[EstimateTable]) -> Refusal | None:
    """That the document holds the budgets of several accounts, each of which balances."""
    received, spent = (
        {
            section.total.yen(AmountColumn.NOW)
            for table in usable
            if table.part is part and (section := _section(table)).total
        }
        for part in _TITLES
    )
    if received != spent or len(received) <= 1:
        return None
    begun = tuple(table.begun.whole for table in usable)
    mend = "写しに、取り込む会計の歳入と歳出の表だけを残してください"
    return Refusal(reason="2つ以上の会計の予算があります", places=begun, mend=mend)


def _usable(table: EstimateTable, year: FiscalYear) -> bool:
    if table.layout is None or table.layout.twice or table.in_pieces or table.unread:
        return False
    return bool(table.rows) and not table.unitless and not table.years - {year, year + -1}


_JOIN = (
    "「第1表 歳入歳出予算」（款、項、金額）のある文書を選ぶか、写しの中で、節の列を除き、"
    "款、項、目の列と額の列のある1つの表にまとめてください"
)
_WRITE = (
    "写しの中で、その額を公表の文書と見比べ、ほかの行と同じ列に「17,155」の書き方で書いてください"
)


def _unusable(
    faulty: Sequence[tuple[DocumentPart, Sequence[EstimateTable]]], year: FiscalYear
) -> Refusal:
    """What keeps the tables of these parts from being read."""
    word = "と".join(_TITLES[part] for part, _ in faulty)
    own = [table for _, found in faulty for table in found]
    begun = tuple(table.begun.whole for table in own)
    unread = tuple(source for table in own for source in table.unread)
    years = {each for table in own for each in table.years} - {year, year + -1}
    if not all(any(table.rows or table.unread for table in found) for _, found in faulty):
        mend = f"「{word}」の行と、その下の「款 項 金額」の表があるかを見てください"
        return Refusal(reason=f"{word}の表が見つかりません", places=begun, mend=mend)
    if years:
        named = "、".join(each.label for each in sorted(years, key=lambda each: each.label))
        mend = "列の見出しの年度を、公表の文書と見比べてください"
        return Refusal(reason=f"{word}の表に{named}の列があります", places=begun, mend=mend)
    if any(table.in_pieces or (table.layout and table.layout.twice) for table in own):
        return Refusal(
            reason=f"{word}は、項ごとの明細や、節の金額のある表です", places=begun, mend=_JOIN
        )
    if unread:
        reason = f"{word}の表に、数として読めない額や、名前のない額があります"
        return Refusal(reason=reason, places=unread, mend=_WRITE)
    return Refusal(
        reason=f"{word}の表の単位（円、千円）が分かりません",
        places=begun,
        mend="公表の文書を見て、写しの表の前に「単位：円」か「単位：千円」のどちらかの行を書いてください",
    )


def _document(
    lines: Sequence[DocumentLine],
    usable: Sequence[EstimateTable],
    year: FiscalYear,
    column: AmountColumn,
) -> EstimateDocument:
    """The document of these tables, of which the finest with the amounts of `column` are used."""
    sections = {
        part: [_section(table) for table in usable if table.part is part] for part in _TITLES
    }
    chosen = {
        part: max(own, key=lambda section: _fineness(section, column))
        for part, own in sections.items()
    }
    checks = [each for part, own in sections.items() for each in _agreeing(chosen[part], own)]
    return EstimateDocument(
        year=year,
        body=_body(lines),
        income=chosen[DocumentPart.INCOME],
        spending=chosen[DocumentPart.SPENDING],
        checks=(*checks, *_stated(lines, chosen)),
    )


def _unread(
    lines: Sequence[DocumentLine], found: Sequence[EstimateTable], year: FiscalYear, file: str
) -> Iterator[Problem]:
    """Tables and columns that are not read."""
    begun = [table.begun for table in found if not _usable(table, year)]
    begun += loose_tables(lines, year)
    if begun:
        shown = "、".join(f"「{line.text[:20]}」" for line in begun[:3])
        yield tell("W816", begun[0].whole, count=len(begun), shown=shown)
    columns = [name for table in found if table.layout for name in table.layout.unused]
    if columns:
        shown = "、".join(f"「{name}」" for name in dict.fromkeys(columns))
        yield tell("W816.columns", Source(file=file), shown=shown)


def _section(table: EstimateTable) -> AccountSection:
    return accounts.section(
        _TITLES[table.part], table.rows, {}, spent=False, levelled=table.levelled
    )


def _fineness(section: AccountSection, column: AmountColumn) -> tuple[bool, int]:
    known = all(root.yen(column) is not None for root in section.roots)
    return known, sum(1 for root in section.roots for _ in root.walk())


def _agreeing(chosen: AccountSection, own: Sequence[AccountSection]) -> Iterator[PrintedSum]:
    """Every table of one part adds up, and has the total and the 款 of the one that is used."""
    for other in own:
        if other is chosen:
            continue
        yield from accounts.equations(other)
        by_name = {name_key(root.name): root for root in other.roots}
        named = [
            (root, by_name[key]) for root in chosen.roots if (key := name_key(root.name)) in by_name
        ]
        whole = [(chosen.total, other.total)] if chosen.total and other.total else []
        for left, right in (*named, *whole):
            for column in YEARS:
                name = f"2つの{chosen.title}の表の「{left.name}」"
                yield from equation(SumKind.CROSSING, name, left, (right,), column)


def _stated(
    lines: Sequence[DocumentLine], chosen: dict[DocumentPart, AccountSection]
) -> Iterator[PrintedSum]:
    """That the total of the first article is that of the tables."""
    for line in lines:
        match = _STATED.search(squeezed(line.text))
        stated = figure(match["yen"], match["unit"], line.whole) if match else None
        for section in chosen.values():
            total = section.total.figures(YEARS[0]) if section.total else None
            if stated and total:
                name = f"予算の総額と{section.title}の合計"
                yield PrintedSum(kind=SumKind.BALANCE, name=name, left=(stated,), right=total)


def _body(lines: Sequence[DocumentLine]) -> str:
    """Name of the council or union in the title, else of the account."""
    words = (squeezed(line.text) for line in lines)
    return next((match["name"] for text in words if (match := _NAMED.match(text))), _OTHERS)


def equations(found: EstimateDocument) -> Iterator[PrintedSum]:
    """Everything that must add up or agree."""
    yield from accounts.equations(found.income)
    yield from accounts.equations(found.spending)
    yield from found.checks
    left, right = found.income.total, found.spending.total
    if left and right:
        for column in YEARS:
            yield from equation(SumKind.BALANCE, "歳入と歳出の合計", left, (right,), column)


def judge(found: EstimateDocument, findings: Findings) -> None:
    """Tell what does not add up."""
    for part in (found.income, found.spending):
        accounts.report_gaps(part, findings)
    reading.report(equations(found), findings)
