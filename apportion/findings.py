"""Collecting problems while going on: nobody raises, and nothing is said twice."""

from collections.abc import Iterable

from apportion.problem import Level, Problem, Source


class Findings:
    """Problems in the order of being found; equal ones are kept once.

    `faults` counts errors as often as they are met: a step that met one made no sound result.
    """

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self.faults = 0

    def add(self, code: str, source: Source, what: str, *, why: str = "", fix: str = "") -> None:
        """Note a problem."""
        self.extend([Problem(code=code, source=source, what=what, why=why, fix=fix)])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems that another step made."""
        for problem in problems:
            self._found[problem] = None
            self.faults += problem.level is Level.ERROR

    def follow(self) -> None:
        """Count a fault that only follows from one already told."""
        self.faults += 1

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
