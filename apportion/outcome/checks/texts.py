"""Whether every ■グループ comes to an end: a group within itself would be looked into for ever."""

import re
from collections.abc import Iterator, Mapping

from apportion.allocate.who import DEEPEST
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine, FigureColumn, IncomeLine, Tables, total
from apportion.core.problem import Findings, Problem, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import UNDECIDED, fold, name_key, near, unmarked
from apportion.outcome.workspace import Workspace
from apportion.rules.book import DECIDED, Group, Remark, RuleBook, RuleFile, stem
from apportion.rules.nodes import Name
from apportion.rules.read.terms import LETTERS

ADJUSTMENT = "前年度精算額"
"""Name of the column that `settle` writes, alone or before the name of a 事業."""


def line_of(name: str) -> str:
    """The line of a rule that adds what was left."""
    return f"団体別加減: {name}を足す"


def reminder(heading: str) -> Iterator[str]:
    """Which line makes a column 前年度精算額 count; nothing for other headings."""
    if heading.startswith(ADJUSTMENT):
        name = heading.partition("（")[0]
        yield f"その事業の■経費の一つに、次の行がなければ足してください: {line_of(name)}"


def forgotten_adjustments(workspace: Workspace) -> Iterator[Problem]:
    """A column 前年度精算額 with something in it that no 団体別加減 takes."""
    if workspace.tables is None or workspace.book.unread:
        return
    taken = {name for file in workspace.book.files for name in _taken(file)}
    for column in workspace.tables.figures:
        left = name_key(column.name).startswith(ADJUSTMENT) and any(column.values.values())
        if left and stem(column.name) not in taken:
            yield _forgotten(column, workspace)


def _taken(file: RuleFile) -> Iterator[str]:
    """Stems of the figures that 団体別加減 takes, also under a name that 基礎数値 gives them."""
    binds = [*file.head.binds, *(bind for e in file.expenses for bind in e.own.binds)]
    headings = {stem(bind.alias.text): stem(bind.heading.text) for bind in binds}
    for expense in file.expenses:
        for adjust in expense.adjusts:
            name = stem(adjust.figure.text)
            yield headings.get(name, name)


def _forgotten(column: FigureColumn, workspace: Workspace) -> Problem:
    project = name_key(column.name).removeprefix(ADJUSTMENT).strip()
    file = workspace.book.by_project.get(project)
    where = f"{file.source.file} の" if file else "その額を調整する事業の"
    return tell("W833", column.source, column=column.name, where=where, line=line_of(column.name))


# 条例（平成12年…） is no example: there the sign does not begin a word.
_EXAMPLE = re.compile(r"（(?:例|レイ)）|例示|架空|(?:^|[（、。\s])例(?:[（：、。\s]|$)")
_SHOWN = 5
"""So many lines are told; the others come when these are mended."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts that still say that they are an example: where the first stands, and all in words."""

    source: Source
    count: int
    places: str
    more: str


def examples_in(book: RuleBook) -> Examples | None:
    """Texts of ■請求書 and 根拠 that still say that they are an example though all is decided."""
    if book.state != DECIDED:
        return None
    found = [line for file in book.files for line in _printed(file) if _EXAMPLE.search(line.text)]
    if not found:
        return None
    places = list(dict.fromkeys(f"{line.source.short()}「{line.text}」" for line in found))
    more = "など" if places[_SHOWN:] else ""
    return Examples(found[0].source, len(places), "、".join(places[:_SHOWN]), more)


def examples(workspace: Workspace) -> Iterator[Problem]:
    """What is still an example, in one message."""
    if found := examples_in(workspace.book):
        yield tell("W253", found.source, count=found.count, places=found.places, more=found.more)


def _printed(file: RuleFile) -> Iterator[Remark]:
    """Lines that are printed as they are written: those of ■請求書, and 根拠."""
    for lines in file.invoice.values():
        yield from lines
    for own in (file.head, *(expense.own for expense in file.expenses)):
        yield from own.legal


DECISIONS: Mapping[str, str] = {
    "納期": "納期限の日付を確かめてください（土曜、日曜、祝日に当たる日は、休日のきまりで動きます）。",
    "発行日": "発行する日を確かめてください。",
    **dict.fromkeys(LETTERS, "この年度の文書番号に直してください。"),
    "本文": "文の中の日付を確かめてください。",
    "根拠": "この年度の根拠（議決の日、規程の条など）を確かめてください。",
    "備考": "書いてある年度や金額がこの年度のものかを確かめてください。",
    "基礎数値": "この時点の列が基礎数値（figures）にあるかを確かめてください"
    "（なければ apportion import figures で加えるか、時点を前の年度のものに戻します）。",
    "平準化": "期間がこの年度まで続くか、総額が変わっていないかを確かめてください。",
    "上限": "前年度の額に対する上限を、この年度も使うかを決めてください（使わなければ行を消します）。",
    "下限": "前年度の額に対する下限を、この年度も使うかを決めてください（使わなければ行を消します）。",
    "差し引く": "この年度の金額に直してください。",
    "団体": "この年度の団体に直してください。",
    "■": "経費の名前を、この年度の予算に合わせてください。",
}
"""What there is to decide, by the key of the line; ■ stands for headings."""


def undecided(workspace: Workspace) -> Iterator[Problem]:
    """Each line that carries the mark."""
    for file in workspace.book.files:
        for mark in file.marks:
            yield tell(
                "W830.line",
                mark,
                undecided=UNDECIDED,
                decision=decision(mark),
                line=unmarked(mark.text),
            )


def decision(mark: Source) -> str:
    """What there is to decide about a marked line."""
    line = unmarked(mark.text)
    key = "■" if line.startswith("■") else name_key(fold(line).partition(":")[0])
    return DECISIONS.get(key, "中身を決めてください。")


DRAWN = "取崩"
"""Heading of the budget column, before its parenthesis."""
INCOME = "事業調整積立金取崩収入"


def is_drawing(line: IncomeLine) -> bool:
    """Whether a line of the 収入の部 is 事業調整積立金取崩収入."""
    return DRAWN in name_key(line.subject)


def drawings_agree(tables: Tables, findings: Findings) -> None:
    """Σ 取崩 of a 事業 in the 支出の部 = its 事業調整積立金取崩収入 in the 収入の部."""
    for key, lines in _drawn(tables).items():
        income = [x for x in tables.income if name_key(x.project) == key and is_drawing(x)]
        taken, got = _sum(lines), total(line.amount for line in income)
        if taken != got:
            place = lines[0].cells[_heading(lines[0])]
            where = f"収入の部の行: {income[0].source.place()}" if income else ""
            findings.add(
                tell(
                    "W896",
                    place,
                    project=lines[0].project,
                    taken=taken,
                    got=got,
                    difference=taken - got,
                    where=where,
                )
            )


def drawings_are_there(workspace: Workspace) -> Iterator[Problem]:
    """Σ 取崩 of a 事業 is no more than its balance, where members/<year>/reserve says it."""
    tables = workspace.tables
    if tables is None or not tables.reserve:
        return
    for key, lines in _drawn(tables).items():
        balance, taken = tables.reserve.get(key), _sum(lines)
        held = balance.yen if balance else 0
        if taken > held:
            yield (
                tell(
                    "W897.balance",
                    lines[0].cells[_heading(lines[0])],
                    project=lines[0].project,
                    taken=taken,
                    held=held,
                    place=balance.source.place(),
                )
                if balance
                else tell(
                    "W897",
                    lines[0].cells[_heading(lines[0])],
                    project=lines[0].project,
                    taken=taken,
                    held=held,
                )
            )


def balances_have_a_project(workspace: Workspace) -> Iterator[Problem]:
    """A balance of a 事業 that neither part of the budget names."""
    tables = workspace.tables
    if tables is None:
        return
    lines: tuple[BudgetLine | IncomeLine, ...] = (*tables.budget, *tables.income)
    projects = {name_key(line.project): line.project for line in lines}
    for key, balance in tables.reserve.items():
        if key not in projects and balance.yen:
            close = near(balance.project, filter(None, projects.values()))
            yield tell(
                "W898.near" if close else "W898",
                balance.source,
                project=balance.project,
                close=close,
            )


def _drawn(tables: Tables) -> dict[str, list[BudgetLine]]:
    """Lines with an amount under 取崩, by folded 事業."""
    return grouped(
        (name_key(line.project), line)
        for line in tables.charged
        if any(name_key(heading) == DRAWN for heading in line.columns)
    )


def _heading(line: BudgetLine) -> str:
    return next(heading for heading in line.columns if name_key(heading) == DRAWN)


def _sum(lines: list[BudgetLine]) -> int:
    return total(line.columns[_heading(line)] for line in lines)


Groups = Mapping[str, Group]


def endless_groups(workspace: Workspace) -> Iterator[Problem]:
    """A group that holds itself, or others too deep within one another; told once for each file."""
    for file in workspace.book.files:
        groups = workspace.book.scope(file).groups
        heights: dict[str, int] = {}
        found = (_height(group.name, groups, (), heights) for group in file.groups)
        yield from [problem for problem in found if isinstance(problem, Problem)][:1]


def _height(
    name: Name, groups: Groups, above: tuple[str, ...], heights: dict[str, int]
) -> int | Problem:
    """How many groups stand within one another from here on; or what is wrong with them."""
    key = name_key(name.text)
    if key not in groups:
        return 0
    if key in above or len(above) > DEEPEST:
        return _endless(name, (*above, key))
    if key not in heights:
        deepest = 0
        for inner in (*groups[key].members.names, *groups[key].members.excluded):
            height = _height(inner, groups, (*above, key), heights)
            if isinstance(height, Problem):
                return height
            deepest = max(deepest, height)
        heights[key] = deepest + 1
    return heights[key] if heights[key] <= DEEPEST else _endless(name, (*above, key))


def _endless(name: Name, way: tuple[str, ...]) -> Problem:
    return tell(
        "W335.circle" if way[-1] in way[:-1] else "W335",
        name.source,
        name=name.text,
        way="→".join(way),
        deepest=DEEPEST,
    )
