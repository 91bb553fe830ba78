"""Messages about a file as a whole: encoding, 書式, 年度."""

from apportion.language.messages.base import mended, problem, said
from apportion.problem import Problem, Source

_SAVE = "メモ帳で開き、「名前を付けて保存」で文字コードに「UTF-8」を選んで保存してください。"


def undecodable(path: str) -> Problem:
    """Report that the bytes are no text."""
    return problem(
        "W101",
        Source(file=path),
        "文字コードを読み取れません。",
        "UTF-8、UTF-16、シフトJISのどれでもありません。テキストでないか、壊れたファイルです。",
        f"元のファイルを{_SAVE}",
    )


def garbled(source: Source) -> Problem:
    """Report that UTF-8 was read as Shift_JIS and saved so."""
    return problem(
        "W125",
        source,
        "文字化けしています。",
        "UTF-8 の文字をシフトJISとして開いて保存すると、このような並びになります。",
        f"文字化けする前のファイルを{_SAVE}",
    )


def other_encoding(path: str) -> Problem:
    """Report (a notice) that the file is cp932."""
    return problem(
        "W141",
        Source(file=path),
        "シフトJISのファイルとして読みました。",
        "UTF-8 としては読めませんでした。",
        f"このままでも使えます。UTF-8 にするときは、{_SAVE}",
    )


def other_format(source: Source) -> Problem:
    """Report that 書式 is not 1."""
    return problem(
        "W215",
        source,
        f"書式「{said(source)}」は読めません。",
        "この版の apportion が読む書式は 1 です。",
        f"次の行に直してください: {mended(source, '1')}",
    )


def unreadable_year(source: Source, example: str) -> Problem:
    """Report that 年度 names no fiscal year."""
    return problem(
        "W213",
        source,
        f"「{said(source)}」を年度として読めません。",
        "年度は「令和7年度」「R7」「2025」のように書きます。数字だけの「7」では元号が分かりません。",
        f"次の行に直してください: {mended(source, example)}",
    )


def new_encoding(path: str) -> Problem:
    """Report (a notice) that a cp932 file is written back as UTF-8."""
    return problem(
        "W249",
        Source(file=path),
        "シフトJISのファイルを UTF-8（BOM付き）に改めました。",
        "シフトJISには、団体や人の名前に使う字のうち、表せないものがあります。",
        "何もいりません。メモ帳でも Excel でも、そのまま開けます。",
    )


def other_spelling(source: Source, spelled: str) -> Problem:
    """Report (a warning) the first line of a file that is not in its one spelling."""
    what, fix = "書き方がそろっていません。", f"次の行に直してください: {spelled}"
    if not source.text.strip():
        what, fix = "空の行が余分です。", "この行を消してください。"
        if not spelled:
            what, fix = "空の行に空白が入っています。", "この行の空白を消してください。"
    why = "意味は読み取れています。同じことを同じ形で書くと、年度の間の違いが見つけやすくなります。"
    return problem("W248", source, what, why, fix)


def other_bytes(path: str) -> Problem:
    """Report (a warning) a file whose lines are right, but not their encoding or ends."""
    return problem(
        "W248",
        Source(file=path),
        "文字コードか改行がそろっていません。",
        "シフトJISのファイルか、改行の種類が混ざったファイルか、最後の行に改行のないファイルです。",
        "apportion fmt で書き直すとそろいます。",
    )
