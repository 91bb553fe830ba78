"""What a run tells on the screen."""

from pathlib import Path

from apportion.cli.options import beside
from apportion.cli.words import Progress, seen
from apportion.core.dataclass import dataclass
from apportion.core.problem import InputError, Level
from apportion.core.sums import summed
from apportion.core.year import Edition, FiscalYear, folder_name
from apportion.explain.choice import meant, unclear_project
from apportion.outcome.computation import compute
from apportion.outcome.outcome import STATES, Outcome
from apportion.outputs.data import CHARGED, REASONS, Kind
from apportion.outputs.office import ARCHIVES
from apportion.outputs.publish import OUTPUTS
from apportion.pipeline import run

_OF_AMOUNTS = {"W855", "W858", "W860"}
"""お知らせ about what members pay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What is written besides workbooks and data."""

    pdf: bool
    archives: bool
    since: str | None = None

    def words(self, folder: Path, kind: Kind = CHARGED) -> list[str]:
        """Where it stands."""
        told = [f"増減の理由: {folder}/{REASONS} と、計算のあらましの終わり"] if self.since else []
        pdf = [f"PDF: {folder}/{kind.letters} のブックの隣"] if self.pdf else []
        return (
            [*told, *pdf, f"送るファイル: {folder}/{ARCHIVES}（団体ごとの zip）"]
            if self.archives
            else [*told, *pdf]
        )


def whole(
    root: Path,
    year: FiscalYear,
    out: Path | None,
    extras: Extras,
    edition: Edition | None,
    *,
    strict: bool,
) -> str:
    """Run a year or a 補正 of it and say what was written."""
    since = _since(root, extras.since) if extras.since else None
    outcome = run(
        root,
        year,
        out=out,
        edition=edition,
        strict=strict,
        pdf=extras.pdf,
        archives=extras.archives,
        since=since,
        tell=Progress,
    )
    folder = out or root / OUTPUTS / folder_name(year, edition)
    told = [*_told(outcome, folder), *extras.words(folder)]
    return "\n".join([*told, f"次は: apportion verify {folder}{beside(root)}"])


def _since(root: Path, written: str) -> Outcome:
    from apportion.why.sides import read_side  # noqa: PLC0415  most runs compare nothing

    return read_side(root, written).outcome


def _told(outcome: Outcome, folder: Path) -> list[str]:
    return [
        *_notes(outcome),
        f"{_title(outcome)} {outcome.total:,}円（{STATES[outcome.state]}）",
        *_projects(outcome),
        *_accounts(outcome),
        f"突合 {len(outcome.equations)} 式、差はすべて 0円",
        f"{len(outcome.members)} 団体: {folder}/{CHARGED.letters}、{folder}/{CHARGED.summary}、{folder}/data",
    ]


def _notes(outcome: Outcome) -> list[str]:
    """What a person should know of the amounts; how a file was read is told by `check`."""
    told = (p for p in outcome.problems if p.level is not Level.NOTICE or p.code in _OF_AMOUNTS)
    line = seen(outcome.problems)
    return [*(str(problem) for problem in told if not problem.seen), *([line] if line else [])]


def _title(outcome: Outcome) -> str:
    label = f"{outcome.year.label} 負担金"
    return f"{label} {outcome.edition.label}のあと" if outcome.edition else label


def project(
    root: Path, year: FiscalYear, name: str, edition: Edition | None, *, strict: bool
) -> str:
    """Charges of one 事業, printed and not written."""
    outcome = compute(root, year, edition=edition, strict=strict)
    known = list(dict.fromkeys(result.case.line.project for result in outcome.results))
    chosen = meant(name, known)
    if len(chosen) != 1:
        raise InputError((unclear_project(name, known, "--only"),))
    lines = [f"{chosen[0]}（{STATES[outcome.state]}）"]
    for code, charges in outcome.by_member.items():
        yen = [charge.yen for charge in charges if charge.line.project == chosen[0]]
        if yen:
            lines.append(f"{code} {charges[0].member.name}\t{sum(yen):,}円")
    return "\n".join(lines)


def _accounts(outcome: Outcome) -> list[str]:
    """会計 by which bills are divided."""
    parts = outcome.papers if outcome.book.accounts else ()
    lines = [f"  {own.account}\t{own.total:,}円 {len(own.billed)}団体" for own in parts]
    return ["会計ごとの請求書:", *lines] if lines else []


def _projects(outcome: Outcome) -> list[str]:
    sums = summed((charge.line.project, charge.yen) for charge in outcome.charges)
    return [f"  {name}\t{yen:,}円" for name, yen in sums.items()]
