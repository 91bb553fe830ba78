"""The steps of a run and of a settlement: compute, write, read back, prove, record, swap; and `verify`."""

from dataclasses import replace
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
from apportion.why.difference import Diff, compare
from apportion.why.words import label, remarks
from apportion.years.issues import reissue
from apportion.years.issues.verify import issues_in, verify_issues
from apportion.years.settle.compute import settle

REASONS = "増減の理由.xlsx"


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
    hear: Hear = silent,
) -> Outcome:
    """Compute a year and write its folder (default `outputs/<year>`), proved from the files.

    `edition` takes the budget after a 補正 (folder `outputs/<year>-補正1`). `since` adds why amounts
    are others than there, `pdf` a PDF beside each workbook (`hear` after each), `archives` one zip
    of workbooks and PDFs for each municipality.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    program = office.required("PDF（--pdf）") if pdf else None
    target = out or root / OUTPUTS / folder_name(year, edition)
    ours = publish.of_run(year, edition)
    _refuse(target, root, ours)
    outcome = reissue.compared(compute(root, year, edition=edition, strict=strict), root)
    outcome, change = _since(since, outcome)
    with staged(target, ours) as folder:
        write(outcome, folder, change)
        outcome = reissue.with_other_changes(outcome, root, folder / CHARGED.letters)
        if grave(outcome.problems, strict=strict):
            raise InputError(outcome.problems)
        _prove(outcome, folder)
        if program:
            _print(program, folder, year, hear)
        if archives:
            _archive(outcome, folder)
        _record(outcome, root, folder)
    return outcome


def _since(before: Outcome | None, outcome: Outcome) -> tuple[Outcome, Diff | None]:
    """The outcome with what the papers say of the change, and the change itself."""
    change = compare(before, outcome) if before else None
    return replace(outcome, remarks=remarks(change)), change


def _print(program: Path, folder: Path, year: FiscalYear, hear: Hear) -> None:
    """A PDF beside each workbook."""
    letters = sorted((folder / CHARGED.letters).rglob("*.xlsx"))
    write_pdfs(program, [*letters, folder / CHARGED.summary], year.first_day, hear)


def _write_reasons(change: Diff, folder: Path) -> None:
    from apportion.workbook import reasons  # noqa: PLC0415  as below

    labels = label(change.before), label(change.after)
    (folder / REASONS).write_bytes(reasons.of_diff(change, change.changes, labels))


def _archive(outcome: Outcome, folder: Path) -> None:
    """One zip of workbooks and PDFs for each municipality."""
    sent = _sent(outcome, folder / CHARGED.letters)
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


def write(outcome: Outcome, folder: Path, change: Diff | None = None) -> None:
    """Every file of a run or a settlement but its 記録.json; `change` is told as well."""
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
    if change:
        _write_reasons(change, folder)


def _write_letters(outcome: Outcome, letters: Path) -> None:
    """The workbook of each member, and behind them those to a 代表 or of one 期."""
    from apportion.workbook.letters import book, collected, collected_settled, fill  # noqa: PLC0415
    from apportion.workbook.letters.own_form import chosen  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415

    drawn = plan(outcome)
    template = None if outcome.settled else chosen(outcome)  # a 精算書 is always on our form
    filler = fill.Filler(drawn, template)
    for number, member in enumerate(outcome.members, start=1):
        content = filler.content(member, number=number)
        (letters / book.file_name(member)).write_bytes(content)
    behind = len(outcome.members) + 1
    if outcome.settled:
        for number, payer in enumerate(collected_settled.needed(outcome), start=behind):
            path = letters / collected_settled.file_name(payer)
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


def _sent(outcome: Outcome, letters: Path) -> dict[str, list[Path]]:
    """Files that each municipality gets, by the name of its archive.

    The bill to a 代表 goes with its own calculation; 計算書 goes with all (指標一覧: 全団体).
    """
    from apportion.workbook.letters import book  # noqa: PLC0415

    everyone = {member.code: member for member in (*outcome.members, *outcome.payers)}
    whole = [] if outcome.own_only else [letters.parent / CHARGED.workings]
    return {
        book.file_name(member).removesuffix(".xlsx"): [*sorted(letters.rglob(f"{code}_*")), *whole]
        for code, member in everyone.items()
    }


def _record(outcome: Outcome, root: Path, folder: Path) -> None:
    (folder / publish.NAME).write_bytes(publish.make(outcome, root, folder))
