"""apportion: member contributions (負担金) of councils, exact to the yen, closed and explained.

As a library: ``apportion.run(root, year)`` computes, writes and proves; ``apportion.compute`` only
computes. Both return an `Outcome`, whose ``to_frame()`` is the tidy pandas table.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apportion.computation import compute
    from apportion.outcome import Outcome
    from apportion.pipeline import run
    from apportion.problem import (
        ApportionError,
        InputError,
        OutputError,
        Problem,
        ReconciliationError,
    )
    from apportion.year import FiscalYear

__version__ = "0.1.0"

_HOMES = {
    "run": "apportion.pipeline",
    "compute": "apportion.computation",
    "Outcome": "apportion.outcome",
    "FiscalYear": "apportion.year",
    "Problem": "apportion.problem",
    "ApportionError": "apportion.problem",
    "InputError": "apportion.problem",
    "OutputError": "apportion.problem",
    "ReconciliationError": "apportion.problem",
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
