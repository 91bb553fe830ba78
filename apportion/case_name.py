"""Which budget of a year is meant, beyond the first one: 補正1, 補正2 … (`None` stands for 当初)."""

import re
from dataclasses import dataclass

from apportion.text import name_key
from apportion.year import FiscalYear

_CASE = re.compile(r"補正(?:予算)?\(?第?([0-9]+)号?\)?")
_COLUMN = re.compile(r"(.*)補正第([0-9]+)号")


@dataclass(frozen=True, slots=True)
class CaseName:
    """The budget after 補正第`number`号."""

    number: int

    @classmethod
    def parse(cls, text: str) -> "CaseName | None":
        """`補正1`, `補正第1号`, `補正予算（第１号）`; None where `text` is none of them."""
        match = _CASE.fullmatch(name_key(text))
        return cls(int(match[1])) if match and int(match[1]) else None

    @property
    def label(self) -> str:
        """`補正予算（第1号）`."""
        return f"補正予算（第{self.number}号）"

    @property
    def column(self) -> str:
        """Heading of its columns before the parenthesis: `補正第1号`."""
        return f"補正第{self.number}号"

    def __str__(self) -> str:
        return f"補正{self.number}"


def place(case: CaseName | None) -> int:
    """Place among the budgets of a year: 0 for the first one, n for 補正第n号."""
    return case.number if case else 0


def label(case: CaseName | None) -> str:
    """`当初予算`, `補正予算（第1号）`."""
    return case.label if case else "当初予算"


def revises(heading: str) -> tuple[str, int] | None:
    """(`特定財源`, 1) of `特定財源 補正第1号`, folded; (``, 1) of `補正第1号`; None of others."""
    match = _COLUMN.fullmatch(name_key(heading))
    return (match[1], int(match[2])) if match else None


def folder_name(year: FiscalYear, case: CaseName | None) -> str:
    """`r7`, `r7-補正1`: the folder of outputs."""
    return f"{year.code}-{case}" if case else year.code
