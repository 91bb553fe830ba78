"""Lines of a budget as the published tables show them: in levels, each under what it belongs to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node(Generic[T]):
    """A level with its children, or a finest line (without children)."""

    label: str
    line: T | None
    children: tuple["Node[T]", ...] = ()

    def finest(self) -> Iterator[T]:
        """All finest lines below, or the line itself."""
        if self.line is not None:
            yield self.line
        for child in self.children:
            yield from child.finest()


Entry = tuple[Sequence[str], str, T]
"""A finest line: the labels above it, its own label, and the line."""


def tree(entries: Iterable[Entry[T]]) -> tuple[Node[T], ...]:
    """Levels in the order in which they first appear."""
    below: dict[object, list[Entry[T]]] = {}
    for number, (path, label, line) in enumerate(entries):
        key = path[0] if path else number
        below.setdefault(key, []).append((path, label, line))
    return tuple(_node(group) for group in below.values())


def _node(group: Sequence[Entry[T]]) -> Node[T]:
    path, label, line = group[0]
    if not path:
        return Node(label, line)
    return Node(path[0], None, tree((path[1:], label, line) for path, label, line in group))
