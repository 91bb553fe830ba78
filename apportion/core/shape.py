"""Whether a value read from JSON has the shape that was written: whoever reads it may rely on it."""

from collections.abc import Callable, Mapping
from datetime import date

Shape = type | Callable[[object], bool] | Mapping[str, "Shape"]
"""A type, a question, or the keys of a table with the shapes of their values; other keys may be there."""


def fits(value: object, shape: Shape) -> bool:
    """Whether a value has a shape. A number is no truth value here, and the other way round."""
    if isinstance(shape, Mapping):
        return isinstance(value, dict) and all(
            key in value and fits(value[key], inner) for key, inner in shape.items()
        )
    if isinstance(shape, type):
        return isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
    return shape(value)


def table_of(shape: Shape) -> Shape:
    """A table whose keys may be any, each value of one shape."""

    def is_table(value: object) -> bool:
        return isinstance(value, dict) and all(fits(each, shape) for each in value.values())

    return is_table


def is_day(value: object) -> bool:
    """A day as 2025-04-01, or nothing at all."""
    if not isinstance(value, str):
        return False
    try:
        return not value or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_path(value: object) -> bool:
    """The path of a file below a folder."""
    return isinstance(value, str) and not value.startswith("/") and ".." not in value.split("/")


def files(value: object) -> bool:
    """A table of hashes by the path of a file below a folder."""
    return isinstance(value, dict) and all(map(is_path, value)) and fits(value, table_of(str))
