"""The 検算 lines, from what was really billed, that close the holes of the rules with the fewest lines.

A line closes a hole where it names a sum that the change moves. To choose lines is a set cover: parts
that share no hole are solved each by itself, exactly (branch and bound), within a stated number of steps.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from apportion.core.problem import InputError, Source, tell
from apportion.core.sums import grouped, summed
from apportion.core.text import decode, name_key
from apportion.outcome.checks.amounts import TOTAL
from apportion.outcome.computation import conclude
from apportion.rules import spell
from apportion.rules.nodes import Name
from apportion.rules.read.scan import Heading, Item, rows
from apportion.tables.edit import Replacement, encoded
from apportion.why.actual import beside_bills, differences
from apportion.why.coverage import Coverage, Hole, Subject

MOST_STEPS = 100_000
"""Steps of the search in one part; beyond, the lines found so far are taken."""

Sets = Mapping[Subject, frozenset[int]]
"""The holes that a line would close."""


class Chosen(NamedTuple):
    """Lines that close all that lines can close, and whether fewer are proved to be impossible."""

    subjects: tuple[Subject, ...]
    fewest: bool


class Pins(NamedTuple):
    """検算 lines to be added, by their subjects; `open` are the holes that stay."""

    lines: Mapping[Subject, str]
    fewest: bool
    open: tuple[Hole, ...]


def pins(found: Coverage, bills: Path, hear: Callable[[int, int], None]) -> Pins:
    """Lines from a table of bills. Raises `InputError` where these are others than what is computed."""
    billed, holes = _billed(found, bills), found.holes(hear)
    closes = {s: frozenset(n for n, hole in enumerate(holes) if s in hole.moved) for s in billed}
    chosen = fewest({subject: own for subject, own in closes.items() if own})
    closed = {number for subject in chosen.subjects for number in closes[subject]}
    return Pins(
        {s: f"検算: {_name(found, s)} = {billed[s]:,}円" for s in chosen.subjects},
        chosen.fewest,
        tuple(hole for number, hole in enumerate(holes) if number not in closed),
    )


def _billed(found: Coverage, bills: Path) -> dict[Subject, int]:
    """Sums of each ■経費 that were billed as they are computed, in the order of the rules."""
    outcome = conclude(found.examined)
    table = [row for row in beside_bills(outcome, bills) if row.billed]
    where = Source(file=bills.as_posix())
    if other := next(differences(table), None):
        problem = tell(
            "W907.differs",
            where,
            member=other.member.name,
            line=other.line or other.project,
            billed=other.billed,
            computed=other.computed,
        )
        raise InputError((problem,))
    if any(not row.line for row in table):
        raise InputError((tell("W907.lines", where),))
    blocks = {
        r.case.line.key: (r.case.file.source.file, r.case.expense.source.line)
        for r in outcome.results
    }
    of = [(blocks[name_key(r.project), name_key(r.line)], r.member.code, r.billed) for r in table]
    sums = summed(
        pair for place, code, yen in of for pair in (((*place, code), yen), ((*place, TOTAL), yen))
    )
    same = {s: yen for s, yen in sums.items() if yen > 0 and found.amounts.get(s) == yen}
    return {subject: same[subject] for subject in sorted(same)}


def _name(found: Coverage, subject: Subject) -> str:
    tables = found.workspace.tables
    assert tables is not None
    known = TOTAL if subject[2] == TOTAL else tables.by_code[subject[2]].name
    return spell.bare(spell.name(Name(known, Source())), spell.AMONG_WORDS)


def fewest(closes: Sets) -> Chosen:
    """The fewest lines that close everything that all of them close; of equal ones the first."""
    subjects: list[Subject] = []
    proved = True
    for part in _parts(closes):
        search = _Search(_useful(part))
        subjects += search.best
        proved = proved and search.steps < MOST_STEPS
    return Chosen(tuple(sorted(subjects)), proved)


def _parts(closes: Sets) -> Iterator[Sets]:
    """Lines that share holes, directly or over others; each part by itself."""
    left = dict(closes)
    while left:
        first = next(iter(left))
        holes, own = set(left[first]), {first}
        while more := {s for s, found in left.items() if s not in own and found & holes}:
            own |= more
            holes |= set().union(*(left[s] for s in more))
        yield {subject: left.pop(subject) for subject in list(left) if subject in own}


def _useful(closes: Sets) -> Sets:
    """Without lines that close nothing that another line does not close as well."""
    kept: dict[Subject, frozenset[int]] = {}
    for subject, own in sorted(closes.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if not any(own <= other for other in kept.values()):
            kept[subject] = own
    return kept


class _Search:
    """Branch and bound: `best` is what was found, `steps` how many branches that took."""

    def __init__(self, closes: Sets) -> None:
        self.closes, self.steps = closes, 0
        self.by_hole = grouped((hole, s) for s, own in closes.items() for hole in sorted(own))
        self.most = max(map(len, closes.values()))
        self.best = self._greedy(frozenset(self.by_hole))
        self._branch((), frozenset(self.by_hole))

    def _greedy(self, left: frozenset[int]) -> tuple[Subject, ...]:
        taken: list[Subject] = []
        while left:
            # Subjects stand the largest first: of equal ones the first is taken.
            taken.append(max(self.closes, key=lambda s: len(self.closes[s] & left)))
            left -= self.closes[taken[-1]]
        return tuple(taken)

    def _branch(self, taken: tuple[Subject, ...], left: frozenset[int]) -> None:
        if not left:
            self.best = taken
            return
        self.steps += 1
        bound = len(taken) + -(-len(left) // self.most)
        if bound >= len(self.best) or self.steps >= MOST_STEPS:
            return
        # The hole that the fewest lines close: one of these must be taken.
        hole = min(left, key=lambda number: (len(self.by_hole[number]), number))
        for subject in sorted(self.by_hole[hole], key=lambda s: (-len(self.closes[s] & left), s)):
            self._branch((*taken, subject), left - self.closes[subject])


def added(found: Coverage, root: Path, lines: Mapping[Subject, str]) -> tuple[Replacement, ...]:
    """The rule files with these lines at the end of their ■経費, each in its own encoding."""
    by_file = grouped((subject[0], (subject[1], line)) for subject, line in lines.items())
    return tuple(
        Replacement(path=root / file, former=root / file, data=_with(found.texts[file], file, own))
        for file, own in by_file.items()
    )


def _with(data: bytes, file: str, lines: Sequence[tuple[int, str]]) -> bytes:
    decoded = decode(data)
    assert decoded is not None
    texts = decoded.text.split("\n")
    for start, own in sorted(grouped(lines).items(), reverse=True):
        end = _end(file, decoded.text, start)
        texts[end:end] = own
    return encoded("\n".join(texts), decoded)


def _end(file: str, text: str, start: int) -> int:
    """The last line of the block whose heading is at a line."""
    last = start
    for number, row in enumerate(rows(file, text), start=1):
        if number > start and isinstance(row, Heading):
            break
        if number > start and isinstance(row, Item):
            last = number
    return last
