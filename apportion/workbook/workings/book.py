"""計算書.xlsx: the whole calculation of a year, live: every 経費 and every member, once."""

from collections.abc import Iterator
from functools import partial

from apportion.outcome.outcome import Outcome
from apportion.workbook.letters.naming import document_title
from apportion.workbook.sheets.names import sheet_names
from apportion.workbook.sheets.recorder import Recorder, SetUp, shell
from apportion.workbook.workings import sheet_figures, sheet_weights
from apportion.workbook.workings.plan import workings
from apportion.workbook.workings.sheet_lines import sheets_of

_BEHIND = (sheet_weights, sheet_figures)


def make(outcome: Outcome) -> bytes:
    """Bytes of the workbook; the same outcome gives the same bytes."""
    drawn = workings(outcome)
    own = list(sheets_of(drawn))
    names = sheet_names((one.project for one in own), [sheet.NAME for sheet in _BEHIND])
    set_up: list[tuple[str, SetUp]] = [
        (name, one.set_up) for name, one in zip(names, own, strict=True)
    ]
    set_up += [(sheet.NAME, partial(sheet.set_up, drawn=drawn)) for sheet in _BEHIND]
    blank = shell(document_title(outcome, "計算書"), outcome.year, set_up)
    notes: list[Iterator[Recorder]] = [one.blocks() for one in own]
    return blank.book([*notes, *(sheet.blocks(drawn) for sheet in _BEHIND)])
