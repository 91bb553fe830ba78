"""Which line of one outcome goes on as which line of another one."""

from collections.abc import Iterable, Iterator, Sequence

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.model import BudgetLine
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.explain.bounds import is_relief


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePair:
    """What a line was made of and what it became: one of each as a rule.

    None before: new. None after: gone. Several before: they were put together (旧名). `moved`: from
    one 事業 to another.
    """

    before: tuple[LineResult, ...]
    after: LineResult | None
    moved: bool = False

    @property
    def one_to_one(self) -> bool:
        """Whether both sides are one line, whose change can be divided by cause."""
        return len(self.before) == 1 and self.after is not None


def pairs(before: Sequence[LineResult], after: Sequence[LineResult]) -> tuple[LinePair, ...]:
    """Every line of both sides in one pair: by 事業 and 経費, by 旧名, by 経費 in another 事業."""
    left = {_key(result): result for result in before}
    found: dict[int, LinePair] = {}
    for match in (_same, _renamed, _moved):
        open_lines = [result for result in after if id(result) not in found]
        for result, former, moved in match(open_lines, left):
            taken = tuple(left.pop(_key(line)) for line in former)
            found[id(result)] = LinePair(before=taken, after=result, moved=moved)
    made = [found.get(id(result)) or LinePair(before=(), after=result) for result in after]
    return (*made, *(LinePair(before=(result,), after=None) for result in left.values()))


Key = tuple[str, str]
Match = Iterator[tuple[LineResult, tuple[LineResult, ...], bool]]


def _key(result: LineResult) -> Key:
    return result.case.line.key


def _same(after: Sequence[LineResult], left: dict[Key, LineResult]) -> Match:
    for result in after:
        if _key(result) in left:
            yield result, (left[_key(result)],), False


def _renamed(after: Sequence[LineResult], left: dict[Key, LineResult]) -> Match:
    """Lines whose rule names what they were called before; a name in another 事業 moves the line."""
    for result in after:
        names = [name_key(name.text) for name in result.case.expense.former_names]
        project = name_key(result.case.line.project)
        own = tuple(left[project, name] for name in names if (project, name) in left)
        if own:
            yield result, own, False
            continue
        others = tuple(line for name in names if (line := _only(name, left.values())))
        if others:
            yield result, others, True


def _moved(after: Sequence[LineResult], left: dict[Key, LineResult]) -> Match:
    """Lines of the same name in another 事業, where no other line has it on either side."""
    for name, lines in grouped((_key(result)[1], result) for result in after).items():
        former = _only(name, left.values())
        if former and len(lines) == 1 and _charged(former) and _charged(lines[0]):
            yield lines[0], (former,), True


def _only(name: str, lines: Iterable[LineResult]) -> LineResult | None:
    found = [line for line in lines if _key(line)[1] == name]
    return found[0] if len(found) == 1 else None


def _charged(result: LineResult) -> bool:
    """Whether it is a line that somebody pays, and no 激変緩和調整."""
    line: BudgetLine = result.case.line
    return not is_relief(result) and line.amount != 0
