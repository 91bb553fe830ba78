"""What stands behind each key of a rule file: how it is read, and how it is spelled.

Keys that are not here hold free text, which is nobody's to change.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from apportion.core.problem import Problem, Source, grave, tell
from apportion.core.text import Decoded, decode, fold, mark_in, name_key
from apportion.core.year import FiscalYear
from apportion.rules import messages, read, spell
from apportion.rules.book import STATES, Remark, Vocabulary
from apportion.rules.nodes import Name
from apportion.rules.read import blocks, clauses, formulas, numbers, terms, who
from apportion.rules.read.blocks import ALL_OTHERS
from apportion.rules.read.file import FORMAT, HOLIDAYS, parse_text, words_of
from apportion.rules.read.names import Lexicon, LineError
from apportion.rules.read.scan import Heading, Item, Piece, Row, RuleLine, classify, rows, sections
from apportion.rules.read.section import HEAD, KEYS, Reader, choice
from apportion.rules.read.terms import (
    FIGURES,
    SEALS,
    adjust,
    assertion,
    deduct,
    plan,
    registered,
)
from apportion.rules.read.years import limited
from apportion.rules.spell import AMONG_WORDS, IN_A_LIST, bare, measure

_BIG_ENDIAN = b"\xfe\xff"

Rewritten = tuple[bytes | None, tuple[Problem, ...]]


def rewritten(path: str, data: bytes, vocabulary: Vocabulary) -> Rewritten:
    """Bytes to write back, with the problems found; None where one of them is an error."""
    _, problems = read.read(path, data, vocabulary)
    if grave(problems):
        return None, problems
    decoded = _decoded(data)
    spelled, problems = formatted(path, decoded.text, vocabulary)
    assert spelled is not None
    text = spelled.replace("\n", decoded.newline)
    if decoded.encoding == "cp932":
        return text.encode("utf-8-sig"), (tell("W249", Source(file=path)), *problems)
    if data.startswith(_BIG_ENDIAN):
        return _BIG_ENDIAN + text.encode("utf-16-be"), problems
    return text.encode(decoded.encoding), problems


def first_difference(path: str, data: bytes, better: bytes) -> Problem:
    """The first line in which a rule file differs from what `rewritten` gives."""
    lines = (_decoded(found).text.split("\n") for found in (data, better))
    for number, (written, spelled) in enumerate(zip(*lines, strict=False), 1):
        if written != spelled:
            line = RuleLine(path, number, written, fold(written))
            return messages.other_spelling(Piece(line, 0, len(written)).source, spelled)
    return tell("W248.bytes", Source(file=path))


def _decoded(data: bytes) -> Decoded:
    decoded = decode(data)
    assert decoded is not None
    return decoded


class Spelling(NamedTuple):
    """Reader and spelling of one kind of value."""

    read: Reader[Any]
    spell: Callable[[Any], str]


def _name(node: Name) -> str:
    return spell.plain(node.text)


def _choice(*words: str) -> Spelling:
    return Spelling(choice(*words), str)


def _remark(node: Remark) -> str:
    return node.text


def _year(piece: Piece, _lexicon: Lexicon) -> str:
    year = FiscalYear.parse(piece.text)
    return year.label if year else piece.text


NAME = Spelling(who.name, _name)
LIST = Spelling(who.former, spell.names)
FORMULA = Spelling(formulas.row, spell.formula)
YEARS = Spelling(who.name, spell.years)

_BOTH: Mapping[str, Spelling] = {
    "名簿": NAME,
    "基礎数値": Spelling(numbers.bind, spell.bind),
    "端数": Spelling(terms.rounding, spell.rounding),
    "途中参加": Spelling(terms.proration, spell.proration),
    "納期": Spelling(plan, spell.plan),
    "上限": Spelling(terms.upper, spell.bound),
    "下限": Spelling(terms.lower, spell.bound),
    "未対応": Spelling(terms.unsaid, spell.unsaid),
}

FORMS: Mapping[str, Mapping[str, Spelling]] = {
    HEAD: {
        **_BOTH,
        "書式": _choice(FORMAT),
        "事業": NAME,
        "年度": Spelling(_year, str),
        "状態": _choice(*STATES),
        "会計": Spelling(who.account, _name),
        "期割の端数": Spelling(terms.due_rounding, spell.due_rounding),
        "休日": _choice(*HOLIDAYS),
    },
    "経費": {
        **_BOTH,
        "対象": Spelling(formulas.base, spell.formula),
        "差し引く": Spelling(deduct, spell.deduct),
        "負担割合": Spelling(clauses.clause, spell.clause),
        "旧名": LIST,
        "課税区分": _choice(*blocks.TAXES),
        "団体別加減": Spelling(adjust, spell.adjust),
        "平準化": Spelling(terms.smoothing, spell.smoothing),
        "検算": Spelling(assertion, spell.assertion),
    },
    "基準": {
        "値": Spelling(formulas.basis, spell.value),
        "端数": Spelling(terms.decimals, spell.decimals),
        "単位": NAME,
    },
    "段階表": {"区分": NAME, "読み方": _choice(*blocks.READINGS), "単位": NAME},
    "係数表": {"単位": NAME},
    "グループ": {"団体": Spelling(who.circle, spell.who), "代表": NAME},
    "請求書": {
        "公印": _choice(*SEALS),
        "指標一覧": _choice(*FIGURES),
        "金額の表し方": Spelling(terms.before_amount, str),
        "登録番号": Spelling(registered, _remark),
    },
    "精算": {
        "差額": _choice(*blocks.DIFFERENCES),
        "基礎数値": _choice(*blocks.FIGURE_TIMES),
    },
}
"""Form of each key that has one, by block."""


_KEEPS = (IN_A_LIST, AMONG_WORDS, re.compile(""))
"""Which names keep their 「」: the last where the others make a line say something else."""

Formatted = tuple[str | None, tuple[Problem, ...]]
Said = tuple[str | tuple[Spelling, Any], ...]
"""What a line says: fixed words, and values with their forms."""


def formatted(path: str, text: str, vocabulary: Vocabulary) -> Formatted:
    """Text in its one spelling (lines end with LF), with the problems found in it.

    None where one of them is an error: a text that is not understood is left alone.
    """
    rules, problems = parse_text(path, text, vocabulary)
    if rules is None or grave(problems):
        return None, problems
    found = tuple(rows(path, text))
    lexicon = words_of(path, sections(found), vocabulary)
    spelled = "".join(f"{line}\n" for line in _single_blanks(_lines(text, found, lexicon)))
    assert parse_text(path, spelled, vocabulary)[0] == rules, path
    return spelled, problems


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    """Never more than one empty line between others, and none at either end."""
    empty = started = False
    for line in lines:
        if line and empty and started:
            yield ""
        if line:
            yield line
        empty, started = not line, started or bool(line)


def _lines(text: str, found: Iterable[Row], lexicon: Lexicon) -> Iterator[str]:
    kind = HEAD
    for row, written in zip(found, text.split("\n"), strict=True):
        kind = name_key(row.kind.text) if isinstance(row, Heading) else kind
        # A marked line is about to be changed by a person: it stays as it is, with its mark.
        spelled = None if mark_in(written) else _line(row, kind, lexicon)
        yield spelled or written.strip()


def _line(row: Row, kind: str, lexicon: Lexicon) -> str | None:
    """One spelling of a line; None where none of ours says the same as what was written."""
    said = _said(row, kind, lexicon)
    spelled = "".join(part if isinstance(part, str) else part[0].spell(part[1]) for part in said)
    listed = any(not isinstance(part, str) and part[0] is LIST for part in said)
    for kept in _KEEPS if listed else _KEEPS[1:]:
        text = bare(spelled, kept)
        if _says(text, said, kind, lexicon):
            return text
    return None


def _says(text: str, said: Said, kind: str, lexicon: Lexicon) -> bool:
    try:
        return _said(classify(RuleLine("", 1, text, fold(text))), kind, lexicon) == said
    except LineError:
        return False


def _said(row: Row, kind: str, lexicon: Lexicon) -> Said:
    if isinstance(row, Heading):
        return _said_above(row, kind, lexicon)
    if not isinstance(row, Item):
        return (row.words.written,)
    key = name_key(row.key.text)
    row, only = limited(row, row=key not in KEYS[kind])
    value = row.value
    end: Said = ((YEARS, only),) if only else ()
    form = FORMS[kind].get(key)
    if form:
        return (f"{key}: ", (form, form.read(value, lexicon)), *end)
    if key in KEYS[kind]:
        return (f"{key}: ", value.written)
    formula = (FORMULA, FORMULA.read(value, lexicon))
    if kind == "段階表":
        return (f"{measure(row.key.text)}: ", formula, *end)
    return ((NAME, NAME.read(row.key, lexicon)), ": ", formula, *end)


def _said_above(row: Heading, kind: str, lexicon: Lexicon) -> Said:
    if not row.name.text:
        return (f"■{kind}",)
    if kind == "経費" and name_key(row.name.text) == ALL_OTHERS:
        return (f"■{kind} {ALL_OTHERS}",)
    form = LIST if kind == "経費" else NAME
    return (f"■{kind} ", (form, form.read(row.name, lexicon)))
