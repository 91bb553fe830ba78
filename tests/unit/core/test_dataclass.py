"""Our `dataclass` gives what that of the standard library gives; every class of ours is made by it."""

import copy
import dataclasses
import inspect
import operator
import pickle
import re
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest

import apportion
from apportion.core import dataclass as module

# By its options alone, without what the type checker knows of dataclasses.
OURS: Callable[..., Callable[[type], Any]] = vars(module)["dataclass"]
OPTIONS: list[dict[str, bool]] = [
    {},
    {"slots": True},
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "kw_only": True, "eq": False},
    {"frozen": True, "slots": True, "order": True},
]


def bare() -> type:
    """A new class with every kind of field that we use."""

    class Fields:
        """Its fields."""

        first: int
        second: str = "b"
        aside: object = dataclasses.field(default=None, compare=False)
        listed: list[int] = dataclasses.field(default_factory=list, compare=False)
        whole: int = dataclasses.field(init=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "whole", 2 * self.first)

    return Fields


def both(options: dict[str, bool]) -> list[Any]:
    """The same class by both: by ours and by the standard library's."""
    return [made(**options)(bare()) for made in (OURS, dataclasses.dataclass)]


def shown(work: Callable[[], object]) -> object:
    """What work gives, or the kind of its error."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  that it is one is the result
        return type(error)


def told(kind: Any, options: dict[str, bool]) -> list[object]:  # noqa: ANN401  a class made here
    """All that can be seen of a class and of objects of it."""
    one, same = kind(first=1), kind(first=1, aside=3)
    other, more = kind(first=1, second="c"), kind(first=2, second="a", listed=[4])
    hashed = options.get("frozen", False) and options.get("eq", True)
    return [
        *map(repr, (one, same, other, more)),
        [left == right for left in (one, same, other) for right in (one, same, more, 5)],
        [
            shown(partial(compare, left, right))
            for compare in (operator.lt, operator.le, operator.gt, operator.ge)
            for left in (one, other)
            for right in (same, more, 5)
        ],
        [hash(one) == hash(same), hash(one) == hash(more)] if hashed else kind.__hash__ is None,
        shown(lambda: setattr(one, "first", 7)),
        shown(lambda: delattr(other, "first")),
        shown(kind),
        shown(lambda: kind(1, "b").second),
        shown(lambda: kind(first=1, third=2)),
        repr(dataclasses.replace(more, second="z")),
        dataclasses.asdict(more),
        [field.name for field in dataclasses.fields(kind)],
        [str(one.default) for one in inspect.signature(kind).parameters.values()][:2],
        [one.kind for one in inspect.signature(kind).parameters.values()],
        repr(copy.deepcopy(more)),
        kind(first=1).listed is not kind(first=1).listed,
        hasattr(one, "__dict__"),
        kind.__match_args__,
        kind.__doc__,
    ]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_it_is_the_one_of_the_standard_library(options: dict[str, bool]) -> None:
    ours, theirs = both(options)
    assert told(ours, options) == told(theirs, options)


@module.dataclass(frozen=True, slots=True)
class Sent:
    """Goes to another process and comes back."""

    yen: int
    names: tuple[str, ...] = ()


def test_it_goes_to_another_process() -> None:
    sent = Sent(5, ("a",))
    assert pickle.loads(pickle.dumps(sent)) == sent  # noqa: S301  our own


@module.dataclass(frozen=True)
class Kept:
    """Keeps what it has worked out."""

    yen: int

    @cached_property
    def double(self) -> int:
        """Worked out once."""
        return 2 * self.yen


def test_a_value_can_be_kept() -> None:
    kept = Kept(4)
    assert (kept.double, vars(kept)["double"]) == (8, 8)


@module.dataclass
class Plain:
    """Made without options."""

    yen: int


def test_no_options_need_no_brackets() -> None:
    assert repr(Plain(3)).endswith("Plain(yen=3)")


def test_an_object_that_holds_itself_is_shown() -> None:
    ours, theirs = both({})
    for kind in (ours, theirs):
        one = kind(first=1)
        one.aside = one
        assert "aside=..." in repr(one)


def test_every_class_of_ours_is_made_by_it() -> None:
    root = Path(apportion.__file__).parent
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(
            r"dataclasses\.dataclass|from dataclasses import .*\bdataclass\b",
            path.read_text("utf-8"),
        )
    }
    assert found == {"core/dataclass.py"}
