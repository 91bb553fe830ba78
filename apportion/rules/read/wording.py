"""Words of ordinances that ours say otherwise: `A市が負担`, `1人当たり`, `予算額の2分の1`.

The language has one form for each meaning. A line that cannot be read, or that names what nobody
knows, is put into our words; it is offered only where the reader then reads it, knowing every name.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from apportion.core.mends import OR, offered
from apportion.core.numbers import percent
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import fold, name_key, wide
from apportion.core.year import FiscalYear
from apportion.rules import messages
from apportion.rules.nodes import EQUAL
from apportion.rules.read.forms import example
from apportion.rules.read.names import BUDGET, Lexicon, LineError, known, strange
from apportion.rules.read.numbers import NUMBER, bind, value_of
from apportion.rules.read.phrasing import MONEY, PART, by_rules, part, unwrapped
from apportion.rules.read.scan import Item, Piece, RuleLine, classify
from apportion.rules.read.years import behind, by_years, limited

Reader = Callable[[Piece, Lexicon], object]
Lines = tuple[str, ...]

_BEARS = r"負担(?:する|とする)?"


_LONGEST = 400
"""Signs of a line that is looked at: a sentence of an ordinance is shorter, and searching takes time."""


def otherwise(
    item: Item, lexicon: Lexicon, reader: Reader, found: object, beside: Container[str]
) -> Problem | None:
    """Problem that offers the line in our words; None where ours say no better.

    It is asked for a line that cannot be read or that names what nobody knows. `found` is what the
    reader makes of it: a problem stays, with our line as its mend. `beside` are the keys of its
    block.
    """
    key = name_key(item.key.text)
    text = item.value.text
    if len(text) > _LONGEST or key not in WORDS_OF_KEYS or "「" in text:
        return None
    if _PART_OF_BUDGET.search(text) and key == "負担割合" and any(k in beside for k in _LESSENING):
        return None
    fault = found if isinstance(found, Problem) else None
    own = offered(fault.fix) if fault else []
    if len(own) == 1 and _reads(own[0], lexicon, reader, key):
        return None
    offers = [
        lines
        for lines in WORDS_OF_KEYS[key](unwrapped(key, text, lexicon), lexicon)
        if lines != (f"{key}: {text}",)
        and all(_reads(line, lexicon, reader, key) for line in lines)
    ]
    if not offers:
        return None if fault is None else _without_false_mends(fault, lexicon, reader, key)
    end = behind(item.value)
    shown = list(dict.fromkeys(tuple(wide(f"{s}{end}") for s in own) for own in offers))
    said = _told(item.value.source, shown)
    return said if fault is None else replace(fault, fix=said.fix)


def _without_false_mends(
    fault: Problem, lexicon: Lexicon, reader: Reader, key: str
) -> Problem | None:
    """The fault without lines for copying that the reader of their key cannot read; None where it keeps all."""
    lines = offered(fault.fix)
    right = [
        line
        for line in lines
        if fold(line).partition(":")[0] != key or _reads(line, lexicon, reader, key)
    ]
    if len(right) == len(lines):
        return None
    if right:
        return replace(fault, fix=fault.fix.replace(OR.join(lines), OR.join(right)))
    return replace(fault, fix=messages.unreadable(fault.source, (), example(key)).fix)


def _told(source: Source, shown: Sequence[Lines]) -> Problem:
    if len(shown) > 1:
        return tell("W255.choice", source, lines=OR.join(lines[0] for lines in shown))
    [lines] = shown
    if len(lines) > 1:
        return tell("W255.lines", source, count=len(lines), lines="\n    ".join(lines))
    return tell("W255", source, line=lines[0])


_PART_OF_BUDGET = re.compile(rf"予算額の\s*{PART}")
_LESSENING = ("対象", "差し引く", "団体別加減", "平準化")
"""Keys beside which a part of 予算額 is not that part of 対象額."""


def _reads(line: str, lexicon: Lexicon, reader: Reader, key: str) -> bool:
    """Whether a line can be read, and names only what is known."""
    row = classify(RuleLine("", 1, line, fold(line)))
    if not isinstance(row, Item):
        return False
    own = reader if row.key.text == key else bind
    try:
        node = own(limited(row)[0].value, lexicon)
    except LineError:
        return False
    return own is bind or not strange(key, node, lexicon)


_EQUALS = ("平等割", "基本割", "市町村割", "市町割", "町村割", "団体割", "平均割", "会員割")
_SETS = re.compile(r"(?:構成|関係|組合|各|全)(?:構成)?(市区町村|市町村|市町|町村|団体|会員)")
_SHARES = (
    (r"(?<=割)額(?=[\s0-9、(+]|$)", ""),
    (rf"\(\s*({PART}|[0-9]+割)\s*\)", r" \1"),
    (r"(?<=[%0-9割])\s*(?:と|及び|並びに|・|,)\s*(?=[^\s0-9])", "、"),
    (r"(?<=[市町村県区都道府合])(?:及び|並びに|と|・)", "、"),
    (r"残額|残余の額|残余|残りの額|残りの経費|その残り|その他(?=\s*を)", "残り"),
    (rf"(?<![^、\s])(?:総額|経費|対象額|予算額|負担金の?総額|負担総額)の\s*(?={PART})", ""),
)
_BEARERS = (
    (rf"^(?:全額|全部|100%)を\s*(\S+?)(?:が|の)?\s*{_BEARS}$", r"\1に 100%"),
    (rf"^(\S+?)(?:が|の)\s*(?:全額|全部)?を?\s*{_BEARS}$", r"\1に 100%"),
    (rf"^(\S+?)が\s*({PART}|{MONEY}|残り)を?\s*{_BEARS}$", r"\1に \2"),
    (rf"^(\S+?)が\s*(.*割.*?)(?:で|により)?\s*{_BEARS}$", r"\1に \2"),
    (r"^([^\s0-9]+?)(?:で|が)\s*(?=\S*割)", r"\1に "),
    (rf"^(?:(\S+?)(?:で|が|に|は)\s*)?(?:均等に?|等分して)(?:按分|分担|{_BEARS})(?:する)?$", r"\1に 均等割"),
    ((r"(\S+?)(?:に応じて|により|比例で|比で|比により|の割合で|の割合により|に比例して)"
     rf"(?:按分|分担|{_BEARS})(?:する|して負担する)?$"), r"\1割"),
    (r"([^\s、]+?)按分$", r"\1割"),
    (rf"^((?:(?!割)[^0-9])+?(?:\([^)]*を除く\))?)\s*({PART}|残り)\s*を?\s*([^\s0-9、]+割)$",
     r"\1に \2を \3"),
)  # fmt: skip
_PRICES = (
    (r"\s*(?:当たり|あたり|当り)(?:年額)?\s*", "につき "),
    (r"(?<=につき)\s*年額\s*", " "),
    (rf"^1\s*(?:団体|会員|参加団体)(?:につき)?\s*({MONEY})$", r"\1ずつ"),
    (rf"^1\s*(市町村|市区町村|市|町|村|町村)(?:につき)?\s*({MONEY})$", r"\1に \2ずつ"),
    (rf"^([^\s0-9]+?)に?\s*年額\s*({MONEY})$", r"\1に \2ずつ"),
    (rf"^年額\s*({MONEY})(?:ずつ)?$", r"\1ずつ"),
    (rf"^([^\s0-9]+?)\s*({MONEY})$", r"\1に \2ずつ"),
    (r"(?<=[^\s0-9])(1\s*[^\s0-9]{1,4}につき)", r" \1"),
    (r"\A参加団体に (?=.*ずつ)", ""),
)
_TIMES = (
    re.compile(rf"^(?P<price>{MONEY})に、?(?P<figure>\S+?)を乗じ(?:て得|)た額$"),
    re.compile(rf"^(?P<figure>\S+?)に、?(?P<price>{MONEY})を乗じ(?:て得|)た額$"),
    re.compile(rf"^(?P<figure>\S+?)\s*[×*]\s*(?P<price>{MONEY})$"),
    re.compile(rf"^(?P<price>{MONEY})\s*[×*]\s*(?P<figure>\S+?)$"),
)
_DATED = re.compile(r"([^\s、+]+?)割\s*\(([^()]*(?:年度|現在)[^()]*)\)")
_WEIGHT = re.compile(
    rf"(?:(?P<first>{PART}|残り)\s*を?\s*)?(?P<basis>[^\s0-9]+割)\s*(?P<last>{PART}|残り)?"
)
_OF_ONE = re.compile(rf"([^\s0-9、]+?)は?\s*(?:年額\s*)?({PART}|{MONEY})(?:[、\s]+|$)")
_FIRST = re.compile(
    rf"(?P<who>[^\s0-9、]+?)(?:に|が)?\s*(?P<part>{PART})(?:を?負担し?)?、\s*残りを?\s*(?P<how>.+割.*)"
)
_TENTH = re.compile(r"([0-9])割(?:([0-9])分)?(?![^\s、+)])")


def _shares(text: str, lexicon: Lexicon) -> Iterator[Lines]:
    """負担割合."""
    if by_year := by_years(text):
        yield by_year
        return
    said = by_rules(text, _SHARES)
    said = _SETS.sub(lambda found: _set(found, lexicon), said)
    said = _counted(_equal(said, lexicon), lexicon)
    if times := next((found for way in _TIMES if (found := way.match(said))), None):
        said = _per_unit(times["figure"], times["price"], lexicon)
    said = by_rules(said, _PRICES if "割" not in said else ())
    said = by_rules(said, _BEARERS).removeprefix("に ").removeprefix("参加団体に ")
    said = _TENTH.sub(lambda f: f"{int(f[1]) * 10 + int(f[2] or 0)}%", said)
    dates = [(found[1], found[2]) for found in _DATED.finditer(said)]
    said = _weights_first(_DATED.sub(r"\1割", said))
    if first := _FIRST.fullmatch(said):
        yield f"負担割合: {first['who']}に {first['part']}", f"負担割合: 残りを {first['how']}"
        return
    bodies = _OF_ONE.findall(said)
    named = all(name_key(name) in lexicon.who.keys for name, _ in bodies)
    if len(bodies) > 1 and named and not _OF_ONE.sub("", said).strip():
        yield tuple(f"負担割合: {name}に {own}{_apiece(own)}" for name, own in bodies)
    else:
        yield (f"負担割合: {said}", *(f"基礎数値: {name}({day})" for name, day in dates))


def _set(found: re.Match[str], lexicon: Lexicon) -> str:
    """`構成市町村` is 市町村 unless a group of that name is there."""
    if known(found[0], lexicon):
        return found[0]
    return {"団体": "参加団体", "会員": "参加団体", "市町": "市町村"}.get(found[1], found[1])


def _equal(text: str, lexicon: Lexicon) -> str:
    """`平等割` is 均等割 unless a basis of that name is there."""
    for word in _EQUALS:
        if not known(word, lexicon):
            text = re.sub(rf"(?<![^\s、+を]){word}", EQUAL, text)
    return text


def _apiece(own: str) -> str:
    return "" if re.fullmatch(PART, own) else "ずつ"


def _counted(text: str, lexicon: Lexicon) -> str:
    """`世帯割` is 世帯数割 where only that is known."""

    def own(found: re.Match[str]) -> str:
        more = f"{found[1]}数割"
        return more if not known(found[0], lexicon) and known(more, lexicon) else found[0]

    return re.sub(r"([^\s、+0-9をの]+)割(?=[\s、+0-9]|$)", own, text)


def _per_unit(figure: str, price: str, lexicon: Lexicon) -> str:
    return f"{figure} 1{lexicon.units.get(name_key(figure), '')}につき {price}"


def _weights_first(text: str) -> str:
    """`2分の1を均等割、残りを人口割`: the parts stand behind their bases."""
    who, given, rest = text.rpartition("に ")
    pieces = re.split(r"[、+]\s*", rest)
    found = [_WEIGHT.fullmatch(piece.strip()) for piece in pieces]
    weights = [each for each in found if each and bool(each["first"]) != bool(each["last"])]
    if len(pieces) == 1 or len(weights) < len(pieces) or not any(w["first"] for w in weights):
        return text
    return who + given + " + ".join(f"{w['basis']} {w['first'] or w['last']}" for w in weights)


_ROUNDED = (
    (r"の?端数(?:金額)?(?:が生じたとき|があるとき)?(?:は|を|が)?、?(?=切|四捨)", ""),
    (r"切り?捨て(?:る|た額(?:とする)?|とする)?", "切捨て"),
    (r"切り?上げ(?:る|た額(?:とする)?|とする)?", "切上げ"),
    (r"四捨五入(?:する|した額(?:とする)?|とする)", "四捨五入"),
    (r"(?:残額|残り|端数|不足額|過不足)は", "差額は"),
    (r"(?<=[て入げ])し?(?=差額は)", "、"),
    (r"で調整(?:する)?$", "が負担"),
    (r"の負担(?:とする)?$|が負担する$", "が負担"),
    (
        r"差額は(?:最も|一番)?(?:負担)?(?:金額|額|負担金)の?(?:最も|一番)?(?:多い|大きい)団体(?:が負担)?$",
        "差額は最も金額の大きい団体が負担",
    ),
)


def _rounded(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """端数, of which the difference must go somewhere."""
    yield from _cut("端数", text, ("差額は端数の大きい順", "差額は調整しない"))


def _due_rounded(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """期割の端数."""
    yield from _cut("期割の端数", text, ("差額は最終期", "差額は第1期"))


def _cut(key: str, text: str, ends: Lines) -> Iterator[Lines]:
    said = by_rules(text, _ROUNDED)
    for end in ("",) if "差額は" in said else ends:
        yield (f"{key}: {said}{'、' if end else ''}{end}",)


def _adjusted(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """団体別加減."""
    yield (f"団体別加減: {text}",)


def _deducted(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """差し引く: a column of the budget."""
    yield (f"差し引く: {text}",)


_ERA_DAY = r"(?:令和|平成)(?:[0-9]{1,2}|元)年"
_DAY = re.compile(rf"({_ERA_DAY})?\s*([0-9]{{1,2}})月\s*(?:([0-9]{{1,2}})日|末日?)")
_NUMBERED = re.compile(r"第\s*[0-9]+\s*期")
_MONTHLY = re.compile(r"毎月\s*(?:([0-9]{1,2})日|末日?)")
_MONTHS, _FIRST_MONTH = 12, 4


def _due(text: str, lexicon: Lexicon) -> Iterator[Lines]:
    """納期: days without their year, the last of a month, one day alone, every month."""
    if every := _MONTHLY.fullmatch(text):
        months = [*range(_FIRST_MONTH, _MONTHS + 1), *range(1, _FIRST_MONTH)]
        days = [_on(lexicon.year, month, every[1]) for month in months]
    else:
        said = _DAY.sub(lambda f: f" {_with_year(f, lexicon.year)}", text)
        said = by_rules(said, ((r"残額", "残り"), (r"\s*(?:までに?|限り)(?=\s|、|$)", "")))
        if _NUMBERED.search(said):
            yield (f"納期: {re.sub(' +', ' ', said)}",)
            return
        days = [day.strip() for day in said.split("、")]
    parts = [f"{_MONTHS}分の1"] * (_MONTHS - 1) if every else [""] * (len(days) - 1)
    ends = [*parts, "" if len(days) > 1 and not every else "残り"]
    numbered = zip(days, ends, strict=True)
    yield (
        "納期: " + "、".join(f"第{n}期 {d} {e}".strip() for n, (d, e) in enumerate(numbered, 1)),
    )


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


_BASE = (
    (rf"({PART})に相当する額", r"\1"),
    (rf"(.+?)の\s*({PART})(?:の額)?$", r"(\1) × \2"),
    (rf"(.+?)に\s*({PART})を乗じ(?:て得|)た額$", r"(\1) × \2"),
    (
        r"^(\(?.+?)から\s*([^を]+?)(?:の額)?を(?:控除し|差し引い|除い|減じ|引い)(?:て得)?た?額",
        r"\1 - \2",
    ),
    (r"\A\(([^()\s]+)\) ×", r"\1 ×"),
)


def _base(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """対象."""
    said = by_rules(text, _BASE)
    said = re.sub(r"(?<=- )([^\s()]+(?:(?:及び|、|並びに)[^\s()]+)+)", _each_off, said)
    yield (f"対象: {by_rules(said, ((r'総事業費|事業費|経費の?総額|経費(?=[ -])', BUDGET),))}",)
    yield (f"対象: {said}",)


def _each_off(found: re.Match[str]) -> str:
    return " - ".join(re.split(r"及び|、|並びに", found[1]))


_LESS = re.compile(
    rf"(.+?)(?:に|は|の|を)?\s*({PART}|全額|半額)を?(?:減額|減免|軽減|免除)?(?:する)?、"
    r"(?:減った分|減額分|(?:減額|減免|免除)(?:した|する)?(?:分|額))は"
    r"(?:その)?(?:(他|ほか)の団体(?:で|が)負担|徴収しない)(?:する)?"
)


_IN_WORDS = {"全額": Fraction(1), "半額": Fraction(1, 2)}


def reduced(text: str, lexicon: Lexicon) -> str:
    """`C村 50%、減った分は他の団体で負担` as a 上限 of what is left; empty where it is not so."""
    found = _LESS.fullmatch(unwrapped("減免", text, lexicon))
    less = Fraction(0) if found is None else _IN_WORDS.get(found[2]) or part(found[2])
    if found is None or not 0 < less <= 1:
        return ""
    rest = "参加団体が負担" if found[3] else "徴収しない"
    return f"上限: {found[1].strip()}ごとに もとの額の{percent(1 - less)}、超えた分は{rest}"


_OVER = r"(?:を限度(?:とする|とし)?|を上限(?:とする|とし)?|を下限(?:とする|とし)?|以内(?:とする)?|を超えない)"
_BOUNDS = (
    (r"^(?:1\s*団体|各団体|団体)(?:当たり|につき|ごとに)?\s*(?=[0-9前経])", ""),
    (r"^1\s*(市町村|市|町|村|町村)(?:当たり|につき|ごとに)?\s*(?=[0-9前経])", r"\1ごとに "),
    (r"前年度?の?(?:負担金の?額|負担額|負担金|額)の", "前年度の"),
    (_OVER, ""),
    (r"超え(?:た|る)(?:分|額)は(?:その)?(?:他|ほか)の団体(?:で|が)(?:負担|割り直す|按分)(?:する)?",
     "超えた分は残りの団体で割り直す"),
    (r"超える(?:分|額)は", "超えた分は"),
    (r"超えた分は(?!残りの団体)([^、]+?)で(?:割り直す|分け合う|按分する)", r"超えた分は\1が負担"),
    (r"が負担する(?=$|、)", "が負担"),
    (r"(?:切り捨てる|徴収しない)$", "徴収しない"),
)  # fmt: skip
_TIMES_OVER = re.compile(rf"({NUMBER})\s*倍")


def _upper(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """上限."""
    yield from _bound("上限", text, ("超えた分は残りの団体で割り直す", "超えた分は徴収しない"))


def _lower(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """下限."""
    yield from _bound("下限", text, ("足りない分は残りの団体で割り直す",))


def _bound(key: str, text: str, ends: Lines) -> Iterator[Lines]:
    said = by_rules(text, _BOUNDS)
    said = _TIMES_OVER.sub(_in_percent, said)
    for end in ends if "分は" not in said else ("",):
        yield (f"{key}: {said.rstrip('、')}{'、' if end else ''}{end}",)


def _in_percent(found: re.Match[str]) -> str:
    """`120%` of 1.2倍."""
    value = value_of(found[1])
    return found[0] if value is None else percent(value)


_AS_OF = re.compile(r"(前々|前|当該|当)(年度?)の?\s*(?=([0-9]{1,2})月\s*[0-9]{1,2}日)")
_EACH_DAY = re.compile(
    r"(令和\s*[0-9]+)年(?:度)?から\s*(令和\s*[0-9]+)年(?:度)?(?:まで)?の各(?:年の?)?"
    r"([0-9]+月[0-9]+日)(?:現在)?の(平均|合計)"
)
_BACK = {"前々": -2, "前": -1, "当該": 0, "当": 0}


def _bind(text: str, lexicon: Lexicon) -> Iterator[Lines]:
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


def _joined(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """途中参加."""
    yield (f"途中参加: {by_rules(text, _JOINED)}",)


_HOLIDAYS = (
    (
        r"^(?:その|直前の|前の)?(?:前日|前営業日|直前の営業日|前の営業日|営業日の前日)(?:とする)?$",
        "前営業日",
    ),
    (r"^(?:その|次の|直後の)?(?:翌日|翌営業日|次の営業日|直後の営業日)(?:とする)?$", "翌営業日"),
)


def _holiday(text: str, _lexicon: Lexicon) -> Iterator[Lines]:
    """休日."""
    yield (f"休日: {by_rules(text, _HOLIDAYS)}",)


WORDS_OF_KEYS: dict[str, Callable[[str, Lexicon], Iterator[Lines]]] = {
    "負担割合": _shares,
    "端数": _rounded,
    "期割の端数": _due_rounded,
    "差し引く": _deducted,
    "団体別加減": _adjusted,
    "納期": _due,
    "対象": _base,
    "上限": _upper,
    "下限": _lower,
    "基礎数値": _bind,
    "途中参加": _joined,
    "休日": _holiday,
}
