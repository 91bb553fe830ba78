"""What a settlement tells on the screen."""

from pathlib import Path

from apportion.cli.report import Extras
from apportion.cli.words import Progress, seen
from apportion.core.numbers import money
from apportion.core.problem import Level
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.outcome.settled import WAYS, Settled, difference_of
from apportion.outputs.data import SETTLED
from apportion.pipeline import run_settlement, settlement_folder


def whole(year: FiscalYear, root: Path, out: Path | None, extras: Extras) -> str:
    """Settle a year and say what was written."""
    outcome = run_settlement(
        root, year, out=out, pdf=extras.pdf, archives=extras.archives, tell=Progress
    )
    settled = outcome.settlement
    folder = out or settlement_folder(root, year)
    notes = [str(problem) for problem in outcome.problems if problem.level is not Level.NOTICE]
    notes += [str(p) for p in outcome.problems if p.code == "W895" and not p.seen]
    notes += [line] if (line := seen(outcome.problems)) else []
    billed = f"請求済額: {settled.issue}" if settled.issue else ""
    return "\n".join(
        [
            *notes,
            f"{year.label} 精算の差額 {money(difference_of(settled.rows))}",
            *([billed] if billed else []),
            *_projects(settled),
            *_next_year(folder, settled),
            *_figures(settled),
            f"突合 {len(outcome.equations)} 式、差はすべて 0円",
            f"{len(settled.by_member)} 団体: {folder}/{SETTLED.letters}、{folder}/{SETTLED.summary}、{folder}/data",
            *extras.words(folder, SETTLED),
            f"次は: apportion verify {folder}",
        ]
    )


def _projects(settled: Settled) -> list[str]:
    names = {name_key(row.project): row.project for row in settled.rows}
    return [
        f"  {name}\t{money(_difference(settled, key))}（{settled.ways[key]}）"
        for key, name in names.items()
    ]


def _figures(settled: Settled) -> list[str]:
    """Which column of 基礎数値 each 経費 was settled by."""
    lines = [f"  {project}\t{column}（{names}）" for project, column, names in settled.figure_lines]
    return ["精算に使った基礎数値:", *lines] if lines else []


def _difference(settled: Settled, key: str) -> int:
    return difference_of(row for row in settled.rows if name_key(row.project) == key)


def _next_year(folder: Path, settled: Settled) -> list[str]:
    """Files that next year's workspace takes over."""
    files = [(WAYS[1], "adjustment.csv"), (WAYS[2], "reserve.csv")]
    return [
        f"翌年度に使う表: {folder}/data/{file}（{way}）"
        for way, file in files
        if way in settled.ways.values()
    ]
