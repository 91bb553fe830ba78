"""`settle`: compute, render, read back, prove and publish the settlement of a year."""

from pathlib import Path

from apportion import manifest
from apportion.outcome import Outcome
from apportion.pipeline import OUTPUTS
from apportion.problem import ReconciliationError
from apportion.publish import staged
from apportion.year import FiscalYear
from apportion.yearly import settle_files, settle_proof
from apportion.yearly.settle import settle
from apportion.yearly.settle_names import LETTERS, SUMMARY


def run(root: Path, year: FiscalYear, *, out: Path | None = None) -> Outcome:
    """Settle a year and write its folder (default `outputs/r7-精算`), proved from the files.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    outcome = settle(root, year)
    with staged(out or folder_of(root, year)) as folder:
        write(outcome, folder)
        found = settle_proof.compare(folder, settle_proof.computed(outcome))
        if found:
            raise ReconciliationError("\n\n".join(map(str, found)))
        (folder / manifest.NAME).write_bytes(manifest.make(outcome, root, folder))
    return outcome


def folder_of(root: Path, year: FiscalYear) -> Path:
    """`outputs/r7-精算`."""
    return root / OUTPUTS / f"{year.code}-{manifest.SETTLEMENT}"


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of a settlement but the manifest."""
    # Loaded here: only a settlement that is written needs XlsxWriter.
    from apportion.workbook import fill, invoice, settle_collected, settle_summary  # noqa: PLC0415
    from apportion.workbook.plan import plan  # noqa: PLC0415

    letters = folder / LETTERS
    letters.mkdir()
    (folder / "data").mkdir()
    drawn = plan(outcome)
    ready = fill.prepared(drawn)
    for number, member in enumerate(outcome.members, start=1):
        content = fill.content(ready, drawn, member, number=number)
        (letters / invoice.file_name(member)).write_bytes(content)
    payers = settle_collected.needed(outcome)
    for number, payer in enumerate(payers, start=len(outcome.members) + 1):
        path = letters / settle_collected.file_name(payer)
        path.write_bytes(settle_collected.content(drawn, payer, number=number))
    (folder / SUMMARY).write_bytes(settle_summary.content(outcome))
    for name, data in settle_files.all_files(outcome).items():
        (folder / "data" / name).write_bytes(data)
