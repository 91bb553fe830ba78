"""Lines of one 事業 in memory, each rounded alone: totals and weights stand in the test itself."""

import random
from collections.abc import Mapping, Sequence
from functools import cache

from apportion.allocate import vector
from apportion.allocate.case import Case, LineResult, Part, Participant
from apportion.allocate.rounding import Shares
from apportion.core.model import Attendance, BudgetLine, Member, Yen
from apportion.core.problem import Source
from apportion.rules.book import Defaults, Expense, RuleFile
from apportion.rules.nodes import Name, Rounding, Stage

Lines = Sequence[tuple[int, Mapping[int, int]]]
"""Total and weights, by number of the member."""

HERE = Source()
FILE = RuleFile(
    project=Name("共同事業", HERE),
    year="r7",
    year_source=HERE,
    state="案",
    head=Defaults(),
    source=HERE,
)
EXPENSE = Expense(names=(), clauses=(), own=Defaults(), source=HERE)


@cache
def member(number: int) -> Participant:
    """The member of this number; a larger number has a larger code."""
    own = Member(code=f"{number:06}", name=f"{number}町", kana="", kind="町", source=HERE)
    return Participant(member=own, attendance=Attendance(source=HERE))


def line(name: str, total: int, weights: Mapping[int, int], unit: int = 1) -> LineResult:
    """`total` yen by the weights of members, by number, rounded alone; the rule says 事業ごと."""
    numbers = sorted(weights)
    own = tuple(weights[number] for number in numbers)
    shares = Shares(total, own, sum(own))
    part = Part(clause=None, who=(), amount=0, drivers=(), weights=(), total=1)  # type: ignore[arg-type]
    case = Case(
        line=BudgetLine(
            category="", project="共同事業", path=(), name=name, amount=Yen(total), source=HERE
        ),
        file=FILE,
        expense=EXPENSE,
        participants=tuple(member(number) for number in numbers),
        base=Yen(total),
        parts=(part,),
        rounding=Rounding(unit=unit, stage=Stage.PROJECT),
    )
    rounded = vector.whole_yen(case, shares, total)
    return LineResult(case=case, free=shares, shares=shares, held=(), rounded=rounded)


def amounts(results: Sequence[LineResult | None]) -> list[dict[str, int]]:
    """Yen of each line by 団体コード."""
    found = [result for result in results if result is not None]
    return [
        dict(zip((p.member.code for p in r.case.participants), r.rounded.yen, strict=True))
        for r in found
    ]


def council(members: int, lines: int) -> Lines:
    """Each line with weights of its own, of the size of populations; the same every time."""
    dice = random.Random(7)  # noqa: S311  no secret
    people = [dice.randint(300, 3_800_000) for _ in range(members)]
    return [
        (
            dice.randint(10**6, 10**10),
            {number: 1 + size * dice.randint(1, 9) // 9 for number, size in enumerate(people)},
        )
        for _ in range(lines)
    ]
