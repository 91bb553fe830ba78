"""注意 about lines that are computed soundly and yet may not be what the council meant."""

import re
from collections.abc import Iterable, Iterator, Sequence

from apportion.allocate.case import LineResult
from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.rules.nodes import Money, Reckoned, RestOrder, Split

_SHOWN = 3
_ALL = "参加団体"
_KEEP = "そのつもりの規則なら、「参加団体に」か、前の行の団体の名前も書くと、この注意は出ません"
_TOGETHER = (
    "同じ団体の割合は、一つの行にまとめてください。例: 負担割合: 均等割 30% + 人口割 70%"
    f"（{_KEEP}）"
)


def cautions(year: FiscalYear, results: Sequence[LineResult]) -> Iterator[Problem]:
    """Everything that is odd about these results, in their order."""
    yield from unlike_surveys(year, results)
    yield from charged_twice(results)
    yield from unequal_bills(results)
    yield from beyond_bounds(results)


_SURVEY = re.compile("国勢調査|国調|住民基本台帳|住基|推計")
"""What a heading says of where a number is from: without it, it says what was counted."""


def unlike_surveys(year: FiscalYear, results: Iterable[LineResult]) -> Iterator[Problem]:
    """One thing (人口) from several surveys or days, some 経費 by one and some by another.

    A 経費 that uses several of them itself does so on purpose.
    """
    uses: dict[str, dict[str, list[LineResult]]] = {}
    for result in results:
        for counted, surveys in _surveys(result).items():
            uses.setdefault(counted, {}).setdefault("、".join(surveys), []).append(result)
    for counted, found in uses.items():
        if len(found) > 1:
            listed = "、".join(f"{_lines(own)}は{surveys}" for surveys, own in found.items())
            source = list(found.values())[1][0].case.expense.source
            yield tell("W345", source, name=counted, uses=listed, year=year)


def _surveys(result: LineResult) -> dict[str, list[str]]:
    """Headings with their days of the dated figures of a 経費, by what they counted."""
    columns = [each for _, used in result.case.figures for each in used.editions or (used,)]
    named = {(c.name, c.as_of): f"{c.name}（{c.as_of}）" for c in columns if c.as_of}
    return grouped(
        (_SURVEY.sub("", name_key(name)), named[name, day]) for name, day in sorted(named)
    )


def _lines(results: Sequence[LineResult]) -> str:
    names = [f"{r.case.line.project} {r.case.line.name}" for r in results]
    more = f"など{len(names)}経費" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more


def beyond_bounds(results: Iterable[LineResult]) -> Iterator[Problem]:
    """A member that the rest of rounding carries beyond its 上限 or 下限."""
    for result in results:
        for use in result.case.bounds:
            for position, limit in zip(use.who, use.limits, strict=True):
                yen = result.rounded.yen[position]
                over = limit is not None and (yen > limit if use.bound.upper else yen < limit)
                if over and result.case.parts:
                    yield tell(
                        "W436",
                        use.bound.source,
                        member=_names(result, [position]),
                        yen=yen,
                        bound="上限" if use.bound.upper else "下限",
                        limit=int(limit or 0),
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
        if not isinstance(clause, Split) or isinstance(clause.share, Money | Reckoned):
            continue
        again = [position for position in part.who if position in first]
        if again and not _on_purpose(first[again[0]], clause):
            before = first[again[0]]
            yield tell(
                "W433",
                clause.source,
                again=_names(result, again),
                line=before.source.line,
                mend=_apart(before, clause) if len(again) < len(part.who) else _TOGETHER,
            )
            return
        first |= dict.fromkeys(part.who, clause)


def _on_purpose(before: Split, again: Split) -> bool:
    """Whether a line names those of the line before it as well: 参加団体, or them by their names."""
    named = {name_key(name.text) for name in again.who.names} if again.who else set()
    former = {name_key(name.text) for name in before.who.names} if before.who else {_ALL}
    return _ALL in named or former <= named


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
    found = grouped((r.case.rounding.source, unequal) for r in results for unequal in _unequal(r))
    for source, cases in found.items():
        yield _coarse(source, cases)


def _unequal(result: LineResult) -> Iterator[_Unequal]:
    rounding, yen = result.case.rounding, result.rounded.yen
    if rounding.unit == 1 or rounding.rest in (RestOrder.PAYER, RestOrder.BIGGEST):
        return  # a yen apart is as near as yen can be; who 差額は…が負担 names, pays more on purpose
    same = grouped((weight, position) for position, weight in enumerate(result.shares.weights))
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
    return tell(
        "W432",
        source,
        line=first.result.case.line.name,
        most=_names(first.result, first.most),
        high=high,
        least=_names(first.result, first.least),
        low=low,
        others=others,
        unit=unit,
        difference=high - low,
    )


def _names(result: LineResult, positions: Sequence[int]) -> str:
    names = [result.case.participants[position].member.name for position in positions]
    more = f"など{len(names)}団体" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
