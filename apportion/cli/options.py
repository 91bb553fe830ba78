"""Options that commands share, and the exit codes."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from apportion.core.text import name_key
from apportion.core.year import SETTLED, AskedBudget, Case, Edition, FiscalYear, parse_date

os.environ.setdefault("TYPER_USE_RICH", "0")  # typer reads it when it is imported

import typer

__all__ = ["typer"]


DONE, WRONG_INPUT, WRONG_USAGE, NO_ACCESS, OUR_FAULT = 0, 1, 2, 3, 10


def read_year(text: str) -> FiscalYear:
    """Year as typed; raises `typer.BadParameter`."""
    year = FiscalYear.parse(text)
    if year is None:
        message = f"年度「{text}」が分かりません。r7、令和7、2025 のように書いてください。"
        raise typer.BadParameter(message)
    return year


Year = Annotated[
    FiscalYear,
    typer.Option("--year", parser=read_year, metavar="年度", help="年度。r7、令和7、2025 など。"),
]


def read_edition(text: str) -> Edition:
    """補正 as typed; raises `typer.BadParameter`."""
    edition = Edition.parse(text)
    if name_key(text) == SETTLED:
        message = "精算は、--case ではなく、apportion settle で計算します（decide と seal では --case 精算）。"
        raise typer.BadParameter(message)
    if edition is None:
        message = f"ケース「{text}」が分かりません。補正1、補正第2号 のように書いてください。"
        raise typer.BadParameter(message)
    return edition


EditionOption = Annotated[
    Edition | None,
    typer.Option(
        "--case", parser=read_edition, metavar="補正n", help="補正予算のあとの額。補正1 など。"
    ),
]


def read_budget(text: str) -> AskedBudget:
    """A budget as typed; raises `typer.BadParameter`."""
    asked = AskedBudget.parse(text)
    if asked is None:
        message = f"ケース「{text}」が分かりません。当初、補正1、補正第2号 のように書いてください。"
        raise typer.BadParameter(message)
    return asked


BudgetOption = Annotated[
    AskedBudget | None,
    typer.Option(
        "--case",
        parser=read_budget,
        metavar="当初|補正n",
        help="どの予算の額か。省くと、最後に確定した請求の額。",
    ),
]


def read_case(text: str) -> Case:
    """補正 or 精算 as typed; raises `typer.BadParameter`."""
    return SETTLED if name_key(text) == SETTLED else read_edition(text)


CaseOption = Annotated[
    Any,  # a `Case`: typer takes no union
    typer.Option(
        "--case",
        parser=read_case,
        metavar="補正n",
        help="補正予算のあとの額（補正1 など）、または精算。",
    ),
]


def read_day(text: str) -> date:
    """Day as typed; raises `typer.BadParameter`."""
    day = parse_date(text)
    if day is None:
        message = f"日付「{text}」が分かりません。令和7年5月30日、R7.5.30 のように書いてください。"
        raise typer.BadParameter(message)
    return day


def read_root(text: str) -> Path:
    """Folder as typed; raises `typer.BadParameter` where it is none."""
    root = Path(text)
    if not root.is_dir():
        message = (
            f"フォルダー「{text}」がありません。規則と名簿のあるフォルダーを指定してください。"
        )
        raise typer.BadParameter(message)
    return root


Root = Annotated[
    Path,
    typer.Option(
        "--dir", parser=read_root, metavar="フォルダー", help="規則と名簿のあるフォルダー。"
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="注意があるときも止まります。")]
Json = Annotated[bool, typer.Option("--json", help="機械向けに出します。")]

Xlsx = Annotated[
    Path | None, typer.Option("--xlsx", metavar="ファイル", help="Excelのブックに書きます。")
]


def beside(root: Path, edition: Case = None) -> str:
    """`--case` and `--dir` for the next command, where they are needed."""
    chosen = f" --case {edition}" if edition else ""
    return chosen if root == Path() else f"{chosen} --dir {root}"
