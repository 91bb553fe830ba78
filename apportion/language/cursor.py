"""A piece of a rule read from left to right; spaces between its words mean nothing."""

import re

from apportion.language import messages
from apportion.language.names import Known
from apportion.language.scan import COMMENT_SIGNS, Piece
from apportion.problem import Problem
from apportion.rulebook import Name

_CHUNK = re.compile(r"[^\s、()「」]+")
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")


class LineError(Exception):
    """A line cannot be read. `section.Block` catches it: it never leaves the language."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class Cursor:
    """Position in a piece. `form` is an example of the whole line, shown when reading fails."""

    __slots__ = ("form", "piece", "pos", "text")

    def __init__(self, piece: Piece, form: str) -> None:
        self.piece = piece
        self.form = form
        self.text = piece.line.folded[: piece.end]
        self.pos = piece.start

    @property
    def done(self) -> bool:
        """Whether nothing but spaces is left."""
        return self.skip() == len(self.text)

    @property
    def rest(self) -> Piece:
        """What is left."""
        return self.piece.cut(self.pos, self.piece.end)

    def skip(self) -> int:
        """Column of the next word."""
        self.pos = _after_spaces(self.text, self.pos)
        return self.pos

    def since(self, start: int) -> Piece:
        """Give what was read from a column on."""
        return self.piece.cut(start, self.pos)

    def take(self, *words: str) -> Piece | None:
        """Take the first of `words` that stands here."""
        start = self.skip()
        for word in words:
            if self.text.startswith(word, start):
                self.pos = start + len(word)
                return self.since(start)
        return None

    def need(self, *words: str) -> Piece:
        """Take one of `words`, which must stand here."""
        found = self.take(*words)
        if found is None:
            raise self.error(*words)
        return found

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what `pattern` finds here."""
        found = pattern.match(self.text, self.skip())
        if found:
            self.pos = found.end()
        return found

    def end(self) -> None:
        """Make sure that nothing more stands here."""
        if not self.done:
            raise self.error()

    def name(self, known: Known, stop: re.Pattern[str]) -> Name:
        """Read a name: in 「」, else the longest known one, else all before `stop`."""
        if quoted := self.quoted():
            return quoted
        start = self.skip()
        if self.known(known, stop):
            return as_name(self.since(start))
        found = stop.search(self.text, min(start + 1, len(self.text)))
        self.pos = found.start() if found else len(self.text)
        if self.pos <= start:
            raise self.error()
        return as_name(_without_comma(self.since(start)))

    def known(self, known: Known, stop: re.Pattern[str]) -> bool:
        """Take the longest known name that `stop` or the end follows."""
        for end in known.ends(self.text, self.skip()):
            after = _after_spaces(self.text, end)
            if (
                after == len(self.text)
                or stop.match(self.text, after)
                or stop.match(self.text, end)
            ):
                self.pos = end
                return True
        return False

    def quoted(self) -> Name | None:
        """Read a name in 「」, if one stands here."""
        start = self.skip()
        if not self.text.startswith("「", start):
            return None
        close = self.text.find("」", start)
        if close < 0:
            raise LineError(messages.unclosed(self.rest.source, "「", "」"))
        self.pos = close + 1
        return as_name(self.since(start))

    def error(self, *words: str) -> LineError:
        """Say what is wrong here; `words` are those that could stand here."""
        rest = self.rest
        if not rest.text:
            read = self.piece if self.piece.text else self.piece.cut(0, self.piece.end)
            return LineError(messages.unfinished(read.source, words, self.form))
        if rest.text.startswith(COMMENT_SIGNS):
            return LineError(messages.comment_inside(rest.source))
        chunk = _CHUNK.match(rest.text)
        wrong = rest.cut(rest.start, rest.start + (chunk.end() if chunk else 1))
        if comma := _COMMA.search(wrong.text):
            start = wrong.start + comma.start()
            return LineError(messages.comma(rest.cut(start, start + 1).source))
        meant = messages.meant(wrong.text, words)
        if meant:
            return LineError(messages.mistyped(wrong.source, meant))
        place = wrong if words else rest
        return LineError(messages.unreadable(place.source, words, self.form))


def as_name(piece: Piece) -> Name:
    """Read the whole piece as a name, without its 「」."""
    inside = piece
    if piece.text.startswith("「") and piece.text.endswith("」"):
        inside = piece.cut(piece.start + 1, piece.end - 1)
    if not inside.text:
        raise LineError(messages.nameless(piece.source))
    if inside is piece:
        _check_plain(piece)
    return Name(inside.text, inside.source)


def _after_spaces(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _check_plain(piece: Piece) -> None:
    if "「" in piece.text or "」" in piece.text:
        raise LineError(messages.unclosed(piece.source, "「", "」"))
    comment = piece.text.find("※")
    if comment >= 0:
        raise LineError(messages.comment_inside(piece.cut(piece.start + comment, piece.end).source))


def _without_comma(piece: Piece) -> Piece:
    comma = piece.text.find(",")
    if comma >= 0:
        start = piece.start + comma
        raise LineError(messages.comma(piece.cut(start, start + 1).source))
    return piece
