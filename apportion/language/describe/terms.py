"""端数, 上限 and 下限, 途中参加, 納期 and the other lines of a 経費 as sentences."""

from apportion.language import spelling
from apportion.language.describe.clauses import payers
from apportion.language.describe.words import name
from apportion.rulebook import (
    Adjust,
    Assertion,
    Bind,
    Bound,
    Decimals,
    Deduct,
    Due,
    DuePlan,
    DueRounding,
    Mode,
    Name,
    Proration,
    RestOrder,
    Rounding,
    Smoothing,
)
from apportion.year import wareki

_CUT = {Mode.DOWN: "切り捨て", Mode.HALF_UP: "四捨五入し", Mode.UP: "切り上げ"}
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
    column = f"「{spelling.plain(node.heading.text)}（{spelling.as_of(node)}）」"
    return f"{name(node.alias)}は、基礎数値{column}です。"


def rounding(node: Rounding) -> str:
    """端数."""
    cut = f"{node.stage.value}に{node.unit:,}円未満を{_CUT[node.mode]}、差額は"
    if node.rest is RestOrder.NONE:
        return f"{cut}調整しません（端数未調整額として示します）。"
    if node.payer is not None:
        return f"{cut}{name(node.payer)}が負担します。"
    order = (
        "年度ごとに番を送り、団体コードの順" if node.rest is RestOrder.ROTATION else node.rest.value
    )
    moved = "足します" if node.mode is Mode.DOWN else "足すか引きます"
    return f"{cut}{order}に{node.unit:,}円ずつ{moved}。"


def decimals(node: Decimals) -> str:
    """端数 of a ■基準."""
    return f"値の端数は、{spelling.decimals(node)}です。"


def due_rounding(node: DueRounding) -> str:
    """期割の端数."""
    rest = "第1期" if node.first else "最後の期"
    return f"期ごとに{node.unit:,}円未満を{_CUT[node.mode]}、差額は{rest}に入れます。"


def holiday(word: str) -> str:
    """休日."""
    if word == "そのまま":
        return "納期限が休日に当たっても、動かしません。"
    return f"納期限が休日に当たるときは、{word}にします。"


def bound(node: Bound) -> str:
    """上限 and 下限."""
    whom = f"{payers(node.who)}は、" if node.who else "どの団体も、"
    edge = "を超えません。超えた分は" if node.upper else "を下回りません。足りない分は"
    rest = f"{name(node.payer)}が負担します" if node.payer else "残りの団体で割り直します"
    new = "前年度のない団体には当てはめません。" if node.skip_new else ""
    return f"{whom}1団体あたり{spelling.limit(node)}{edge}{rest}。{new}"


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
    total = spelling.share(node.total)
    return f"対象額は、総額{total}を{spelling.span(node)}に分けた、この年度の分です。端数は{rest}に入れます。"


def plan(node: DuePlan) -> str:
    """納期."""
    if len(node.dues) == 1:
        return f"{wareki(node.dues[0].day)}までに、全額を納めます。"
    over = ""
    if node.over:
        over = f"年額が{spelling.share(node.over)}を超えない団体は、すべてを第1期に納めます。"
    return f"{'、'.join(map(_due, node.dues))}を納めます。{over}"


def _due(node: Due) -> str:
    return f"第{node.number}期（{wareki(node.day)}まで）に{spelling.share(node.share)}"


def deduct(node: Deduct) -> str:
    """差し引く."""
    if node.amount is None:
        return f"予算の列「{spelling.plain(node.name.text)}」の額を、先に差し引きます。"
    return f"{name(node.name)}の{spelling.share(node.amount)}を、先に差し引きます。"


def adjust(node: Adjust) -> str:
    """団体別加減."""
    return _ADJUST[node.kind].format(name(node.figure))


def assertion(node: Assertion) -> str:
    """検算."""
    return f"{name(node.subject)}が{spelling.expected(node)}であることを確かめます。"
