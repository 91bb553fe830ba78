"""The parts of a document: 事業計画, 収入の部, 支出の部."""

import re
from collections.abc import Sequence
from enum import Enum

from apportion.year import FiscalYear
from apportion.yearly.import_budget.document import Line
from apportion.yearly.import_budget.headline import carries_budget
from apportion.yearly.import_budget.words import squeezed, year_in

_SECTION = re.compile(r"[【\[(<■○●◆]*(収入|歳入|支出|歳出)(?:の部)?[】\])>]*")
_TITLE = re.compile(r"(?:事業計画|予算)")


class Part(Enum):
    """Parts of a document."""

    PLAN = "事業計画"
    INCOME = "収入の部"
    SPENDING = "支出の部"


def split(lines: Sequence[Line]) -> dict[Part, list[Line]]:
    """Lines of each part; a heading that carries a budget leads back to the plan."""
    found: dict[Part, list[Line]] = {part: [] for part in Part}
    here = Part.PLAN
    for line in lines:
        if match := _SECTION.fullmatch(squeezed(line.text)):
            here = Part.INCOME if match[1] in {"収入", "歳入"} else Part.SPENDING
        elif here is not Part.PLAN and not line.is_row and carries_budget(line):
            here = Part.PLAN
        found[here].append(line)
    return found


def year_of(lines: Sequence[Line]) -> FiscalYear | None:
    """Year in the title of the document."""
    titles = (line.text for line in lines if _TITLE.search(line.text))
    return next((year for text in titles if (year := year_in(text))), None)
