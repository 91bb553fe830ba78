"""Values of formulas, exact; only powers with a fraction in the exponent are cut to 50 digits."""

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from apportion.allocate.rounding import cut
from apportion.rules.nodes import (
    Arith,
    Decimals,
    Doubling,
    Mode,
    Name,
    Number,
    Operation,
    Pick,
    SumOf,
)

MOST_BITS = 4_000
"""How long a power may be: no rule means a number of more than a thousand digits."""

DIGITS = 50
"""Digits of a power before it is cut to the decimals that a 別表 prints."""

Lookup = Callable[[Name], Fraction | None]


class NoValueError(Exception):
    """A formula has no value: division by zero, the root of a negative number, a huge power."""


def evaluate(term: Arith, value: Lookup, total: Lookup) -> Fraction | None:
    """Value of `term`; `value` gives a name, `total` its sum over the roster. None: not known."""
    if isinstance(term, Number):
        return term.value
    if isinstance(term, Name):
        return value(term)
    if isinstance(term, SumOf):
        return total(term.name)
    if isinstance(term, Operation):
        return _chain(term, value, total)
    known = [found for t in term.terms if (found := evaluate(t, value, total)) is not None]
    return _pick(term, known) if len(known) == len(term.terms) else None


def _chain(term: Operation, value: Lookup, total: Lookup) -> Fraction | None:
    """Value of `a + b + c …`, from the left: as deep as its brackets, however long it is."""
    operations = [term]
    while isinstance(operations[-1].left, Operation):
        operations.append(operations[-1].left)
    left = evaluate(operations[-1].left, value, total)
    for operation in reversed(operations):
        right = evaluate(operation.right, value, total)
        if left is not None:
            left = None if right is None else _operate(operation.operator, left, right)
    return left


def _pick(term: Pick, values: list[Fraction]) -> Fraction:
    if term.function == "大きい方":
        return max(values)
    if term.function == "小さい方":
        return min(values)
    return sum(values, Fraction(0)) / len(values)


def _operate(operator: str, left: Fraction, right: Fraction) -> Fraction:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        if not right:
            raise NoValueError
        return left / right
    return power(left, right)


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """``base ** exponent``: exact for whole exponents, else 50 digits."""
    if abs(exponent) * max(base.numerator.bit_length(), base.denominator.bit_length()) > MOST_BITS:
        raise NoValueError
    if exponent.denominator == 1:
        if not base and exponent < 0:
            raise NoValueError
        return base ** int(exponent)
    if base < 0:
        raise NoValueError
    if not base:
        return Fraction(0)
    with localcontext() as context:
        context.prec = DIGITS + 10
        return Fraction(_rounded(_decimal(base) ** _decimal(exponent)))


@lru_cache(maxsize=16_384)
def doubling(figure: Fraction, factor: Fraction) -> Fraction:
    """``figure ^ (log factor / log 2)``: twice the figure gives `factor` times the value."""
    if figure <= 0:
        return Fraction(0)
    with localcontext() as context:
        context.prec = DIGITS + 10
        return Fraction(_rounded(_decimal(figure) ** _binary_log(factor)))


@lru_cache
def _binary_log(factor: Fraction) -> Decimal:
    """log(factor) / log(2), once for all members."""
    with localcontext() as context:
        context.prec = DIGITS + 10
        return _decimal(factor).ln() / Decimal(2).ln()


def exponent(factor: Fraction) -> Fraction:
    """log(factor) / log(2): the power by which twice the figure gives `factor` times the value."""
    return Fraction(_rounded(_binary_log(factor)))


def cut_decimals(value: Fraction, decimals: Decimals) -> Fraction:
    """`小数第3位未満四捨五入` and the like."""
    scale = 10**decimals.digits
    return Fraction(cut(value.numerator * scale, value.denominator, decimals.mode), scale)


def has_power(term: Arith | Doubling) -> bool:
    """Whether the value of `term` is not exact by itself and must be cut."""
    if isinstance(term, Doubling):
        return True
    if isinstance(term, Operation):
        return term.operator == "^" or has_power(term.left) or has_power(term.right)
    return isinstance(term, Pick) and any(has_power(inner) for inner in term.terms)


def names_in(term: Arith | Doubling) -> Iterator[Name]:
    """Every name that a formula uses."""
    if isinstance(term, Name):
        yield term
    elif isinstance(term, Doubling):
        yield term.figure
    elif isinstance(term, SumOf):
        yield term.name
    elif isinstance(term, Operation):
        yield from names_in(term.left)
        yield from names_in(term.right)
    elif isinstance(term, Pick):
        for inner in term.terms:
            yield from names_in(inner)


def has_sum(term: Arith | Doubling) -> bool:
    """Whether a formula uses `Xの計`."""
    if isinstance(term, Operation):
        return has_sum(term.left) or has_sum(term.right)
    return isinstance(term, SumOf) or (
        isinstance(term, Pick) and any(has_sum(inner) for inner in term.terms)
    )


DEFAULT_DECIMALS = Decimals(digits=3, mode=Mode.HALF_UP)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _rounded(value: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        return +value
