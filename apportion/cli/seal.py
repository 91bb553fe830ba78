"""`seal`: what is decided becomes an issue that nobody changes any more."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from apportion.cli.compute import Archives, Pdf
from apportion.cli.options import CaseOption, Root, Year, beside, read_day, typer
from apportion.core.year import SETTLED

if TYPE_CHECKING:
    from apportion.outcome.issued import Issue


def read_note(text: str) -> str:
    """備考 as typed; raises `typer.BadParameter` where it says nothing."""
    words = " ".join(text.split())
    if not words:
        message = "何による確定かを書いてください（例: --note 総会議決）。"
        raise typer.BadParameter(message)
    return words


Words = Annotated[
    str,
    typer.Option(
        "--note", parser=read_note, metavar="備考", help="何による確定か。総会議決 など。"
    ),
]
Day = Annotated[
    date | None,
    typer.Option("--date", parser=read_day, metavar="日付", help="議決の日。令和7年5月30日 など。"),
]


def seal(
    year: Year,
    words: Words,
    root: Root = Path(),
    case: CaseOption = None,
    day: Day = None,
) -> None:
    """議決した出力と入力の全部を写して確定し、あとで変わらないようにします。"""
    from apportion.years.issues.seal import Note, seal  # noqa: PLC0415  the engine, as in `compute`

    typer.echo(_told(seal(root, year, Note(words, day), case), root))


Voted = Annotated[
    date,
    typer.Option("--date", parser=read_day, metavar="日付", help="議決の日。令和7年5月30日 など。"),
]


def decide(
    year: Year,
    words: Words,
    day: Voted,
    root: Root = Path(),
    case: CaseOption = None,
    pdf: Pdf = False,  # noqa: FBT002  an option
    archives: Archives = False,  # noqa: FBT002  an option
) -> None:
    """議決を決定の表に書き、計算し、確かめ、確定までを一度に行います。"""
    from apportion.cli.words import Progress  # noqa: PLC0415
    from apportion.pipeline import decide  # noqa: PLC0415  the engine, as in `compute`
    from apportion.years.issues.decide import Decision  # noqa: PLC0415

    decision = Decision(case, day, words)
    issue = decide(root, year, decision, pdf=pdf, archives=archives, tell=Progress)
    typer.echo(_told(issue, root))


Reason = Annotated[
    str, typer.Option("--note", parser=read_note, metavar="理由", help="取り消す理由。")
]
Taken = Annotated[
    date | None,
    typer.Option("--date", parser=read_day, metavar="日付", help="取り消した日。"),
]


def withdraw(
    year: Year,
    reason: Reason,
    root: Root = Path(),
    day: Taken = None,
    pdf: Pdf = False,  # noqa: FBT002  an option
) -> None:
    """最後に確定した請求か精算を、理由を残して取り消し、取消通知書を作ります。前の記録は消えません。"""
    from apportion.years.issues.seal import Note  # noqa: PLC0415  the engine, as in `compute`
    from apportion.years.issues.withdraw import withdraw  # noqa: PLC0415

    issue = withdraw(root, year, Note(reason, day), pdf=pdf)
    letters = sum(name.endswith(".xlsx") for name in issue.record["出力"])
    typer.echo(
        f"{year.label} 第{issue.withdraws}回を取り消しました（{issue.label}: {issue.folder}）。\n"
        f"指紋 {issue.fingerprint}\n"
        f"取消通知書 {letters} 件: {issue.folder}/出力/取消通知書\n"
        "もとの書類を送ってあれば、取消通知書も送ってください。\n"
        f"次は: apportion verify {issue.folder.parent}{beside(root)}"
    )


def _told(issue: "Issue", root: Path) -> str:
    from apportion.outcome.issued import LIST  # noqa: PLC0415  the engine, as in `compute`

    record = issue.record
    act = issue.edition.label if issue.edition else issue.case
    budget, what = (
        (f" {act}" if act else ""),
        "決算による負担金" if issue.case == SETTLED else "負担金",
    )
    return "\n".join(
        [
            f"{issue.year.label}{budget} {issue.label}を確定しました。",
            f"{what} {record['負担金額_円']:,}円、{record['団体数']} 団体",
            f"入力 {len(record['入力'])} ファイル、出力 {len(record['出力'])} ファイル: {issue.folder}",
            f"指紋 {issue.fingerprint}",
            f"議事録に綴じるもの: {issue.folder / LIST}（請求の一覧と指紋）",
            "（指紋が議事録にあると、あとで変わっていないことを示せます）",
            f"次は: apportion verify {issue.folder}{beside(root)}",
        ]
    )
