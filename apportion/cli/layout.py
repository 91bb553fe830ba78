"""Lines of at most 100 columns, in which a Japanese sign takes two."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from unicodedata import east_asian_width

GAP = "  "


def aligned(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> Iterator[str]:
    """Lines of a table; every column is as wide as its longest cell, those of `right` end in one line."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        blanks = [" " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)]
        padded = (
            blank + cell if place in right else cell + blank
            for place, (cell, blank) in enumerate(zip(row, blanks, strict=True))
        )
        yield GAP.join(padded).rstrip()


def wrapped(words: Iterable[str], most: int) -> Iterator[str]:
    """`愛知県、名古屋市、…` in lines of at most so many columns."""
    line = ""
    for word in words:
        longer = f"{line}、{word}" if line else word
        if line and width(longer) > most:
            yield f"{line}、"
            longer = word
        line = longer
    if line:
        yield line


WIDTH = 100
_VALUE_ENDS, _PLACE = 48, 60

# Numbers, paths and what must not begin a line stay with what they belong to.
_PIECE = re.compile(r"[（「]*(?:[0-9A-Za-z,.…/_!:%-]+[円人件年月日]?|.)[。、）」]*", re.DOTALL)


def width(text: str) -> int:
    """Columns of `text`; signs of unclear width count two, as in the fonts of a Japanese PC."""
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)


def row(depth: int, label: str, value: str = "", place: str = "") -> list[str]:
    """A label, a value that ends in one column with all others, and the place it comes from."""
    indent = "  " * depth
    left = indent + label
    lines: list[str] = []
    if value and width(left) + 1 + width(value) > _VALUE_ENDS:
        lines.append(left)
        left = ""
    if value:
        left += " " * (_VALUE_ENDS - width(left) - width(value)) + value
    return [*lines, *_placed(left, place, indent)]


def sentence(depth: int, text: str) -> list[str]:
    """Words below a row, wrapped."""
    indent = "  " * depth
    lines, line = [], indent
    for piece in _PIECE.findall(text):
        if width(line + piece) > WIDTH and line != indent:
            lines.append(line.rstrip())
            line = indent
        line += piece if line != indent else piece.lstrip()
    return [*lines, line]


def _placed(left: str, place: str, indent: str) -> list[str]:
    if not place:
        return sentence(0, left) if width(left) > WIDTH else [left]
    start = min(_PLACE, WIDTH - width(place))
    if width(left) + 2 <= start:
        return [left + " " * (start - width(left)) + place]
    lines = [left] if width(left) <= WIDTH else sentence(len(indent) // 2, left.strip())
    return [*lines, " " * start + place]
