"""The bytes of a rule file in its one spelling: its own encoding and line ends, but never cp932."""

from apportion import language
from apportion.language import messages
from apportion.language.format import formatted
from apportion.language.scan import Line, Piece
from apportion.problem import Problem, grave
from apportion.rulebook import Vocabulary
from apportion.text import Decoded, decode, fold

_BIG_ENDIAN = b"\xfe\xff"

Rewritten = tuple[bytes | None, tuple[Problem, ...]]


def rewritten(path: str, data: bytes, vocabulary: Vocabulary) -> Rewritten:
    """Bytes to write back, with the problems found; None where one of them is an error."""
    _, problems = language.read(path, data, vocabulary)
    if grave(problems):
        return None, problems
    decoded = _decoded(data)
    spelled, problems = formatted(path, decoded.text, vocabulary)
    assert spelled is not None
    text = spelled.replace("\n", decoded.newline)
    if decoded.encoding == "cp932":
        return text.encode("utf-8-sig"), (messages.new_encoding(path), *problems)
    if data.startswith(_BIG_ENDIAN):
        return _BIG_ENDIAN + text.encode("utf-16-be"), problems
    return text.encode(decoded.encoding), problems


def first_difference(path: str, data: bytes, better: bytes) -> Problem:
    """The first line in which a rule file differs from what `rewritten` gives."""
    lines = (_decoded(found).text.split("\n") for found in (data, better))
    for number, (written, spelled) in enumerate(zip(*lines, strict=False), 1):
        if written != spelled:
            line = Line(path, number, written, fold(written))
            return messages.other_spelling(Piece(line, 0, len(written)).source, spelled)
    return messages.other_bytes(path)


def _decoded(data: bytes) -> Decoded:
    decoded = decode(data)
    assert decoded is not None
    return decoded
