"""Messages about numbers, dates and formulas inside a line."""

import re
from collections.abc import Sequence
from fractions import Fraction

from apportion.language.messages.base import mended, percent, problem, said
from apportion.problem import Problem, Source
from apportion.text import fold

_TENTHS = re.compile(r"([0-9０-９]+)割")


def no_unit(source: Source, units: Sequence[str]) -> Problem:
    """Report a bare number where a share or an amount must stand."""
    number = said(source)
    mends = "、または ".join(mended(source, f"{number}{unit}") for unit in units)
    return problem(
        "W221",
        source,
        f"「{number}」に単位がありません。",
        "単位がないと、何の数かが決まりません。円と千円の取り違えは、千倍の違いになります。",
        f"単位を付けてください: {mends}",
    )


def wrong_unit(source: Source, wanted: str, form: str) -> Problem:
    """Report a share where an amount must stand, or the other way round."""
    return problem(
        "W224",
        source,
        f"「{said(source)}」は、ここには書けません。",
        f"ここには{wanted}を書きます。",
        f"次のように書いてください: {form}",
    )


def wari(source: Source, value: Fraction) -> Problem:
    """`3割`, `5‰`."""
    return problem(
        "W222",
        source,
        f"「{said(source)}」という書き方は使えません。",
        "割合は % か分数で書きます。「割」は「均等割」などと紛れるためです。",
        f"次の行に直してください: {_TENTHS.sub(_tenths, mended(source, percent(value)))}",
    )


def _tenths(found: re.Match[str]) -> str:
    return f"{int(found[1]) * 10}%"


def no_number(source: Source) -> Problem:
    """Digits that make no number: 1,00 or far too many."""
    digits = fold(said(source)).replace(",", "")
    return problem(
        "W223",
        source,
        f"「{said(source)}」を数として読めません。",
        "「,」は3けたごとにだけ使えます。30けたを超える数は使えません。",
        f"正しい数に直してください。「,」を除いた形: {mended(source, digits)}"
        if digits != fold(said(source))
        else "30けたまでの数に直してください。",
    )


def not_whole(source: Source, least: int, most: int) -> Problem:
    """Report a number that must be whole and neither too small nor too large."""
    return problem(
        "W223",
        source,
        f"「{said(source)}」は、ここには書けません。",
        f"ここには {least} から {most:,} までの整数を書きます。",
        f"正しい数に直してください。例: {mended(source, str(max(least, 1)))}",
    )


def zero(source: Source) -> Problem:
    """Report a number that must not be 0: what is divided by, or counted in."""
    return problem(
        "W223",
        source,
        f"「{said(source)}」は使えません。",
        "ここに 0 を書くと、計算できません。",
        "0 でない数に直してください。",
    )


def no_date(source: Source, form: str) -> Problem:
    """Report a day that is not in the calendar."""
    return problem(
        "W220",
        source,
        f"「{said(source)}」という日付はありません。",
        "日付は「令和7年7月31日」か「R7.7.31」の形で、暦にある日を書きます。",
        f"暦を確かめて、日付を直してください。書き方: {form}",
    )


def backward_years(source: Source, new: str) -> Problem:
    """Report an average whose first year is after its last."""
    return problem(
        "W220",
        source,
        f"「{said(source)}」の年度が逆さです。",
        "平均は、早い年度から遅い年度まで、の順に書きます。",
        f"次の行に直してください: {mended(source, new)}",
    )


def ambiguous_division(source: Source) -> Problem:
    """`÷ 1/2`: two readings."""
    return problem(
        "W233",
        source,
        f"「{said(source)}」は二通りに読めます。",
        "分数で割る（累乗する）のか、続けて割るのかが分かりません。",
        f"分数のときは（ ）で囲み、続けて割るときは「÷」を使います: {mended(source, f'({said(source)})')}"
        f"、または {mended(source, said(source).replace('/', ' ÷ ').replace('／', ' ÷ '))}",
    )


def counter_in_formula(source: Source, number: str) -> Problem:
    """`1,000人` in a formula."""
    return problem(
        "W234",
        source,
        f"式の中の「{said(source)}」が読めません。",
        "式の数に付けられる単位は % と円、千円、万円などです。数字で始まる名前は「」で囲みます。",
        f"単位を除くと、次の行になります: {mended(source, number)}",
    )


def too_long(source: Source) -> Problem:
    """Report a formula beyond all reason."""
    return problem(
        "W235",
        source,
        "式が長すぎます。",
        "一つの式に書けるのは、計算の記号100個、かっこ20組までです。",
        "途中までの計算を別の「■基準」に分けてください。",
    )
