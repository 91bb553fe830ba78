"""What importing a budget says of oddities that it resolved: each message in one function."""

from apportion.findings import Findings
from apportion.problem import Source
from apportion.yearly.import_budget.node import Node


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
