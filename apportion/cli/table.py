"""Tables on a screen, in which a Japanese sign takes two columns."""

from collections.abc import Iterable, Iterator, Sequence

from apportion.cli.layout import width

GAP = "  "


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table; every column but the last is as wide as its longest cell."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True))
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
