"""The one spelling of every value of a rule file: node of the rulebook → text.

The numbers, units and optional words are those that the writer chose; they are read back from the
node's place in the text.
"""

from apportion.language.spelling.clauses import clause, size
from apportion.language.spelling.formulas import formula, value
from apportion.language.spelling.leaves import (
    AMONG_WORDS,
    IN_A_LIST,
    bare,
    measure,
    name,
    names,
    plain,
    share,
    who,
    words,
)
from apportion.language.spelling.terms import (
    adjust,
    as_of,
    assertion,
    bind,
    bound,
    decimals,
    deduct,
    due_rounding,
    expected,
    limit,
    plan,
    proration,
    rounding,
    smoothing,
    span,
)

__all__ = [
    "AMONG_WORDS",
    "IN_A_LIST",
    "adjust",
    "as_of",
    "assertion",
    "bare",
    "bind",
    "bound",
    "clause",
    "decimals",
    "deduct",
    "due_rounding",
    "expected",
    "formula",
    "limit",
    "measure",
    "name",
    "names",
    "plain",
    "plan",
    "proration",
    "rounding",
    "share",
    "size",
    "smoothing",
    "span",
    "value",
    "who",
    "words",
]
