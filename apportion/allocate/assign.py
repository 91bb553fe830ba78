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
        expense = named.get(name_key(line.name))
        if expense is None and file.unread:
            findings.follow()  # its ■経費 may be the one whose heading could not be read
            continue
        expense = expense or rest
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
        fix=f"次の行に直してください: {name.source.mended(close)}"
        if close
        else "予算の経費の名前をそのまま書くか、この■経費を消してください。",
    )


def _no_rule(line: BudgetLine, file: RuleFile, findings: Findings) -> None:
    findings.add(
        "W403",
        line.cells.get("経費", line.source),
        f"「{line.project}」の「{line.name}」に、負担のきまりがありません。",
        why=f"{file.source.file} のどの■経費にも書いてありません。",
        fix=f"{file.source.file} に「■経費 {line.name}」と「負担割合: 均等割」のような2行を足してください。",
    )


def _no_file(line: BudgetLine, book: RuleBook, findings: Findings) -> None:
    if book.unread or not book.files:
        findings.follow()  # its file may be the one that could not be read
        return
    close = near(line.project, [file.project.text for file in book.files])
    findings.add(
        "W401",
        line.cells.get("事業", line.source),
        f"「{line.project}」の規則ファイルがありません。",
        why="予算にある事業には、規則ファイルが一つずつ要ります。",
        fix=f"「{close}」の規則ファイルがそれなら、次の行に直してください: 事業: {line.project}"
        if close
        else f"規則ファイルを作り、先頭に次の行を書いてください: 事業: {line.project}",
    )


def _unused_files(
    book: RuleBook, by_project: dict[str, list[BudgetLine]], tables: Tables, findings: Findings
) -> None:
    for key, file in book.by_project.items():
        if key not in by_project:
            known = dict.fromkeys(line.project for line in tables.charged)
            close = near(file.project.text, known)
            findings.add(
                "W402",
                file.project.source,
                f"「{file.project.text}」という事業は予算（budget）にありません。",
                why=f"予算にある事業: {'、'.join(known)}",
                fix=f"次の行に直してください: {file.project.source.mended(close)}"
                if close
                else "予算に事業を足すか、このファイルをほかへ移してください。",
            )
