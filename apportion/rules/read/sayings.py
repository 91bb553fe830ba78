"""Words of ordinances that ours say otherwise, by the key of the line: `1人当たり`, `予算額の2分の1`.

Each generator gives the lines in our words that a clause may mean; `wording` offers those that the
reader then reads, knowing every name.
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from apportion.core.numbers import percent
from apportion.core.text import name_key
from apportion.rules.nodes import EQUAL
from apportion.rules.read import days
from apportion.rules.read.forms import PRICE
from apportion.rules.read.names import BUDGET, PREVIOUS, Lexicon, known
from apportion.rules.read.numbers import NUMBER, YEN, value_of
from apportion.rules.read.phrasing import (
    MONEY,
    PART,
    Assuming,
    Lines,
    Said,
    by_rules,
    part,
    unwrapped,
)
from apportion.rules.read.years import by_years

_BEARS = r"負担(?:する|とする)?"


_EQUALS = ("平等割", "基本割", "市町村割", "市町割", "町村割", "団体割", "平均割", "会員割")
HOST = re.compile(
    r"(?:(?:当該|各)?(?:施設|事務所|本部)の?)?所在(?:する|の)?(?:市区町村|市町村|市町|市|町|村)"
)
_SETS = re.compile(r"(?:構成|関係|組合|各|全)(?:構成)?(市区町村|市町村|市町|町村|団体|会員)")
_SHARES = (
    (r"(?<=割)額(?=[\s0-9、(+]|$)", ""),
    (rf"\(\s*({PART}|[0-9]+割)\s*\)", r" \1"),
    (r"(?:(?<=[%0-9割])|(?<=パーセント))\s*(?:と|及び|並びに|・|,)\s*(?=[^\s0-9])", "、"),
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


def _shares(text: str, lexicon: Lexicon) -> Said:
    """負担割合."""
    if _COUNTED_ALONE.match(text):
        yield from _price(text, lexicon)
    elif by_year := by_years(text):
        yield by_year
    elif within := _WITHIN.fullmatch(text):
        yield from (Assuming(lines, _LIMIT_ONLY) for lines in _clause(within[1], lexicon))
    elif (host := HOST.search(text)) and not known(host[0], lexicon):
        yield from _host(text, lexicon)
    elif formula := _formula(text, lexicon):
        yield (f"負担割合: {formula}の額",)
    else:
        yield from _clause(text, lexicon)


def _clause(text: str, lexicon: Lexicon) -> Iterator[Lines]:
    """Who bears which part, amount or price."""
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
        yield tuple(f"負担割合: {name}に {own}{_each(own)}" for name, own in bodies)
    else:
        yield (f"負担割合: {said}", *(f"基礎数値: {name}({day})" for name, day in dates))


_WITHIN = re.compile(r"(.+?)以内(?:の額|とする)?")
_LIMIT_ONLY = (
    "「以内」は限度だけを決め、額を決めません。毎年決める額なら、基礎数値（figures）の列に入れて「（列の名）の額」と書きます。"
    "いつも限度の額なら、"
)
_SIGNS = re.compile(r"[+×÷*]| - ")
_PRODUCT = rf"(?:[^\s0-9、+]+?\s*[×*]\s*)?{MONEY}"
_FORMULA = (
    (
        r"^((?:[^\s0-9]+?に )?)前年度(?:の(?:(?:負担金|負担|分担金)の?額|負担金|分担金|額))?(?=\s*(?:[+×÷*-]|に|から))",
        rf"\1{PREVIOUS}",
    ),
    (rf"^(.+?)に、?({_PRODUCT})を加(?:えた|算した|えて得た)額$", r"\1 + \2"),
    (rf"^(.+?)から、?({MONEY})を(?:減じた|差し引いた|控除した|引いた)額$", r"\1 - \2"),
    (r"^(.+?)に、?([^\s0-9]*指数)を乗じ(?:て得|)た額", r"\1 × \2"),
)
_AT_MOST = re.compile(
    rf"[、(]\s*(?:引?き?上げ|上昇率?|増加率?|増額?)?は?\s*(?:上限|限度)?は?\s*({PART})"
    r"(?:を(?:上限|限度)|まで|以内|が限度)?(?:と?する)?\)?$"
)
_INDEX = re.compile(r"\s*[×*]\s*([^\s0-9()+×÷*]*指数)\s*$")


def _formula(text: str, lexicon: Lexicon) -> str:
    """`（前年度の負担金 + 10万円）` of `前年度 + 10万円`; empty where it is none."""
    text = _PER_FIGURE.sub(lambda found: _times(found, lexicon), text)
    said = by_rules(text, _FORMULA)
    most = _AT_MOST.search(said)
    said = said[: most.start()] if most else said
    if index := _INDEX.search(said):
        said = said[: index.start()] + _raised_by(index[1], most and most[1], lexicon)
    elif most:
        return ""
    prices = "割" in text or any(way.match(said) for way in _TIMES)
    if prices or not _SIGNS.search(said):
        return ""
    who, given, formula = said.rpartition("に ")
    return f"{who}{given}({formula})"


_PER_FIGURE = re.compile(
    rf"([^\s、+0-9に]+?)\s*1\s*([^\s0-9]{{1,4}}?)(?:につき|当たり|あたり)\s*({MONEY})(?=を加)"
)


def _times(found: re.Match[str], lexicon: Lexicon) -> str:
    """`人口 × 100円` of `人口1人につき100円`, where people are what is counted."""
    name, unit, price = found.groups()
    return f"{name} × {price}" if lexicon.units.get(name_key(name)) == unit else found[0]


def _raised_by(index: str, most: str | None, lexicon: Lexicon) -> str:
    """By how much an index of prices raises an amount: 107 points are 107%."""
    times = lexicon.units.get(name_key(index)) == "倍"
    worth = index if times else f"{index} ÷ 100"
    if most is None:
        return f" × {worth}"
    return f" × 小さい方({worth}、{percent(1 + part(most))})"


_PER_ONE = re.compile(
    rf"1\s*(?!団体|会員|市|町|村|区)([^\s0-9]{{1,4}}?)(?:につき|当たり|あたり|当り)\s*(?={MONEY}|[令平])"
)
_COUNTED_ALONE = re.compile(rf"{PRICE}|{_PER_ONE.pattern}")
_PRICE_ALONE = re.compile(rf"{MONEY}|(?:令和|平成)")
_NO_COUNT = {*YEN, "", "%", "‰", "点", "倍"}
"""Units of what is not counted."""


def _price(text: str, lexicon: Lexicon) -> Said:
    """単価, with what it counts, with its unit alone, or with neither."""
    said = by_rules(text, ((rf"^{PRICE}\s*は?\s*", ""),))
    per = _PER_ONE.match(said)
    if per is None and not _PRICE_ALONE.match(said):
        yield from _shares(said, lexicon)
        return
    counted = [(name, unit) for name, unit in lexicon.units.items() if unit not in _NO_COUNT]
    same = [(name, unit) for name, unit in counted if per and unit == per[1]]
    name, unit = next(iter(same or counted), ("人口", "人"))
    price = f"{name} 1{unit}につき {said[per.end() :] if per else said}"
    sure = "" if len(same) == 1 else f"何を数える単価かを確かめて「{name} 1{unit}」を直し、"
    yield Assuming(by_years(price) or (f"負担割合: {price}",), sure)


def _set(found: re.Match[str], lexicon: Lexicon) -> str:
    """`構成市町村` is 市町村 unless a group of that name is there."""
    if known(found[0], lexicon):
        return found[0]
    return {"団体": "参加団体", "会員": "参加団体", "市町": "市町村"}.get(found[1], found[1])


def _host(text: str, lexicon: Lexicon) -> Said:
    """`所在する市町村`: the one group with 所在 in its name, if there is one."""
    groups = [name for name in lexicon.who.keys if "所在" in name]
    if len(groups) == 1:
        for lines in _clause(HOST.sub(groups[0], text), lexicon):
            yield Assuming(lines, f"「{groups[0]}」のことなら、")


def _equal(text: str, lexicon: Lexicon) -> str:
    """`平等割` is 均等割 unless a basis of that name is there."""
    for word in _EQUALS:
        if not known(word, lexicon):
            text = re.sub(rf"(?<![^\s、+を]){word}", EQUAL, text)
    return text


def _each(own: str) -> str:
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


_UNIT_ALONE = re.compile(r"([0-9,]*[十百千万]?円)(?:単位|未満)?(?:で|とする|にする)?")


def _rounded(text: str, _lexicon: Lexicon) -> Said:
    """端数, of which the difference must go somewhere."""
    if unit := _UNIT_ALONE.fullmatch(text):
        for mode in ("切捨て", "四捨五入", "切上げ"):
            yield (f"端数: {unit[1]}未満{mode}、差額は端数の大きい順",)
        return
    yield from _cut("端数", text, ("差額は端数の大きい順", "差額は調整しない"))


def _due_rounded(text: str, _lexicon: Lexicon) -> Said:
    """期割の端数."""
    yield from _cut("期割の端数", text, ("差額は最終期", "差額は第1期"))


def _cut(key: str, text: str, ends: Lines) -> Said:
    said = by_rules(text, _ROUNDED)
    for end in ("",) if "差額は" in said else ends:
        yield (f"{key}: {said}{'、' if end else ''}{end}",)


def _adjusted(text: str, _lexicon: Lexicon) -> Said:
    """団体別加減."""
    yield (f"団体別加減: {text}",)


def _deducted(text: str, _lexicon: Lexicon) -> Said:
    """差し引く: a column of the budget."""
    yield (f"差し引く: {text}",)


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


def _base(text: str, _lexicon: Lexicon) -> Said:
    """対象."""
    said = by_rules(text, _BASE)
    said = re.sub(r"(?<=- )([^\s()]+(?:(?:及び|、|並びに)[^\s()]+)+)", _each_off, said)
    yield (
        f"対象: {by_rules(said, ((r'総事業費|事業費|予算の?総額|経費の?総額|経費(?=[ -])', BUDGET),))}",
    )
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


_OVER = r"(?:を限度(?:とする|とし)?|を上限(?:とする|とし)?|を下限(?:とする|とし)?|以内(?:の額)?(?:とする)?|を超えない)"
_BOUNDS = (
    (r"^([^\s、0-9]+?)は、?\s*(?=[0-9前経も])", r"\1ごとに "),
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


def _upper(text: str, lexicon: Lexicon) -> Said:
    """上限."""
    yield from _bound(
        "上限", text, lexicon, ("超えた分は残りの団体で割り直す", "超えた分は徴収しない")
    )


def _lower(text: str, lexicon: Lexicon) -> Said:
    """下限."""
    yield from _bound("下限", text, lexicon, ("足りない分は残りの団体で割り直す",))


_LIMIT = re.compile(r"((?:[^、]+?ごとに )?)(.+?)((?:、(?:超えた|足りない)分は.*)?)")
_RATE = re.compile(rf"([^\s、0-9]+?)の\s*({PART})")


def _worked_out(found: re.Match[str], lexicon: Lexicon) -> str:
    """A limit as a formula: `（前年度の負担金 + 10万円）`, `（基準財政需要額 × 2%）`."""
    who, limit, rest = found.groups()
    rate = _RATE.fullmatch(limit)
    in_yen = rate and lexicon.units.get(name_key(rate[1])) in YEN
    formula = f"({rate[1]} × {rate[2]})" if rate and in_yen else _formula(limit, lexicon)
    return f"{who}{formula or limit}{rest}"


def _bound(key: str, text: str, lexicon: Lexicon, ends: Lines) -> Said:
    said = by_rules(text, _BOUNDS)
    said = _TIMES_OVER.sub(_in_percent, said).rstrip("、")
    said = _worked_out(found, lexicon) if (found := _LIMIT.fullmatch(said)) else said
    for end in ends if "分は" not in said else ("",):
        yield (f"{key}: {said.rstrip('、')}{'、' if end else ''}{end}",)


def _in_percent(found: re.Match[str]) -> str:
    """`120%` of 1.2倍."""
    value = value_of(found[1])
    return found[0] if value is None else percent(value)


WORDS_OF_KEYS: dict[str, Callable[[str, Lexicon], Said]] = {
    "負担割合": _shares,
    PRICE: _price,
    "端数": _rounded,
    "期割の端数": _due_rounded,
    "差し引く": _deducted,
    "団体別加減": _adjusted,
    "納期": days.due,
    "対象": _base,
    "上限": _upper,
    "下限": _lower,
    "基礎数値": days.bind,
    "途中参加": days.joined,
    "休日": days.holiday,
}
