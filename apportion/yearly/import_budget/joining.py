"""Plan and 支出の部 laid over each other: which heading is which row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apportion.findings import Findings
from apportion.near import near
from apportion.text import name_key
from apportion.yearly.import_budget import messages, notices
from apportion.yearly.import_budget.node import Equation, Kind, Node, equation
from apportion.yearly.import_budget.words import YEARS, Column, loose_key, without_tail

_LONGEST_NAME, _MOST_NAMES = 100, 50
"""Comparing names takes time by the square of their length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A heading of the plan and its row; `between` are the rows above it that the plan lacks."""

    heading: Node
    row: Node
    between: tuple[Node, ...]


def joined(
    headings: Sequence[Node], rows: Sequence[Node], findings: Findings
) -> Mapping[Node, Joint]:
    """Joint of each heading that has a row of its own."""
    found = {joint.heading: joint for joint in _joints(headings, rows, findings)}
    taken = {row for joint in found.values() for row in _told_by(joint)}
    for root in rows:
        for node in root.walk():
            if not node.children and node not in taken:
                messages.not_in_plan(findings, node)
    for root in headings:
        if root not in found:
            messages.not_in_table(findings, root)
    return found


def equations(joints: Iterable[Joint]) -> Iterator[Equation]:
    """Heading and row are of one amount."""
    for joint in joints:
        for column in Column:
            yield from equation(
                Kind.CROSSING, joint.heading.name, joint.heading, (joint.row,), column
            )


def labels(node: Node, parent: Node | None) -> str:
    """What a heading is called in 項: without its explanation, `X（Y）` below `X` is `Y`."""
    head, tail = without_tail(node.name)
    return tail if tail and parent and name_key(parent.name) == name_key(head) else head


def _joints(headings: Sequence[Node], rows: Sequence[Node], findings: Findings) -> Iterator[Joint]:
    free = {node: above for root in rows for node, above in _with_above(root, ())}
    for heading in headings:
        row = _same_name(heading, free) or _same_money(heading, free)
        if row is None:
            continue
        above = free[row]
        for node in row.walk():
            free.pop(node, None)
        if name_key(row.name) not in {name_key(heading.name), name_key(labels(heading, None))}:
            notices.other_name(findings, heading, row)
        yield Joint(heading=heading, row=row, between=above)
        yield from _joints(heading.children, row.children, findings)


def _told_by(joint: Joint) -> Iterator[Node]:
    """Rows that a joint accounts for: below a heading without parts, the rows are its parts."""
    return iter((joint.row,)) if joint.heading.children else joint.row.walk()


def _with_above(node: Node, above: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    yield node, above
    for child in node.children:
        yield from _with_above(child, (*above, node))


def _same_name(heading: Node, free: Mapping[Node, tuple[Node, ...]]) -> Node | None:
    names = {loose_key(heading.name), loose_key(without_tail(heading.name)[0])}
    return next((row for row in free if loose_key(row.name) in names), None)


def _same_money(heading: Node, free: Mapping[Node, tuple[Node, ...]]) -> Node | None:
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
