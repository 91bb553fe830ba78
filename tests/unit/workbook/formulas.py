"""A small reader of formulas, exact in fractions: what a workbook's formulas mean, without a float.

It knows what our workbooks use: + - * / ^ & and comparisons over cells and columns, and SUM, INT, IF,
ROUND, SUMPRODUCT, COUNTIFS, MAX, MIN. Anything else is an error. A power has 30 digits.
"""

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import range_boundaries

TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d+)?)|"(?P<text>[^"]*)"|'(?P<sheet>[^']+)'!|(?P<sign><=|>=|<>|[-+*/^=<>(),:&])"""
    r"""|(?P<cell>\$?[A-Z]{1,3}\$?\d+)|(?P<name>[^\W\d]\w*)"""
)
LEVELS: Sequence[dict[str, Callable[[Any, Any], Any]]] = (
    {
        "=": operator.eq,
        "<>": operator.ne,
        "<": operator.lt,
        ">": operator.gt,
        "<=": operator.le,
        ">=": operator.ge,
    },
    {"&": lambda a, b: f"{a}{b}"},
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": lambda a, b: Fraction(a) / b},
    {"^": lambda a, b: raised(Fraction(a), Fraction(b))},
)


def raised(base: Fraction, over: Fraction) -> Fraction:
    """A power to 30 digits."""
    if over.denominator == 1:
        return base ** int(over)
    with localcontext() as context:
        context.prec = 30
        tall, wide = (Decimal(own.numerator) / own.denominator for own in (base, over))
        return Fraction(tall**wide)


def flat(values: Sequence[Any]) -> list[Any]:
    return [
        one for value in values for one in (flat(value) if isinstance(value, list) else [value])
    ]


def spread_over(function: Callable[..., Any], *values: Any) -> Any:  # noqa: ANN401  cells hold anything
    """Apply a function cell by cell where a value is a column."""
    length = max((len(value) for value in values if isinstance(value, list)), default=0)
    if not length:
        return function(*values)
    columns = [value if isinstance(value, list) else [value] * length for value in values]
    return [function(*row) for row in zip(*columns, strict=True)]


def rounded(value: Fraction, places: int) -> Fraction:
    """Halves go away from 0."""
    scaled = floor(abs(value) * 10**places + Fraction(1, 2))
    return Fraction(scaled if value >= 0 else -scaled, 10**places)


def counted(pairs: Sequence[Any]) -> int:
    """Rows in which every column meets its condition: a number, or a text like `>5`."""
    columns = [column if isinstance(column, list) else [column] for column in pairs[::2]]
    return sum(
        all(meets(value, condition) for value, condition in zip(row, pairs[1::2], strict=True))
        for row in zip(*columns, strict=True)
    )


def meets(value: Any, condition: Any) -> bool:  # noqa: ANN401  cells hold anything
    if isinstance(condition, str) and condition[:1] in "<>":
        test = operator.gt if condition[0] == ">" else operator.lt
        return bool(test(value, Fraction(condition[1:])))
    return bool(value == condition)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda *values: sum(v for v in flat(values) if not isinstance(v, str)),
    "SUMPRODUCT": lambda *columns: sum(flat([spread_over(product, *columns)])),
    "INT": lambda value: spread_over(floor, value),
    "IF": lambda test, yes, no: yes if test else no,
    "ROUND": rounded,
    "MAX": lambda *values: max(flat(values)),
    "MIN": lambda *values: min(flat(values)),
    "COUNTIFS": lambda *pairs: counted(pairs),
}


def product(*values: Any) -> Any:  # noqa: ANN401  cells hold anything
    result = 1
    for value in values:
        result *= 0 if isinstance(value, str) else value  # SUMPRODUCT takes a text for 0
    return result


class Reader:
    """Values of the cells of a workbook, worked out from its formulas."""

    def __init__(self, workbook: Workbook) -> None:
        self.book = workbook
        self.value = cache(self._value)

    def _value(self, sheet: str, address: str) -> Any:  # noqa: ANN401  cells hold anything
        cell = self.book[sheet][address]
        if cell.data_type == "f":
            return Expression(self, sheet, str(cell.value)[1:]).read()
        if isinstance(cell.value, float):
            return Fraction(str(cell.value))
        return cell.value or 0

    def area(self, sheet: str, reference: str) -> Any:  # noqa: ANN401  cells hold anything
        left, top, right, bottom = range_boundaries(reference.replace("$", ""))
        assert left is not None
        assert top is not None
        cells = self.book[sheet].iter_rows(top, bottom, left, right)
        values = [self.value(sheet, cell.coordinate) for row in cells for cell in row]
        return values if ":" in reference else values[0]


class Expression:
    """One formula being read from left to right."""

    def __init__(self, reader: Reader, sheet: str, text: str) -> None:
        self.reader, self.sheet = reader, sheet
        self.tokens = list(TOKEN.finditer(text))
        assert "".join(token.group() for token in self.tokens) == text, text
        self.at = 0

    def read(self) -> Any:  # noqa: ANN401  cells hold anything
        value = self.level(0)
        assert self.at == len(self.tokens)
        return value

    def take(self, *signs: str) -> str:
        """The next sign, where it is one of these."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None or token["sign"] not in signs:
            return ""
        self.at += 1
        return str(token["sign"])

    def level(self, depth: int) -> Any:  # noqa: ANN401  cells hold anything
        if depth == len(LEVELS):
            return self.atom()
        value = self.level(depth + 1)
        while sign := self.take(*LEVELS[depth]):
            value = spread_over(LEVELS[depth][sign], value, self.level(depth + 1))
        return value

    def atom(self) -> Any:  # noqa: ANN401  cells hold anything
        if self.take("("):
            value = self.level(0)
            assert self.take(")")
            return value
        if self.take("-"):
            return -self.atom()
        token = self.tokens[self.at]
        self.at += 1
        if token["number"] is not None:
            return Fraction(token["number"])
        if token["text"] is not None:
            return token["text"]
        if token["name"] is not None:
            return self.called(token["name"])
        return self.reference(token)

    def called(self, name: str) -> Any:  # noqa: ANN401  cells hold anything
        assert self.take("(")
        values = [self.level(0)]
        while self.take(","):
            values.append(self.level(0))
        assert self.take(")")
        return FUNCTIONS[name](*values)

    def reference(self, token: re.Match[str]) -> Any:  # noqa: ANN401  cells hold anything
        sheet = token["sheet"] or self.sheet
        if token["sheet"] is not None:
            token = self.tokens[self.at]
            self.at += 1
        reference = token["cell"]
        if self.take(":"):
            reference += f":{self.tokens[self.at]['cell']}"
            self.at += 1
        return self.reader.area(sheet, reference)
