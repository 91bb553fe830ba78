"""注意 about lines that are computed soundly and yet may not be what the council meant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apportion.allocate.case import LineResult
from apportion.core.problem import Problem, Source
from apportion.rules.nodes import Money, RestOrder, Split

_SHOWN = 3
_KEEP = "そのつもりの規則なら、このままで計算できます"
_TOGETHER = (
    "同じ団体の割合は、一つの行にまとめてください。例: 負担割合: 均等割 30% + 人口割 70%"
    f"（{_KEEP}）"
)


def cautions(results: Sequence[LineResult]) -> Iterator[Problem]:
    """Everything that is odd about these results, in their order."""
    yield from charged_twice(results)
    yield from unequal_bills(results)
    yield from beyond_bounds(results)


def beyond_bounds(results: Iterable[LineResult]) -> Iterator[Problem]:
    """A member that the rest of rounding carries beyond its 上限 or 下限."""
    for result in results:
        for use in result.case.bounds:
            for position, limit in zip(use.who, use.limits, strict=True):
                yen = result.rounded.yen[position]
                over = limit is not None and (yen > limit if use.bound.upper else yen < limit)
                if over and result.case.parts:
                    yield Problem(
                        code="W436",
                        source=use.bound.source,
                        what=f"{_names(result, [position])}の負担金 {yen:,}円 が、端数の処理のあとで"
                        f"{'上限' if use.bound.upper else '下限'} {int(limit or 0):,}円 を外れます。",
                        why="端数の差額を、この団体が負担します。",
                        fix="差額を負担する団体を変えるか、「差額は端数の大きい順」にしてください。",
                    )


def charged_twice(results: Iterable[LineResult]) -> Iterator[Problem]:
    """Two lines of percentages on one member: a line without who means those named before too."""
    told: set[int] = set()
    for result in results:
        expense = result.case.expense
        if id(expense) not in told:
            told.add(id(expense))
            yield from _twice(result)


def _twice(result: LineResult) -> Iterator[Problem]:
    """The first line of a ■経費 that charges a member again."""
    first: dict[int, Split] = {}
    for part in result.case.parts:
        clause = part.clause
        if not isinstance(clause, Split) or isinstance(clause.share, Money):
            continue
        again = [position for position in part.who if position in first]
        if again:
            before = first[again[0]]
            yield Problem(
                code="W433",
                source=clause.source,
                what=f"{_names(result, again)}には、割合の行が二つ以上当たります。",
                why=f"当たる行の分をすべて負担します。前の行は{before.source.line}行目です。",
                fix=_apart(before, clause) if len(again) < len(part.who) else _TOGETHER,
            )
            return
        first |= dict.fromkeys(part.who, clause)


def _apart(before: Split, again: Split) -> str:
    """The line without the members of the one before it, where it can be written so."""
    if before.who is None or before.who.excluded or (again.who and again.who.excluded):
        return f"行ごとの団体が重ならないように直してください（{_KEEP}）。"
    line, start = again.source.text, again.source.column - 1
    end = start + again.who.source.length if again.who else start
    own = line[start:end].strip() or "参加団体"
    left_out = "、".join(name.text for name in before.who.names)
    rest = line[end:].strip().removeprefix("に").strip()
    mended = f"{line[:start].strip()} {own}（{left_out}を除く）に {rest}"
    return f"重ならないようにするには、次の行に直してください: {mended}（{_KEEP}）"


@dataclass(frozen=True, slots=True)
class _Unequal:
    """Members that owe exactly the same, and the yen that rounding made of it."""

    result: LineResult
    most: tuple[int, ...]
    least: tuple[int, ...]


def unequal_bills(results: Iterable[LineResult]) -> Iterator[Problem]:
    """Members with one exact amount whose yen are a coarse unit apart: once for each 端数 line."""
    found: dict[Source, list[_Unequal]] = {}
    for result in results:
        for unequal in _unequal(result):
            found.setdefault(result.case.rounding.source, []).append(unequal)
    for source, cases in found.items():
        yield _coarse(source, cases)


def _unequal(result: LineResult) -> Iterator[_Unequal]:
    rounding, yen = result.case.rounding, result.rounded.yen
    if rounding.unit == 1 or rounding.rest is RestOrder.PAYER:
        return  # a yen apart is as near as yen can be; who 差額は…が負担 names, pays more on purpose
    same: dict[int, list[int]] = {}
    for position, weight in enumerate(result.shares.weights):
        same.setdefault(weight, []).append(position)
    for positions in same.values():
        high, low = (choose(yen[i] for i in positions) for choose in (max, min))
        if high - low > 1:
            most, least = (tuple(i for i in positions if yen[i] == y) for y in (high, low))
            yield _Unequal(result, most, least)
            return


def _coarse(source: Source, cases: Sequence[_Unequal]) -> Problem:
    first = cases[0]
    yen, unit = first.result.rounded.yen, first.result.case.rounding.unit
    high, low = yen[first.most[0]], yen[first.least[0]]
    others = f"ほかに{len(cases) - 1}経費。" if len(cases) > 1 else ""
    return Problem(
        code="W432",
        source=source,
        what=f"「{first.result.case.line.name}」で、正確な負担額の同じ団体の請求額が違います"
        f"（{_names(first.result, first.most)}は {high:,}円、"
        f"{_names(first.result, first.least)}は {low:,}円）。{others}",
        why=f"端数の単位が {unit:,}円 なので、余りを受け取る団体と受け取らない団体の差が {high - low:,}円 になります。",
        fix=f"次の行に直すと、差は1円までになります: 端数: 円未満切捨て、差額は端数の大きい順（{_KEEP}）",
    )


def _names(result: LineResult, positions: Sequence[int]) -> str:
    names = [result.case.participants[position].member.name for position in positions]
    more = f"など{len(names)}団体" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
