"""apportion: member contributions (負担金) of councils, exact to the yen, closed and explained.

As a library: ``apportion.run(root, year)`` computes, writes and proves; ``apportion.compute`` only
computes. Both return an `Outcome`, whose ``to_frame()`` is the tidy pandas table.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apportion.core.problem import (
        ApportionError,
        InputError,
        OutputError,
        Problem,
        ReconciliationError,
    )
    from apportion.core.year import FiscalYear, __version__
    from apportion.outcome.computation import compute
    from apportion.outcome.outcome import Outcome
    from apportion.pipeline import run


_HOMES = {
    "__version__": "apportion.core.year",
    "run": "apportion.pipeline",
    "compute": "apportion.outcome.computation",
    "Outcome": "apportion.outcome.outcome",
    "FiscalYear": "apportion.core.year",
    "Problem": "apportion.core.problem",
    "ApportionError": "apportion.core.problem",
    "InputError": "apportion.core.problem",
    "OutputError": "apportion.core.problem",
    "ReconciliationError": "apportion.core.problem",
}

__all__ = [
    "ApportionError",
    "FiscalYear",
    "InputError",
    "Outcome",
    "OutputError",
    "Problem",
    "ReconciliationError",
    "__version__",
    "compute",
    "run",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  the type checker sees the real names above
    """Load a public name when it is first used, so that `--help` loads none of them."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415  needed only here

    return getattr(import_module(_HOMES[name]), name)
