"""The difference that an import would make, line by line."""

from collections.abc import Iterator

from apportion.yearly.import_budget import Proposal
from apportion.yearly.import_budget.present import Change
from apportion.yearly.import_budget.proposal import Sheet

_NOTHING = "（空欄）"


def told(proposal: Proposal) -> Iterator[str]:
    """What was read, and what would change in each file."""
    yield f"{proposal.document.label}の文書から、{proposal.year.label}の予算を読みました。"
    for sheet in proposal.sheets:
        yield from _sheet(sheet)


def _sheet(sheet: Sheet) -> Iterator[str]:
    lines = sum(bool(change.now) for change in sheet.merged.changes)
    yield ""
    yield f"{sheet.shape.title} {lines}行、合計 {sheet.total:,}円: {sheet.path}"
    if sheet.present is None:
        yield "  いまの表はありません。新しく作ります。"
    elif not sheet.differs:
        yield "  いまの表と同じです。"
    elif sheet.present != sheet.path:
        yield f"  いまの {sheet.present.name} に代えて、{sheet.path.name} を作ります。"
    for change in sheet.changes:
        yield from _change(change)


def _change(change: Change) -> Iterator[str]:
    title = f"{change.project} {change.name}".strip()
    if not change.now:
        yield f"  なくなる行: {title}"
        return
    values = [(head, change.was.get(head, ""), change.now[head]) for head in change.differing]
    if not change.was:
        amounts = "、".join(f"{head} {now}" for head, _, now in values if "額" in head)
        yield f"  新しい行: {title}　{amounts}"
        return
    yield f"  変わる行: {title}"
    for head, was, now in values:
        yield f"    {head}: {was or _NOTHING} → {now or _NOTHING}"
