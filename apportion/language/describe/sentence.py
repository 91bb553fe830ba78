"""A sentence about a rule, and the lines that it tells of."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from apportion.problem import Source
from apportion.rulebook import Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What a line says; an empty source: nothing is written, and this is what holds then."""

    text: str
    source: Source


class Written(Protocol):
    """A node with its place."""

    @property
    def source(self) -> Source:
        """Place of its words."""


Node = TypeVar("Node", bound=Written)
Sentences = Iterator[Sentence]


def each(nodes: Iterable[Node | None], tell: Callable[[Node], str]) -> Sentences:
    """A sentence for every node that is there."""
    for node in nodes:
        if node is not None:
            yield Sentence(text=tell(node), source=node.source)


def legal(remark: Remark) -> str:
    """根拠."""
    return f"根拠は「{remark.text}」です。"


def note(remark: Remark) -> str:
    """備考."""
    return f"備考: {remark.text}"
