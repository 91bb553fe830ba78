"""A council's folder as it lies open on the page, below `root`; what was computed of it is kept.

So 調べる, 金額 and なぜ speak of one computation, until the page says that the files are others.
"""

from pathlib import Path

from apportion.core.problem import Findings, InputError, grave
from apportion.core.text import decode
from apportion.core.year import FiscalYear
from apportion.outcome.computation import Examined, conclude, examine_edition
from apportion.outcome.issued import Issues
from apportion.outcome.outcome import Outcome
from apportion.outcome.workspace import load, rule_texts
from apportion.tables.edit import encoded


class Desk:
    """The files below `root`, the texts as they are saved, and what follows from them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._year: FiscalYear | None = None
        self._examined: Examined | None = None
        self._outcome: Outcome | None = None
        self._saved: Outcome | None = None
        self._texts: dict[str, bytes] = {}
        self._drafted = False

    def changed(self) -> None:
        """Files below `root` are others than before, and saved."""
        self._saved, self._texts, self._drafted = None, {}, False
        self._again()

    def drafted(self) -> None:
        """Rule texts below `root` are others than before, and not saved; also when they are as saved."""
        self._drafted = True
        self._again()

    def texts(self, code: str) -> dict[str, bytes]:
        """Every rule text of a year as it is saved."""
        if not self._texts:
            self._texts = rule_texts(self.root, year_of(code), Findings())
        return self._texts

    def typed(self, file: str, text: str) -> bytes:
        """A rule text as it was typed, in the encoding, and with the line ends, of its file."""
        saved = self._texts[file]
        decoded = decode(saved)
        assert decoded is not None, file
        return saved if text == decoded.text else encoded(text, decoded)

    def examined(self, code: str) -> Examined:
        """A year examined."""
        year = year_of(code)
        if self._year != year:
            self._year, self._saved, self._texts = year, None, {}
            self._again()
        if self._examined is None:
            workspace, issues = load(self.root, year), Issues.of(self.root, year)
            self._examined = examine_edition(workspace, None, issues)
        return self._examined

    def computed(self, code: str) -> Outcome:
        """A year computed; raises `InputError` where something is wrong."""
        examined = self.examined(code)
        if grave(examined.problems):
            raise InputError(examined.problems)
        if self._outcome is None:
            self._outcome = conclude(examined)
        if not self._drafted:
            self._saved = self._outcome
        return self._outcome

    def saved(self, code: str) -> Outcome | None:
        """The year as it was last computed from saved files; None where it was not."""
        return self._saved if self._year == year_of(code) else None

    def _again(self) -> None:
        self._examined = self._outcome = None


def year_of(code: str) -> FiscalYear:
    """`r7`; the page sends no other."""
    year = FiscalYear.parse(code)
    assert year is not None, code
    return year
