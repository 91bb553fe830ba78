"""Words of a rule in their one spelling: names, numbers with their units, parts, who pays.

Every name stands in 「」 here; `bare` takes those away that reading does not need.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.core.text import fold, wide
from apportion.core.year import FiscalYear, parse_date, wareki
from apportion.rules.book import Adjust, Assertion, Bind, Deduct, Unsaid
from apportion.rules.nodes import (
    Arith,
    Bound,
    Clause,
    Decimals,
    Doubling,
    Due,
    DuePlan,
    DueRounding,
    Flat,
    Money,
    Name,
    Number,
    OfLine,
    OfOwn,
    OfPrevious,
    Operation,
    OwnValue,
    PerUnit,
    Pick,
    Proration,
    RateOf,
    Ratio,
    Reckoned,
    Rest,
    Rounding,
    SameAs,
    Smoothing,
    Split,
    SumOf,
    Weight,
    Who,
)


def years(node: Iterable[tuple[FiscalYear, FiscalYear | None]]) -> str:
    """`（令和6年度、令和7年度に限る）` behind a line."""
    return f"（{stretches(node)}に限る）"


def stretches(node: Iterable[tuple[FiscalYear, FiscalYear | None]]) -> str:
    """`令和6年度、令和7年度`."""
    return "、".join(_stretch(*pair) for pair in node)


def _stretch(first: FiscalYear, last: FiscalYear | None) -> str:
    if last is None:
        return f"{first.label}以降"
    return first.label if last == first else f"{first.label}から{last.label}まで"


def unsaid(node: Unsaid) -> str:
    """未対応."""
    office = f"、承認 {node.office}" if node.office else ""
    return f"「{node.clause}」 理由 {node.reason}{office}"


def clause(node: Clause) -> str:
    """`市町村に 残りを 均等割 30% + 人口割 70%`, and every other form."""
    payers = f"{who(node.who)}に " if node.who else ""
    return payers + _FORMS[type(node)](node)


def _split(node: Split) -> str:
    parts = " + ".join(map(_weight, node.weights))
    if node.share is None:
        return parts
    return f"{share(node.share)}を {parts}" if parts else share(node.share)


def _weight(node: Weight) -> str:
    return name(node.driver) + (f" {share(node.ratio)}" if node.ratio else "")


def _flat(node: Flat) -> str:
    return f"{share(node.amount)}ずつ"


def _per_unit(node: PerUnit) -> str:
    cut = f"（端数{node.cut.value}）" if node.cut else ""
    return f"{name(node.figure)} {size(node)}につき {share(node.price)}{cut}"


def size(node: PerUnit) -> str:
    """`1,000人` as written between the figure and につき."""
    line = words(node.source)
    after = node.figure.source.column + node.figure.source.length - node.source.column
    return measure(line[after : line.index("につき", after)].lstrip("」"))


def _rate_of(node: RateOf) -> str:
    return f"{name(node.figure)}の{share(node.ratio)}"


def _own_value(node: OwnValue) -> str:
    return f"{name(node.figure)}の額"


def _same_as(node: SameAs) -> str:
    return f"{who(node.of)}の計と同額"


_FORMS: dict[type, Callable[[Any], str]] = {
    Split: _split,
    Flat: _flat,
    PerUnit: _per_unit,
    RateOf: _rate_of,
    OwnValue: _own_value,
    SameAs: _same_as,
}


_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
_SIGNS = {"+": " + ", "-": " - ", "*": " × ", "/": " ÷ "}
_SLASH = "/"
_WRITTEN = re.compile(r"[×*÷/]")
_FACTOR = re.compile(r"([0-9][0-9,.]*)\s*倍$")
_BARE = re.compile(r"[0-9,.]+")


def value(node: Arith | Doubling) -> str:
    """値 of a ■基準."""
    if not isinstance(node, Doubling):
        return formula(node)
    factor = _FACTOR.search(words(node.source))
    assert factor is not None
    return f"{name(node.figure)}が2倍で負担が{measure(factor[1])}倍"


def formula(node: Arith) -> str:
    """A formula with the brackets that it needs and no others."""
    if isinstance(node, Number):
        return measure(words(node.source))
    if isinstance(node, Name):
        return name(node)
    if isinstance(node, SumOf):
        return f"{name(node.name)}の計"
    if isinstance(node, Pick):
        return f"{node.function}（{'、'.join(map(formula, node.terms))}）"
    if node.operator == "^":
        return f"{_operand(node.left, 4)}^{_operand(node.right, 4)}"
    return _chain(node)


@dataclass(frozen=True, slots=True)
class _Step:
    """One further operand of a chain, and the sign before it."""

    operator: str
    slash: bool
    operand: Arith


def _chain(node: Operation) -> str:
    """Operands of one rank, from left to right; `1/2` stays a fraction, other divisions get ÷."""
    first, steps = _steps(node)
    rank = _RANKS[node.operator]
    text, before = _operand(first, rank + 1), first
    for place, step in enumerate(steps):
        divided = place > 0 and steps[place - 1].operator == "/"
        fraction = step.slash and not divided and _is_bare(before) and _is_bare(step.operand)
        text += _SLASH if fraction else _SIGNS[step.operator]
        text += _operand(step.operand, rank + 1)
        before = step.operand
    return text


def _steps(node: Operation) -> tuple[Arith, list[_Step]]:
    rank = _RANKS[node.operator]
    steps: list[_Step] = []
    left: Arith = node
    while isinstance(left, Operation) and _RANKS[left.operator] == rank:
        steps.append(_Step(left.operator, _slash(left), left.right))
        left = left.left
    return left, steps[::-1]


def _operand(node: Arith, least: int) -> str:
    """An operand, in brackets where its own signs bind less than `least`."""
    text = formula(node)
    weak = isinstance(node, Operation) and _RANKS[node.operator] < least
    return f"（{text}）" if weak else text


def _slash(node: Operation) -> bool:
    """Whether the writer divided with `/`."""
    left, right = node.left.source, node.right.source
    between = fold(right.text)[left.column + left.length - 1 : right.column - 1]
    found = _WRITTEN.search(between)
    return found is not None and found[0] == _SLASH


def _is_bare(node: Arith) -> bool:
    return isinstance(node, Number) and _BARE.fullmatch(words(node.source)) is not None


_RELATIVE = ("前々年度", "前年度", "当年度")


def rounding(node: Rounding) -> str:
    """`千円未満切捨て（基準ごと）、差額は端数の大きい順`."""
    written = words(node.source)
    stage = f"（{node.stage.value}）" if "(" in written.partition("差額は")[0] else ""
    payer = name(node.payer) if node.payer else ""
    return f"{_unit(written)}{node.mode.value}{stage}、差額は{payer}{node.rest.value}"


def decimals(node: Decimals) -> str:
    """`小数第3位未満四捨五入`."""
    places = f"小数第{node.digits}位" if node.digits else "整数"
    return f"{places}未満{node.mode.value}"


def due_rounding(node: DueRounding) -> str:
    """`千円未満切捨て、差額は最終期`."""
    rest = "第1期" if node.first else "最終期"
    return f"{_unit(words(node.source))}{node.mode.value}、差額は{rest}"


def bound(node: Bound) -> str:
    """`市町村ごとに 500千円、足りない分は残りの団体で割り直す`."""
    each = f"{who(node.who)}ごとに " if node.who else ""
    side = "超えた分" if node.upper else "足りない分"
    rest = "徴収しない" if node.waived else "残りの団体で割り直す"
    rest = f"{who(node.payer)}が負担" if node.payer else rest
    new = "、前年度のない団体は除く" if node.skip_new else ""
    return f"{each}{limit(node)}、{side}は{rest}{new}"


def limit(node: Bound) -> str:
    """`500千円`, `前年度の120%`."""
    heads = {OfPrevious: "前年度の", OfLine: "経費の", OfOwn: "もとの額の"}
    before = heads.get(type(node.limit), "")
    return before + measure(words(node.limit.source).removeprefix(before))


def proration(node: Proration) -> str:
    """`月割（参加した月を含む）、減った分は他の団体で負担`; what is left to the default stays so."""
    written = words(node.source)
    month = "翌月から" if node.next_month else "参加した月を含む"
    months = f"（{month}）" if "(" in written else ""
    rest = "繰越" if node.carry else "他の団体で負担"
    return f"{node.method}{months}" + (f"、減った分は{rest}" if "減った分は" in written else "")


def smoothing(node: Smoothing) -> str:
    """`総額 56,210千円を 60か月（令和4年1月から）、端数は最終年度`."""
    rest = "初年度" if node.rest_first else "最終年度"
    return f"総額 {share(node.total)}を {span(node)}、端数は{rest}"


def span(node: Smoothing) -> str:
    """`60か月（令和4年1月から）`."""
    return f"{node.count:,}{'か月' if node.months else '年'}（{_first(node)}から）"


def plan(node: DuePlan) -> str:
    """`第1期 令和7年7月31日 50%、第2期 令和8年1月30日 残り、年額10万円超に限る`."""
    over = [f"年額{share(node.over)}超に限る"] if node.over else []
    return "、".join([*map(_due, node.dues), *over])


def bind(node: Bind) -> str:
    """`人口 = 国勢調査人口（令和2年10月1日現在）`."""
    alias = "" if node.alias == node.heading else f"{name(node.alias)} = "
    settled = f"、精算は（{as_of(node.settled)}）" if node.settled else ""
    return f"{alias}{name(node.heading)}（{as_of(node)}）{settled}"


def as_of(node: Bind) -> str:
    """`令和2年10月1日現在`; the date itself as written, so that it fits the heading of the table."""
    return f"{node.as_of}現在" if parse_date(node.as_of) else node.as_of


def deduct(node: Deduct) -> str:
    """`国庫補助金 1,000千円`."""
    return name(node.name) + (f" {share(node.amount)}" if node.amount else "")


def adjust(node: Adjust) -> str:
    """`特別交付税を先に引き、後で足す`."""
    return f"{name(node.figure)}を{node.kind}"


def assertion(node: Assertion) -> str:
    """`合計 = 18,137千円`."""
    return f"{name(node.subject)} = {expected(node)}"


def expected(node: Assertion) -> str:
    """`18,137千円`, `予算額（±1円）`, `54団体`."""
    _, _, value = words(node.source).partition("=")
    return plain(measure(value))


def _unit(written: str) -> str:
    return f"{measure(written.partition('未満')[0])}未満"


def _first(node: Smoothing) -> str:
    """First month or year; 当年度 stays a word, as next year it means another one."""
    written = "".join(words(node.source).partition("(")[2].split())
    said = next((word for word in _RELATIVE if written.startswith(word)), "")
    day = wareki(node.first).removesuffix("1日")
    return day if node.months else said or FiscalYear(node.first.year).label


def _due(node: Due) -> str:
    return f"第{node.number:,}期 {wareki(node.day)} {share(node.share)}"


IN_A_LIST = re.compile("[、に]")
"""What keeps a name in 「」 where only names stand."""
AMONG_WORDS = re.compile(r"に|[^\w・]")
"""What keeps a name in 「」 among other words."""

_DIGITS = re.compile(r"([0-9][0-9,]*)((?:\.[0-9]+)?)")
_QUOTED = re.compile(r"「([^」]*)」")


def words(source: Source) -> str:
    """What a source marks, folded."""
    return fold(source.text)[source.column - 1 :][: source.length]


def plain(text: str) -> str:
    """One name as it stands where nothing else does: folded, but with the brackets of prose."""
    return wide(fold(text))


def name(node: Name) -> str:
    """A name among other words."""
    return f"「{plain(node.text)}」"


def names(nodes: Iterable[Name]) -> str:
    """`東浦町、幸田町`."""
    return "、".join(map(name, nodes))


def bare(text: str, kept: re.Pattern[str]) -> str:
    """Take away the 「」 of every name in which `kept` finds nothing."""
    return _QUOTED.sub(lambda found: found[0] if kept.search(found[1]) else found[1], text)


def measure(text: str) -> str:
    """A number with its unit: no spaces, `%`, commas from 1,000 on; the unit stays the writer's."""
    close = "".join(fold(text).split()).replace("パーセント", "%")
    return _DIGITS.sub(lambda found: f"{int(found[1].replace(',', '')):,}{found[2]}", close)


def share(node: Ratio | Rest | Money | Number | Reckoned) -> str:
    """`50%`, `残り`, `残りの 50%`, `定額 27千円`, `小さい方（予算額、需要額の計）`."""
    if isinstance(node, Reckoned):
        return formula(node.formula)
    found = measure(words(node.source))
    for before in ("残りの", "定額"):
        if found.startswith(before):
            return f"{before} {found.removeprefix(before)}"
    return found


def who(node: Who) -> str:
    """`市町村、愛知県（豊根村を除く）`."""
    without = f"（{names(node.excluded)}を除く）" if node.excluded else ""
    return names(node.names) + without
