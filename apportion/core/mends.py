"""Lines that a message offers for copying, as its 直し方 has them: what stands before, between and behind them."""

import re

OR = "、または "
"""Between lines of which a person chooses one."""
_OFFERED = re.compile(
    r"(?:(?<!ような)行に直してください|行になります|ちょうど 100% になります|単位を付けてください"
    r"|「÷」を使います|必ず合います|差は1円までになります): (.+?)"
    r"(?:（(?:そのつもり|経費の|ほかに)[^）]*）)?$",
    re.MULTILINE,
)


def offered(fix: str) -> list[str]:
    """The lines that can stand in the place of the one that a message is about, without what is said beside them."""
    found = _OFFERED.search(fix)
    return found[1].split(OR) if found else []
