"""Messages about numbers, dates and formulas inside a line."""

import re
from collections.abc import Sequence
from fractions import Fraction

from apportion.core.problem import Problem, Source
from apportion.core.text import fold, why
from apportion.rules.messages.base import about, appended, listed, mended, percent, problem, said
from apportion.rules.nodes import Ratio, Rest


def sum_of_shares(
    source: Source, parts: Sequence[Ratio | Rest], mend: str, of: str = ""
) -> Problem:
    """Parts that should make 100%; `of` is 残りの where they are parts of what is left."""
    values = [part.value if isinstance(part, Ratio) else part.part for part in parts]
    terms = " + ".join(percent(value) for value in values)
    return problem(
        "W209",
        source,
        f"{of}割合の合計が 100% になっていません（いまは {about(sum(values, Fraction(0)))}）。",
        f"書かれた割合を足すと {terms} です。合計は、ちょうど 100% でなければなりません。",
        mend,
    )


ADD_REST = "足りない分を負担する行を足してください。例: 負担割合: 残りを 均等割"


def rest_mend(source: Source, before: Fraction, *, new: str = "残り") -> str:
    """Mend of a sum: the last part becomes 残り, if the parts before it leave anything."""
    if before < 1:
        line = mended(source, new)
        return f"最後を「残り」にすると、ちょうど 100% になります: {line}"
    return "合計が 100% になるように、割合を減らしてください。"


def rest_of_mend(source: Source, before: Fraction) -> str:
    """Mend of 残りの parts: the last one becomes what the others leave of 100%."""
    if before < 1:
        new = f"残りの {percent(1 - before)}" if before else "残り"
        return f"合計を 100% にすると、次の行になります: {mended(source, new)}"
    return "「残りの」の割合の合計が 100% になるように、割合を減らしてください。"


def single_mend(source: Source, ratio: Source) -> str:
    """Mend of `均等割 50%` alone: no ratio, or the part of the money before the basis."""
    driver = source.text[source.column - 1 : ratio.column - 1].strip()
    part = f"経費の {said(ratio)} だけを分けるときは「{said(ratio)}を {driver}」"
    return f"次の行に直してください: {mended(source, driver)}（{part}）"


def no_ratios(source: Source, drivers: Sequence[Source], *, only_last: bool) -> Problem:
    """Report several bases, and some without a ratio; `only_last`: the others have theirs."""
    each = f"{100 // len(drivers)}%"
    parts = [f"{said(driver)} {each}" for driver in drivers[:-1]]
    example = mended(source, " + ".join([*parts, f"{said(drivers[-1])} 残り"]))
    return problem(
        "W236",
        source,
        "割合の書かれていない基準があります。",
        "基準を二つ以上使うときは、それぞれの割合を書きます。最後の一つは「残り」でもかまいません。",
        f"次の行に直してください: {appended(drivers[-1], ' 残り')}"
        if only_last
        else f"決まりの割合を書いてください。例: {example}",
    )


def two_clauses(source: Source) -> Problem:
    """Report a second clause behind the first on one line."""
    before = source.text[: source.column - 1].strip().rstrip("、+＋ ")
    after = said(source).lstrip("、").strip()
    return problem(
        "W247",
        source,
        "一つの行に、二つの負担割合があります。",
        "一つの行には、一組の団体の負担だけを書きます。",
        f"二つの行に分けてください: {before} と 負担割合: {after}",
    )


def several_rests(source: Source, mend: str) -> Problem:
    """Report more than one 残り."""
    return problem(
        "W237",
        source,
        "「残り」が二つ以上あります。",
        "「残り」は、ほかの割合や金額を引いたあとの全部です。一つだけ書けます。",
        mend,
    )


def one_rest(source: Source) -> str:
    """Mend of several 残り on a line: all but the last become percentages."""
    return (
        f"「残り」は最後の一つだけにし、ほかには割合を書いてください。例: {mended(source, '30%')}"
    )


def in_this_order(source: Source, parts: Sequence[Source]) -> str:
    """Mend of a line whose parts stand in the wrong order."""
    return f"次の行に直してください: {mended(source, ' + '.join(map(said, parts)))}"


MOVE_DOWN = "この行を、ほかの負担割合の行より下に移してください。"


def late_rest(source: Source, mend: str) -> Problem:
    """Report 残り before other shares."""
    return problem(
        "W238",
        source,
        "「残り」のあとに、ほかの割合や金額があります。",
        "「残り」は、それより前の割合や金額を引いたあとの全部です。最後に書きます。",
        mend,
    )


def rest_of(source: Source, new: str) -> Problem:
    """Report 残りの without a ratio, `残り 50%` without の, or 残りの behind a basis."""
    return problem(
        "W239",
        source,
        f"「{said(source)}」という書き方は使えません。",
        "残りの全部は「残りを 均等割」、一部は「残りの 50%を 均等割」と書きます。"
        "基準のあとでは「人口割 残り」と書きます。",
        f"次の行に直してください: {mended(source, new)}",
    )


def rest_alone(source: Source) -> Problem:
    """`均等割 30%、残りを 人口割`: 残り in front of its basis."""
    return problem(
        "W239",
        source,
        "「残り」が基準の前にあります。",
        "基準を並べるときは、割合と「残り」を基準のあとに書きます。",
        "次のような行に直してください: 負担割合: 均等割 30% + 人口割 残り",
    )


def nothing_left(source: Source, total: Fraction) -> Problem:
    """100% and more is gone before 残り."""
    return problem(
        "W240",
        source,
        f"「残り」に残るものがありません（ほかの割合が {percent(total)} です）。",
        "「残り」より前の割合だけで 100% 以上になっています。",
        "前の割合を減らすか、「残り」の部分を消してください。",
    )


_WITH_NAMES = ("負担割合", "団体", "下限", "値", "対象")


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
        f"次の形に直してください（名前と数は例です）: {form}",
    )


def no_edge(source: Source, form: str) -> Problem:
    """Report a step of a 段階表 that does not say from where to where it reaches."""
    return problem(
        "W226",
        source,
        f"「{said(source)}」が読めません。",
        "段は、境の数と「以上」「超」「未満」「以下」で、どこからどこまでかを書きます。",
        f"次の形に直してください（名前と数は例です）: {form}",
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
        f"次の形に直してください（名前と数は例です）: {form}",
    )


def no_equals(source: Source, form: str) -> Problem:
    """Report a 検算 without its sign."""
    return problem(
        "W225",
        source,
        f"「{said(source)}」に「=」がありません。",
        "検算は「合計 = 18,137千円」のように、名前と額を「=」で結んで書きます。",
        f"次の形に直してください（名前と数は例です）: {form}",
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
    likely = [meant] if meant else words
    lines = "、または ".join(mended(source, word) for word in likely)
    return problem(
        "W214",
        source,
        f"「{said(source)}」は使えません。",
        f"ここに書けるのは{listed(words)}です。",
        f"次の{'行' if meant else 'どれかの行'}に直してください: {lines}",
    )


def no_registered(source: Source) -> Problem:
    """Report a 登録番号 that is not T and 13 digits."""
    return problem(
        "W250",
        source,
        f"「{said(source)}」は登録番号の形ではありません。",
        "適格請求書発行事業者の登録番号は、「T」と13桁の数字です。",
        "登録の通知書を見て、直してください。書き方: 登録番号: T9000000000000",
    )


def mistyped_registered(source: Source) -> Problem:
    """Report a 登録番号 whose first digit does not fit the others."""
    return problem(
        "W250",
        source,
        f"登録番号「{said(source)}」の検査数字が合いません。",
        "13桁の1桁目は、ほかの12桁から計算する検査数字です。どこかの数字が違っています。",
        "登録の通知書と見比べて、直してください。登録番号は国税庁の公表サイトでも確かめられます。",
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
    plain = said(source).replace("「", "").replace("」", "")
    closed = mended(source, plain) if left == "「" else appended(source, "）")
    return problem(
        "W230",
        source,
        f"{'かぎかっこ' if left == '「' else 'かっこ'}が閉じていません。",
        f"『{left}』と『{right}』は、必ず組にして使います。",
        f"次の行に直してください: {closed}",
    )


def nameless(source: Source) -> Problem:
    """Report empty quotes."""
    return problem(
        "W231",
        source,
        "名前がありません。",
        "「」の中が空です。",
        "「」の中に名前を書くか、この行を消してください。",
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
