"""Messages about words, numbers and dates inside a line."""

import re
from collections.abc import Sequence
from fractions import Fraction

from apportion.language.messages.base import listed, mended, percent, problem, said
from apportion.near import why
from apportion.problem import Problem, Source

_WITH_NAMES = ("負担割合", "団体", "下限", "値", "対象")
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
    """Digits that make no number: 1,00 or 1/0 or far too many."""
    return problem(
        "W223",
        source,
        f"「{said(source)}」を数として読めません。",
        "「,」は3けたごとにだけ使えます。0で割る分数と、30けたを超える数は使えません。",
        "「1,500」「1500」「0.5」のような形に直してください。",
    )


def no_date(source: Source, form: str) -> Problem:
    """Report a day that is not in the calendar, or no day at all."""
    return problem(
        "W220",
        source,
        f"「{said(source)}」を日付として読めません。",
        "日付は「令和7年7月31日」か「R7.7.31」の形で、暦にある日を書きます。",
        f"次のように書いてください: {form}",
    )


def unreadable(source: Source, words: Sequence[str], form: str) -> Problem:
    """Report words that fit nothing here."""
    expected = (
        f"ここに書けるのは{listed(words)}です。" if words else "決まった書き方に当たりません。"
    )
    if form.startswith(_WITH_NAMES):
        expected += "「に」や「、」の入った名前は「」で囲みます。"
    return problem(
        "W226",
        source,
        f"「{said(source)}」が読めません。",
        expected,
        f"次のように書いてください: {form}",
    )


def unfinished(source: Source, words: Sequence[str], form: str) -> Problem:
    """Report a line that stops too early."""
    expected = (
        f"このあとに{listed(words)}が続きます。" if words else "このあとに続く言葉があります。"
    )
    return problem(
        "W225",
        source,
        f"「{said(source)}」のあとが足りません。",
        expected,
        f"次のように書いてください: {form}",
    )


def mistyped(source: Source, meant: str, reason: str = "") -> Problem:
    """Report a word that is nearly the one that must stand here."""
    wrong = said(source)
    return problem(
        "W227",
        source,
        f"「{wrong}」が読めません。",
        reason or why(wrong, meant) or f"ここに書けるのは「{meant}」です。",
        f"次の行に直してください: {mended(source, meant)}",
    )


def choice(source: Source, words: Sequence[str], meant: str | None) -> Problem:
    """Report a value that is none of the possible ones."""
    mend = f"次の行に直してください: {mended(source, meant or words[0])}"
    others = f"（ほかに使えるもの: {'、'.join(w for w in words if w != (meant or words[0]))}）"
    return problem(
        "W214",
        source,
        f"「{said(source)}」は使えません。",
        f"ここに書けるのは{listed(words)}です。",
        mend + (others if len(words) > 1 else ""),
    )


def comment_inside(source: Source) -> Problem:
    """Report a comment behind a rule."""
    return problem(
        "W228",
        source,
        "行の途中に注記があります。",
        "「※」と「#」の注記は、行の先頭からだけ書けます。",
        f"二つの行に分けてください: {mended(source, '')} と ※ {said(source).lstrip('※# ')}",
    )


def comma(source: Source) -> Problem:
    """`,` in a list."""
    return problem(
        "W229",
        source,
        "「,」で区切られています。",
        "「,」は数のけた区切りにだけ使います。並べるときは「、」を使います。",
        f"次の行に直してください: {mended(source, '、')}",
    )


def unclosed(source: Source, left: str, right: str) -> Problem:
    """Report a bracket without its partner."""
    return problem(
        "W230",
        source,
        f"{'かぎかっこ' if left == '「' else 'かっこ'}が閉じていません。",
        f"「{left}」と「{right}」は、必ず組にして使います。",
        f"囲みを閉じるか外してください: {mended(source, said(source).strip(left + right))}",
    )


def nameless(source: Source) -> Problem:
    """Report empty quotes."""
    return problem(
        "W231",
        source,
        "名前がありません。",
        "「」の中が空です。",
        "「」の中に名前を書くか、「」を消してください。",
    )


def wrong_side(source: Source, key: str, right: str) -> Problem:
    """Report 上限 with 足りない分, 下限 with 超えた分."""
    return problem(
        "W232",
        source,
        f"「{key}」に「{said(source)}」は使えません。",
        "上限では超えた分の、下限では足りない分の行き先を書きます。",
        f"次の行に直してください: {mended(source, right)}",
    )


def ambiguous_division(source: Source) -> Problem:
    """`÷ 1/2`: two readings."""
    return problem(
        "W233",
        source,
        f"「{said(source)}」は二通りに読めます。",
        "分数で割る（累乗する）のか、続けて割るのかが分かりません。",
        f"分数のときは（ ）で囲んでください: {mended(source, f'({said(source)})')}",
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
