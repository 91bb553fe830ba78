"""Names inside sentences: in 「」 only where they would not be read as one name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from apportion.core.dataclass import dataclass
from apportion.core.problem import Source
from apportion.core.year import wareki
from apportion.rules import spell
from apportion.rules.book import (
    Adjust,
    Assertion,
    Basis,
    Bind,
    Coefficients,
    Deduct,
    Group,
    Remark,
    Settlement,
    TierTable,
    Unsaid,
)
from apportion.rules.nodes import (
    EQUAL,
    Bound,
    Clause,
    Decimals,
    Doubling,
    Due,
    DuePlan,
    DueRounding,
    Flat,
    Mode,
    Name,
    OwnValue,
    PerUnit,
    Proration,
    RateOf,
    Ratio,
    Rest,
    RestOrder,
    Rounding,
    SameAs,
    Smoothing,
    Split,
    Weight,
    Who,
)

EVERYBODY = "参加団体のすべて"
_CUT = {Mode.UP: "切り上げます", Mode.DOWN: "切り捨てます"}


def clause(node: Clause) -> str:
    """`市町村が、残りのうち、30%を均等割、70%を人口割で分けます。`."""
    return f"{payers(node.who)}が、{_FORMS[type(node)](node)}。"


def payers(circle: Who | None) -> str:
    """Who pays."""
    return who(circle) if circle else EVERYBODY


def share(node: Split) -> str:
    """`対象額の25%`, `残り`, `定額 27千円`, `対象額の全部`."""
    if node.share is None:
        return "対象額の全部"
    text = said(spell.share(node.share))
    return f"対象額の{text}" if isinstance(node.share, Ratio) else text


def _split(node: Split) -> str:
    if not node.weights:
        return f"{share(node)}を負担します"
    first = node.weights[0]
    if len(node.weights) == 1:
        equally = "（同じ額ずつ）" if first.driver.text == EQUAL else ""
        return f"{share(node)}を、{name(first.driver)}{equally}で分けます"
    whole = share(node) if node.share else "対象額"
    return f"{whole}のうち、{'、'.join(map(_weight, node.weights))}で分けます"


def _weight(node: Weight) -> str:
    assert node.ratio is not None
    part = "残り" if isinstance(node.ratio, Rest) else spell.share(node.ratio)
    return f"{part}を{name(node.driver)}"


def _flat(node: Flat) -> str:
    return f"1団体あたり{spell.share(node.amount)}を負担します"


def _per_unit(node: PerUnit) -> str:
    size = spell.size(node)
    cut = f"（{size}に満たない分は{_CUT[node.cut]}）" if node.cut else ""
    figure = name(node.figure)
    return f"{figure}{size}につき{spell.share(node.price)}を負担します{cut}"


def _rate_of(node: RateOf) -> str:
    return f"それぞれの{name(node.figure)}の{spell.share(node.ratio)}を負担します"


def _own_value(node: OwnValue) -> str:
    return f"それぞれの{name(node.figure)}の額を負担します"


def _same_as(node: SameAs) -> str:
    return f"{who(node.of)}の計と同じ額を負担します"


_FORMS: dict[type, Callable[[Any], str]] = {
    Split: _split,
    Flat: _flat,
    PerUnit: _per_unit,
    RateOf: _rate_of,
    OwnValue: _own_value,
    SameAs: _same_as,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """What a line says; an empty source: nothing is written, and this is what holds then."""

    text: str
    source: Source


class Placed(Protocol):
    """A node with its place."""

    @property
    def source(self) -> Source:
        """Place of its words."""


Node = TypeVar("Node", bound=Placed)
Sentences = Iterator[Sentence]


def each(nodes: Iterable[Node | None], tell: Callable[[Node], str]) -> Sentences:
    """A sentence for every node that is there."""
    for node in nodes:
        if node is not None:
            yield Sentence(text=tell(node), source=node.source)


def legal(remark: Remark) -> str:
    """根拠."""
    return f"根拠は「{remark.text}」です。"


def note(remark: Remark) -> str:
    """備考."""
    return f"備考: {remark.text}"


def unsaid(node: Unsaid) -> str:
    """未対応."""
    office = f"{node.office}が承認しています" if node.office else "まだ、だれも承認していません"
    return f"「{node.clause}」は、計算に入っていません（理由: {node.reason}）。{office}。"


def basis(block: Basis) -> Sentences:
    """■基準."""
    ending = "となるように決めます。" if isinstance(block.formula, Doubling) else "です。"
    text = f"値は、{said(spell.value(block.formula))}{ending}"
    yield Sentence(text=text, source=block.formula.source)
    yield from each([block.decimals], decimals)
    yield from _unit(block)


def tiers(block: TierTable) -> Sentences:
    """■段階表."""
    how = "段ごとの率を積み上げます" if block.marginal else "入る段の値をそのまま使います"
    yield Sentence(text=f"{name(block.by)}の段で決めます。{how}。", source=block.by.source)
    for row in block.rows:
        step = spell.measure(spell.words(row.source))
        yield Sentence(text=f"{step}は{said(spell.formula(row.value))}です。", source=row.source)
    yield from _unit(block)


def coefficients(block: Coefficients) -> Sentences:
    """■係数表."""
    if block.percent:
        text = "割合の決まった表です。参加団体の割合の合計は100%です。"
        yield Sentence(text=text, source=block.source)
    for row, value in block.rows:
        text = f"{name(row)}は{said(spell.formula(value))}です。"
        yield Sentence(text=text, source=row.source)
    yield from _unit(block)


def group(block: Group) -> Sentences:
    """■グループ."""
    yield Sentence(text=f"団体は、{who(block.members)}です。", source=block.members.source)
    yield from each([block.lead], _lead)


def settlement(block: Settlement) -> Sentences:
    """■精算."""
    text = (
        f"決算での差額は、{block.difference}とします。基礎数値は、{block.figures}のものを使います。"
    )
    yield Sentence(text=text, source=block.source)
    yield from each(block.legal, legal)


def invoice(texts: Mapping[str, tuple[Remark, ...]]) -> Sentences:
    """■請求書."""
    for key, remarks in texts.items():
        for remark in remarks:
            yield Sentence(text=f"{key}: {remark.text}", source=remark.source)


def _lead(node: Name) -> str:
    return f"負担金は、代表の{name(node)}にまとめて請求します。"


def _unit(block: Basis | TierTable | Coefficients) -> Sentences:
    if block.unit:
        yield Sentence(text=f"単位は{block.unit}です。", source=block.source)


_ROUNDED = {Mode.DOWN: "切り捨て", Mode.HALF_UP: "四捨五入し", Mode.UP: "切り上げ"}
_JOINING = {
    "月割": "年度の途中で加わり、または抜けた団体は、参加した月の数に応じて負担します",
    "日割": "年度の途中で加わり、または抜けた団体は、参加した日の数に応じて負担します",
    "全額": "年度の途中で加わり、または抜けた団体も、1年分を負担します",
    "翌年度から": "年度の途中で加わった団体は、翌年度から負担します",
}
_ADJUST = {
    "先に引き、後で足す": "団体ごとの{}を、先に対象額から引き、分けた後でその団体に足します。",
    "差し引く": "分けた後で、団体ごとの{}を差し引きます。",
    "足す": "分けた後で、団体ごとの{}を足します。",
}


def roster(node: Name) -> str:
    """名簿."""
    return f"参加する団体は、名簿「{node.text}」のとおりです。"


def bind(node: Bind) -> str:
    """基礎数値."""
    column = f"「{spell.plain(node.heading.text)}（{spell.as_of(node)}）」"
    settled = f"精算では、（{spell.as_of(node.settled)}）の数を使います。" if node.settled else ""
    return f"{name(node.alias)}は、基礎数値{column}です。{settled}"


def rounding(node: Rounding) -> str:
    """端数."""
    cut = f"{node.stage.value}に{node.unit:,}円未満を{_ROUNDED[node.mode]}、差額は"
    if node.rest is RestOrder.NONE:
        return f"{cut}調整しません（端数未調整額として示します）。"
    if node.payer is not None:
        return f"{cut}{name(node.payer)}が負担します。"
    if node.rest is RestOrder.BIGGEST:
        return f"{cut}{node.rest.value}します。"
    order = (
        "年度ごとに番を送り、団体コードの順" if node.rest is RestOrder.ROTATION else node.rest.value
    )
    moved = "足します" if node.mode is Mode.DOWN else "足すか引きます"
    return f"{cut}{order}に{node.unit:,}円ずつ{moved}。"


def decimals(node: Decimals) -> str:
    """端数 of a ■基準."""
    return f"値の端数は、{spell.decimals(node)}です。"


def due_rounding(node: DueRounding) -> str:
    """期割の端数."""
    rest = "第1期" if node.first else "最後の期"
    return f"期ごとに{node.unit:,}円未満を{_ROUNDED[node.mode]}、差額は{rest}に入れます。"


def holiday(word: str) -> str:
    """休日."""
    if word == "そのまま":
        return "納期限が休日に当たっても、動かしません。"
    return f"納期限が休日に当たるときは、{word}にします。"


def bound(node: Bound) -> str:
    """上限 and 下限."""
    whom = f"{payers(node.who)}は、" if node.who else "どの団体も、"
    edge = "を超えません。超えた分は" if node.upper else "を下回りません。足りない分は"
    rest = "徴収しません" if node.waived else "残りの団体で割り直します"
    rest = f"{who(node.payer)}が負担します" if node.payer else rest
    new = "前年度のない団体には当てはめません。" if node.skip_new else ""
    return f"{whom}1団体あたり{spell.limit(node)}{edge}{rest}。{new}"


def project_bound(node: Bound) -> str:
    """上限 and 下限 of the head: they act on what a member pays for all of the 事業."""
    return f"この事業の合計で、{bound(node)}"


def proration(node: Proration) -> str:
    """途中参加."""
    month = "（加わった月は数えません）" if node.next_month else "（加わった月も数えます）"
    months = month if node.method == "月割" else ""
    if node.method == "全額":
        return f"{_JOINING[node.method]}。"
    rest = "繰り越します" if node.carry else "他の団体で負担します"
    return f"{_JOINING[node.method]}{months}。減った分は{rest}。"


def smoothing(node: Smoothing) -> str:
    """平準化."""
    rest = "初年度" if node.rest_first else "最終年度"
    total = spell.share(node.total)
    return f"対象額は、総額{total}を{spell.span(node)}に分けた、この年度の分です。端数は{rest}に入れます。"


def plan(node: DuePlan) -> str:
    """納期."""
    if len(node.dues) == 1:
        return f"{wareki(node.dues[0].day)}までに、全額を納めます。"
    over = ""
    if node.over:
        over = f"年額が{spell.share(node.over)}を超えない団体は、すべてを第1期に納めます。"
    return f"{'、'.join(map(_due, node.dues))}を納めます。{over}"


def _due(node: Due) -> str:
    return f"第{node.number}期（{wareki(node.day)}まで）に{spell.share(node.share)}"


def deduct(node: Deduct) -> str:
    """差し引く."""
    if node.amount is None:
        return f"予算の列「{spell.plain(node.name.text)}」の額を、先に差し引きます。"
    return f"{name(node.name)}の{spell.share(node.amount)}を、先に差し引きます。"


def adjust(node: Adjust) -> str:
    """団体別加減."""
    return _ADJUST[node.kind].format(name(node.figure))


def assertion(node: Assertion) -> str:
    """検算."""
    return f"{name(node.subject)}が{spell.expected(node)}であることを確かめます。"


def said(spelled: str) -> str:
    """A spelled value as part of a sentence."""
    return spell.bare(spelled, spell.AMONG_WORDS)


def name(node: Name) -> str:
    """A name."""
    return said(spell.name(node))


def names(nodes: Iterable[Name]) -> str:
    """Names of budget lines, as a ■見出し has them."""
    return spell.bare(spell.names(nodes), spell.IN_A_LIST)


def who(node: Who) -> str:
    """Members and groups."""
    return said(spell.who(node))
