"""The known name that a mistyped one is likely to mean, and the look-alike signs in it."""

import unicodedata
from collections.abc import Iterable

from apportion.text import fold, name_key

# Signs that copying from a PDF, or an input method, swaps for one another.
_LOOKALIKES = (
    *("ロ口囗", "ニ二", "カ力ヵ", "一ー-―", "エ工", "タ夕", "ト卜", "ハ八", "ヘへ", "ベべ", "ペぺ"),
    *("リり", "ミ三", "チ千", "オ才", "ム厶", "ヌ又", "ケヶ", "シツ", "ソン", "セ七", "レし"),
    *("崎﨑", "高髙", "沢澤", "斎斉齋齊", "竜龍", "国國", "浜濱", "辺邊邉", "徳德", "准準"),
    *("竈釜竃", "島嶋嶌", "桧檜", "梼檮", "0Oo○〇◯", "1lI|", "未末", "土士", "日曰"),
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
    ranked = [(_distance(key, name_key(other)), other) for other in set(known)]
    close = [
        (cost, other) for cost, other in ranked if cost * 3 <= _OTHER * max(len(key), len(other))
    ]
    return min(close)[1] if close else None


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
