"""【要確認】 in rule texts: what a person still has to decide, one message a line."""

from collections.abc import Iterator, Mapping

from apportion.problem import Problem, Source
from apportion.text import UNDECIDED, fold, name_key, unmarked
from apportion.workspace import Workspace

DECISIONS: Mapping[str, str] = {
    "納期": "納期限の日付を確かめてください（土曜、日曜、祝日に当たる日は、休日のきまりで動きます）。",
    "発行日": "発行する日を確かめてください。",
    "文書番号": "この年度の文書番号に直してください。",
    "本文": "文の中の日付を確かめてください。",
    "根拠": "この年度の根拠（議決の日、規程の条など）を確かめてください。",
    "備考": "書いてある年度や金額がこの年度のものかを確かめてください。",
    "基礎数値": "この時点の列が基礎数値（figures）にあるかを確かめてください"
    "（なければ apportion import figures で加えるか、時点を前の年度のものに戻します）。",
    "平準化": "期間がこの年度まで続くか、総額が変わっていないかを確かめてください。",
    "上限": "前年度の額に対する上限を、この年度も使うかを決めてください（使わなければ行を消します）。",
    "下限": "前年度の額に対する下限を、この年度も使うかを決めてください（使わなければ行を消します）。",
    "差し引く": "この年度の金額に直してください。",
    "団体": "この年度の団体に直してください。",
    "■": "経費の名前を、この年度の予算に合わせてください。",
}
"""What there is to decide, by the key of the line; ■ stands for headings."""


def undecided(workspace: Workspace) -> Iterator[Problem]:
    """Each line that carries the mark."""
    for file in workspace.book.files:
        for mark in file.marks:
            yield _problem(mark)


def decision(mark: Source) -> str:
    """What there is to decide about a marked line."""
    line = unmarked(mark.text)
    key = "■" if line.startswith("■") else name_key(fold(line).partition(":")[0])
    return DECISIONS.get(key, "中身を決めてください。")


def _problem(mark: Source) -> Problem:
    return Problem(
        code="W830",
        source=mark,
        what=f"この行に{UNDECIDED}が残っています。",
        why="人が決めること、確かめることに付ける印です。印が残っているあいだは計算しません。",
        fix=f"{decision(mark)}決まったら、次の行に直してください: {unmarked(mark.text)}",
    )
