"""What no 検算 pins: each number and rounding word of the rules changed by one unit, and all checked again.

A change is noticed where `check` tells an error. Where one number alone is refused before anything is
computed (shares that no longer make 100 %, steps with a gap), the next number of its block that mends
this is changed with it. What then changes somebody's amount, and is told by nobody, is a hole.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, reduce
from pathlib import Path
from typing import NamedTuple

from apportion.core.dataclass import dataclass
from apportion.core.problem import Findings, InputError, Source, grave
from apportion.core.sums import grouped
from apportion.core.text import decode
from apportion.core.year import FiscalYear
from apportion.outcome.checks.amounts import TOTAL, ExpenseCases
from apportion.outcome.computation import Examined, examine
from apportion.outcome.workspace import Workspace, load, rule_files, rule_texts, vocabulary
from apportion.rules import read
from apportion.rules.book import Vocabulary
from apportion.rules.nodes import Mode, RestOrder, Stage
from apportion.rules.read.scan import Heading, Item, Piece, rows

_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_BESIDE = {
    *("書式", "事業", "年度", "状態", "名簿", "根拠", "備考", "納期", "期割の端数", "休日", "旧名"),
    *("会計", "未対応", "課税区分", "基礎数値", "途中参加", "検算", "区分", "読み方", "単位"),
}
"""Keys with which no amount is worked out, or that stand for a day or a figure."""
_BLOCKS_BESIDE = {"請求書", "精算", "グループ"}
_UNITS = ("円", "十円", "百円", "千円", "万円")
_WORDS: tuple[tuple[str, ...], ...] = (
    tuple(mode.value for mode in Mode),
    tuple(stage.value for stage in Stage),
    tuple(order.value for order in RestOrder if order is not RestOrder.PAYER),
)
_NAMED = (word for family in _WORDS for word in family)
_ROUNDING = re.compile(f"({'|'.join((*_NAMED, '[十百千万]?円(?=未満)'))})")
_CUT = re.compile(f"端数({'|'.join(_WORDS[0])})")


class Edit(NamedTuple):
    """Other words in a line of a rule file, from `start` to before `end`."""

    file: str
    line: int
    start: int
    end: int
    new: str


Change = tuple[Edit, ...]
"""A number or word made another, with the number that has to follow it."""
Subject = tuple[str, int, str]
"""Rule file and line of a ■経費 (0: what no 検算 can name), and a 団体コード or 合計."""


class Hole(NamedTuple):
    """A change that nobody notices: its lines before and after, and every sum that it moves."""

    change: Change
    source: Source
    before: tuple[str, ...]
    after: tuple[str, ...]
    moved: Mapping[Subject, int]


class _Spot(NamedTuple):
    """A number or word in a rule text, with the block it stands in."""

    file: str
    line: int
    start: int
    end: int
    text: str
    block: int

    def edit(self, new: str) -> Edit:
        return Edit(self.file, self.line, self.start, self.end, new)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """A year with its changes, each tried in memory; raises `InputError` where the year is at fault."""

    workspace: Workspace
    texts: Mapping[str, bytes]
    examined: Examined
    _tried: dict[Change, Examined | None] = field(default_factory=dict)

    @cached_property
    def amounts(self) -> Mapping[Subject, int]:
        """Every sum as it stands."""
        return amounts(self.examined)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Everything that is changed, in the order of the texts."""
        return tuple(change for file in self.texts for change in self._changes(file))

    @cached_property
    def noticed(self) -> tuple[Change, ...]:
        """Changes that `check` stops at."""
        return tuple(change for change in self.changes if self._after(change) is None)

    def holes(
        self, hear: Callable[[int, int], None] = lambda _done, _total: None
    ) -> tuple[Hole, ...]:
        """Changes of somebody's amount that nobody notices; `hear` is told how many are tried."""
        found = []
        for done, change in enumerate(self.changes, start=1):
            if hole := self._hole(change):
                found.append(hole)
            hear(done, len(self.changes))
        return tuple(found)

    def changed(self, change: Change) -> dict[str, bytes]:
        """The rule texts after a change."""
        made = dict(self.texts)
        for file, edits in grouped((edit.file, edit) for edit in change).items():
            decoded = decode(made[file])
            assert decoded is not None
            lines = decoded.text.split("\n")
            for edit in sorted(edits, reverse=True):  # from the right, so that places stay true
                text = lines[edit.line - 1]
                lines[edit.line - 1] = text[: edit.start] + edit.new + text[edit.end :]
            made[file] = "\n".join(lines).encode()
        return made

    def _hole(self, change: Change) -> Hole | None:
        after = self._after(change)
        if after is None:
            return None
        now = amounts(after)
        moved = {
            s: now.get(s, 0) for s in {*self.amounts, *now} if now.get(s) != self.amounts.get(s)
        }
        if not moved:
            return None
        first, ordered = change[0], {key: moved[key] for key in sorted(moved)}
        source = Source(file=first.file, line=first.line, column=first.start + 1)
        before, made = (self._lines(t, change) for t in (self.texts, self.changed(change)))
        return Hole(change, source, before, made, ordered)

    def _lines(self, texts: Mapping[str, bytes], change: Change) -> tuple[str, ...]:
        places = dict.fromkeys((edit.file, edit.line) for edit in change)
        found = {file: decode(texts[file]) for file, _ in places}
        return tuple(
            decoded.text.split("\n")[line - 1].strip()
            for file, line in places
            if (decoded := found[file])
        )

    def _after(self, change: Change) -> Examined | None:
        """The year after a change; None where it is noticed."""
        if change not in self._tried:
            self._tried[change] = self._examined(change)
        return self._tried[change]

    def _examined(self, change: Change) -> Examined | None:
        workspace = self._read(change)
        if workspace is None:
            return None
        found = examine(workspace)
        return None if grave(found.problems) else found

    def _read(self, change: Change) -> Workspace | None:
        """The workspace with a change; None where the texts alone refuse it."""
        texts, findings, book = self.changed(change), Findings(), self.workspace.book
        file = change[0].file
        if any(common.source.file == file for common in book.common):
            files = rule_files(texts, self._words[0], findings)
        else:
            own, problems = read.read(file, texts[file], self._words[1])
            findings.extend(problems)
            files = tuple(own if own and f.source.file == file else f for f in book.files)
        if findings.faults:
            return None
        return replace(self.workspace, book=replace(book, files=files))

    @cached_property
    def _words(self) -> tuple[Vocabulary, Vocabulary]:
        """Names that every text may use, and with those of 共通."""
        assert self.workspace.tables is not None
        words = vocabulary(self.workspace.tables)
        return words, reduce(read.with_common, self.workspace.book.common, words)

    def _changes(self, file: str) -> Iterator[Change]:
        decoded = decode(self.texts[file])
        assert decoded is not None
        spots = list(_spots(file, decoded.text))
        for place, spot in enumerate(spots):
            if _NUMBER.fullmatch(spot.text):
                yield self._followed(
                    spot.edit(_moved(spot.text, 1)), spots[place + 1 :], spot.block
                )
            else:
                yield from ((spot.edit(new),) for new in _others(spot.text))

    def _followed(self, edit: Edit, later: Sequence[_Spot], block: int) -> Change:
        """A changed number, with the next of its block that must follow it so that it can be read."""
        if self._read((edit,)) is not None:
            return (edit,)
        numbers = (s for s in later if s.block == block and _NUMBER.fullmatch(s.text))
        for spot in numbers:
            for step in (-1, 1):
                change = (edit, spot.edit(_moved(spot.text, step)))
                if self._read(change) is not None:
                    return change
        return (edit,)


def coverage(root: Path, year: FiscalYear) -> Coverage:
    """Of the rules of a year; raises `InputError` where it cannot be computed as it stands."""
    workspace = load(root, year)
    examined = examine(workspace)
    if grave(examined.problems):
        raise InputError(examined.problems)
    texts = rule_texts(root, year, Findings())
    return Coverage(workspace=workspace, texts=texts, examined=examined)


def amounts(examined: Examined) -> dict[Subject, int]:
    """What a 検算 of each ■経費 could say of 合計 and of every member; of 激変緩和 under line 0."""
    results = [result for result in examined.results if result is not None]
    found: dict[Subject, int] = {}
    for own in grouped((id(result.case.expense), result) for result in results).values():
        case = own[0].case
        named = bool(case.expense.clauses)
        place = (case.file.source.file, case.expense.source.line if named else 0)
        if named:
            total = ExpenseCases([r.case for r in own], own).total()
            found[(*place, TOTAL)] = total or 0
        for result in own:
            for participant, yen in zip(result.case.participants, result.yen, strict=True):
                key = (*place, participant.member.code)
                found[key] = found.get(key, 0) + yen
    return found


def _spots(file: str, text: str) -> Iterator[_Spot]:
    """Numbers and rounding words with which amounts are worked out, in order."""
    kind, block = "", 0
    for row in rows(file, text):
        if isinstance(row, Heading):
            kind, block = row.kind.text, block + 1
        elif isinstance(row, Item) and kind not in _BLOCKS_BESIDE and row.key.text not in _BESIDE:
            pieces = (row.key, row.value) if kind == "段階表" else (row.value,)
            for piece in pieces:
                yield from _in_piece(piece, block, rounding=row.key.text == "端数")


def _in_piece(piece: Piece, block: int, *, rounding: bool) -> Iterator[_Spot]:
    line = piece.line
    for start, end in sorted(_found(piece, rounding=rounding)):
        yield _Spot(line.path, line.number, start, end, line.folded[start:end], block)


def _found(piece: Piece, *, rounding: bool) -> Iterator[tuple[int, int]]:
    """Where numbers stand, and words that say how something is rounded."""
    line = piece.line.folded
    for found in _NUMBER.finditer(line, piece.start, piece.end):
        yield found.span()
    for found in (_ROUNDING if rounding else _CUT).finditer(line, piece.start, piece.end):
        yield found.span(1)


def _others(word: str) -> Iterator[str]:
    """What may stand in the place of a rounding word; of a unit the next one."""
    if word in _UNITS:
        yield from _UNITS[_UNITS.index(word) + 1 :][:1]
    for family in _WORDS:
        if word in family:
            yield from (other for other in family if other != word)


def _moved(number: str, step: int) -> str:
    """A number with one more (or less) in its last place; one below 0 is not written."""
    digits = number.replace(",", "")
    whole, point, decimals = digits.partition(".")
    moved = str(max(int(whole + decimals) + step, 0)).zfill(len(decimals) + 1)
    if point:
        return f"{moved[: -len(decimals)]}.{moved[-len(decimals) :]}"
    return f"{int(moved):,}" if "," in number else moved
