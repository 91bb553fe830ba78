"""What both parts of a document are read into: a tree of named amounts, and equations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from apportion.problem import Source
from apportion.yearly.import_budget.words import Column, Figure


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """A heading, an item or a row, with its amounts; `children` are what it is made of.

    `own` holds the printed figures; a missing one counts as the sum of the children.
    """

    name: str
    own: Mapping[Column, Figure]
    source: Source
    remark: str = ""
    children: "tuple[Node, ...]" = ()
    is_item: bool = False

    def figures(self, column: Column) -> tuple[Figure, ...] | None:
        """The printed figure, or those of the children that stand for it; None where unknown."""
        if column in self.own:
            return (self.own[column],)
        parts = [child.figures(column) for child in self.children]
        if not parts or any(part is None for part in parts):
            return None
        return tuple(figure for part in parts for figure in part or ())

    def yen(self, column: Column) -> int | None:
        """Amount in yen; None where it is not known."""
        found = self.figures(column)
        return None if found is None else sum(figure.yen for figure in found)

    @property
    def depth(self) -> int:
        """How many levels it has, itself included."""
        return 1 + max((child.depth for child in self.children), default=0)

    def walk(self) -> Iterator["Node"]:
        """The node and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


class Kind(Enum):
    """Why two sums must be equal; the value is the code of the message where they are not."""

    SUM = "W804"
    CROSSING = "W805"
    BALANCE = "W806"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """What must be equal: `left` as printed, and the sum of `right`."""

    kind: Kind
    name: str
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]

    @property
    def missing(self) -> int:
        """Yen by which the right side is too small."""
        return sum(f.yen for f in self.left) - sum(f.yen for f in self.right)


def equation(
    kind: Kind, name: str, left: Node, right: tuple[Node, ...], column: Column
) -> Iterator[Equation]:
    """That `left` is the sum of `right`, where all of them are known."""
    parts = [node.figures(column) for node in right]
    whole = left.figures(column)
    if whole is not None and parts and all(part is not None for part in parts):
        found = tuple(figure for part in parts for figure in part or ())
        if found != whole:
            yield Equation(kind=kind, name=name, left=whole, right=found)


def comparison(name: str, node: Node) -> Iterator[Equation]:
    """That last year's amount and the difference give this year's, where all are printed."""
    if all(column in node.own for column in Column):
        now, before, difference = (node.own[column] for column in Column)
        yield Equation(kind=Kind.SUM, name=name, left=(now,), right=(before, difference))
