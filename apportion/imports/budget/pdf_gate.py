"""How much a PDF may hold.

pdfminer reads whatever a file unfolds to, step by step: a file of some kilobytes may name billions of
widths or signs. Here its steps are counted, and what it unfolds, while it reads one document.
"""

import builtins
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

MOST_STEPS = 800_000
"""Words of the language of pages, and signs of text. 10,000 rows of a table have half as many."""
MOST_UNFOLDED = 100_000_000
"""Bytes that all compressed parts of a file may have."""
_LOOPS = 8
"""Rounds of a plain loop that take as long as a step."""

_STEPS = (
    ("psparser.PSBaseParser", "nexttoken"),
    ("psparser.PSBaseParser", "nextline"),
    ("converter.PDFLayoutAnalyzer", "render_char"),
    ("converter.PDFLayoutAnalyzer", "paint_path"),
)
_LOOPING = ("cmapdb", "pdffont", "utils", "pdfdocument")
"""Modules with loops over numbers that stand in the file."""
_BYTEWISE = ("lzwdecode", "rldecode")
"""Old ways of compressing, unfolded byte by byte: one byte may become thousands."""


class TooMuchError(Exception):
    """The file holds more than a document of a budget does."""


class _Meter:
    """What has been done so far; also what stands in the place of `zlib` in pdfminer."""

    error = zlib.error

    def __init__(self) -> None:
        self.steps, self.unfolded = 0.0, 0

    def count(self, steps: float) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TooMuchError

    def decompress(self, data: bytes) -> bytes:
        unfolding = zlib.decompressobj()
        found = unfolding.decompress(data, MOST_UNFOLDED - self.unfolded + 1)
        self.unfolded += len(found)
        if self.unfolded > MOST_UNFOLDED:
            raise TooMuchError
        if not unfolding.eof:
            message = "incomplete"
            raise zlib.error(message)  # pdfminer then takes what is sound
        return found

    def decompressobj(self) -> "zlib._Decompress":
        return zlib.decompressobj()

    def range(self, *bounds: int) -> range:
        found = builtins.range(*bounds)
        self.count(max(0, found.stop - found.start) / _LOOPS)
        return found

    def counted(self, real: Callable[..., object], share: float = 0) -> Callable[..., object]:
        """A function that counts one step, or `share` of each byte of what it is given."""

        def call(*words: Any, **more: Any) -> object:  # noqa: ANN401  whatever pdfminer hands on
            self.count(share * len(words[0]) if share else 1)
            return real(*words, **more)

        return call


@contextmanager
def bounded() -> Iterator[None]:
    """While pdfminer reads one document. Raises `TooMuchError` where it has too much to do."""
    meter = _Meter()
    types = import_module("pdfminer.pdftypes")
    new: list[tuple[object, str, object]] = [(types, "zlib", meter)]
    new += [(types, name, meter.counted(getattr(types, name), 4)) for name in _BYTEWISE]
    new += [(import_module(f"pdfminer.{name}"), "range", meter.range) for name in _LOOPING]
    for path, name in _STEPS:
        module, _, kind = path.partition(".")
        owner = getattr(import_module(f"pdfminer.{module}"), kind)
        new.append((owner, name, meter.counted(getattr(owner, name))))
    old = [(owner, name, vars(owner).get(name)) for owner, name, _ in new]
    try:
        for owner, name, value in new:
            setattr(owner, name, value)
        yield
    finally:
        for owner, name, value in old:
            if value is None:
                with suppress(AttributeError):
                    delattr(owner, name)  # a word of the language again
            else:
                setattr(owner, name, value)
