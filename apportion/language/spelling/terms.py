"""端数, 上限 and 下限, 途中参加, 平準化, 納期, 基礎数値, 検算 and the like in their one spelling."""

from apportion.language.spelling.leaves import measure, name, plain, share, who, words
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
    OfLine,
    OfPrevious,
    Proration,
    Rounding,
    Smoothing,
)
from apportion.year import FiscalYear, parse_date, wareki

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
    rest = f"{name(node.payer)}が負担" if node.payer else "残りの団体で割り直す"
    new = "、前年度のない団体は除く" if node.skip_new else ""
    return f"{each}{limit(node)}、{side}は{rest}{new}"


def limit(node: Bound) -> str:
    """`500千円`, `前年度の120%`."""
    before = {OfPrevious: "前年度の", OfLine: "経費の"}.get(type(node.limit), "")
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
    return f"{alias}{name(node.heading)}（{as_of(node)}）"


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
