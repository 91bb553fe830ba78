"""Messages about words inside a line."""

from collections.abc import Sequence

from apportion.language.messages.base import appended, listed, mended, problem, said
from apportion.near import why
from apportion.problem import Problem, Source

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
