"""Messages about lines and blocks: what stands where, too often or not at all."""

from collections.abc import Sequence

from apportion.language.messages.base import appended, listed, meant, mended, problem, said
from apportion.near import why
from apportion.problem import Problem, Source


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
