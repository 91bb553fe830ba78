"""What the tests of `import budget` share: documents, and what is said about a text."""

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from apportion.core.problem import Findings, Level, Problem
from apportion.core.year import FiscalYear
from apportion.imports.budget import document, reading

FOLDER = Path(__file__).parents[2] / "import"
R3, R4, R6, R7, R8 = (FiscalYear(start) for start in (2021, 2022, 2024, 2025, 2026))
PUBLISHED = {
    R7: FOLDER / "r7_事業計画及び当初予算.txt",
    R4: FOLDER / "r4_事業計画及び当初予算.txt",
}

# A fictitious council, which prints 増減, groups without figures, and rows as fine as the plan's items.
OTHER = (FOLDER / "r8_架空の協議会.txt").read_text(encoding="utf-8")


def spoiled(data: st.DataObject, documents: Sequence[Sequence[str]], odd: str, most: int) -> str:
    """A document with lines of its own, and of these signs, where they do not belong."""
    lines = data.draw(st.sampled_from(documents))
    kept = data.draw(st.lists(st.sampled_from(lines) | st.text(odd), max_size=most))
    cut = data.draw(st.integers(0, len(lines)))
    return "\n".join([*lines[:cut], *kept, *lines[cut:]])


def problems(text: str, year: FiscalYear, name: str = "x.txt") -> tuple[Problem, ...]:
    """All that is said about a document."""
    findings = Findings()
    lines = document.lines(name, text.encode(), findings)
    found = reading.read(lines, year, name, findings) if lines else None
    if found:
        reading.judge(found, findings)
    return findings.problems


def errors(text: str, year: FiscalYear) -> list[Problem]:
    """The errors among them."""
    return [problem for problem in problems(text, year) if problem.level is Level.ERROR]
