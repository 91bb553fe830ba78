"""apportion: member contributions (負担金) of councils, exact to the yen, closed and explained.

As a library: ``apportion.run(root, year)`` computes, writes and proves; ``apportion.compute`` only
computes. Both return an `Outcome`, whose ``to_frame()`` is the tidy pandas table.
``apportion.diff(before, after)`` divides the change between two outcomes by cause.
``apportion.stands(root, year)`` is a year for ``apportion.what_if(year, {name: [DraftFile, …]})`` and
``apportion.sweep(year, "均等割 0%..100% step 5%")``: cases in memory, nothing is written.
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
    from apportion.why.cases import WhatIf, stands, what_if
    from apportion.why.difference import Diff
    from apportion.why.difference import compare as diff
    from apportion.why.drafts import DraftFile
    from apportion.why.sweep import sweep


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
    "Diff": "apportion.why.difference",
    "diff": "apportion.why.difference:compare",
    "DraftFile": "apportion.why.drafts",
    "WhatIf": "apportion.why.cases",
    "stands": "apportion.why.cases",
    "sweep": "apportion.why.sweep",
    "what_if": "apportion.why.cases",
}

__all__ = [
    "ApportionError",
    "Diff",
    "DraftFile",
    "FiscalYear",
    "InputError",
    "Outcome",
    "OutputError",
    "Problem",
    "ReconciliationError",
    "WhatIf",
    "__version__",
    "compute",
    "diff",
    "run",
    "stands",
    "sweep",
    "what_if",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  the type checker sees the real names above
    """Load a public name when it is first used, so that `--help` loads none of them."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module  # noqa: PLC0415  needed only here

    module, _, there = _HOMES[name].partition(":")
    return getattr(import_module(module), there or name)
