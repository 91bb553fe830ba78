"""The steps of a run and of a settlement: compute, write, read back, prove, record, swap; and `verify`."""

from pathlib import Path

from apportion.core.problem import InputError, OutputError, ReconciliationError, grave
from apportion.core.year import Edition, FiscalYear, folder_name
from apportion.outcome.computation import compute
from apportion.outcome.issued import FOLDER
from apportion.outcome.outcome import Outcome
from apportion.outputs import office, proof, publish
from apportion.outputs.data import CHARGED, all_files, kind_of
from apportion.outputs.office import ARCHIVES, Hear, silent, write_archives, write_pdfs
from apportion.outputs.publish import OUTPUTS, staged
from apportion.outputs.verify import Verified, is_settlement, verify_run, verify_settlement
from apportion.years.issues import reissue
from apportion.years.issues.verify import issues_in, verify_issues
from apportion.years.settle.compute import settle


def run(  # noqa: PLR0913  the options of a run
    root: Path,
    year: FiscalYear,
    *,
    out: Path | None = None,
    edition: Edition | None = None,
    strict: bool = False,
    pdf: bool = False,
    archives: bool = False,
    hear: Hear = silent,
) -> Outcome:
    """Compute a year and write its folder (default `outputs/<year>`), proved from the files.

    `edition` takes the budget after a 補正 (folder `outputs/<year>-補正1`).

    `pdf` adds a PDF beside each workbook (`hear` after each), `archives` one zip of
    workbooks and PDFs for each municipality.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    program = office.required("PDF（--pdf）") if pdf else None
    target = out or root / OUTPUTS / folder_name(year, edition)
    ours = publish.of_run(year, edition)
    _refuse(target, root, ours)
    outcome = reissue.compared(compute(root, year, edition=edition, strict=strict), root)
    with staged(target, ours) as folder:
        write(outcome, folder)
        outcome = reissue.with_other_changes(outcome, root, folder / CHARGED.letters)
        if grave(outcome.problems, strict=strict):
            raise InputError(outcome.problems)
        _prove(outcome, folder)
        if program:
            letters = sorted((folder / CHARGED.letters).rglob("*.xlsx"))
            books = [*letters, folder / CHARGED.summary]
            write_pdfs(program, books, year.first_day, hear)
        if archives:
            _archive(outcome, folder)
        _record(outcome, root, folder)
    return outcome


def _archive(outcome: Outcome, folder: Path) -> None:
    """One zip of workbooks and PDFs for each municipality."""
    sent = _sent(outcome, folder)
    write_archives(folder / ARCHIVES, sent, outcome.year.first_day)


def run_settlement(root: Path, year: FiscalYear, *, out: Path | None = None) -> Outcome:
    """Settle a year and write its folder (default `outputs/<year>-精算`); raises as `run`."""
    target = out or settlement_folder(root, year)
    ours = publish.of_run(year, publish.SETTLEMENT)
    _refuse(target, root, ours)
    outcome = settle(root, year)
    with staged(target, ours) as folder:
        write(outcome, folder)
        _prove(outcome, folder)
        _record(outcome, root, folder)
    return outcome


def settlement_folder(root: Path, year: FiscalYear) -> Path:
    """`outputs/r7-精算`."""
    return root / OUTPUTS / f"{year.code}-{publish.SETTLEMENT}"


def verify(folder: Path, root: Path, *, recalculate: bool = False, hear: Hear = silent) -> Verified:
    """What is wrong with sealed issues, with a settlement or with a run, and what holds.

    `recalculate`: LibreOffice computes every formula anew (`hear` hears of each file).
    Raises `OutputError` where the folder cannot be read at all, or where there is no LibreOffice.
    """
    if sealed := issues_in(folder):
        return verify_issues(sealed, recalculate=recalculate, hear=hear)
    if is_settlement(folder):
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


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of a run or a settlement but its 記録.json."""
    # Loaded here, as below: only what is written needs XlsxWriter.
    from apportion.workbook.letters import collected  # noqa: PLC0415
    from apportion.workbook.summary import book as summary_book  # noqa: PLC0415
    from apportion.workbook.summary.settled import book as settled_book  # noqa: PLC0415
    from apportion.workbook.workings import book as workings_book  # noqa: PLC0415

    kind = kind_of(outcome)
    (folder / kind.letters).mkdir()
    (folder / "data").mkdir()
    _write_letters(outcome, folder / kind.letters)
    summary = settled_book.make(outcome) if outcome.settled else summary_book.make(outcome)
    (folder / kind.summary).write_bytes(summary)
    (folder / kind.workings).write_bytes(workings_book.make(outcome))
    for name, data in all_files(outcome, collected.files(outcome)).items():
        (folder / "data" / name).write_bytes(data)


def _write_letters(outcome: Outcome, letters: Path) -> None:
    """The workbook of each member, and behind them those to a 代表 or of one 期."""
    from apportion.workbook.letters import collected, collected_settled, fill  # noqa: PLC0415
    from apportion.workbook.letters.naming import file_name  # noqa: PLC0415
    from apportion.workbook.letters.own_form import chosen  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415

    drawn = plan(outcome)
    template = None if outcome.settled else chosen(outcome)  # a 精算書 is always on our form
    filler = fill.Filler(drawn, template)
    for number, member in enumerate(outcome.members, start=1):
        content = filler.content(member, number=number)
        (letters / file_name(outcome, member)).write_bytes(content)
    behind = len(outcome.members) + 1
    if outcome.settled:
        for number, payer in enumerate(collected_settled.needed(outcome), start=behind):
            path = letters / file_name(outcome, payer, kind_of(outcome).collected)
            path.write_bytes(collected_settled.content(drawn, payer, number=number))
        return
    for number, sent in enumerate(collected.sent(outcome), start=behind):
        path = letters / sent.file
        path.parent.mkdir(exist_ok=True)
        collected.write(drawn, sent, path, number=number, template=template)


def _prove(outcome: Outcome, folder: Path) -> None:
    found = proof.compare(folder, proof.computed(outcome, folder))
    if found:
        raise ReconciliationError("\n\n".join(map(str, found)))


def _sent(outcome: Outcome, folder: Path) -> dict[str, dict[str, Path]]:
    """Files that each municipality gets by their names, by the name of its archive.

    The bill to a 代表 goes with its own calculation; 計算書 goes with all (指標一覧: 全団体).
    """
    from apportion.workbook.letters.naming import stem_of, subject  # noqa: PLC0415

    everyone = {member.code: member for member in (*outcome.members, *outcome.payers)}
    workings = folder / CHARGED.workings
    named = f"{workings.stem}_{subject(outcome)}{workings.suffix}"
    whole = {} if outcome.own_only else {named: workings}
    letters = folder / CHARGED.letters
    return {
        stem_of(outcome, member): {path.name: path for path in letters.rglob(f"{code}_*")} | whole
        for code, member in everyone.items()
    }


def _record(outcome: Outcome, root: Path, folder: Path) -> None:
    (folder / publish.NAME).write_bytes(publish.make(outcome, root, folder))
