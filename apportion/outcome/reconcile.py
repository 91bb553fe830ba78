"""Equations that prove a run closed: two sides, added independently, tolerance 0.

Left sides come from the charges member by member; right sides from the budget table and from the
text of the income table, which is read a second time here, without `tables`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from apportion.allocate.case import Charge, LineResult
from apportion.allocate.instalments import Instalment, of_account
from apportion.core.model import RESERVES, BudgetLine, IncomeLine, Tables, total
from apportion.core.problem import ReconciliationError
from apportion.core.sums import grouped, summed
from apportion.core.text import fold, name_key
from apportion.outcome.outcome import Equation
from apportion.rules.book import RuleBook

CONTRIBUTION = "負担金収入"
SPENT, INCOME, YEARLY, BOTH_PARTS = "支出の部", "収入の部", "年額", "収入の部と支出の部"
"""What right sides are: the last compares both parts as a whole."""
# Its own table: a second reading must not share a mistake with the first.
_UNITS = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}


def equations(
    tables: Tables,
    results: Sequence[LineResult],
    billed: Mapping[str, Sequence[Charge]],
    instalments: Sequence[Instalment],
    book: RuleBook | None = None,
) -> tuple[Equation, ...]:
    """Every equation of a run, from single lines to the grand total.

    `billed` are the charges by the 団体コード of who is invoiced for them; `book` says which 会計 bills
    are divided by.
    """
    charged = by_line(charge for own in billed.values() for charge in own)
    return (
        *_lines(results, charged),
        *_paths(results, charged),
        *_groups("事業", lambda line: line.project, tables, results, charged),
        *_groups("区分", lambda line: line.category, tables, results, charged),
        *_payers(tables, billed, instalments),
        *(_accounts(tables, results, billed, instalments, book) if book else ()),
        *_grand(tables, results, charged, instalments),
    )


Charged = Mapping[tuple[str, str], tuple[BudgetLine, int]]
"""Each line with the sum of its charges, by its key."""


def by_line(charges: Iterable[Charge]) -> Charged:
    """Charges added up member by member; the lines they belong to come along."""
    own = grouped((id(charge.result), charge) for charge in charges).values()
    return {of[0].line.key: (of[0].line, total(charge.yen for charge in of)) for of in own}


def prove(found: Iterable[Equation]) -> None:
    """Raise `ReconciliationError` with both sides of every equation that does not hold."""
    false = [equation for equation in found if equation.difference]
    if false:
        raise ReconciliationError(
            "\n".join(
                f"{e.level} {e.name}: 左辺 {e.left:,}円、右辺 {e.right:,}円、差 {e.difference:,}円"
                for e in false
            )
        )


def beside(result: LineResult) -> int:
    """Yen of a line's budget that its members do not pay, each a term of its own.

    対象外, 端数未調整額, 繰越, 徴収しない額 and 単価差, less what 団体別加減 adds on top of the budget.
    """
    added = sum(sum(a.yen) for a in result.case.adjustments if not a.first_off)
    return result.case.excluded + open_ends([result]) + result.price_gap - added


def open_ends(results: Iterable[LineResult]) -> int:
    """Yen that nobody pays this year: 端数未調整額, 繰越 and 徴収しない額."""
    return sum(result.unallocated + result.carried + result.waived for result in results)


def price_gaps(results: Iterable[LineResult]) -> int:
    """単価差 of these lines: 収入の部 holds the budget, the members pay by the price."""
    return sum(result.price_gap for result in results)


def spending(results: Iterable[LineResult]) -> Iterator[tuple[BudgetLine, int]]:
    """Each line with its budget; where 予算額 is blank, the charges themselves."""
    for result in results:
        line = result.case.line
        yield line, sum(result.yen) if line.amount is None else line.amount


def _lines(results: Sequence[LineResult], charged: Charged) -> Iterator[Equation]:
    for result, (line, budget) in zip(results, spending(results), strict=True):
        name = f"{line.project}／{line.name}: 団体の負担金の計 = 予算額"
        _, owed = charged.get(line.key, (line, 0))
        yield Equation("経費", name, owed, budget - beside(result), line.key, SPENT)


def _paths(results: Sequence[LineResult], charged: Charged) -> Iterator[Equation]:
    """項: each level between 事業 and 経費."""
    left = summed((path, owed) for line, owed in charged.values() for path in levels(line))
    right = summed(
        (path, budget - beside(result))
        for result, (line, budget) in zip(results, spending(results), strict=True)
        for path in levels(line)
    )
    for path, yen in right.items():
        yield Equation(
            "項", f"{path}: 団体の負担金の計 = 支出の部", left.get(path, 0), yen, (path,), SPENT
        )


def levels(line: BudgetLine) -> Iterator[str]:
    """項 of a line, each with all that stands above it."""
    for depth in range(1, len(line.path) + 1):
        yield "／".join((line.project, *line.path[:depth]))


def _groups(
    level: str,
    of: Callable[[BudgetLine | IncomeLine], str],
    tables: Tables,
    results: Sequence[LineResult],
    charged: Charged,
) -> Iterator[Equation]:
    """事業 or 区分: against 支出の部, and against the text of 収入の部."""
    owed = summed((name_key(of(line)), yen) for line, yen in charged.values())
    unpaid = summed((name_key(of(result.case.line)), beside(result)) for result in results)
    spent = summed((name_key(of(line)), budget) for line, budget in spending(results))
    income = summed((name_key(of(line)), reread(line)) for line in contributions(tables))
    gaps = summed((name_key(of(result.case.line)), result.price_gap) for result in results)
    written = {name_key(of(line)): of(line) for line, _ in spending(results)}
    for key, yen in spent.items():
        name, charged_yen = f"{written[key]}: 団体の負担金の計", owed.get(key, 0)
        yield Equation(level, f"{name} = 支出の部", charged_yen, yen - unpaid[key], (key,), SPENT)
        term = "＋単価差" if gaps[key] else ""
        name = f"{name}{term} = 収入の部（負担金収入）"
        right = income.get(key, 0)
        yield Equation(level, name, charged_yen + gaps[key], right, (key,), INCOME)


def _payers(
    tables: Tables, billed: Mapping[str, Sequence[Charge]], instalments: Sequence[Instalment]
) -> Iterator[Equation]:
    paid = summed((tables.heir(part.code).code, part.yen) for part in instalments)
    for code, charges in billed.items():
        name = f"{tables.by_code[code].name}: 各期の計 = 年額"
        owed = sum(charge.yen for charge in charges)
        yield Equation("団体", name, paid.get(code, 0), owed, (code,), YEARLY)


def _accounts(
    tables: Tables,
    results: Sequence[LineResult],
    billed: Mapping[str, Sequence[Charge]],
    instalments: Sequence[Instalment],
    book: RuleBook,
) -> Iterator[Equation]:
    """会計 by which bills are divided: against 収入の部, and 期 of each payer against its charges."""
    projects = {name_key(r.case.line.project): book.account(r.case.file) for r in results}
    income = summed(
        (projects.get(name_key(line.project), ""), reread(line)) for line in contributions(tables)
    )
    gaps = summed((book.account(r.case.file), r.price_gap) for r in results)
    for account in book.accounts:
        own = of_account(billed, book, account)
        parts = [part for part in instalments if part.account == account]
        paid = summed((tables.heir(part.code).code, part.yen) for part in parts)
        term = "＋単価差" if gaps.get(account) else ""
        name = f"{account}: 各期の計{term} = 収入の部（負担金収入）"
        left = sum(paid.values()) + gaps.get(account, 0)
        yield Equation("会計", name, left, income.get(account, 0))
        for code, charges in own.items():
            name = f"{account} {tables.by_code[code].name}: 各期の計 = 年額"
            owed = sum(charge.yen for charge in charges)
            yield Equation("会計", name, paid.get(code, 0), owed)


def _grand(
    tables: Tables,
    results: Sequence[LineResult],
    charged: Charged,
    instalments: Sequence[Instalment],
) -> Iterator[Equation]:
    by_term = summed((_term(i), i.yen) for i in instalments)
    income = sum(reread(line) for line in contributions(tables))
    owed = sum(yen for _, yen in charged.values())
    terms = "＋".join(by_term)
    gap = price_gaps(results)
    term = "＋単価差" if gap else ""
    name = f"{term} = 収入の部（負担金収入）"
    yield Equation("納期", f"{terms}{name}", sum(by_term.values()) + gap, income, (), INCOME)
    yield Equation("総額", f"団体の負担金の総計{name}", owed + gap, income, (), INCOME)
    spent = sum(
        budget - beside(r) for r, (_, budget) in zip(results, spending(results), strict=True)
    )
    name = "団体の負担金の総計 = 支出の部（積立金等を除く）"
    yield Equation("総額", name, owed, spent, (), SPENT)
    yield _both_parts(tables, results)


def _both_parts(tables: Tables, results: Sequence[LineResult]) -> Equation:
    """収入 = 支出; what nobody pays is a term where the income section does not hold it."""
    income = sum(reread(line) for line in tables.income)
    spent = sum(budget for _, budget in spending(results))
    spent += sum(line.amount or 0 for line in tables.budget if line.category == RESERVES)
    if income == spent:
        name = "収入の部の合計 = 支出の部の合計"
        return Equation("総額", name, income, spent, (), BOTH_PARTS)
    waived = "＋徴収しない額" if any(result.waived for result in results) else ""
    name = f"収入の部の合計＋端数未調整額＋繰越{waived} = 支出の部の合計"
    return Equation("総額", name, income + open_ends(results), spent, (), BOTH_PARTS)


def _term(instalment: Instalment) -> str:
    day = f"（{instalment.day.isoformat()}）" if instalment.day else ""
    return f"{instalment.label}{day}"


def contributions(tables: Tables) -> Iterator[IncomeLine]:
    """Lines of 負担金収入."""
    return (line for line in tables.income if line.subject == CONTRIBUTION)


def reread(line: IncomeLine) -> int:
    """Yen of an income line from its texts (予算額 and 補正), read here a second time."""
    return sum(_yen(text, unit) for text, unit in ((line.text, line.unit), *line.added))


def _yen(text: str, unit: str) -> int:
    digits = fold(text).replace(",", "").replace(" ", "")
    sign = -1 if digits[:1] in {"-", "△", "▲"} else 1
    whole, _, decimals = digits.lstrip("-△▲").partition(".")
    shift = len(str(_UNITS[unit])) - 1
    assert len(decimals.rstrip("0")) <= shift, text
    return sign * int(whole + decimals.rstrip("0").ljust(shift, "0"))
