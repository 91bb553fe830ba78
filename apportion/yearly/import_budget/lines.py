"""The finest published lines, as rows of budget.csv and income.csv."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from apportion.model import RESERVES
from apportion.problem import Source
from apportion.text import name_key
from apportion.yearly.import_budget.joining import Joint, labels
from apportion.yearly.import_budget.names import Names
from apportion.yearly.import_budget.node import Node
from apportion.yearly.import_budget.words import YEARS, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of a budget file; amounts in yen. `path` is 項 (empty in the 収入の部)."""

    category: str
    project: str
    path: tuple[str, ...]
    name: str
    yen: Mapping[Column, int | None]
    remark: str
    source: Source

    @property
    def key(self) -> tuple[str, str]:
        """Folded (事業, 経費 or 科目)."""
        return name_key(self.project), name_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where 区分 and 事業 stand: the heading of each 事業 by folded name, and its 区分."""

    projects: Mapping[str, Node]
    categories: Mapping[str, str]

    def of(self, name: str) -> tuple[str, str] | None:
        """(区分, 事業) of a name in the tables; None where it is neither."""
        key = name_key(name)
        if key not in self.categories:
            return None
        return self.categories[key], self.projects[key].name


def places(roots: Sequence[Node]) -> Places:
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
    roots: Sequence[Node], joints: Mapping[Node, Joint], projects: set[str], names: Names
) -> Iterator[Entry]:
    """Lines of the 事業: 区分, 事業 and what stands below; a 区分 may be a 事業 of its own."""
    for root in roots:
        inner = any(name_key(child.name) in projects for child in root.children)
        own = name_key(root.name) in projects and not inner
        for project in (root,) if own else root.children:
            title = (names.of(root.name, ""), names.of(project.name, ""))
            yield from _of_project(project, _Above(title, (), joints, names))


@dataclass(frozen=True, slots=True)
class _Above:
    """What stands above a heading: (区分, 事業), the 項 so far; the joints and the names."""

    title: tuple[str, str]
    path: tuple[str, ...]
    joints: Mapping[Node, Joint]
    names: Names


def _of_project(project: Node, above: _Above) -> Iterator[Entry]:
    joint = above.joints.get(project)
    for node in project.children or (joint.row.children if joint else ()) or (project,):
        yield from _leaves(node, project, above)


def _leaves(node: Node, parent: Node, above: _Above) -> Iterator[Entry]:
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
        entries[0] = replace(entries[0], remark=f"支出の部の備考「{joint.row.remark}」")
    yield from entries


def _entry(
    title: tuple[str, str],
    path: tuple[str, ...],
    name: str,
    node: Node,
    joint: Joint | None = None,
) -> Entry:
    """Line of a leaf; what the plan does not print of it, its row may."""
    category, project = title
    printed = {column: node.yen(column) for column in YEARS}
    if joint:
        rows = {column: joint.row.yen(column) for column in YEARS}
        printed = {column: rows[column] if yen is None else yen for column, yen in printed.items()}
    return Entry(
        category=category,
        project=project,
        path=path,
        name=name,
        yen=printed,
        remark=node.remark,
        source=node.source,
    )


def reserves(roots: Sequence[Node], where: Places, names: Names) -> Iterator[Entry]:
    """Lines of the lower block of the 支出の部, of no 事業 or laid by for one."""
    for root in roots:
        for leaf, above in _with_path(root, ()):
            found = where.of(leaf.name) if above else None
            project = names.of(found[1], "") if found else ""
            name = names.of(root.name if found else leaf.name, project)
            yield _entry((RESERVES, project), above, name, leaf)


def income(roots: Sequence[Node], where: Places, names: Names) -> Iterator[Entry]:
    """Lines of the 収入の部; a line that bears the name of a 事業 is of the 科目 it stands below."""
    for root in roots:
        for leaf, above in _with_path(root, ()):
            found = where.of(leaf.name) if above else None
            title = (names.of(found[0], ""), names.of(found[1], "")) if found else ("", "")
            subject = names.of(root.name if found else leaf.name, title[1])
            yield _entry(title, (), subject, leaf)


def charged(roots: Sequence[Node], where: Places) -> set[str]:
    """Folded names of what has an income of its own: the 事業."""
    leaves = (leaf for root in roots for leaf, above in _with_path(root, ()) if above)
    return {name_key(leaf.name) for leaf in leaves if where.of(leaf.name)}


def _with_path(node: Node, above: tuple[str, ...]) -> Iterator[tuple[Node, tuple[str, ...]]]:
    if not node.children:
        yield node, above
    for child in node.children:
        yield from _with_path(child, (*above, node.name))
