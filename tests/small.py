"""Tiny workspaces written by a test: what matters stands in the test itself."""

from collections.abc import Mapping
from pathlib import Path

from apportion.core.year import Edition, FiscalYear
from apportion.outcome.computation import compute
from apportion.outcome.outcome import Outcome

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


def revise(
    root: Path, number: int, budget: Mapping[str, int], income: int | None = None, day: str = ""
) -> Path:
    """Add the columns of 補正第`number`号 in yen; `income` is their sum where nothing is said."""
    heading = f"補正第{number}号（円{f'、{day}' if day else ''}）"
    _column(root / "rules/r7/budget.csv", heading, {k: str(v) for k, v in budget.items()})
    changed = sum(budget.values()) if income is None else income
    _column(root / "rules/r7/income.csv", heading, {"負担金収入": str(changed)})
    return root


def _column(path: Path, heading: str, cells: Mapping[str, str]) -> None:
    """A column at the right; `cells` by whatever word of the row names it."""
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    found = [next((cells[w] for w in row.split(",") if w in cells), "") for row in rows]
    lines = [f"{head},{heading}", *(f"{row},{cell}" for row, cell in zip(rows, found, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run_edition(root: Path, number: int) -> Outcome:
    """Outcome of the workspace after 補正第`number`号."""
    return compute(root, R7, edition=Edition(number))


def parts(outcome: Outcome, name: str) -> list[tuple[int, str, int]]:
    """Instalments of a body: number, day, yen."""
    own = outcome.tables.by_name[name].code
    return [
        (part.number, part.day.isoformat() if part.day else "", part.yen)
        for part in outcome.instalments_of(own)
    ]


def decide(root: Path, *rows: str) -> None:
    """The table 決定: these rows (補正第1号,令和7年11月20日,議決,) below 当初 and those that are there."""
    path = root / "rules/r7/acts.csv"
    before = path.read_text(encoding="utf-8") if path.is_file() else _DECIDED
    path.write_text(before + "".join(f"{row}\n" for row in rows), encoding="utf-8")


_DECIDED = "決定,日,状態,理由\n当初,令和7年5月30日,議決,総会議決\n"
