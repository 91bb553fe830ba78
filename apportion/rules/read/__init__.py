"""The rule language: rule texts to the rulebook tree, with every fault in them as a value.

Pure: text or bytes in, a tree and problems out; no file is opened here.
"""

from dataclasses import replace

from apportion.core.problem import Problem, Source, tell
from apportion.core.text import Decoded, decode, fold, foreign, looks_garbled
from apportion.rules import messages
from apportion.rules.book import COMMON, RuleFile, Vocabulary
from apportion.rules.read.file import parse_text, project_of
from apportion.rules.read.numbers import days_before_due, reissue
from apportion.rules.read.scan import Piece, RuleLine

__all__ = ["days_before_due", "is_common", "messages", "parse", "read", "reissue", "with_common"]

Read = tuple[RuleFile | None, tuple[Problem, ...]]


def read(path: str, data: bytes, vocabulary: Vocabulary) -> Read:
    """Rule file from its bytes.

    `path` is the file's place below the workspace, with `/`; it goes into every `Source`.
    A file with faults still gives what its good lines say, None only where it is no text or
    names no 事業. The problems are in the order of lines; stop if one of them is an error.
    """
    decoded = _decoded(path, data)
    if isinstance(decoded, Problem):
        return None, (decoded,)
    if decoded is None or "\0" in decoded.text:
        encoding = foreign(data)
        whole = Source(file=path)
        return None, (
            tell("W101.rules-named" if encoding else "W101.rules", whole, encoding=encoding),
        )
    if looks_garbled(decoded.text):
        return None, (tell("W125.rules", _first_garbled(path, decoded.text).source),)
    rules, problems = parse(path, decoded.text, vocabulary)
    notices = (tell("W141.rules", Source(file=path)),) if decoded.encoding == "cp932" else ()
    return rules, notices + problems


def parse(path: str, text: str, vocabulary: Vocabulary) -> Read:
    """Rule file from its text (lines end with LF); otherwise as `read`."""
    return parse_text(path, text, vocabulary)


def is_common(data: bytes) -> bool:
    """Whether a rule file is that of 共通, told from its head alone."""
    decoded = _decoded("", data)
    return isinstance(decoded, Decoded) and project_of(decoded.text) == COMMON


def with_common(vocabulary: Vocabulary, common: RuleFile) -> Vocabulary:
    """Vocabulary with the names of another file added: for all files those of 共通."""
    bases = (
        *(bind.alias for bind in common.head.binds),
        *(basis.name for basis in common.bases),
        *(table.name for table in common.tiers),
        *(table.name for table in common.coefficients),
    )
    return replace(
        vocabulary,
        bases=(*vocabulary.bases, *(name.text for name in bases)),
        groups=(*vocabulary.groups, *(group.name.text for group in common.groups)),
    )


_MOST_BYTES, _MOST_LINES, _LONGEST_LINE = 1_000_000, 10_000, 10_000
"""A hundred times what a rule needs; a reader's time grows with the lines and their length."""


def _decoded(path: str, data: bytes) -> Decoded | Problem | None:
    """Text of a file, None where it is none; a problem where there is too much of it for a rule."""
    decoded = decode(data) if len(data) <= _MOST_BYTES else None
    lines = decoded.text.split("\n") if decoded else []
    if len(data) > _MOST_BYTES or len(lines) > _MOST_LINES:
        size = _MOST_BYTES // 1000
        return tell("W105.rules", Source(file=path), size=size, lines=_MOST_LINES)
    long = next((n for n, line in enumerate(lines, 1) if len(line) > _LONGEST_LINE), None)
    return tell("W105.line", Source(file=path, line=long), signs=_LONGEST_LINE) if long else decoded


def _first_garbled(path: str, text: str) -> Piece:
    lines = text.split("\n")
    number = next((n for n, line in enumerate(lines) if looks_garbled(line)), 0)
    line = RuleLine(path, number + 1, lines[number], fold(lines[number]))
    return Piece(line, 0, len(line.folded)).cut(0, len(line.folded))
