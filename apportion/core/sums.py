"""Things by a key, and yen added up by a key; keys stand in the order in which they first appear."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from apportion.core.model import Yen, total

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Values by key."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def summed(pairs: Iterable[tuple[K, int]]) -> dict[K, Yen]:
    """Whole yen by key."""
    return {key: total(amounts) for key, amounts in grouped(pairs).items()}
