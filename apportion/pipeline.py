"""The steps of a run, a decision and a settlement: compute, write, read back, prove, record, swap; `verify`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from apportion.core.problem import InputError, OutputError, ReconciliationError, grave
from apportion.core.year import SETTLED, Edition, FiscalYear, folder_name
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER, Issue
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, proof, publish, stage
from apportion.outputs.both import both
from apportion.outputs.data import CHARGED, all_files, kind_of
from apportion.outputs.office import ARCHIVES, Hear, silent, write_archives, write_pdfs
from apportion.outputs.publish import OUTPUTS, staged
from apportion.outputs.verify import Verified, verify_run, verify_settlement
from apportion.years import carried
from apportion.years.issues import reissue
from apportion.years.issues.decide import Decision, copied, entered, moves
from apportion.years.issues.seal import Note, made, seal
from apportion.years.issues.verify import issues_in, verify_issues
from apportion.years.settle.compute import settle

if TYPE_CHECKING:
    from apportion.why.difference import Diff

Tell = Callable[[str], Hear]
"""Who hears of the files of a task, by its name: `tell("PDF")` hears that 3 of 54 are ready."""

Writing = Callable[[], object]
"""Writes a workbook."""

_LENT = 4
"""A quarter of the letters, with what the council keeps, is as much work as the others."""
_PDF = "PDF（--pdf）"
REASONS = "増減の理由.xlsx"


def _nobody(_task: str) -> Hear:
    return silent


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
    tell: Tell = _nobody,
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
    outcome = carried.told(reissue.compared(computed, root), root)
    outcome, change = _since(since, outcome)
    with staged(target, ours) as folder:
        write(outcome, folder, tell, change)
        outcome = reissue.with_other_changes(outcome, root, folder / CHARGED.letters)
        if grave(outcome.problems, strict=strict):
            raise InputError(outcome.problems)
        _prove(outcome, folder, tell)
        _extras(outcome, folder, program, tell, archives=archives)
        _record(outcome, root, folder)
    return outcome


def _extras(
    outcome: Outcome, folder: Path, program: Path | None, tell: Tell, *, archives: bool
) -> None:
    """A PDF beside each workbook, and one zip of workbooks and PDFs for each municipality."""
    kind, day = kind_of(outcome), outcome.year.first_day
    letters = folder / kind.letters
    if program:
        write_pdfs(
            program, [*sorted(letters.rglob("*.xlsx")), folder / kind.summary], day, tell("PDF")
        )
    if archives:
        write_archives(folder / ARCHIVES, _sent(outcome, letters), day)


def _since(before: Outcome | None, outcome: Outcome) -> tuple[Outcome, "Diff | None"]:
    """The outcome with what the papers say of the change, and the change itself."""
    if before is None:
        return outcome, None
    # Loaded here, as below: most runs compare nothing.
    from apportion.why.difference import compare  # noqa: PLC0415
    from apportion.why.words import remarks  # noqa: PLC0415

    change = compare(before, outcome)
    return replace(outcome, remarks=remarks(change)), change


def _write_reasons(change: "Diff", folder: Path) -> None:
    from apportion.why.words import label  # noqa: PLC0415
    from apportion.workbook import reasons  # noqa: PLC0415

    labels = label(change.before), label(change.after)
    (folder / REASONS).write_bytes(reasons.of_diff(change, change.changes, labels))


def run_settlement(
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    pdf: bool = False,
    archives: bool = False,
    tell: Tell = _nobody,
) -> Outcome:
    """Settle a year and write its folder (default `outputs/<year>-精算`); the rest is as with `run`."""
    program = office.required(_PDF) if pdf else None
    target = out or settlement_folder(root, year)
    ours = publish.of_run(year, SETTLED)
    _refuse(target, root, ours)
    outcome = reissue.compared(settle(root, year), root)
    with staged(target, ours) as folder:
        write(outcome, folder, tell)
        outcome = reissue.with_other_changes(outcome, root, folder / kind_of(outcome).letters)
        _prove(outcome, folder, tell)
        _extras(outcome, folder, program, tell, archives=archives)
        _record(outcome, root, folder)
    return outcome


def decide(
    root: Path,
    year: FiscalYear,
    decision: Decision,
    *,
    pdf: bool = False,
    archives: bool = False,
    tell: Tell = _nobody,
) -> Issue:
    """Enter what was voted, compute it, prove it and seal it; all of it, or nothing changes.

    Raises `InputError`, `ReconciliationError` and `OutputError` as `run` and `seal`.
    """
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
        stage.place(new, [(name, root / name) for name in (*files, *folders)])
    return made(root / folders[1])


_DECISION = "決定"


def settlement_folder(root: Path, year: FiscalYear) -> Path:
    """`outputs/r7-精算`."""
    return root / OUTPUTS / folder_name(year, SETTLED)


def verify(folder: Path, root: Path, *, recalculate: bool = False, hear: Hear = silent) -> Verified:
    """What is wrong with sealed issues, with a settlement or with a run, and what holds.

    `recalculate`: every formula is computed anew (`hear` hears of each file). Raises `OutputError`
    where the folder cannot be read at all, or where there is no program for that.
    """
    if sealed := issues_in(folder):
        return verify_issues(sealed, recalculate=recalculate, hear=hear)
    if publish.is_settlement(folder):
        return verify_settlement(folder, root, settle, recalculate=recalculate, hear=hear)
    return verify_run(folder, root, recalculate=recalculate, hear=hear)


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


def write(
    outcome: Outcome, folder: Path, tell: Tell = _nobody, change: "Diff | None" = None
) -> None:
    """Every file of a run or a settlement but its 記録.json; `change` is told as well."""
    # Loaded here, as below: only what is written needs XlsxWriter.
    from apportion.workbook.letters import sent  # noqa: PLC0415

    kind = kind_of(outcome)
    (folder / kind.letters).mkdir()
    (folder / "data").mkdir()
    letters = _letters(outcome, folder / kind.letters)
    lent = len(letters) // _LENT
    both(
        partial(_write, letters, lent, tell(kind.letters)),
        partial(_write, [*letters[:lent], partial(_write_lists, outcome, folder)]),
    )
    for name, data in all_files(outcome, sent.asked_by(outcome)).items():
        (folder / "data" / name).write_bytes(data)
    if change:
        _write_reasons(change, folder)


def _write(books: Sequence[Writing], begun: int = 0, hear: Hear = silent) -> None:
    """Write all but the first ones, which were begun elsewhere."""
    for number, book in enumerate(books[begun:], start=begun + 1):
        book()
        hear(number, len(books))


def _write_lists(outcome: Outcome, folder: Path) -> None:
    """What the council keeps: 負担金一覧 or 精算一覧, and 計算書."""
    from apportion.workbook.summary import book as summary_book  # noqa: PLC0415
    from apportion.workbook.summary.settled import book as settled_book  # noqa: PLC0415
    from apportion.workbook.workings import book as workings_book  # noqa: PLC0415

    kind, summary = kind_of(outcome), settled_book if outcome.settled else summary_book
    (folder / kind.summary).write_bytes(summary.make(outcome))
    (folder / kind.workings).write_bytes(workings_book.make(outcome))


def _letters(outcome: Outcome, folder: Path) -> list[Writing]:
    """The workbook of each member, and behind them those to a 代表 or of one 期."""
    from apportion.workbook.letters import collected, collected_settled, fill  # noqa: PLC0415
    from apportion.workbook.letters.own_form import chosen  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415
    from apportion.workbook.letters.sent import Letter, letters  # noqa: PLC0415

    drawn, template = plan(outcome), chosen(outcome)
    filler = fill.Filler(drawn, template)

    def written(letter: Letter) -> None:
        path = folder / letter.file
        path.parent.mkdir(exist_ok=True)
        if letter.is_own:
            path.write_bytes(filler.content(letter.member, number=letter.number))
        elif outcome.settled:
            content = collected_settled.content(drawn, letter.member, number=letter.number)
            path.write_bytes(content)
        else:
            collected.write(drawn, letter, path, template=template)

    return [partial(written, letter) for letter in letters(outcome)]


def _prove(outcome: Outcome, folder: Path, tell: Tell) -> None:
    expected = proof.computed(outcome, folder)
    found = proof.compare(folder, expected, tell("読み返し"))
    if found:
        raise ReconciliationError("\n\n".join(map(str, found)))


def _sent(outcome: Outcome, folder: Path) -> dict[str, dict[str, Path]]:
    """Files that each municipality gets by their names, by the name of its archive; none without a letter.

    A 代表 gets the calculation of the bodies it pays for; 計算書 goes with all (指標一覧: 全団体).
    """
    from apportion.workbook.letters.naming import stem_of, subject  # noqa: PLC0415
    from apportion.workbook.letters.sent import letters  # noqa: PLC0415

    listed, workings = letters(outcome), folder.parent / kind_of(outcome).workings
    named = f"{workings.stem}_{subject(outcome)}{workings.suffix}"
    whole = {} if outcome.own_only else {named: workings}
    led = {one.member.code: outcome.pays_for(one.member.code) for one in listed if one.together}
    found = {}
    for member in dict.fromkeys(one.member for one in listed):
        codes = led.get(member.code, ())
        names = [
            one.file
            for one in listed
            if one.member is member or (one.is_own and one.member.code in codes)
        ]
        own = {path.name: path for name in names for path in _with_pdf(folder / name)}
        found[stem_of(outcome, member)] = own | whole
    return found


def _with_pdf(path: Path) -> list[Path]:
    return [found for found in (path, path.with_suffix(".pdf")) if found.is_file()]


def _record(outcome: Outcome, root: Path, folder: Path) -> None:
    (folder / publish.NAME).write_bytes(publish.make(outcome, root, folder))
