"""The steps of a run, a decision and a settlement: compute, write, read back, prove, record, swap; `verify`."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from apportion.core.problem import InputError, OutputError, ReconciliationError, grave
from apportion.core.year import SETTLED, Edition, FiscalYear, folder_name
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, proof, publish, stage
from apportion.outputs.data import CHARGED, kind_of
from apportion.outputs.office import Hear, silent
from apportion.outputs.publish import OUTPUTS, staged
from apportion.outputs.render import Tell, nobody, write, write_extras
from apportion.years import carried
from apportion.years.issues import reissue

if TYPE_CHECKING:
    from apportion.outcome.issued import Issue
    from apportion.outputs.verify import Verified
    from apportion.why.difference import Diff
    from apportion.years.issues.decide import Decision

# What a single command needs is loaded in its function: no other one pays for it.

_PDF = "PDF（--pdf）"


def run(  # noqa: PLR0913  the options of a run
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    edition: Edition | None = None,
    strict: bool = False,
    pdf: bool = False,
    archives: bool = False,
    since: Outcome | None = None,
    tell: Tell = nobody,
) -> Outcome:
    """Compute a year and write its folder (default `outputs/<year>`), proved from the files.

    `edition` takes the budget after a 補正 (folder `outputs/<year>-補正1`). `since` adds why amounts
    are others than there, `pdf` a PDF beside each workbook, `archives` one zip of workbooks and PDFs
    for each municipality; `tell` hears of all workbooks.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    program = office.required(_PDF) if pdf else None
    target = out or root / OUTPUTS / folder_name(year, edition)
    ours = publish.of_run(year, edition)
    _refuse(target, root, ours)
    computed = compute(root, year, edition=edition, strict=strict)
    outcome, change = _since(since, reissue.compared(computed, root))
    with staged(target, ours) as folder:
        found = write(outcome, folder, tell, change, partial(carried.told, outcome, root))
        outcome = replace(outcome, problems=(*outcome.problems, *found))
        outcome = reissue.with_other_changes(outcome, root, folder / CHARGED.letters)
        if grave(outcome.problems, strict=strict):
            raise InputError(outcome.problems)
        _prove(outcome, folder, tell)
        write_extras(outcome, folder, program, tell, archives=archives)
        _record(outcome, root, folder)
    return outcome


def _since(before: Outcome | None, outcome: Outcome) -> tuple[Outcome, "Diff | None"]:
    """The outcome with what the papers say of the change, and the change itself."""
    if before is None:
        return outcome, None
    from apportion.why.difference import compare  # noqa: PLC0415
    from apportion.why.words import remarks  # noqa: PLC0415

    change = compare(before, outcome)
    return replace(outcome, remarks=remarks(change)), change


def run_settlement(
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    pdf: bool = False,
    archives: bool = False,
    tell: Tell = nobody,
) -> Outcome:
    """Settle a year and write its folder (default `outputs/<year>-精算`); the rest is as with `run`."""
    from apportion.years.settle.compute import settle  # noqa: PLC0415

    program = office.required(_PDF) if pdf else None
    target = out or settlement_folder(root, year)
    ours = publish.of_run(year, SETTLED)
    _refuse(target, root, ours)
    outcome = reissue.compared(settle(root, year), root)
    with staged(target, ours) as folder:
        write(outcome, folder, tell)
        outcome = reissue.with_other_changes(outcome, root, folder / kind_of(outcome).letters)
        _prove(outcome, folder, tell)
        write_extras(outcome, folder, program, tell, archives=archives)
        _record(outcome, root, folder)
    return outcome


def decide(
    root: Path,
    year: FiscalYear,
    decision: "Decision",
    *,
    pdf: bool = False,
    archives: bool = False,
    tell: Tell = nobody,
) -> "Issue":
    """Enter what was voted, compute it, prove it and seal it; all of it, or nothing changes.

    Raises `InputError`, `ReconciliationError` and `OutputError` as `run` and `seal`.
    """
    from apportion.years.issues.decide import copied, entered, moves  # noqa: PLC0415
    from apportion.years.issues.seal import Note, clear_begun, made, seal  # noqa: PLC0415

    case = decision.case
    outputs = publish.of_run(year, case)
    with stage.opened(root, _DECISION) as new:
        copied(root, year, new)
        files = entered(new, year, decision)
        if case == SETTLED:
            run_settlement(new, year, pdf=pdf, archives=archives, tell=tell)
        else:
            run(new, year, edition=case, pdf=pdf, archives=archives, tell=tell)
        sealed = seal(new, year, Note(decision.note, decision.day), case)
        folders = moves(year, decision, sealed.number)
        _refuse(root / folders[0], root, outputs)
        target = root / folders[0]
        clear_begun(root / folders[1])
        places = [(name, root / name) for name in (*files, *folders)]
        stage.place(new, places, copied=publish.copied(target))
        publish.forget_drafts(new, target)
    return made(root / folders[1])


_DECISION = "決定"


def settlement_folder(root: Path, year: FiscalYear) -> Path:
    """`outputs/r7-精算`."""
    return root / OUTPUTS / folder_name(year, SETTLED)


def verify(
    folder: Path,
    root: Path,
    *,
    fingerprint: str = "",
    recalculate: bool = False,
    hear: Hear = silent,
) -> "Verified":
    """What is wrong with sealed issues, with a settlement or with a run, and what holds.

    `fingerprint` is the 指紋 of the last issue, as the minutes have it. `recalculate`: every formula
    is computed anew (`hear` hears of each file). Raises `OutputError` where the folder cannot be
    read at all, or where there is no program for that.
    """
    from apportion.outputs.verify import verify_outputs  # noqa: PLC0415
    from apportion.years.issues.verify import computed, issues_in, verify_issues  # noqa: PLC0415

    sealed = issues_in(folder)
    if sealed or fingerprint:
        year = None if sealed == [folder] or not folder.is_dir() else folder
        return verify_issues(
            sealed, year=year, fingerprint=fingerprint, recalculate=recalculate, hear=hear
        )
    return verify_outputs(folder, root, computed, recalculate=recalculate, hear=hear)


def _refuse(target: Path, root: Path, ours: publish.Foreign) -> None:
    """Outputs never take the place of what is not theirs, nor lie among inputs or what was sealed."""
    sealed, wanted = (root / FOLDER).resolve(), target.resolve()
    if wanted.is_relative_to(sealed) or (sealed.is_dir() and sealed.is_relative_to(wanted)):
        message = (
            f"{target} には確定した請求があるので、書き出せません。\n"
            "  直し方: --out には、ほかのフォルダーを指定してください。"
        )
        raise OutputError(message)
    publish.refuse_inputs(target, root)
    publish.refuse_others(target, ours)


def _prove(outcome: Outcome, folder: Path, tell: Tell) -> None:
    expected = proof.computed(outcome, folder)
    found = proof.compare(folder, expected, tell("読み返し"))
    if found:
        raise ReconciliationError("\n\n".join(map(str, found)))


def _record(outcome: Outcome, root: Path, folder: Path) -> None:
    record = publish.make(outcome, root, folder)
    (folder / publish.NAME).write_bytes(publish.to_bytes(record))
