"""Tiny workspaces written by a test: what matters stands in the test itself."""

from collections.abc import Mapping
from pathlib import Path

from apportion.computation import compute
from apportion.outcome import Outcome
from apportion.year import FiscalYear

R7 = FiscalYear(2025)
KINDS = {"市": "市", "町": "町", "村": "村", "県": "県"}

HEAD = "書式: 1\n事業: 共同事業\n年度: 令和7年度\n状態: 案\n根拠: 規約第9条\n名簿: 全団体名簿\n"


def code(number: int) -> str:
    """A 団体コード with its check digit."""
    digits = f"{99000 + number:05d}"
    weighted = sum(int(d) * w for d, w in zip(digits, (6, 5, 4, 3, 2), strict=True))
    return digits + str((11 - weighted % 11) % 10)


def write(
    root: Path,
    rules: str,
    budget: Mapping[str, int | str],
    figures: Mapping[str, Mapping[str, int | str]],
    *,
    rosters: Mapping[str, Mapping[str, str]] | None = None,
    income: int | None = None,
) -> Path:
    """A workspace of one 事業 (共同事業). `budget` in yen by 経費, `figures` by body and heading.

    `rosters` gives further columns (body to cell); everybody is in 全団体名簿.
    """
    names = list(figures)
    codes = {name: code(number) for number, name in enumerate(names, start=1)}
    headings = list(next(iter(figures.values())))
    extra = rosters or {}
    total = income if income is not None else sum(int(amount) for amount in budget.values())
    save(root, "rules/r7/10.txt", HEAD + rules)
    save(
        root,
        "rules/r7/budget.csv",
        "区分,事業,項,経費,予算額（円）\n"
        + "".join(f"区分,共同事業,,{line},{amount}\n" for line, amount in budget.items()),
    )
    save(
        root,
        "rules/r7/income.csv",
        f"区分,事業,科目,予算額（円）\n区分,共同事業,負担金収入,{total}\n",
    )
    register = "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード\n"
    save(
        root,
        "members/members.csv",
        register
        + "".join(f"{codes[name]},{name},よみ,{KINDS[name[-1]]},,会員,,,\n" for name in names),
    )
    save(
        root,
        "members/r7/roster.csv",
        ",".join(("団体コード,団体名,全団体名簿", *extra))
        + "\n"
        + "".join(
            ",".join((codes[n], n, "○", *(column.get(n, "") for column in extra.values()))) + "\n"
            for n in names
        ),
    )
    save(
        root,
        "members/r7/figures.csv",
        ",".join(("団体コード,団体名", *headings))
        + "\n"
        + "".join(
            ",".join((codes[n], n, *(str(figures[n][h]) for h in headings))) + "\n" for n in names
        ),
    )
    return root


def save(root: Path, name: str, text: str) -> None:
    """Write a file below the workspace."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def yen(outcome: Outcome) -> dict[str, dict[str, int]]:
    """Charges by 経費 and body."""
    found: dict[str, dict[str, int]] = {}
    for charge in outcome.charges:
        found.setdefault(charge.line.name, {})[charge.member.name] = charge.yen
    return found


def run(root: Path) -> Outcome:
    """Outcome of the workspace for r7."""
    return compute(root, R7)
