"""Messages about a file as a whole: encoding, 書式, 年度."""

import re
from collections.abc import Sequence
from fractions import Fraction

from apportion.core.problem import Problem, Source
from apportion.core.text import why
from apportion.rules.book import Tier
from apportion.rules.messages.base import appended, listed, meant, mended, plain, problem, said


def no_colon(source: Source, keys: Sequence[str]) -> Problem:
    """Report a line without a colon."""
    words = said(source)
    key = next((key for key in keys if words.startswith(key)), "")
    rest = words.removeprefix(key).strip() if key else ""
    mend = (
        f"次の行に直してください: {key}: {rest}"
        if rest
        else f"説明の行のときは、先頭に「※」を付けてください: ※ {words}"
    )
    return problem(
        "W204",
        source,
        "この行に「:」がありません。",
        "きまりの行は「項目: 値」、見出しは「■経費 名」、説明は「※」で始まる形で書きます。",
        mend,
    )


def unknown_key(source: Source, keys: Sequence[str], block: str, home: str) -> Problem:
    """Report a key that the block does not have; `home` is a block that does."""
    key = said(source)
    right = meant(key, keys)
    if right:
        reason = why(key, right) or f"{block}で使える項目に「{right}」があります。"
        mend = f"次の行に直してください: {mended(source, right)}"
    elif home:
        reason = f"「{key}」は{home}に書く項目です。"
        mend = f"この行を{home}の見出しの下に移してください。"
        if not home.startswith("■"):
            mend = "この行をファイルの先頭（最初の■より前）に移してください。"
    else:
        reason = f"{block}で使える項目は、{'、'.join(keys)}です。"
        mend = f"説明の行のときは、先頭に「※」を付けてください: ※ {source.text.strip()}"
    return problem("W205", source, f"{block}に「{key}」という項目はありません。", reason, mend)


def unknown_block(source: Source, kinds: Sequence[str]) -> Problem:
    """Report a heading of an unknown kind."""
    kind = said(source)
    begun = next((known for known in kinds if kind.startswith(known)), None)
    right = begun or meant(kind, kinds)
    reason = f"見出しに使える言葉は{listed(kinds)}です。"
    mend = "このどれかに直すか、説明であれば、見出しとその下の行の先頭に「※」を付けてください。"
    if begun:
        reason = f"「■{begun}」と名前のあいだを空けて書きます。"
        name = kind.removeprefix(begun).lstrip(":： ")
        mend = f"次の行に直してください: {mended(source, f'{begun} {name}'.strip())}"
    elif right:
        reason = why(kind, right) or reason
        mend = f"次の行に直してください: {mended(source, right)}"
    return problem("W206", source, f"「■{kind}」という見出しはありません。", reason, mend)


def repeated(source: Source, first: int) -> Problem:
    """Report a second line of a key that may stand once."""
    return problem(
        "W208",
        source,
        f"「{said(source)}」が二つあります。",
        f"同じ項目や名前は、一か所に1行だけ書きます。1つ目は{first}行目にあります。",
        f"使わないほうの行を消すか、先頭に「※」を付けてください: ※ {source.text.strip()}",
    )


def repeated_block(source: Source, name: str, kind: str, first: int) -> Problem:
    """Report two blocks of one name."""
    if kind == "経費":
        reason = "一つの経費のきまりは、一つの■経費だけに書きます。"
        mend = f"どちらかの見出しから「{name}」を除くか、二つの■経費を一つにまとめてください。"
    elif kind == "基準":
        reason = "■基準、■段階表、■係数表の名前は、「割」を除いても互いに違うものにします。"
        mend = f"どちらかの名前を変えてください。例: {appended(source, '2')}"
    else:
        reason = "同じ見出しは、ファイルに一つだけ書きます。"
        mend = "二つを一つにまとめるか、使わないほうを消してください。"
    return problem(
        "W210",
        source,
        f"「{name}」の見出しが二つあります。",
        f"{reason}1つ目は{first}行目にあります。",
        mend,
    )


def empty(source: Source, form: str) -> Problem:
    """Report a key without a value."""
    return problem(
        "W211",
        source,
        f"「{said(source)}」の値がありません。",
        "「:」のあとに何も書かれていません。",
        f"値を書くか、行を消してください。書き方: {form}",
    )


def missing(source: Source, block: str, form: str) -> Problem:
    """Report a key that a block must have."""
    key = form.partition(":")[0]
    return problem(
        "W212",
        source,
        f"{block}に「{key}」がありません。",
        f"「{key}」は省略できません。",
        f"見出しの下に次のような行を足してください: {form}",
    )


def no_rows(source: Source, block: str, form: str) -> Problem:
    """Report a table without rows."""
    return problem(
        "W212",
        source,
        f"{block}に行がありません。",
        "表には、値の行が一つ以上必要です。",
        f"見出しの下に次のような行を足してください: {form}",
    )


def missing_head(path: str, key: str, form: str) -> Problem:
    """Report a key that the head of a file must have."""
    return problem(
        "W212",
        Source(file=path, line=1),
        f"ファイルの先頭に「{key}」がありません。",
        f"「{key}」は、どのファイルにも必要です。最初の■より前に書きます。",
        f"先頭に次のような行を足してください: {form}",
    )


def unnamed_block(source: Source, kind: str, form: str) -> Problem:
    """Report a block that needs a name."""
    return problem(
        "W217",
        source,
        f"「■{kind}」のあとに名前がありません。",
        "どの経費や基準のきまりなのかを、見出しに書きます。",
        f"次のように書いてください: {form}",
    )


def unwanted_name(source: Source, kind: str) -> Problem:
    """Report a name on a block that takes none."""
    return problem(
        "W218",
        source,
        f"「■{kind}」に名前「{said(source)}」は付けられません。",
        f"「■{kind}」はファイルに一つだけで、名前はありません。",
        f"次の行に直してください: ■{kind}",
    )


def others_with_names(source: Source, names: Sequence[str]) -> Problem:
    """ほかの経費すべて beside other names."""
    return problem(
        "W246",
        source,
        f"「{said(source)}」は、ほかの名前と並べられません。",
        f"「{said(source)}」は、どの■経費にも名前のない経費を全部まとめて指します。",
        f"見出しを分けてください: ■経費 {'、'.join(names)} と ■経費 {said(source)}",
    )


def reserved(source: Source) -> Problem:
    """Report a block that redefines a built-in word."""
    name = said(source)
    return problem(
        "W219",
        source,
        f"「{name}」という名前は付けられません。",
        f"「{name}」は、初めから意味の決まっている言葉です。",
        f"別の名前にしてください: {mended(source, f'独自の{name}')}",
    )


_EDGES = re.compile(r"(.+?)(以上|超|を超え)(.+?)(未満|以下)")


def backwards(source: Source) -> Problem:
    """Report a step that holds no number."""
    turned = _EDGES.sub(r"\3\2\1\4", said(source))
    return problem(
        "W244",
        source,
        "この段に入る数がありません。",
        "左の数が右の数より小さくなければなりません。",
        f"左と右の数を確かめてください。例: {mended(source, turned)}",
    )


def gap(below: Tier, above: Tier) -> Problem:
    """Report numbers between two steps that belong to none."""
    return problem(
        "W241",
        above.source,
        "前の段とのあいだが空いています。",
        f"{_upper(below)} と {_lower(above)} のあいだの数が、どの段にも入りません。",
        f"境をそろえるか、次の段を足してください: {_between(below, above)}: （値）",
    )


def overlap(below: Tier, above: Tier) -> Problem:
    """Report numbers that belong to two steps."""
    return problem(
        "W242",
        above.source,
        f"{below.source.line}行目の段と重なっています。",
        f"「{_upper(below)}」と「{_lower(above)}」の両方に入る数があります。",
        _apart(below, above),
    )


def other_counter(tier: Tier, counter: str) -> Problem:
    """Report rows with different counters."""
    return problem(
        "W243",
        tier.source,
        f"段の単位が「{tier.counter or 'なし'}」で、ほかの段の「{counter or 'なし'}」と違います。",
        "一つの段階表では、どの段も同じ単位で書きます。",
        f"次の行に直してください: {_recounted(tier, counter)}",
    )


def instalment_twice(source: Source, number: int, free: int) -> Problem:
    """Report two instalments of one number; `free` is one that nobody has."""
    return problem(
        "W245",
        source,
        f"第{number}期が二つあります。",
        "一つの納期の行では、期の番号は一度だけ使います。",
        f"次の行に直してください: {mended(source, f'第{free}期')}",
    )


def _apart(below: Tier, above: Tier) -> str:
    """The lower step with an end, or else the upper one begun where the lower ends."""
    if below.high is None:
        end = "未満" if above.low_included else "以下"
        line = mended(below.source, f"{_lower(below)}{_number(above.low, above)}{end}")
        return f"{below.source.line}行目を次のように直してください: {line}"
    if above.high is not None and above.high <= below.high:
        return "この段を消すか、境の数を直してください。"
    begin = f"{_number(below.high, below)}{'超' if below.high_included else '以上'}"
    line = mended(above.source, begin + ("" if above.high is None else _upper(above)))
    return f"次の行に直してください: {line}"


def _recounted(tier: Tier, counter: str) -> str:
    """The line with the counter of the others."""
    return mended(
        tier.source,
        re.sub(rf"(?<=[0-9０-９千万億]){re.escape(tier.counter)}", counter, said(tier.source)),
    )


def _number(bound: Fraction | None, tier: Tier) -> str:
    assert bound is not None
    return f"{plain(bound)}{tier.counter}"


def _upper(tier: Tier) -> str:
    if tier.high is None:
        return "上の限りのない段"
    return f"{plain(tier.high)}{tier.counter}{'以下' if tier.high_included else '未満'}"


def _lower(tier: Tier) -> str:
    if tier.low is None:
        return "下の限りのない段"
    return f"{plain(tier.low)}{tier.counter}{'以上' if tier.low_included else '超'}"


def _between(below: Tier, above: Tier) -> str:
    """Bracket of the missing step (`10,000人以上30,000人未満`); only two bounds leave a gap."""
    assert below.high is not None
    assert above.low is not None
    first, last = (f"{plain(bound)}{below.counter}" for bound in (below.high, above.low))
    after = "超" if below.high_included else "以上"
    return f"{first}{after}{last}{'未満' if above.low_included else '以下'}"


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
