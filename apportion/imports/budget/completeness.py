"""What would be written is all that the document prints: the sum of the lines is its printed 合計."""

from collections.abc import Iterator, Sequence

from apportion.core.problem import Findings, Source, tell
from apportion.core.text import name_key
from apportion.imports.budget.accounts import AccountSection
from apportion.imports.budget.joining import BudgetRow
from apportion.imports.budget.words import YEARS, AmountColumn

_SHOWN = 5


def judge(
    entries: Sequence[BudgetRow], part: AccountSection, whole: Source, findings: Findings
) -> None:
    """Tell where the lines of one table are not the printed 合計, or none is printed."""
    if part.total is None:
        findings.add(tell("W814", whole, part=part.title))
        return
    for column in YEARS:
        printed = part.total.yen(column)
        amounts = [entry.yen[column] for entry in entries]
        known = [yen for yen in amounts if yen is not None]
        if printed is None or len(known) < len(amounts) or sum(known) == printed:
            continue
        findings.add(
            tell(
                "W813",
                part.total.source,
                part=part.title,
                column=column.value,
                printed=printed,
                found=sum(known),
                difference=abs(printed - sum(known)),
                missing="、".join(_missing(entries, part, column)) or "分かりません",
            )
        )


def _missing(
    entries: Sequence[BudgetRow], part: AccountSection, column: AmountColumn
) -> Iterator[str]:
    """Rows of the document that no line has: by name, the first of them."""
    names = {
        name_key(name)
        for entry in entries
        for name in (entry.name, entry.project, entry.category, *entry.path)
    }
    leaves = (leaf for root in part.roots for leaf, _ in root.leaves())
    lacking = [leaf for leaf in leaves if name_key(leaf.name) not in names]
    for leaf in lacking[:_SHOWN]:
        yield f"{leaf.name} {leaf.yen(column) or 0:,}円"
