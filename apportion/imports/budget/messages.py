"""What importing a budget says: each message in one function."""

from collections.abc import Sequence

from apportion.core.problem import Findings, Source
from apportion.core.year import FiscalYear
from apportion.imports.budget.words import Equation, Figure, Node, spot, written


def unused_name(findings: Findings, source: Source, published: str) -> None:
    """A row of names.csv that meets nothing."""
    findings.add(
        "W821",
        source,
        f"名の対応の「{published}」は、文書にありませんでした。",
        why="公表の名前が変わったか、事業の名前が違います。",
        fix="要らなければ行を消し、要るなら公表のとおりの名前に直してください。",
    )


def in_words(findings: Findings, source: Source) -> None:
    """An amount in running text."""
    findings.add(
        "W822",
        source,
        "文の中の額は、取り込みません。",
        why="予算の行になるのは、見出しの【予算額：…】と表の額です。",
        fix="予算の行にする額なら、写しの中で表か見出しに直してください。",
    )


def shifted(findings: Findings, source: Source, name: str, shift: int) -> None:
    """A row that was printed beside its columns."""
    way = "左" if shift > 0 else "右"
    findings.add(
        "W823",
        source,
        f"「{name}」の行は、1列{way}にずれているとみて読みました。",
        why="そのままの列では額が読めず、1列ずらすと読めます。合計でも確かめています。",
    )


def not_printed(findings: Findings, row: Node, column: str, yen: int) -> None:
    """A row without an amount, which its parts give."""
    findings.add(
        "W820",
        row.source,
        f"「{row.name}」の{column}は印刷されていないので、内訳の合計 {yen:,}円とみました。",
    )


def other_name(findings: Findings, heading: Node, row: Node) -> None:
    """Heading and row are called differently."""
    findings.add(
        "W824",
        row.source,
        f"支出の部の「{row.name}」は、事業計画の「{heading.name}」とみました。",
        why="名前が似ていて、額か読みが同じです。予算の行には事業計画の名前を使います。",
    )


def no_word(findings: Findings, source: Source) -> None:
    """A heading without 予算額."""
    findings.add("W825", source, "「予算額：」のない見出しを、予算額として読みました。")


def starred(findings: Findings, source: Source) -> None:
    """A figure with a note."""
    findings.add(
        "W826",
        source,
        "「※」の付いた額を、そのまま読みました。",
        why="※の説明に、別の経費の額とあることがあります。そのときは names.csv で名前を変えます。",
    )


def dash(findings: Findings, source: Source) -> None:
    """A dash that stands for nothing."""
    findings.add("W827", source, "「－」を0円として読みました。")


def neighbour(findings: Findings, row: Node, other: str, place: str) -> None:
    """A remark that stands at another line in another year; which of both is odd, nobody knows."""
    findings.add(
        "W828",
        row.source,
        f"備考「{row.remark}」は、この文書では「{row.name}」、{place} では「{other}」の備考です。",
        why="どちらかで、備考が隣の行にずれているのかもしれません。",
        fix="正しい行を確かめて、ずれているほうの budget.csv の備考を直してください。",
    )


_COPY = "公表の文書そのものは変えず、写しの文字を直して取り込んでください。"


def not_opened(findings: Findings, name: str) -> None:
    """The document cannot be opened."""
    findings.add(
        "W801",
        Source(file=name),
        "文書を開けません。",
        why="ファイルがないか、ほかのソフトが使っているか、読む権限がありません。",
        fix="名前を確かめ、Excel などで開いていれば閉じて、もう一度実行してください。",
    )


def not_readable(findings: Findings, name: str, *, too_long: bool) -> None:
    """The document is of a kind that is not read, or too long."""
    why = "5MBか1万行を超えています。" if too_long else "読めるのは .txt .csv .xlsx です。"
    findings.add(
        "W801",
        Source(file=name),
        "この種類の文書は読めません。",
        why=why,
        fix="PDFは Word で開くと表になります。全文をExcelに貼り付け、.xlsx で保存してください。",
    )


def not_text(findings: Findings, name: str) -> None:
    """The text cannot be decoded."""
    findings.add(
        "W801",
        Source(file=name),
        "文書の文字を読めません。",
        why="UTF-8でもシフトJISでもないか、文字化けしています。",
        fix="元の文書を開き、メモ帳で「UTF-8」を選んで保存し直してください。",
    )


def nothing_found(findings: Findings, name: str, part: str) -> None:
    """A part of the document is missing."""
    signs = {
        "事業計画": "「1 システム事業 【予算額：100 千円（令和6年度：90 千円）】」のような見出し",
        "収入の部": "「【収入の部】」の行と、その下の「大項目 中項目 当初予算」の表",
        "支出の部": "「【支出の部】」の行と、その下の「大項目 中項目 当初予算」の表",
    }
    findings.add(
        "W802",
        Source(file=name),
        f"「{part}」が見つかりません。",
        why=f"{signs[part]}を探しました。",
        fix="文書の全文が入っていることと、表の列がタブかセルで分かれていることを確かめてください。",
    )


def wrong_year(findings: Findings, name: str, document: FiscalYear, year: FiscalYear) -> None:
    """The document is of other years."""
    findings.add(
        "W803",
        Source(file=name),
        f"この文書は{document.label}のもので、{year.label}の予算がありません。",
        why="取り込めるのは、文書の年度と、比較に載っている前の年度です。",
        fix=f"--year {document} か --year {document + -1} と書いてください。",
    )


def not_adding_up(
    findings: Findings, equations: Sequence[Equation], suspects: Sequence[tuple[Figure, int]]
) -> None:
    """Equations that do not hold, and the figures that may be wrong."""
    first = equations[0]
    figures = [figure for figure, _ in suspects] or [*first.left, *first.right]
    what = "、".join(dict.fromkeys(_difference(each) for each in equations[:3]))
    why = "、".join(figure.printed for figure in figures[:_MOST])
    mends = "、".join(
        f"{spot(f.source)}が {written(f.yen + by, f.unit)}" for f, by in suspects[:_MOST]
    )
    findings.add(
        first.kind.value,
        figures[0].source,
        f"{what}。",
        why=f"この額が違うとみられます: {why}"
        if len(figures) == 1
        else f"次のどれかが違うとみられます: {why}",
        fix=(f"{mends} なら合います。" if mends else "公表の額と見比べてください。") + _COPY,
    )


_MOST = 20


def _difference(equation: Equation) -> str:
    left, right = (sum(f.yen for f in side) for side in (equation.left, equation.right))
    return f"{equation.name}が合いません（{left:,}円と{right:,}円、差 {abs(left - right):,}円）"


def unplaced(findings: Findings, source: Source, words: str) -> None:
    """A figure that belongs to nothing, or a place where one is missing."""
    shown = " ".join(words.split())[:60]
    findings.add(
        "W807",
        source,
        f"「{shown}」を、どの行の額か決められません。" if shown else "額がありません。",
        why="行の名前、数の書き方、列の位置のどれかが、ほかの行と違います。",
        fix=f"ほかの行と同じ列に、同じ書き方（40,656）で書いてください。{_COPY}",
    )


def nameless(findings: Findings, source: Source) -> None:
    """Figures of a heading that has no number."""
    findings.add(
        "W807",
        source,
        "予算額の付いた見出しの番号が分かりません。",
        why="「1」「（１）」「ア」「（ア）」のような番号で、見出しの段を決めます。",
        fix=f"見出しの行の初めに番号を書いてください。{_COPY}",
    )


def no_unit(findings: Findings, source: Source) -> None:
    """A table of the budget without unit."""
    findings.add(
        "W808",
        source,
        "表の単位（円、千円）が分かりません。",
        why="単位がないと、1,000倍違っていても気付けません。",
        fix=f"表の前に「単位：円」の行を書いてください。{_COPY}",
    )


def not_in_plan(findings: Findings, row: Node) -> None:
    """A row of the 支出の部 that the plan does not have."""
    findings.add(
        "W809",
        row.source,
        f"支出の部の「{row.name}」が、事業計画に見つかりません。",
        why="事業計画の細目を予算の行にするので、支出の部の行はどれかの見出しに当たらなければなりません。",
        fix=f"事業計画の見出しと同じ名前になっているかを見てください。{_COPY}",
    )


def not_in_table(findings: Findings, heading: Node) -> None:
    """A heading of the first level that the 支出の部 does not have."""
    findings.add(
        "W809",
        heading.source,
        f"事業計画の「{heading.name}」が、支出の部に見つかりません。",
        why="名前も、名前の似た同じ額の行もありません。",
        fix=f"支出の部の名前と額を見てください。{_COPY}",
    )


def other_year(
    findings: Findings, source: Source, named: FiscalYear | None, year: FiscalYear
) -> None:
    """A column or heading of a year that the document is not about."""
    label = named.label if named else "年度の分からない額"
    findings.add(
        "W810",
        source,
        f"{label}が、{year.label}の文書にあります。",
        why=f"この文書の額は、{year.label}と{(year + -1).label}のものとして読みます。",
        fix=f"年度の書き誤りでないかを見てください。{_COPY}",
    )


def same_year(findings: Findings, source: Source) -> None:
    """A second column of the same year."""
    findings.add(
        "W810",
        source,
        "同じ年度の額の列が2つあります。",
        why="どちらの列がその年度の額かが決まりません。",
        fix=f"見出しの年度を確かめ、額の列を年度ごとに一つにしてください。{_COPY}",
    )


def twice(findings: Findings, source: Source, project: str, name: str) -> None:
    """Two lines of one name."""
    findings.add(
        "W811",
        source,
        f"「{project}」の「{name}」が2行になります。",
        why="事業と経費の名前の組で1つの行を指すので、同じ組は1行だけです。",
        fix=f"names.csv に「{project},公表の経費,経費」の行を足し、どちらかに別の名前を付けてください。",
    )


def unknown_amount(findings: Findings, source: Source, name: str, year: FiscalYear) -> None:
    """A line without amount in the year that is imported."""
    findings.add(
        "W812",
        source,
        f"「{name}」の{year.label}の額が、文書にありません。",
        why="細目の表に前の年度の列がなく、細目が二つ以上あります。",
        fix=f"{year.label}の文書から取り込むか、写しの表に列を足してください。",
    )


def unreadable_present(findings: Findings, source: Source, name: str) -> None:
    """The present file cannot be carried over."""
    findings.add(
        "W829",
        source,
        f"いまの {name} を読めないので、取り込めません。",
        why="備考や特定財源などの列を、新しい表に残すためです。",
        fix="いまの表を先に直すか、別の場所に移してから取り込んでください。",
    )
