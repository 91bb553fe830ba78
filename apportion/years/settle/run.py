"""`settle`: compute, render, read back, prove and publish the settlement of a year."""

from pathlib import Path

from apportion.core.problem import ReconciliationError
from apportion.core.year import FiscalYear
from apportion.outcome.outcome import Outcome
from apportion.outputs import data_settled, proof_settled, publish
from apportion.outputs.data import LETTERS, SUMMARY
from apportion.outputs.publish import OUTPUTS, staged
from apportion.years.settle.compute import settle


def run(root: Path, year: FiscalYear, *, out: Path | None = None) -> Outcome:
    """Settle a year and write its folder (default `outputs/r7-精算`), proved from the files.

    Raises `InputError` (all problems; nothing is written), `ReconciliationError` (our fault;
    nothing is written) or `OutputError` (the former outputs stay as they were).
    """
    outcome = settle(root, year)
    with staged(out or folder_of(root, year)) as folder:
        write(outcome, folder)
        found = proof_settled.compare(folder, proof_settled.computed(outcome))
        if found:
            raise ReconciliationError("\n\n".join(map(str, found)))
        (folder / publish.NAME).write_bytes(publish.make(outcome, root, folder))
    return outcome


def folder_of(root: Path, year: FiscalYear) -> Path:
    """`outputs/r7-精算`."""
    return root / OUTPUTS / f"{year.code}-{publish.SETTLEMENT}"


def write(outcome: Outcome, folder: Path) -> None:
    """Every file of a settlement but the manifest."""
    # Loaded here: only a settlement that is written needs XlsxWriter.
    from apportion.workbook.letters import book, collected_settled, fill  # noqa: PLC0415
    from apportion.workbook.letters.plan import plan  # noqa: PLC0415
    from apportion.workbook.summary.settled import book as settled_book  # noqa: PLC0415

    letters = folder / LETTERS
    letters.mkdir()
    (folder / "data").mkdir()
    drawn = plan(outcome)
    ready = fill.prepared(drawn)
    for number, member in enumerate(outcome.members, start=1):
        content = fill.content(ready, drawn, member, number=number)
        (letters / book.file_name(member)).write_bytes(content)
    payers = collected_settled.needed(outcome)
    for number, payer in enumerate(payers, start=len(outcome.members) + 1):
        path = letters / collected_settled.file_name(payer)
        path.write_bytes(collected_settled.content(drawn, payer, number=number))
    (folder / SUMMARY).write_bytes(settled_book.content(outcome))
    for name, data in data_settled.settlement_files(outcome).items():
        (folder / "data" / name).write_bytes(data)
