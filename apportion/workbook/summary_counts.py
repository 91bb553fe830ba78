"""件数 of 総括: how many members, 経費, 納期, yen of rounding, equations and notices there are."""

from collections.abc import Iterator

from apportion.outcome import Outcome
from apportion.problem import Level
from apportion.rulebook.book import DECIDED
from apportion.workbook.refs import Area, Live, Ref, link
from apportion.workbook.summary_front import Count
from apportion.workbook.summary_members import MembersSheet, projects
from apportion.year import wareki


def counts(
    outcome: Outcome, sheet: str, members: MembersSheet, rest: Ref, equations: Area
) -> list[Count]:
    """Lines of the table on `sheet`; what stands in other sheets is counted live."""
    empty = sum(result.case.line.amount == 0 for result in outcome.results)
    return [
        Count("団体", members.taking_part(sheet, [members.sums])),
        Count("事業", _known(len(projects(outcome)))),
        Count("経費", _known(len(outcome.results)), f"うち予算額が0円の経費 {empty}"),
        *_instalments(outcome),
        Count("端数円数の計", link(rest, sheet), "きまりにより団体に足した円数（引いた円数は△）"),
        Count("突合の式", Live(f"=COUNT({equations.on(sheet)})", len(outcome.equations))),
        Count("入力への注意", _known(_level(outcome, Level.WARNING))),
        Count("入力へのお知らせ", _known(_level(outcome, Level.NOTICE))),
    ]


def _instalments(outcome: Outcome) -> Iterator[Count]:
    """How many members pay by each date, and how much in all; no due date before it is decided."""
    terms: dict[str, list[int]] = {}
    for part in outcome.instalments:
        day = f"（{wareki(part.day)}）" if part.day and outcome.state == DECIDED else ""
        label = f"第{part.number}期の団体{day}" if part.day else "請求する団体"
        terms.setdefault(label, []).append(part.yen)
    for label, yen in terms.items():
        yield Count(label, _known(len(yen)), f"{sum(yen):,}円")


def _level(outcome: Outcome, level: Level) -> int:
    return sum(problem.level is level for problem in outcome.problems)


def _known(number: int) -> Live:
    return Live(f"={number}", number)
