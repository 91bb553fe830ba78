"""What sentences of ordinances wrap a clause in: `…とする`, `…を乗じて得た額`, `端数があるときは、これを…`.

A clause is unwrapped before its words are put into ours (`wording`). Nothing here says what a word
means; what is left must still be read, and then means what the sentence did.
"""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from apportion.core.numbers import percent
from apportion.core.text import name_key
from apportion.rules.nodes import EQUAL
from apportion.rules.read.names import BUDGET, PREVIOUS, Lexicon
from apportion.rules.read.numbers import NUMBER, YEN, value_of

PART = rf"{NUMBER}\s*(?:%|パーセント|/\s*[0-9][0-9,]*|分の\s*[0-9][0-9,]*)"
MONEY = rf"{NUMBER}\s*(?:{'|'.join(YEN)})"
_DIGITS = {sign: digit for digit, sign in enumerate("一二三四五六七八九", start=1)}
_RANKS = {"十": 10, "百": 100, "千": 1000}
_KANJI = re.compile(r"([一二三四五六七八九十百千]+)分の([一二三四五六七八九十百千]+)")
_SEN = re.compile(r"([0-9,]+)円\s*([0-9]{1,2})銭")
_TIMES = r"を乗じ(?:て得|)た額"

Rules = Iterable[tuple[str, str]]

_EVERYWHERE: Rules = ((r"。(?=\)?$)", ""), (r"(?:とする|とします)$", ""))
_BODIES = r"(?:市区町村|市町村|市町|町村|市村|団体|会員)"
_CUT: Rules = (
    (r"(?:がある|が生じた|を生じた|が生じる|が出た)(?:とき|場合)は、?", "は"),
    (r"は、?(?:これ|その端数(?:金額)?|当該端数(?:金額)?)(?:を|は)(?=切|四捨)", "は"),
)
_LIMIT: Rules = (
    (rf"^(前年度?)の(?:負担金の?額|負担額|負担金)に、?({PART}){_TIMES}", r"\1の\2"),
    (r"を(?:下回ら|下ら)ない(?=$|、)", ""),
    (rf"^({MONEY})(?:を超える|に満たない)(?:とき|場合)は、?\1$", r"\1"),
    (r"^(前年度?)(?:の負担金)?比\s*", r"\1の"),
)
_OF_KEY: Mapping[str, Rules] = {
    "負担割合": (
        (
            r"^(\S+?)と\s*(\S+?)の(?:うち)?、?いずれか(?:小さい|少ない)(?:方の?)?額を\s*",
            r"小さい方(\1、\2)を ",
        ),
        (
            r"^(\S+?)と\s*(\S+?)の(?:うち)?、?いずれか(?:大きい|多い)(?:方の?)?額を\s*",
            r"大きい方(\1、\2)を ",
        ),
        (r"に相当する(?:額|金額)$", ""),
        (
            r"(?<=割)に(?:より|よって)(?:按分|算出|算定|計算|負担)(?:し(?:た額|て負担する)?|する)?$",
            "",
        ),
        (r"(?<=割)による(?:額|もの)?$", ""),
        (r"^(?:各|全|構成|関係)*" + _BODIES + r"?(?:とも)?同額$", EQUAL),
        (
            r"^(?:構成|関係|組合|組織|各|全)"
            + _BODIES
            + r"の(?=[^\s、]+?(?:に応じ|により|の割合|で按分|比))",
            "",
        ),
        (r"^((?:当該|前々?)年度)の([^\s、]+?)により(?:按分|負担)(?:する)?$", r"\2割(\1実績)"),
        (r"(?<=現在)の[^\s()]+(?=\))", ""),
        (r"\((?:[^()]*未満の)?端数は(?:これを)?切り?(捨て|上げ)(?:る|する)?\)", r"(端数切\1)"),
        (rf"(?<=[^\s、])に対して\s*(?={PART})", "の"),
        (rf"^(\S+?)に、?({PART}){_TIMES}$", r"\1の\2"),
        (
            rf"^(\S+?)に、?(1\s*[^\s0-9]{{1,6}}?(?:につき|当たり|あたり))\s*({MONEY}){_TIMES}$",
            r"\1 \2 \3",
        ),
        (r"において(?=均等|等分)", "で"),
        (r"で等分(?:に負担)?(?:する)?$", "で均等に負担"),
        (rf"(?<=割)額?[はを]\s*(?={PART})", " "),
        (rf"(?<=[^\s、0-9%割の])[をは]\s*(?={PART}(?:、|$))", " "),
        (rf"(?:他|ほか)の\s*(?={PART})", ""),
        (r"^全額を?\s*(?=\S+割$)", ""),
        (r"の(?:割合|比率|比)に(?:応じて|より|よって|よる)", "の割合により"),
        (r"^前年度(?:の負担金)?と同額$", f"{PREVIOUS}の額"),
    ),
    "端数": (
        *_CUT,
        (r"切り?捨てた(?:端数|金?額)(?:の(?:合計|総)額|の合計|の計)?は", "差額は"),
        (r"^(\S+未満)の端数は([^\s、]+?)(?:の|が)負担(?:する)?$", r"\1切捨て、差額は\2が負担"),
    ),
    "期割の端数": (
        *_CUT,
        (
            (
                r"(?:の端数(?:金額)?)?(?:は|を)?(?:すべて|全て)?(?:最後|最終)の?(?:納期限?|期)(?:の額)?に"
                r"(?:合算|加算|加え)(?:する|る)?$"
            ),
            "切捨て、差額は最終期",
        ),
    ),
    "納期": (
        (r"(?:上|前)期(?=\s)", "第1期"),
        (r"(?:下|後)期(?=\s)", "第2期"),
        (r"^年度末(?:日)?(?:まで)?$", "3月31日"),
        (r"毎(?:会計)?年度?、?\s*", ""),
        (r"(?:までに|まで)\s*全額(?:を?納(?:付|入)する)?$", ""),
        (rf"(?:分担金|負担金|分賦金|年額|通知額)の?(?:総額|年額|額)?の\s*(?={PART})", ""),
        (rf"({PART})\s*に?相当(?:する)?額", r"\1"),
    ),
    "対象": (
        (rf"(.+?)に\s*({MONEY}){_TIMES}", r"\1 × \2"),
        (
            r"^([^\s、から]+)(?:の額)?を(?:控除し|差し引い|除い|減じ)た(?:経費|金?額)$",
            rf"{BUDGET} - \1",
        ),
        (r"^(\S+?)\(([^()]+?)を(?:除く|控除する|差し引く)\)$", r"\1 - \2"),
        (rf"^(?:{BUDGET}|経費|総額)のうち\s*(?={MONEY}$)", ""),
    ),
    "差し引く": (
        (r"(?:の額)?を(?:控除|差し引|除)(?:する|く|した額|いた額)?$", ""),
        (r"の(?:収入)?額$", ""),
    ),
    "上限": _LIMIT,
    "下限": _LIMIT,
    "途中参加": (
        (
            r"^(?:加入|参加|加盟)(?:した|の)?(?:日)?の?(?:属する)?月からの?月割",
            "月割(参加した月を含む)",
        ),
        (r"^(?:(?:加入|参加|加盟)(?:した)?(?:月)?の)?翌月からの?月割", "月割(翌月から)"),
        (r"(?<=\))(?:により|で)?(?:計算|算定)?(?:する)?$", ""),
    ),
    "団体別加減": (
        (r"^(\S+?)の(?:総|合計)額を控除し.*?\1の額を加(?:算する|える)$", r"\1を先に引き、後で足す"),
        (r"を(?:控除|減額)する$", "を差し引く"),
        (r"を加(?:算する|える)$", "を足す"),
    ),
    "減免": (
        (r"の(?:負担金|分担金|負担額)(?=を)", ""),
        (r"を免除し、(?:その額は|免除額は)?", "全額、減った分は"),
        (r"し、(?=(?:減った分|減額分|減額した額)は)", "、"),
    ),
    "基礎数値": (
        (r"(?<=まで)の(?=平均|合計)", ""),
        (r"当該(?:年度|予算の属する(?:会計)?年度)の(?=前々?年度)", ""),
        (r"(?<=年度)分(?=\)|$)", "実績"),
        (r"^(\S+?)は、\s*(.+?)(?:の(?:数値|もの))?(?:に?よる|を(?:用い|使用す)る)?$", r"\1(\2)"),
        (r"^([^()]+?(?:現在|実績))の([^()\s]+)$", r"\2(\1)"),
        (r"の?実績(?:値|数)(?=\)|$)", "実績"),
    ),
}
_MORE = re.compile(rf"({NUMBER})\s*(?:%|パーセント)増(?:し(?:た額)?)?")
_REST = re.compile(rf"({PART})((?:を?負担し?)?、\s*残り)の?\s*({PART})(?=を|は)")
_EACH = re.compile(rf"^([^0-9]+割)を?\s*(?:各|それぞれ)\s*({PART})$")
_JOINS = re.compile(r"(?<=割)(?:、|と|及び|並びに)\s*")
_TO = re.compile(rf"({PART})に減額")
_FACTOR = re.compile(rf"^(?P<figure>\S+?)に、?(?P<factor>{NUMBER}){_TIMES}$")


def unwrapped(key: str, text: str, lexicon: Lexicon) -> str:
    """The clause of one key, its numbers as ours write them: `百分の十`, `7円50銭`, `2%増`."""
    text = re.sub(r"\s+", " ", text)
    text = _KANJI.sub(lambda found: f"{_of_kanji(found[1])}分の{_of_kanji(found[2])}", text)
    text = _SEN.sub(lambda found: f"{found[1]}.{found[2]:0>2}".rstrip("0") + "円", text)
    if key in {"負担割合", "上限", "下限"}:
        text = _MORE.sub(_raised, text)
    if key == "負担割合":
        text = _FACTOR.sub(lambda found: _rate(found, lexicon), text)
        text = _REST.sub(_rest, text)
        text = _EACH.sub(_each, text)
    if key == "減免":
        text = _TO.sub(lambda found: f"{percent(1 - part(found[1]))}減額", text)
    return by_rules(text, (*_EVERYWHERE, *_OF_KEY.get(key, ())))


def by_rules(text: str, rules: Rules) -> str:
    """A text with words put into ours, one rule after the other."""
    for words, ours in rules:
        text = re.sub(words, ours, text).strip()
    return text


def _raised(found: re.Match[str]) -> str:
    """`102%` of 2%増."""
    value = value_of(found[1])
    return found[0] if value is None else percent(1 + value / 100)


def _rate(found: re.Match[str], lexicon: Lexicon) -> str:
    """`Xの102%` of `Xに1.02を乗じて得た額`, where X is in yen: of heads no rate is taken."""
    value = value_of(found["factor"])
    figure = name_key(found["figure"])
    in_yen = figure == PREVIOUS or lexicon.units.get(figure) in YEN
    return f"{found['figure']}の{percent(value)}" if in_yen and value is not None else found[0]


def _rest(found: re.Match[str]) -> str:
    """`25%、残り` of `25%、残り75%`, where the two make 100%."""
    parts = [part(found[place]) for place in (1, 3)]
    return found[1] + found[2] if sum(parts) == 1 else found[0]


def _each(found: re.Match[str]) -> str:
    """`均等割 50%、人口割 50%` of `均等割と人口割をそれぞれ50%`."""
    return "、".join(f"{one} {found[2]}" for one in _JOINS.split(found[1]))


def part(text: str) -> Fraction:
    """`50%`, `1/2`, `2分の1` as a number; 0 where it is none."""
    first, sign, second = re.split(r"\s*(%|パーセント|/|分の)\s*", text)
    above, below = (second, first) if sign == "分の" else (first, second or "100")
    numbers = value_of(above), value_of(below)
    return numbers[0] / numbers[1] if numbers[0] and numbers[1] else Fraction(0)


def _of_kanji(word: str) -> int:
    total = digit = 0
    for sign in word:
        if sign in _RANKS:
            total += (digit or 1) * _RANKS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
