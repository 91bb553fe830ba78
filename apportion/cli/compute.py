"""Commands that compute: run, check, verify."""

import json
import re
from pathlib import Path
from typing import Annotated

from apportion.cli.options import (
    WRONG_INPUT,
    EditionOption,
    Json,
    Root,
    Strict,
    Year,
    beside,
    typer,
)
from apportion.cli.words import show
from apportion.core.problem import grave
from apportion.core.text import fold

# The engine is imported inside the command: `--help` must not pay for it.


Pdf = Annotated[
    bool, typer.Option("--pdf", help="通知と一覧のPDFも作ります（LibreOffice が要ります）。")
]
Archives = Annotated[
    bool, typer.Option("--zip", help="団体ごとに、送るファイルを一つの zip にまとめます。")
]


def settle(
    year: Year,
    root: Root = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="フォルダー", help="書き出す先を変えます。")
    ] = None,
    pdf: Pdf = False,  # noqa: FBT002  an option
    archives: Archives = False,  # noqa: FBT002  an option
) -> None:
    """決算額で精算し、団体ごとの精算書と一覧、積立金台帳を書きます。"""
    from apportion.cli import report, settle_report  # noqa: PLC0415

    extras = report.Extras(pdf=pdf, archives=archives)
    typer.echo(settle_report.whole(year, root, out, extras) + beside(root))


Recalculate = Annotated[
    bool,
    typer.Option(
        "--recalculate",
        help="ブックのすべての式を、IronCalc と（あれば）LibreOffice で計算し直して比べます。",
    ),
]

Since = Annotated[
    str | None,
    typer.Option("--since", metavar="前", help="r6 などからの増減の理由も書きます。"),
]


def run(  # noqa: PLR0913, PLR0917  the options of a run
    year: Year,
    root: Root = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", metavar="フォルダー", help="書き出す先を変えます。")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="事業", help="一つの事業を表示だけします。")
    ] = None,
    edition: EditionOption = None,
    strict: Strict = False,  # noqa: FBT002  an option
    pdf: Pdf = False,  # noqa: FBT002  an option
    archives: Archives = False,  # noqa: FBT002  an option
    since: Since = None,
) -> None:
    """計算し、通知・一覧・データを outputs に書き、読み返して確かめます。"""
    from apportion.cli import report  # noqa: PLC0415

    if only is not None and (pdf or archives or since):
        message = "--only は表示だけなので、--pdf、--zip、--since とは一緒に使えません。"
        raise typer.BadParameter(message)
    if only is not None:
        typer.echo(report.project(root, year, only, edition, strict=strict))
        return
    extras = report.Extras(pdf=pdf, archives=archives, since=since)
    typer.echo(report.whole(root, year, out, extras, edition, strict=strict))


CoverageOption = Annotated[
    bool, typer.Option("--coverage", help="規則のどの数を変えても検算が気づかないかを調べます。")
]


def check(
    year: Year,
    root: Root = Path(),
    edition: EditionOption = None,
    strict: Strict = False,  # noqa: FBT002  an option
    as_json: Json = False,  # noqa: FBT002  an option
    coverage: CoverageOption = False,  # noqa: FBT002  an option
) -> None:
    """規則と表の誤りを、すべて一度に調べます。何も書きません。"""
    if coverage:
        from apportion.cli.coverage import answer  # noqa: PLC0415

        if edition is not None or strict:
            message = "--coverage は、--case、--strict とは一緒に使えません。"
            raise typer.BadParameter(message)
        typer.echo(answer(root, year, as_json=as_json))
        return
    from apportion.outcome.computation import examine_year  # noqa: PLC0415
    from apportion.years import carried  # noqa: PLC0415

    problems = carried.of_check(root, examine_year(root, year, edition))
    if as_json:
        typer.echo(json.dumps([p.record() for p in problems], ensure_ascii=False, indent=1))
    else:
        show(problems)
    if grave(problems, strict=strict):
        raise typer.Exit(WRONG_INPUT)
    if not as_json:
        typer.echo(f"誤りはありません。\n次は: apportion run --year {year}{beside(root, edition)}")


_DIGITS = 64


def read_fingerprint(text: str) -> str:
    """指紋 as typed, from paper too; raises `typer.BadParameter`."""
    digits = re.sub(r"[\s-]", "", fold(text)).lower()
    if not re.fullmatch(f"[0-9a-f]{{{_DIGITS}}}", digits):
        message = (
            f"指紋「{text}」が分かりません。確定一覧か議事録にある {_DIGITS} 字（0～9、a～f）を、"
            f"全部書いてください（今は {len(digits)} 字）。"
        )
        raise typer.BadParameter(message)
    return digits


Fingerprint = Annotated[
    str | None,
    typer.Option(
        "--指紋",
        "--fingerprint",
        parser=read_fingerprint,
        metavar="指紋",
        help="議事録に控えた、最後に確定した回の指紋と比べます。",
    ),
]


def verify(
    folder: Annotated[Path, typer.Argument(metavar="フォルダー", help="outputs/r7 など。")],
    root: Root = Path(),
    fingerprint: Fingerprint = None,
    recalculate: Recalculate = False,  # noqa: FBT002  an option
) -> None:
    """出力のファイルを、データ・予算・入力から作り直したものと突き合わせます。"""
    from apportion import pipeline  # noqa: PLC0415
    from apportion.cli.words import Progress  # noqa: PLC0415

    problems, summary = pipeline.verify(
        folder,
        root,
        fingerprint=fingerprint or "",
        recalculate=recalculate,
        hear=Progress("再計算"),
    )
    show(problems)
    if grave(problems):
        raise typer.Exit(WRONG_INPUT)
    typer.echo(summary)
