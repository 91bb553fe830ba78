"""The 負担割合 lines of one 経費 taken together: do they share out exactly all of it."""

from collections.abc import Sequence
from fractions import Fraction

from apportion.language import messages
from apportion.problem import Problem, Source
from apportion.rulebook import Clause, Ratio, Rest, SameAs, Split


def fault(clauses: Sequence[Clause]) -> Problem | None:
    """Say what is wrong with the sum of the lines; None where nothing is.

    Where amounts are named as well, only the budget can tell whether all is shared out; then the
    percentages alone must not exceed 100%.
    """
    splits = [clause for clause in clauses if isinstance(clause, Split)]
    rests = [split.share for split in splits if isinstance(split.share, Rest)]
    parts = [part for split in splits if (part := _part(split)) is not None]
    total = sum((part.value for part in parts), Fraction(0))
    if rests:
        return _fault_of_rests(clauses, rests, total)
    amounts = len(parts) < len(clauses)
    if total == 1 or not parts or (amounts and total < 1):
        return None
    last = next(split for split in reversed(splits) if _part(split) is not None)
    return _wrong_sum(last, parts, total)


def _part(split: Split) -> Ratio | None:
    """Percentage of a line; a line without a share takes all."""
    if split.share is None:
        return Ratio(Fraction(1), split.source)
    return split.share if isinstance(split.share, Ratio) else None


def _fault_of_rests(
    clauses: Sequence[Clause], rests: Sequence[Rest], total: Fraction
) -> Problem | None:
    early = _early_rest(clauses)
    if early is not None:
        return messages.late_rest(early, messages.MOVE_DOWN)
    last = rests[-1]
    if len(rests) > 1 and any(rest.part == 1 for rest in rests):
        mend = "一つの行にまとめるか、それぞれを「残りの 50%を」のような行にしてください。"
        return messages.several_rests(last.source, mend)
    before = sum((rest.part for rest in rests[:-1]), Fraction(0))
    if before + last.part != 1:
        mend = messages.rest_of_mend(last.source, before)
        return messages.sum_of_shares(last.source, rests, mend, of="残りの")
    return messages.nothing_left(last.source, total) if total >= 1 else None


def _early_rest(clauses: Sequence[Clause]) -> Source | None:
    """Find a 残り with another share or amount below it."""
    early: Source | None = None
    for clause in clauses:
        if isinstance(clause, Split) and isinstance(clause.share, Rest):
            early = early or clause.share.source
        elif early is not None and not isinstance(clause, SameAs):
            return early
    return None


def _wrong_sum(last: Split, parts: Sequence[Ratio], total: Fraction) -> Problem:
    before = total - parts[-1].value
    if last.share is None:
        source = last.weights[0].source
        driver = source.text[source.column - 1 :][: source.length]
        mend = messages.rest_mend(source, before, new=f"残りを {driver}")
        return messages.sum_of_shares(last.source, parts, mend)
    mend = messages.rest_mend(last.share.source, before) if before else messages.ADD_REST
    return messages.sum_of_shares(last.share.source, parts, mend)
