"""A rule file put together: its head, then its blocks, each name once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import mark_in, name_key
from apportion.core.year import FiscalYear
from apportion.rules import messages
from apportion.rules.book import (
    STATES,
    Basis,
    Coefficients,
    Expense,
    Group,
    Remark,
    RuleFile,
    Settlement,
    TierTable,
    Vocabulary,
    stem,
)
from apportion.rules.nodes import EQUAL, Name
from apportion.rules.read import blocks, forms, terms, who
from apportion.rules.read.names import (
    BASIS_KINDS,
    GROUP_KIND,
    GROUP_WORDS,
    Lexicon,
    LineError,
    lexicon,
    spoiled,
)
from apportion.rules.read.scan import Heading, Item, Piece, Row, Section, Stray, rows, sections
from apportion.rules.read.section import HEAD, KEYS, KINDS, Block, choice, open_block
from apportion.rules.read.terms import invoice

FORMAT = "1"
HOLIDAYS = ("翌営業日", "前営業日", "そのまま")
RESERVED = (*GROUP_WORDS, "合計", "団体数", "予算額", "その他")

# Only where neither 年度 nor the folder names a year, and then the file is refused anyway.
_NO_YEAR = FiscalYear(2019)

T = TypeVar("T")
Invoice = Mapping[str, tuple[Remark, ...]]
Node = Expense | Basis | TierTable | Coefficients | Group | Settlement | Invoice


@dataclass(slots=True)
class _File:
    """What has been read so far."""

    path: str
    words: Lexicon
    nodes: list[Node] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[tuple[str, str], Source] = field(default_factory=dict)
    idle: list[Source] = field(default_factory=list)
    unread: bool = False

    def claim(self, space: str, key: str, source: Source, name: str) -> bool:
        """Whether a name is new among those of its kind; a second one is noted."""
        first = self.places.setdefault((space, key), source)
        if first is source:
            return True
        self.problems.append(messages.repeated_block(source, name, space, first.line))
        return False


def parse_text(
    path: str, text: str, vocabulary: Vocabulary
) -> tuple[RuleFile | None, tuple[Problem, ...]]:
    """Rule file from its text, with everything wrong in it, in the order of lines."""
    found = tuple(rows(path, text))
    head, *others = sections(found)
    file = _File(path, words_of(path, (head, *others), vocabulary))
    file.problems += _strays(found)
    for section in others:
        _read_block(file, section)
    block = open_block(head, HEAD, file.words)
    rules = _assemble(file, block, _folder_year(path))
    file.problems += block.problems
    ordered = sorted(file.problems, key=lambda p: (p.source.line, p.source.column))
    unknown = spoiled((head, *others), (problem.source.line for problem in ordered))
    marks = tuple(_marks(path, text))
    return rules and replace(rules, spoiled=unknown, marks=marks), tuple(ordered)


def words_of(path: str, found: tuple[Section, ...], vocabulary: Vocabulary) -> Lexicon:
    """Give the names that hold in a file with these sections, its head first."""
    head = found[0]
    year = FiscalYear.parse(_written(head, "年度")) or _folder_year(path) or _NO_YEAR
    return lexicon(_written(head, "事業"), year, found, vocabulary)


def project_of(text: str) -> str:
    """事業 that the head of a file names, before anything is checked; empty where it names none."""
    return in_head(text, "事業").strip("「」")


def in_head(text: str, key: str) -> str:
    """Value of a key in the head of a text, before anything is checked; empty where it has none."""
    for row in rows("", text):
        if isinstance(row, Heading):
            break
        if isinstance(row, Item) and name_key(row.key.text) == key:
            return row.value.text
    return ""


def _folder_year(path: str) -> FiscalYear | None:
    return FiscalYear.parse(f"/{path}".split("/")[-2])


def _written(head: Section, key: str) -> str:
    """Value of a key of the head before anything is checked."""
    values = (item.value.text for item in head.items if name_key(item.key.text) == key)
    return next(values, "").strip("「」")


def _marks(path: str, text: str) -> Iterator[Source]:
    """Lines that a person still has to decide."""
    for number, written in enumerate(text.split("\n"), 1):
        if span := mark_in(written):
            start, end = span
            yield Source(file=path, line=number, column=start + 1, length=end - start, text=written)


def _strays(found: Iterable[Row]) -> Iterable[Problem]:
    keys = sorted({key for keys in KEYS.values() for key in keys}, key=len, reverse=True)
    for row in found:
        if isinstance(row, Stray):
            yield messages.no_colon(row.words.source, keys)


def _assemble(file: _File, head: Block, folder: FiscalYear | None) -> RuleFile | None:
    head.one("書式", _format)
    file.idle += _idle(head)
    year = head.one("年度", _year) or folder
    _need(file, head, "事業", forms.PROJECT)
    if not file.words.draft:
        _need(file, head, "年度", f"年度: {(folder or _NO_YEAR).label}")
    project = head.one("事業", who.name)
    rules = RuleFile(
        project=project or Name("", Source(file=file.path)),
        year=year.code if year else "",
        year_source=_place(file, head, "年度"),
        state=head.one("状態", choice(*STATES)) or "案",
        state_source=_place(file, head, "状態"),
        head=blocks.defaults(head),
        account=head.one("会計", who.account),
        due_rounding=head.one("期割の端数", terms.due_rounding),
        holiday=head.one("休日", choice(*HOLIDAYS)),
        expenses=_only(file.nodes, Expense),
        bases=_only(file.nodes, Basis),
        tiers=_only(file.nodes, TierTable),
        coefficients=_only(file.nodes, Coefficients),
        groups=_only(file.nodes, Group),
        invoice=next((node for node in file.nodes if isinstance(node, Mapping)), {}),
        settlement=next(iter(_only(file.nodes, Settlement)), None),
        unread=file.unread,
        idle=tuple(sorted(file.idle, key=lambda line: line.line)),
        source=project.source if project else Source(file=file.path),
    )
    return rules if project else None


def _need(file: _File, head: Block, key: str, form: str) -> None:
    if key not in head.items:
        head.problems.append(tell("W212.head", Source(file=file.path, line=1), key=key, form=form))


def _place(file: _File, head: Block, key: str) -> Source:
    item = next(iter(head.items.get(key, ())), None)
    return item.value.source if item else Source(file=file.path, line=1)


def _read_block(file: _File, section: Section) -> None:
    assert section.heading is not None
    kind = name_key(section.heading.kind.text)
    if kind not in KINDS:
        file.problems.append(messages.unknown_block(section.heading.kind.source, KINDS))
        file.unread = True
        return
    block = open_block(section, kind, file.words)
    file.idle += _idle(block)
    node = _node(file, block)
    if node is not None:
        file.nodes.append(node)
    file.problems += block.problems


def _idle(block: Block) -> Iterator[Source]:
    """Lines of other years."""
    return (item.key.source for item in block.idle)


def _node(file: _File, block: Block) -> Node | None:
    if block.kind == "経費":
        return _new_expense(file, blocks.expense(block))
    if block.kind in ("請求書", "精算"):
        return _nameless(file, block)
    name = blocks.block_name(block)
    if name is None or not _new_name(file, block.kind, name):
        return None
    readers = {
        "基準": blocks.basis,
        "段階表": blocks.tier_table,
        "係数表": blocks.coefficients,
        GROUP_KIND: blocks.group,
    }
    return readers[block.kind](block, name)


def _new_expense(file: _File, expense: Expense | None) -> Expense | None:
    if expense is None:
        file.unread = True
        return None
    others = Name(blocks.ALL_OTHERS, expense.source)
    names = expense.names or (others,)
    new = [file.claim("経費", name_key(n.text), n.source, n.text) for n in names]
    file.unread |= not all(new)
    return expense if all(new) else None


def _nameless(file: _File, block: Block) -> Node | None:
    assert block.heading is not None
    title = block.heading.name
    if title.text:
        block.problems.append(tell("W218", title.source, kind=block.kind))
    new = file.claim(block.kind, "", block.heading.kind.source, f"■{block.kind}")
    node = invoice(block) if block.kind == "請求書" else blocks.settlement(block)
    return node if new else None


def _new_name(file: _File, kind: str, name: Name) -> bool:
    """Whether a table or group has a name of its own; X and X割 are one."""
    table = kind in BASIS_KINDS
    key = stem(name.text) if table else name_key(name.text)
    # 市町村割 is a driver that ordinances know; 市町村 by itself stays the group.
    taken = name_key(name.text) in RESERVED or (table and key == stem(EQUAL))
    if taken:
        file.problems.append(tell("W219", name.source, new=f"独自の{name.source.words}"))
        return False
    return file.claim("基準" if table else kind, key, name.source, name.text)


def _format(piece: Piece, _lexicon: Lexicon) -> str:
    if piece.text != FORMAT:
        raise LineError(tell("W215", piece.source, new="1"))
    return piece.text


def _year(piece: Piece, words: Lexicon) -> FiscalYear:
    year = FiscalYear.parse(piece.text)
    if year is None:
        raise LineError(tell("W213", piece.source, new=words.year.label))
    return year


def _only(nodes: Sequence[Node], kind: type[T]) -> tuple[T, ...]:
    return tuple(node for node in nodes if isinstance(node, kind))
