"""Characters: decoding files, folding look-alikes, comparing names. No file is opened here."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")

# Signs that copying from a PDF, or an input method, swaps for one another.
_LOOKALIKES = (
    *("ロ口囗", "ニ二", "カ力ヵ", "一ー-―", "エ工", "タ夕", "ト卜", "ハ八", "ヘへ", "ベべ", "ペぺ"),
    *("リり", "ミ三", "チ千", "オ才", "ム厶", "ヌ又", "ケヶ", "シツ", "ソン", "セ七", "レし"),
    *("崎﨑", "高髙", "沢澤", "斎斉齋齊", "竜龍", "国國", "浜濱", "辺邊邉", "徳德", "准準"),
    *("竈釜竃", "島嶋嶌", "桧檜", "梼檮", "0Oo○〇◯", "1lI|", "未末", "土士", "日曰"),
    *(
        "戸戶",
        "黒黑",
        "黄黃",
        "青靑",
        "麦麥",
        "鰺鯵",
        "諫諌",
        "騨驒",
        "滝瀧",
        "条條",
        "塩鹽",
        "郎郞",
    ),
    *(
        "広廣",
        "桜櫻",
        "弥彌",
        "与與",
        "来來",
        "曽曾",
        "籠篭",
        "礼禮",
        "恵惠",
        "総總",
        "吉𠮷",
        "鶴靏鸖",
    ),
    *("桑桒", "槙槇", "岳嶽", "万萬", "真眞", "横橫", "鴬鶯", "富冨", "館舘", "野埜", "巳己已"),
)
_GROUP = {sign: group for group, signs in enumerate(_LOOKALIKES) for sign in signs}

# A missing sign is the commonest slip (豊橋 for 豊橋市), a look-alike is hardly a slip at all.
_LOOKALIKE, _MISSING, _EXTRA, _OTHER = 1, 2, 3, 4

_SCRIPTS = {
    "KATAKANA": "片仮名",
    "HIRAGANA": "平仮名",
    "CJK": "漢字",
    "LATIN": "英字",
    "DIGIT": "数字",
}


def near(name: str, known: Iterable[str]) -> str | None:
    """Find the known name nearest to `name`; None where none is near enough to be meant."""
    key = name_key(name)
    if len(key) > _LONGEST:
        return None
    alike = [other for other in set(known) if _may_be_near(key, name_key(other))]
    if len(alike) > _MOST_ALIKE:
        return None
    ranked = [(_distance(key, name_key(other)), other) for other in alike]
    close = [
        (cost, other) for cost, other in ranked if cost * 3 <= _OTHER * max(len(key), len(other))
    ]
    return min(close)[1] if close else None


_LISTED = 40
_LONGEST, _MOST_ALIKE = 100, 2_000
"""Signs of a name for which a near one is looked for, and names that are looked at one by one."""


def _may_be_near(wrong: str, right: str) -> bool:
    """Whether the lengths alone leave it possible; what is added or missing costs so much."""
    more = len(right) - len(wrong)
    least = more * _MISSING if more > 0 else -more * _EXTRA
    return least * 3 <= _OTHER * max(len(wrong), len(right))


def some(words: Iterable[str], most: int = _LISTED) -> str:
    """Words with 、 between them, the first ones of a long list."""
    listed = list(islice(words, most + 1))
    return "、".join(listed[:most]) + ("など" if len(listed) > most else "")


def on_lines(
    found: Sequence[_T], unit: str, said: Callable[[_T], str] = str, most: int = 10
) -> str:
    """Each on a line of its own below a sentence; of a long list the first ones, and how many more there are."""
    shown = "".join(f"\n    {said(one)}" for one in found[:most])
    return shown + (f"\n    ほか {len(found) - most} {unit}" if found[most:] else "")


def likely(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` can be mended to: the nearest, where no word of `name` is lost."""
    close = near(name, known)
    return close if close and (keeps(name, close) or close.startswith(name)) else None


def lookalike(wrong: str, right: str) -> list[tuple[int, str, str]]:
    """Positions (from 1) with the look-alike sign in `wrong` and the sign of `right`.

    Empty where the two differ in any other way: then look-alikes are not the reason.
    """
    if len(wrong) != len(right):
        return []
    pairs = [
        (place, bad, good)
        for place, (bad, good) in enumerate(zip(wrong, right, strict=True), 1)
        if fold(bad) != fold(good)
    ]
    return pairs if all(_alike(bad, good) for _, bad, good in pairs) else []


def why(wrong: str, right: str) -> str:
    """Say which sign of `wrong` only looks like that of `right`; empty where that is not it."""
    pairs = lookalike(wrong, right)
    if not pairs:
        return ""
    place, bad, good = pairs[0]
    return (
        f"{place}文字目が{_script(bad)}「{bad}」になっています。正しくは{_script(good)}「{good}」です"
        "（PDFから写すと、よく入れ替わります）。"
    )


def keeps(wrong: str, right: str) -> bool:
    """Whether `right` in place of `wrong` says the same: no word and no number is lost or changed.

    They may differ in blanks, marks, hiragana (切り捨て and 切捨て) and look-alikes, `wrong` may lack
    one sign, and one sign may be another (義決) that says nothing by itself; ない makes the opposite.
    """
    lost, kept = _content(wrong), _content(right)
    if (_NOT in fold(wrong)) != (_NOT in fold(right)) or _digits(wrong) != _digits(right):
        return False
    places = (place for place, sign in enumerate(kept) if sign not in _OPPOSITES)
    shorter = {kept[:place] + kept[place + 1 :] for place in places}
    return bool(lost) and (lost == kept or lost in shorter or _slip(lost, kept))


def _slip(wrong: str, right: str) -> bool:
    """Whether one sign was typed for another, and neither is one that makes the difference."""
    pairs = [(a, b) for a, b in zip(wrong, right, strict=False) if a != b]
    return len(wrong) == len(right) and len(pairs) == 1 and not set(pairs[0]) & _CONTRASTS


_NOT = "ない"
_OPPOSITES = frozenset("不非無未反")
_CONTRASTS = frozenset(
    "前後次翌今昨多少大小高低上下左右増減加除有無不非未否初末始終新旧内外先毎各全半両片単複県市町村区税"
)


def _content(text: str) -> str:
    """The signs that carry a meaning, each look-alike as one and the same sign."""
    signs = (sign for sign in fold(text) if sign.isalnum() and not "ぁ" <= sign <= "ゖ")
    return "".join(_LOOKALIKES[_GROUP[sign]][0] if sign in _GROUP else sign for sign in signs)


def _digits(text: str) -> list[str]:
    return [sign for sign in fold(text) if sign.isdigit() or sign == "%"]


def _alike(left: str, right: str) -> bool:
    return left in _GROUP and _GROUP[left] == _GROUP.get(right)


def _distance(wrong: str, right: str) -> int:
    """Weighted edit distance from `wrong` to `right`."""
    above = [_MISSING * count for count in range(len(right) + 1)]
    for row, bad in enumerate(wrong, 1):
        here = [row * _EXTRA]
        for column, good in enumerate(right, 1):
            swap = 0 if bad == good else _LOOKALIKE if _alike(bad, good) else _OTHER
            here.append(
                min(above[column - 1] + swap, above[column] + _EXTRA, here[column - 1] + _MISSING)
            )
        above = here
    return above[-1]


def _script(sign: str) -> str:
    kind = unicodedata.name(sign, "").split(" ")[0]
    if sign == "ー":
        return "長音の"
    return f"{_SCRIPTS[kind]}の" if kind in _SCRIPTS else ""


# Full-width ASCII lies 0xFEE0 above ASCII; what looks like a space or a hyphen becomes one.
_FOLDED = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDED |= dict.fromkeys((0x3000, 0x00A0, 0x0009), 0x20)
_FOLDED |= dict.fromkeys((0x2212, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014), ord("-"))
_FOLDED |= {0x301C: ord("~"), 0x201C: ord('"'), 0x201D: ord('"')}
# A PDF gives the radical ⻑ where 長 is printed, and old fonts the compatibility sign of 神: both
# are the sign itself. Where Unicode leads to a form that Japan does not print, or nowhere, it is here.
_RADICALS = (
    "⺒⺝⻣⺟⺠⻁⻄⻆⻑⻘⻝⻤⻨⻩⻫⻭⻯⻲⼾⾭⿆⿈⿊⿒⿔",
    "巳月骨母民虎西角長青食鬼麦黄斉歯竜亀戸青麦黄黒歯亀",
)
_COMPATIBLE = (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
_FOLDED |= {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in _COMPATIBLE}
_FOLDED |= str.maketrans(*_RADICALS)
_WIDE = str.maketrans({"(": "（", ")": "）", "~": "～"})
_NAME_SIGNS = str.maketrans({"/": "／", "·": "・", "･": "・"})
# They choose a form of the sign before them: 葛 with another hook is 葛.
_NAME_SIGNS |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))

UNDECIDED = "【要確認】"
"""What a person still has to decide: a line or a cell with this mark is refused."""

_MARK = re.compile(r"【 *要確認 *】")
_QUOTED = re.compile(r"「[^」]*」")

_JAPANESE = re.compile("[^\x00-\u2fff]")
_SHIFT_TO_KANJI = re.compile(rb"\x1b\$[@B(]")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOST = "\ufffd"
_FEWEST = 3


class Decoded(NamedTuple):
    """A file's text with what is needed to write it back: codec, mark and line ends."""

    text: str
    encoding: str
    newline: str


def decode(data: bytes) -> Decoded | None:
    """Text of `data`: a byte-order mark decides, else strict UTF-8, else strict cp932, else None."""
    for mark, codec in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _decode(data, codec)
    if foreign(data):
        return None
    # UTF-8 first: it often passes for cp932, Japanese in cp932 hardly ever for UTF-8.
    return _decode(data, "utf-8") or _decode(data, "cp932")


def foreign(data: bytes) -> str:
    """Name an encoding of Japanese that is not read as Excel calls it; empty for none.

    ISO-2022-JP would pass for ASCII with control signs, EUC-JP for half-width katakana.
    """
    if _SHIFT_TO_KANJI.search(data):
        return "日本語 (JIS)、ISO-2022-JP"
    if data.startswith(_MARKS) or _decode(data, "utf-8"):
        return ""
    return "日本語 (EUC)、EUC-JP" if _decode(data, "euc_jp") else ""


def _decode(data: bytes, codec: str) -> Decoded | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), codec, newline)


def looks_garbled(text: str) -> bool:
    """Whether `text` is UTF-8 that was once read as cp932 (縺繧繝) or lost characters.

    Its cp932 bytes are then UTF-8 again, for the most part: a third of the signs or more come
    back, of real Japanese less than a sixth.
    """
    restored = text.encode("cp932", "ignore").decode("utf-8", "ignore")
    back = len(_JAPANESE.findall(restored))
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text.count(_LOST) >= _FEWEST or (back >= _FEWEST and back * 4 > foreign)


def fold(text: str) -> str:
    """Fold full-width ASCII, spaces, dashes, quotes and radicals to one spelling, one character to one.

    The length never changes, so a column of the folded text is a column of the file.
    """
    return text.translate(_FOLDED)


def wide(text: str) -> str:
    """Folded text with the brackets of Japanese prose."""
    return text.translate(_WIDE)


def mark_in(text: str) -> tuple[int, int] | None:
    """Where the first 【要確認】 begins and ends; inside 「」 it is only spoken of."""
    return next(_marks(text), None)


def _marks(text: str) -> Iterator[tuple[int, int]]:
    if "【" in text:
        yield from (found.span() for found in _MARK.finditer(unquoted(fold(text))))


def unquoted(text: str) -> str:
    """`text` with a sign that means nothing for each one in 「」; its length does not change."""
    # Behind the last 」 no 「 is closed: each of them would be looked after to the end of the text.
    closed = text.rfind("」") + 1
    return _QUOTED.sub(lambda found: "「" * len(found[0]), text[:closed]) + text[closed:]


def blank_marks(text: str) -> str:
    """`text` with spaces for each 【要確認】; its length does not change."""
    kept, end = [], 0
    for start, after in _marks(text):
        kept += [text[end:start], " " * (after - start)]
        end = after
    return "".join((*kept, text[end:]))


def unmarked(text: str) -> str:
    """`text` without any 【要確認】, and without spaces around it."""
    kept, end = [], 0
    for start, after in _marks(text):
        kept.append(text[end:start].rstrip())
        end = after
    return "".join((*kept, text[end:])).strip()


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """What two spellings of one name have in common: no spaces, folded signs and width.

    Nothing else is guessed: 「協議会Ｗｅｂ」 is 「協議会Web」, 「規定」 is not 「規程」.
    """
    composed = unicodedata.normalize("NFC", _widen_kana(name))
    return fold(composed).replace(" ", "").translate(_NAME_SIGNS)


_FIRST_HALF_KANA, _LAST_HALF_KANA = "\uff61", "\uff9f"


def _widen_kana(name: str) -> str:
    """Half-width katakana to full width; NFC then joins the voiced marks to their letters."""
    return "".join(
        unicodedata.normalize("NFKC", sign) if _FIRST_HALF_KANA <= sign <= _LAST_HALF_KANA else sign
        for sign in name
    )
