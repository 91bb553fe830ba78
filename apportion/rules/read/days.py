"""Days and years as ordinances say them: 納期, 基礎数値, 途中参加 and 休日 in our words."""

import re
from calendar import monthrange
from collections.abc import Sequence

from apportion.core.year import FiscalYear
from apportion.rules.read.names import Lexicon
from apportion.rules.read.phrasing import Assuming, Lines, Said, by_rules

_ERA_DAY = r"(?:令和|平成)(?:[0-9]{1,2}|元)年"
_DAY = re.compile(rf"({_ERA_DAY})?\s*([0-9]{{1,2}})月\s*(?:([0-9]{{1,2}})日|末日?)")
_NUMBERED = re.compile(r"第\s*[0-9]+\s*期")
_ONE_DAY = re.compile(r"(?:令和|平成)(?:[0-9]+|元)年[0-9]+月[0-9]+日")
_MONTHLY = re.compile(r"毎月\s*(?:([0-9]{1,2})日|末日?)(?:まで)?")
_MONTHS, _FIRST_MONTH = 12, 4


_SAME_DAY = re.compile(
    r"((?:[0-9]{1,2}月(?:、|,|及び|並びに|・)?\s*)+)の(?:それぞれ|各)?(?:の)?([0-9]{1,2}日|末日?)(?:まで(?:に)?)?"
)
_MONTH_ALONE = re.compile(r"([0-9]{1,2})月")
_EQUAL_PARTS = "割合が別に決まっていなければ（同じ額ずつなら）、"


def due(text: str, lexicon: Lexicon) -> Said:
    """納期: days without their year, the last of a month, several without parts, every month."""
    if every := _MONTHLY.fullmatch(text):
        months = [*range(_FIRST_MONTH, _MONTHS + 1), *range(1, _FIRST_MONTH)]
        yield Assuming(_equal_dues([_on(lexicon.year, m, every[1]) for m in months]), _EQUAL_PARTS)
        return
    text = _SAME_DAY.sub(
        lambda f: "、".join(f"{m}月{f[2]}" for m in _MONTH_ALONE.findall(f[1])), text
    )
    said = _DAY.sub(lambda f: f" {_with_year(f, lexicon.year)}", text)
    said = by_rules(said, ((r"残額", "残り"), (r"\s*(?:までに?|限り)(?=\s|、|$|[0-9]|残)", " ")))
    days = [_NUMBERED.sub("", day).strip() for day in re.split(r"、|及び|並びに", said)]
    if len(days) == 1 and not _NUMBERED.search(said):
        yield (f"納期: 第1期 {days[0]} 残り",)
    elif all(_ONE_DAY.fullmatch(day) for day in days):
        yield Assuming(_equal_dues(days), _EQUAL_PARTS)
    else:
        numbered = _NUMBERED.search(said)
        dues = said.split("、") if numbered else [f"第{n}期 {d}" for n, d in enumerate(days, 1)]
        yield (f"納期: {re.sub(' +', ' ', '、'.join(dues))}",)


def _equal_dues(days: Sequence[str]) -> Lines:
    parts = [f"{len(days)}分の1"] * (len(days) - 1) + ["残り"]
    dues = (f"第{n}期 {day} {own}" for n, (day, own) in enumerate(zip(days, parts, strict=True), 1))
    return ("納期: " + "、".join(dues),)


def _with_year(found: re.Match[str], year: FiscalYear) -> str:
    day = _on(year, int(found[2]), found[3])
    if not found[1]:
        return day
    start = FiscalYear.parse(found[1].removesuffix("年") + "年度")
    # January to March belong to the fiscal year before.
    own = None if start is None else start if int(found[2]) >= _FIRST_MONTH else start + -1
    return day if own is None else _on(own, int(found[2]), found[3])


def _on(year: FiscalYear, month: int, day: str | None) -> str:
    """`令和7年4月30日`: the day, or (None) the last day of a month of the fiscal year."""
    western = year.start + (month < _FIRST_MONTH)
    last = monthrange(western, month)[1] if 1 <= month <= _MONTHS else 0
    return f"{FiscalYear(western).label.removesuffix('度')}{month}月{day or last}日"


_AS_OF = re.compile(r"(前々|前|当該|当)(年度?)の?\s*(?=([0-9]{1,2})月\s*[0-9]{1,2}日)")
_EACH_DAY = re.compile(
    r"(令和\s*[0-9]+)年(?:度)?から\s*(令和\s*[0-9]+)年(?:度)?(?:まで)?の各(?:年の?)?"
    r"([0-9]+月[0-9]+日)(?:現在)?の(平均|合計)"
)
_BACK = {"前々": -2, "前": -1, "当該": 0, "当": 0}


def bind(text: str, lexicon: Lexicon) -> Said:
    """基礎数値: a day of last year, by its date."""

    def dated(found: re.Match[str]) -> str:
        year = lexicon.year + _BACK[found[1]]
        later = found[2] == "年度" and int(found[3]) < _FIRST_MONTH
        return FiscalYear(year.start + later).label.removesuffix("度")

    said = _AS_OF.sub(dated, text)
    said = _EACH_DAY.sub(r"\1年\3から\2年\3まで\4", said)
    said = re.sub(r"(?<=[0-9]日)(?=\))", "現在", said)
    said = by_rules(
        said, ((r"当該年度", "当年度"), (r"\s*による\)", ")"), (r"の(?=(?:実績|決算)\))", ""))
    )
    yield (f"基礎数値: {said}",)


_JOINED = (
    (r"(月割|日割)(?:り)?(?:で|による|により)?(?:計算|算定)?(?:した額)?(?:する|とする)?", r"\1"),
    (r"^年額(?:を負担)?(?:する)?$", "全額"),
)


def joined(text: str, _lexicon: Lexicon) -> Said:
    """途中参加."""
    yield (f"途中参加: {by_rules(text, _JOINED)}",)


_HOLIDAYS = (
    (
        r"^(?:その|直前の|前の)?(?:前日|前営業日|直前の営業日|前の営業日|営業日の前日)(?:とする)?$",
        "前営業日",
    ),
    (r"^(?:その|次の|直後の)?(?:翌日|翌営業日|次の営業日|直後の営業日)(?:とする)?$", "翌営業日"),
)


def holiday(text: str, _lexicon: Lexicon) -> Said:
    """休日."""
    yield (f"休日: {by_rules(text, _HOLIDAYS)}",)
