"""Lines of a rule text: ■見出し, 項目: 値 and comments, every word with its place in the file."""

import re
from collections.abc import Iterator

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.core.text import blank_marks, fold, unquoted

COMMENT_SIGNS = ("※", "#")

_HEADING = re.compile(r"\s*(?:■\s*([^\s「]*)|[【\[]([^】\]]*)[】\]])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of a file; `folded` has the same columns as `written`, and no 【要確認】."""

    path: str
    number: int
    written: str
    folded: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line, from `start` to before `end`, without spaces around it."""

    line: RuleLine
    start: int
    end: int

    @property
    def text(self) -> str:
        """The stretch, folded."""
        return self.line.folded[self.start : self.end]

    @property
    def written(self) -> str:
        """The stretch as it stands in the file."""
        return self.line.written[self.start : self.end]

    @property
    def source(self) -> Source:
        """Place of the stretch; an empty one marks the character where it would stand."""
        return Source(
            file=self.line.path,
            line=self.line.number,
            column=self.start + 1,
            length=max(1, self.end - self.start),
            text=self.line.written,
        )

    def cut(self, start: int, end: int) -> "Piece":
        """Give the stretch between two columns of the line, without spaces around it."""
        text = self.line.folded[start:end]
        left = start + len(text) - len(text.lstrip())
        return Piece(self.line, left, max(left, start + len(text.rstrip())))


@dataclass(frozen=True, slots=True)
class Item:
    """`項目: 値`."""

    key: Piece
    value: Piece


@dataclass(frozen=True, slots=True)
class Heading:
    """`■経費 名`, also written `【経費】 名` and `[経費] 名`."""

    kind: Piece
    name: Piece


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that begins with ※ or #, or an empty one."""

    words: Piece


@dataclass(frozen=True, slots=True)
class Stray:
    """A line that is none of these: it has no colon."""

    words: Piece


Row = Item | Heading | Comment | Stray


@dataclass(frozen=True, slots=True)
class Section:
    """The items below one heading, or before the first (`heading` None)."""

    heading: Heading | None
    items: tuple[Item, ...]


def rows(path: str, text: str) -> Iterator[Row]:
    """Every line of `text`, in order."""
    for number, written in enumerate(text.split("\n"), 1):
        yield classify(RuleLine(path, number, written, blank_marks(fold(written))))


def classify(line: RuleLine) -> Row:
    """Tell what kind of line it is."""
    whole = Piece(line, 0, len(line.folded)).cut(0, len(line.folded))
    if not whole.text or whole.text.startswith(COMMENT_SIGNS):
        return Comment(whole)
    if heading := _HEADING.fullmatch(line.folded):
        kind = heading.span(1) if heading[1] is not None else heading.span(2)
        return Heading(whole.cut(*kind), whole.cut(*heading.span(3)))
    colon = _colon(line.folded)
    if colon < 0:
        return Stray(whole)
    return Item(whole.cut(0, colon), whole.cut(colon + 1, len(line.folded)))


def sections(found: tuple[Row, ...]) -> tuple[Section, ...]:
    """Items gathered below their headings; the head of the file is first."""
    heading: Heading | None = None
    items: list[Item] = []
    done: list[Section] = []
    for row in found:
        if isinstance(row, Heading):
            done.append(Section(heading, tuple(items)))
            heading, items = row, []
        elif isinstance(row, Item):
            items.append(row)
    return (*done, Section(heading, tuple(items)))


def _colon(text: str) -> int:
    """Place of the first colon outside 「」, else -1."""
    # A name in 「」 may hold a colon of its own.
    return unquoted(text).find(":")
