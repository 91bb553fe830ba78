"""What a run tells on the screen."""

from pathlib import Path

from apportion.cli.options import beside
from apportion.computation import compute
from apportion.explain.choice import meant, unclear_project
from apportion.outcome import Outcome
from apportion.pipeline import INVOICES, OUTPUTS, SUMMARY, run
from apportion.problem import InputError, Level
from apportion.year import FiscalYear

_STATES = {
    "例": "計算例（協議会の決定ではありません）",
    "案": "案（決定前の見込み）",
    "議決": "議決済み",
}


def whole(root: Path, year: FiscalYear, out: Path | None, *, strict: bool) -> str:
    """Run a year and say what was written."""
    outcome = run(root, year, out=out, strict=strict)
    folder = out or root / OUTPUTS / year.code
    notes = [str(problem) for problem in outcome.problems if problem.level is not Level.NOTICE]
    return "\n".join(
        [
            *notes,
            f"{year.label} 負担金 {outcome.total:,}円（{_STATES[outcome.state]}）",
            *_projects(outcome),
            f"突合 {len(outcome.equations)} 式、差はすべて 0円",
            f"{len(outcome.members)} 団体: {folder}/{INVOICES}、{folder}/{SUMMARY}、{folder}/data",
            f"次は: apportion verify {folder}{beside(root)}",
        ]
    )


def project(root: Path, year: FiscalYear, name: str, *, strict: bool) -> str:
    """Charges of one 事業, printed and not written."""
    outcome = compute(root, year, strict=strict)
    known = list(dict.fromkeys(result.case.line.project for result in outcome.results))
    chosen = meant(name, known)
    if len(chosen) != 1:
        raise InputError((unclear_project(name, known, "--only"),))
    lines = [f"{chosen[0]}（{_STATES[outcome.state]}）"]
    for code, charges in outcome.by_member.items():
        yen = [charge.yen for charge in charges if charge.line.project == chosen[0]]
        if yen:
            lines.append(f"{code} {charges[0].member.name}\t{sum(yen):,}円")
    return "\n".join(lines)


def _projects(outcome: Outcome) -> list[str]:
    sums: dict[str, int] = {}
    for charge in outcome.charges:
        sums[charge.line.project] = sums.get(charge.line.project, 0) + charge.yen
    return [f"  {name}\t{yen:,}円" for name, yen in sums.items()]
