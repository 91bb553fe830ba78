"""Problems as values: what is wrong, where, why, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from apportion.core.catalogue import entry, texts
from apportion.core.dataclass import dataclass


class Level(Enum):
    """How grave a problem is. Only an ERROR stops a run (`--strict`: a WARNING too)."""

    ERROR = "エラー"
    WARNING = "注意"
    NOTICE = "お知らせ"


_GRAVEST_FIRST = list(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value was written; line and column count from 1, 0 means not known.

    `file` is the path below the workspace with `/`. `text` is the line as written (rule files),
    `length` the characters a mark under the fault covers. Tables give `cell` (`C12`) and `heading`.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    length: int = 1
    text: str = ""
    sheet: str = ""
    cell: str = ""
    heading: str = ""

    def place(self) -> str:
        """`rules/r7/20.txt  6行目 17文字目`, `members.xlsx  会員!C5`, `roster.csv  C5（12行目）`."""
        if self.sheet:
            spot = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        elif self.cell:
            spot = f"{self.cell}（{self.line}行目）"
        else:
            spot = f"{self.line}行目" if self.line else ""
            spot += f" {self.column}文字目" if self.column else ""
        column = f"「{self.heading}」の列" if self.heading else ""
        return "  ".join(part for part in (self.file, spot, column) if part)

    @property
    def words(self) -> str:
        """The marked words, as written."""
        return self.text[self.column - 1 :][: self.length].strip()

    def mended(self, new: str) -> str:
        """The line with `new` for the marked words, ready to copy."""
        start = self.column - 1
        return (self.text[:start] + new + self.text[start + self.length :]).strip()

    def short(self) -> str:
        """`rules/r7/20.txt:6` or `roster.csv!C5`: one word for reports and data files."""
        if self.sheet or self.cell:
            return f"{self.file}!{self.cell or self.sheet}"
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding about the input. The code fixes its level (see `catalogue`).

    `seen` is why a person lets it be: a 注意 is an お知らせ then, and an error stays one.
    """

    code: str
    source: Source
    what: str
    why: str = ""
    fix: str = ""
    seen: str = ""

    @property
    def level(self) -> Level:
        """Level of the code."""
        level = Level(entry(self.code).level)
        return Level.NOTICE if self.seen and level is Level.WARNING else level

    def record(self) -> dict[str, str | int]:
        """Machine form, as `--json` prints it."""
        return {
            "code": self.code,
            "level": self.level.value,
            "file": self.source.file,
            "line": self.source.line,
            "col": self.source.column,
            "cell": f"{self.source.sheet}!{self.source.cell}"
            if self.source.sheet
            else self.source.cell,
            "what": self.what,
            "why": self.why,
            "fix": self.fix,
            **({"seen": self.seen} if self.seen else {}),
        }

    def __str__(self) -> str:
        if self.seen:
            return f"見た注意 {self.code}（{self.seen}）: {self.what.splitlines()[0]}"
        lines = [f"{self.level.value} {self.code}: {self.what}"]
        if place := self.source.place():
            lines.append(f"  場所: {place}")
        lines += _excerpt(self.source)
        if self.why:
            lines.append(f"  なぜ: {self.why}")
        if self.fix:
            lines.append(f"  直し方: {self.fix}")
        return "\n".join(lines)


def ranked(problems: Iterable[Problem]) -> list[Problem]:
    """Problems, the gravest first."""
    return sorted(problems, key=lambda problem: _GRAVEST_FIRST.index(problem.level))


_TOLD = 50
"""Problems of one code that are told of one file; how many more there are stands below them."""


def in_words(problems: Iterable[Problem]) -> str:
    """Problems in words, in their order: of many of one kind in one file the first, and a number."""
    told: list[str] = []
    met: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        kind = problem.code, problem.source.file
        met[kind] += 1
        if met[kind] <= _TOLD:
            told.append(str(problem))
    for (code, file), count in met.items():
        if count > _TOLD:
            told.append(f"{file}: {code} は、ほかに {count - _TOLD:,} か所あります。")
    return "\n\n".join(told)


class Fault(NamedTuple):
    """A problem that does not know its place yet."""

    code: str
    what: str
    why: str
    fix: str

    def at(self, place: Source) -> Problem:
        """The problem, now that its place is known."""
        return Problem(code=self.code, source=place, what=self.what, why=self.why, fix=self.fix)


def fault(name: str, /, **facts: object) -> Fault:
    """Message `W112`, or another text of it (`W112.number`), with its facts."""
    return Fault(name[:4], *(text.format_map(facts) for text in texts(name)))


def tell(name: str, place: Source, /, **facts: object) -> Problem:
    """Message with its facts and place.

    In a text `{words}` are those that `place` marks; `{mended}` is its line with the fact `new` for
    them.
    """
    facts["words"] = place.words
    if "new" in facts:
        facts["mended"] = place.mended(str(facts["new"]))
    return fault(name, **facts).at(place)


_BEFORE, _SHOWN = 60, 160
"""Signs of a long line that are shown: so many before the fault, so many in all."""


def _excerpt(source: Source) -> list[str]:
    """The faulty line with marks below, in full-width cells so that Japanese text lines up.

    Of a line that no screen holds, the part around the fault.
    """
    if not source.text:
        return []
    gutter = f"    {source.line} | "
    blank = " " * (len(gutter) - 2) + "| "
    start = max(0, source.column - 1)
    text, first = source.text, 0
    if len(text) > _SHOWN:
        first = max(0, min(start - _BEFORE, len(text) - _SHOWN))
        text = text[first : first + _SHOWN]
    fault = text[start - first :][: source.length]
    under = _cells(text[: start - first], " ", "　") + (_cells(fault, "^", "＾") or "^")
    return ["", gutter + text, blank + under, ""]


def _cells(text: str, narrow: str, wide: str) -> str:
    """One sign of the same width for each of `text`; none for a voiced mark, a tab for a tab."""
    return "".join(
        sign if sign == "\t" else "" if combining(sign) else wide if _is_wide(sign) else narrow
        for sign in text
    )


def _is_wide(sign: str) -> bool:
    # Ambiguous signs (× ÷ ±) are full-width in the fonts of a Japanese PC.
    return east_asian_width(sign) in "WFA"


class ApportionError(Exception):
    """Base of what this package raises."""


class InputError(ApportionError):
    """The input is wrong: every problem found, the grave ones among them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(in_words(problems))
        self.problems = problems


class ReconciliationError(ApportionError):
    """Two sides that the program computed itself differ: our fault, nothing is written."""


class OutputError(ApportionError):
    """Files cannot be read or written (exit code 3); the message says what to do."""


def grave(problems: tuple[Problem, ...], *, strict: bool = False) -> bool:
    """Whether a run must stop."""
    stopping = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    return any(problem.level in stopping for problem in problems)


class Findings:
    """Problems in the order of being found; equal ones are kept once.

    `faults` counts errors as often as they are met: a step that met one made no sound result.
    """

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._counted: Counter[str] = Counter()
        self.faults = 0

    def add(self, problem: Problem) -> None:
        """Note a problem."""
        self.extend([problem])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems that another step made."""
        for problem in problems:
            self._found[problem] = None
            self._counted[problem.code] += 1
            self.faults += problem.level is Level.ERROR

    def room(self, code: str) -> bool:
        """Whether another problem of this code would be told in words: if not, no guess is needed."""
        return self._counted[code] < _TOLD

    def follow(self) -> None:
        """Count a fault that only follows from one already told."""
        self.faults += 1

    def stop(self) -> None:
        """Raise `InputError` with everything found so far, where there was an error."""
        if self.faults:
            raise InputError(self.problems)

    def in_file(self, file: str) -> bool:
        """Whether an error was found in `file`."""
        return any(p.source.file == file and p.level is Level.ERROR for p in self._found)

    def below(self, folder: str) -> bool:
        """Whether an error was found in a file below `folder` (`members/`)."""
        errors = (p for p in self._found if p.level is Level.ERROR)
        return any(problem.source.file.startswith(folder) for problem in errors)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything found so far."""
        return tuple(self._found)
