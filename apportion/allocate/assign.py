"""Which ■経費 rules which budget line: each line by exactly one, each block at least one line."""

from collections.abc import Iterator

from apportion.findings import Findings
from apportion.model import BudgetLine, Tables
from apportion.near import near
from apportion.rulebook import Expense, Name, RuleFile
from apportion.rulebook.book import RuleBook
from apportion.text import name_key

Pair = tuple[BudgetLine, RuleFile, Expense | None]


def assign(tables: Tables, book: RuleBook, findings: Findings) -> Iterator[Pair]:
    """Every charged line with its file and block (None: 0円 without a rule), in budget order."""
    by_project: dict[str, list[BudgetLine]] = {}
    for line in tables.charged:
        by_project.setdefault(name_key(line.project), []).append(line)
    _unused_files(book, by_project, tables, findings)
    for key, lines in by_project.items():
        file = book.by_project.get(key)
        if file is None:
            _no_file(lines[0], book, findings)
            continue
        yield from _of_file(file, lines, findings)


def _of_file(file: RuleFile, lines: list[BudgetLine], findings: Findings) -> Iterator[Pair]:
    named = _named(file, lines, findings)
    rest = next((expense for expense in file.expenses if not expense.names), None)
    if rest is not None and all(name_key(line.name) in named for line in lines):
        findings.add(
            "W406",
            rest.source,
            "「ほかの経費すべて」に当たる経費が残っていません。",
            why=f"「{file.project.text}」の経費は、すべてほかの■経費に書いてあります。",
            fix="この■経費を消してください。",
        )
    for line in lines:
        expense = named.get(name_key(line.name), rest)
        if expense is None and line.amount != 0:
            _no_rule(line, file, findings)
            continue
        yield line, file, expense


def _named(file: RuleFile, lines: list[BudgetLine], findings: Findings) -> dict[str, Expense]:
    known = {name_key(line.name): line.name for line in lines}
    found: dict[str, Expense] = {}
    for expense in file.expenses:
        for name in expense.names:
            key = name_key(name.text)
            if key not in known:
                _no_line(name, file, list(known.values()), findings)
            elif key in found:
                findings.add(
                    "W405",
                    name.source,
                    f"「{name.text}」の規則が二つあります。",
                    why="一つの経費は、一つの■経費だけに書きます。",
                    fix=f"どちらかの■経費から「{name.text}」を消してください。",
                )
            else:
                found[key] = expense
    return found


def _no_line(name: Name, file: RuleFile, known: list[str], findings: Findings) -> None:
    close = near(name.text, known)
    findings.add(
        "W404",
        name.source,
        f"「{name.text}」という経費は、予算（budget）の「{file.project.text}」にありません。",
        why=f"予算にある経費: {'、'.join(known)}",
        fix=f"「{name.text}」を「{close}」に直してください。"
        if close
        else "予算の経費の名前をそのまま書くか、この■経費を消してください。",
    )


def _no_rule(line: BudgetLine, file: RuleFile, findings: Findings) -> None:
    findings.add(
        "W403",
        line.source,
        f"「{line.project}」の「{line.name}」に、負担のきまりがありません。",
        why=f"{file.source.file} のどの■経費にも書いてありません。",
        fix=f"■経費 {line.name}",
    )


def _no_file(line: BudgetLine, book: RuleBook, findings: Findings) -> None:
    close = near(line.project, [file.project.text for file in book.files])
    findings.add(
        "W401",
        line.source,
        f"「{line.project}」の規則ファイルがありません。",
        why="予算にある事業には、規則ファイルが一つずつ要ります。"
        + (f"名前の似た規則ファイルがあります: {close}" if close else ""),
        fix=f"規則ファイルの頭に「事業: {line.project}」と書いてください。",
    )


def _unused_files(
    book: RuleBook, by_project: dict[str, list[BudgetLine]], tables: Tables, findings: Findings
) -> None:
    for key, file in book.by_project.items():
        if key not in by_project:
            close = near(file.project.text, [line.project for line in tables.charged])
            findings.add(
                "W402",
                file.project.source,
                f"「{file.project.text}」という事業は予算（budget）にありません。",
                why="規則ファイルの「事業」は、予算の事業の名前と同じでなければなりません。",
                fix=f"事業: {close}"
                if close
                else "予算に事業を足すか、このファイルをほかへ移してください。",
            )
