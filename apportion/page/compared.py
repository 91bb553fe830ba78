"""前年度から: why amounts are others than before, as plain data, in the words of `diff`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from apportion.cli.change_story import side_label
from apportion.core.sums import grouped
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.outcome.issued import Issues
from apportion.outcome.rewriting import years
from apportion.page.told import Record
from apportion.why.difference import (
    Cause,
    Diff,
    LineChange,
    causes_of_all,
    compare,
    summed_causes,
)
from apportion.why.sides import Side, read_sides
from apportion.why.words import Reasons, named, perhaps_renamed, rate, short


def sides(root: Path) -> list[Record]:
    """What can be compared: each year as its tables are now, and each sealed bill."""
    return [side for year in reversed(years(root)) for side in _of(root, year)]


def _of(root: Path, year: FiscalYear) -> Iterator[Record]:
    yield {"side": year.code, "label": year.label}
    for issue in Issues.of(root, year):
        if issue.is_bill:
            side = f"{year.code}:第{issue.number}回"
            yield {"side": side, "label": f"{year.label} {issue.label}"}


class TwoSides:
    """Two sides, compared once; asked for all bodies or for one."""

    def __init__(self, root: Path, before: str, after: str) -> None:
        self.asked = (before, after)
        first, second = read_sides(root, before, after)
        self._sides: tuple[Side, Side] = (first, second)
        self._diff: Diff = compare(first.outcome, second.outcome)

    def everybody(self) -> Record:
        """The sum and its causes, 事業, and each body with its largest causes."""
        changes = self._diff.changes
        return {
            "labels": [side_label(side) for side in self._sides],
            **_sum(changes, causes_of_all(changes)),
            "projects": [
                {"name": name, "yen": sum(change.yen for change in own)}
                for name in self._diff.projects
                for own in [self._below(changes, name)]
                if own
            ],
            "members": [
                {"code": code, "name": own[0].member.name, **_sum(own, summed_causes(own))}
                for code, own in self._diff.by_member.items()
            ],
            "hint": perhaps_renamed(changes),
        }

    def one(self, code: str) -> Record:
        """A body: in short, its causes, and each 経費 with the reasons in sentences."""
        changes = self._diff.by_member.get(code, ())
        reasons = Reasons(self._diff)
        return {
            "name": changes[0].member.name if changes else "",
            "short": list(short(changes, side_label(self._sides[0]))) if changes else [],
            **_sum(changes, summed_causes(changes)),
            "projects": [
                {
                    "name": name,
                    "yen": sum(change.yen for change in own),
                    "lines": [_line(change, reasons) for change in own],
                }
                for name in self._diff.projects
                for own in [self._below(changes, name)]
                if any(change.yen or change.causes for change in own)
            ],
        }

    @staticmethod
    def _below(changes: Sequence[LineChange], project: str) -> list[LineChange]:
        return grouped((name_key(c.project), c) for c in changes).get(name_key(project), [])


def _sum(changes: Sequence[LineChange], causes: Sequence[Cause]) -> Record:
    before, after = (sum(c.before for c in changes), sum(c.after for c in changes))
    return {
        "before": before,
        "after": after,
        "yen": after - before,
        "rate": rate(after - before, before),
        "causes": [{"name": named(cause.kinds), "yen": cause.yen} for cause in causes],
    }


def _line(change: LineChange, reasons: Reasons) -> Record:
    return {
        "name": change.line,
        "before": change.before,
        "after": change.after,
        "yen": change.yen,
        "causes": [
            {
                "name": named(cause.kinds),
                "yen": cause.yen,
                "words": list(reasons.of(change, cause)),
            }
            for cause in change.causes
            if cause.yen
        ],
    }
