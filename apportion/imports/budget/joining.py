"""Plan and 支出の部 laid over each other: which heading is which row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from apportion.core.dataclass import dataclass
from apportion.core.model import RESERVES
from apportion.core.problem import Findings, Source, tell
from apportion.core.text import name_key, near
from apportion.core.year import FiscalYear
from apportion.imports.budget.words import (
    YEARS,
    AmountColumn,
    BudgetNode,
    PrintedSum,
    SumKind,
    equation,
    loose_key,
    without_tail,
)
from apportion.tables.files import TableForm, open_table

PROJECT, PUBLISHED, OURS = "事業", "公表の経費", "経費"
FORM = TableForm("名の対応", "rules/{year}/names", f"{PROJECT},{PUBLISHED},{OURS}", optional=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """One row: in `project` (empty: anywhere) what is published as `published` is `ours`."""

    project: str
    published: str
    ours: str
    source: Source


@dataclass(frozen=True, slots=True)
class Names:
    """The table of one year; `used` collects the rows that met a name."""

    rows: tuple[Renaming, ...]
    used: set[Renaming]

    def of(self, published: str, project: str) -> str:
        """What the rules call a published name of `project`."""
        keys = {"", name_key(project)}
        for row in self.rows:
            if name_key(row.published) == name_key(published) and name_key(row.project) in keys:
                self.used.add(row)
                return row.ours
        return published

    def report_unused(self, findings: Findings) -> None:
        """Say which rows met no name of the document."""
        for row in self.rows:
            if row not in self.used:
                findings.add(tell("W821", row.source, published=row.published))


def read(root: Path, year: FiscalYear, findings: Findings) -> Names:
    """Names of the year; none where there is no table."""
    table = open_table(root, FORM, year, findings)
    rows: Sequence[Renaming] = ()
    if table and table.need(PROJECT, PUBLISHED, OURS):
        rows = [
            Renaming(
                project=row.text(PROJECT),
                published=published,
                ours=ours,
                source=table.source(row.cell(PUBLISHED)),
            )
            for row in table.rows()
            if (published := row.name(PUBLISHED)) and (ours := row.name(OURS))
        ]
    return Names(tuple(rows), set())


_LONGEST_NAME, _MOST_NAMES = 100, 50
"""Comparing names takes time by the square of their length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A heading of the plan and its row; `between` are the rows above it that the plan lacks."""

    heading: BudgetNode
    row: BudgetNode
    between: tuple[BudgetNode, ...]


def joined(
    headings: Sequence[BudgetNode], rows: Sequence[BudgetNode], findings: Findings
) -> Mapping[BudgetNode, Joint]:
    """Joint of each heading that has a row of its own."""
    found = {joint.heading: joint for joint in _joints(headings, rows, findings)}
    taken = {row for joint in found.values() for row in _told_by(joint)}
    for root in rows:
        for leaf, _ in root.leaves():
            if leaf not in taken:
                findings.add(tell("W809.row", leaf.source, row=leaf.name))
    for root in headings:
        if root not in found:
            findings.add(tell("W809.heading", root.source, heading=root.name))
    return found


def equations(joints: Iterable[Joint]) -> Iterator[PrintedSum]:
    """Heading and row are of one amount."""
    for joint in joints:
        for column in AmountColumn:
            yield from equation(
                SumKind.CROSSING, joint.heading.name, joint.heading, (joint.row,), column
            )


def labels(node: BudgetNode, parent: BudgetNode | None) -> str:
    """What a heading is called in 項: without its explanation, `X（Y）` below `X` is `Y`."""
    head, tail = without_tail(node.name)
    return tail if tail and parent and name_key(parent.name) == name_key(head) else head


def _joints(
    headings: Sequence[BudgetNode], rows: Sequence[BudgetNode], findings: Findings
) -> Iterator[Joint]:
    free = {node: above for root in rows for node, above in _with_above(root, ())}
    for heading in headings:
        row = _same_name(heading, free) or _same_money(heading, free)
        if row is None:
            continue
        above = free[row]
        for node in row.walk():
            free.pop(node, None)
        if name_key(row.name) not in {name_key(heading.name), name_key(labels(heading, None))}:
            findings.add(tell("W824", row.source, row=row.name, heading=heading.name))
        yield Joint(heading=heading, row=row, between=above)
        yield from _joints(heading.children, row.children, findings)


def _told_by(joint: Joint) -> Iterator[BudgetNode]:
    """Rows that a joint accounts for: below a heading without parts, the rows are its parts."""
    return iter((joint.row,)) if joint.heading.children else joint.row.walk()


def _with_above(
    node: BudgetNode, above: tuple[BudgetNode, ...]
) -> Iterator[tuple[BudgetNode, tuple[BudgetNode, ...]]]:
    yield node, above
    for child in node.children:
        yield from _with_above(child, (*above, node))


def _same_name(
    heading: BudgetNode, free: Mapping[BudgetNode, tuple[BudgetNode, ...]]
) -> BudgetNode | None:
    names = {loose_key(heading.name), loose_key(without_tail(heading.name)[0])}
    return next((row for row in free if loose_key(row.name) in names), None)


def _same_money(
    heading: BudgetNode, free: Mapping[BudgetNode, tuple[BudgetNode, ...]]
) -> BudgetNode | None:
    """The row of a name like this one and of the same amount in one of the years."""
    alike = {
        row.name: row
        for row in free
        if len(row.name) <= _LONGEST_NAME
        and any((yen := heading.yen(column)) and yen == row.yen(column) for column in YEARS)
    }
    comparable = len(heading.name) <= _LONGEST_NAME and len(alike) <= _MOST_NAMES
    name = near(heading.name, alike) if comparable else None
    return alike[name] if name else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """One row of a budget file; amounts in yen. `path` is 項 (empty in the 収入の部)."""

    category: str
    project: str
    path: tuple[str, ...]
    name: str
    yen: Mapping[AmountColumn, int | None]
    remark: str
    source: Source

    @property
    def key(self) -> tuple[str, str]:
        """Folded (事業, 経費 or 科目)."""
        return name_key(self.project), name_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where 区分 and 事業 stand: the heading of each 事業 by folded name, and its 区分."""

    projects: Mapping[str, BudgetNode]
    categories: Mapping[str, str]

    def of(self, name: str) -> tuple[str, str] | None:
        """(区分, 事業) of a name in the tables; None where it is neither."""
        key = name_key(name)
        if key not in self.categories:
            return None
        return self.categories[key], self.projects[key].name


def places(roots: Sequence[BudgetNode]) -> Places:
    """Places of the first two levels of the plan."""
    found = {}
    categories = {}
    for root in roots:
        for node in (*root.children, root):
            if not node.is_item:
                found[name_key(node.name)] = node
                categories[name_key(node.name)] = root.name
    return Places(projects=found, categories=categories)


def spending(
    roots: Sequence[BudgetNode],
    joints: Mapping[BudgetNode, Joint],
    projects: set[str],
    names: Names,
) -> Iterator[BudgetRow]:
    """Lines of the 事業: 区分, 事業 and what stands below; a 区分 may be a 事業 of its own."""
    for root in roots:
        inner = any(name_key(child.name) in projects for child in root.children)
        own = name_key(root.name) in projects and not inner
        for project in (root,) if own else _projects(root):
            title = (names.of(root.name, ""), names.of(project.name, ""))
            yield from _of_project(project, _Above(title, (), joints, names))


def _projects(root: BudgetNode) -> Iterator[BudgetNode]:
    """The headings below one of the first level; what it has besides them is its own 事業."""
    below = [child for child in root.children if not child.is_item]
    items = tuple(child for child in root.children if child.is_item)
    if items or not below:
        yield replace(root, children=items) if below else root
    yield from below


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a heading: (区分, 事業), the 項 so far; the joints and the names."""

    title: tuple[str, str]
    path: tuple[str, ...]
    joints: Mapping[BudgetNode, Joint]
    names: Names


def _of_project(project: BudgetNode, above: _Above) -> Iterator[BudgetRow]:
    joint = above.joints.get(project)
    for node in project.children or (joint.row.children if joint else ()) or (project,):
        yield from _leaves(node, project, above)


def _leaves(node: BudgetNode, parent: BudgetNode, above: _Above) -> Iterator[BudgetRow]:
    """Lines of one heading; the remark of its row goes to the first of them."""
    joint = above.joints.get(node)
    between = tuple(row.name for row in joint.between) if joint else ()
    path = (*above.path, *between)
    parts = node.children or (joint.row.children if joint else ())
    if parts:
        inside = _Above(above.title, (*path, labels(node, parent)), above.joints, above.names)
        entries = [entry for child in parts for entry in _leaves(child, node, inside)]
    else:
        name = node.name if node.is_item else labels(node, parent)
        entries = [_entry(above.title, path, above.names.of(name, above.title[1]), node, joint)]
    if joint and joint.row.remark and not entries[0].remark:
        entries[0] = replace(entries[0], remark=joint.row.remark)
    yield from entries


def _entry(
    title: tuple[str, str],
    path: tuple[str, ...],
    name: str,
    node: BudgetNode,
    joint: Joint | None = None,
) -> BudgetRow:
    """Line of a leaf; what the plan does not print of it, its row may."""
    category, project = title
    printed = {column: node.yen(column) for column in YEARS}
    if joint:
        rows = {column: joint.row.yen(column) for column in YEARS}
        printed = {column: rows[column] if yen is None else yen for column, yen in printed.items()}
    return BudgetRow(
        category=category,
        project=project,
        path=path,
        name=name,
        yen=printed,
        remark=node.remark,
        source=node.source,
    )


def reserves(roots: Sequence[BudgetNode], where: Places, names: Names) -> Iterator[BudgetRow]:
    """Lines of the lower block of the 支出の部, of no 事業 or laid by for one."""
    for root in roots:
        for leaf, above in root.leaves():
            found = where.of(leaf.name) if above else None
            project = names.of(found[1], "") if found else ""
            name = names.of(root.name if found else leaf.name, project)
            yield _entry((RESERVES, project), above, name, leaf)


def income(roots: Sequence[BudgetNode], where: Places, names: Names) -> Iterator[BudgetRow]:
    """Lines of the 収入の部; a line that bears the name of a 事業 is of the 科目 it stands below."""
    for root in roots:
        for leaf, above in root.leaves():
            found = where.of(leaf.name) if above else None
            title = (names.of(found[0], ""), names.of(found[1], "")) if found else ("", "")
            subject = names.of(root.name if found else leaf.name, title[1])
            yield _entry(title, (), subject, leaf)


def charged(roots: Sequence[BudgetNode], where: Places) -> set[str]:
    """Folded names of what has an income of its own: the 事業."""
    leaves = (leaf for root in roots for leaf, above in root.leaves() if above)
    return {name_key(leaf.name) for leaf in leaves if where.of(leaf.name)}
