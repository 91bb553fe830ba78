"""`dataclass` of the standard library, without its cost: hundreds of classes are made on every start.

It writes six functions for a class as text and compiles them. Here only `__init__` is made so, and
only when an object is first made; the others are the same functions for all classes. Fields, slots,
`replace` and `fields` are its own.
"""

import dataclasses
import operator
from collections.abc import Callable, Iterable, Sequence
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

__all__ = ["dataclass"]

C = TypeVar("C", bound=type)
Key = Callable[[object], object]
_MISSING = dataclasses.MISSING


def _dataclass(
    cls: C | None = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = False,
    kw_only: bool = False,
    eq: bool = True,
    order: bool = False,
) -> C | Callable[[C], C]:
    """What `dataclasses.dataclass` gives with the same options, or with none."""
    fields_alone = dataclasses.dataclass(
        init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
    )

    def made(cls: C) -> C:
        cls.__doc__ = cls.__doc__ or cls.__name__  # or its signature would be worked out
        new: Any = fields_alone(cls)
        listed = dataclasses.fields(new)
        own = {"__init__": _later(new, listed, frozen=frozen, slots=slots)}
        own |= _of_all([field.name for field in listed], frozen=frozen, slots=slots)
        key = _key([field.name for field in listed if field.compare])
        if eq:
            own |= {"__eq__": _equal(key), "__hash__": _hash(key) if frozen else None}
        if order:
            own |= {name: _ordered(key, of) for name, of in _ORDERS.items()}
        for name, function in own.items():
            setattr(new, name, function)
        return cast("C", new)

    return made if cls is None else made(cls)


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _later(
    cls: Any,  # noqa: ANN401  a class whose `__init__` is set
    listed: Iterable["dataclasses.Field[Any]"],
    *,
    frozen: bool,
    slots: bool,
) -> object:
    """`__init__` that takes its place when it is first called: most classes have no object in a run."""

    def first(self: object, *values: object, **named: object) -> None:
        cls.__init__ = _init(cls, listed, frozen=frozen, slots=slots)
        cls.__init__(self, *values, **named)

    return first


def _init(
    cls: type, listed: Iterable["dataclasses.Field[Any]"], *, frozen: bool, slots: bool
) -> Callable[..., None]:
    """`__init__` of a class, written as text; what it needs beside the fields stands in `known`."""
    known: dict[str, object] = {"_missing": _MISSING, "_set": object.__setattr__}
    taken = [field for field in listed if field.init]
    plain = [_taken(field, known) for field in taken if not field.kw_only]
    named = [_taken(field, known) for field in taken if field.kw_only]
    lines = []
    for field in taken:
        value = name = field.name
        if field.default_factory is not _MISSING:
            value = f"_new_{name}() if {name} is _missing else {name}"
        if frozen and slots:
            known[f"_set_{name}"] = getattr(cls, name).__set__
            lines.append(f"_set_{name}(self, {value})")
        else:
            lines.append(f'_set(self, "{name}", {value})' if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    arguments = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    exec(f"def __init__({arguments}): {'; '.join(lines) or 'pass'}", known)  # noqa: S102  from our own names
    return cast("Callable[..., None]", known["__init__"])


def _taken(field: "dataclasses.Field[Any]", known: dict[str, object]) -> str:
    """A field as an argument."""
    if field.default is not _MISSING:
        known[f"_default_{field.name}"] = field.default
        return f"{field.name}=_default_{field.name}"
    if field.default_factory is not _MISSING:
        known[f"_new_{field.name}"] = field.default_factory
        return f"{field.name}=_missing"
    return field.name


def _key(names: Sequence[str]) -> Key:
    """What objects are compared by."""
    return operator.attrgetter(*names) if names else lambda _: ()


def _of_all(names: Sequence[str], *, frozen: bool, slots: bool) -> dict[str, object]:
    """The functions that need no more than the names of all fields."""
    found: dict[str, object] = {"__repr__": _repr(names)}
    if frozen:
        found |= {"__setattr__": _refused, "__delattr__": _refused}
    if frozen and slots:
        found |= {"__getstate__": _state(names), "__setstate__": _restored(names)}
    return found


def _repr(names: Sequence[str]) -> Callable[[object], str]:
    @recursive_repr()
    def told(self: object) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({values})"

    return told


def _equal(key: Key) -> Callable[[object, object], bool]:
    def equal(self: object, other: object) -> bool:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hash(key: Key) -> Callable[[object], int]:
    return lambda self: hash(key(self))


def _ordered(key: Key, of: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
    def compared(self: object, other: object) -> bool:
        return of(key(self), key(other)) if other.__class__ is self.__class__ else NotImplemented

    return compared


_ORDERS = {f"__{name}__": getattr(operator, name) for name in ("lt", "le", "gt", "ge")}


def _refused(_self: object, name: str, *_value: object) -> NoReturn:
    message = f"field {name!r} is frozen"
    raise dataclasses.FrozenInstanceError(message)


def _state(names: Sequence[str]) -> Callable[[object], list[object]]:
    return lambda self: [getattr(self, name) for name in names]


def _restored(names: Sequence[str]) -> Callable[[object, list[object]], None]:
    def restored(self: object, state: list[object]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return restored
