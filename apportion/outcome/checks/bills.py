"""Checks of ■請求書: the seal's picture, the 登録番号, and what a decided bill must say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

from apportion.allocate.case import Charge
from apportion.allocate.instalments import (
    FIRST_KNOWN,
    LAST_KNOWN,
    Instalment,
    TermSlot,
    by_account,
    is_known,
    move,
    owed_by_plan,
    term_label,
)
from apportion.allocate.tax import NAME
from apportion.core.model import Payment, Tables
from apportion.core.numbers import money, percent
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import name_key
from apportion.core.year import FIRST, parse_date, wareki
from apportion.forms.files import FOLDER, SEAL, path_of, read
from apportion.outcome.receipts import Receivables, Standing, collected
from apportion.outcome.workspace import Workspace
from apportion.rules.book import DECIDED, ON_TOP, Remark, RuleBook, RuleFile, Scope
from apportion.rules.nodes import Due, DuePlan, Ratio, Rest
from apportion.rules.read import days_before_due
from apportion.rules.read.forms import example
from apportion.rules.read.terms import UNITS
from apportion.tables.revision import act_of, editions


def difference_beside_rest(workspace: Workspace) -> Iterator[Problem]:
    """A 納期 with 残り beside a 期割の端数: 残り takes every difference, and 差額は … none."""
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        rounding = scope.due_rounding()
        plans = [file.head.dues, *(scope.dues(expense) for expense in file.expenses)]
        for plan in (plan for plan in plans if plan and rounding.source.line):
            for rest in (due.share for due in plan.dues if isinstance(due.share, Rest)):
                yield tell(
                    "W434",
                    rest.source,
                    place=rounding.source.place(),
                    mend=_without_rest(plan, rest),
                )


def unknown_holidays(workspace: Workspace) -> Iterator[Problem]:
    """Due dates in years whose national holidays nobody knows."""
    for file in workspace.book.files:
        plans = (file.head.dues, *(expense.own.dues for expense in file.expenses))
        for due in (due for plan in plans if plan for due in plan.dues):
            if not is_known(due.day):
                yield tell(
                    "W521",
                    due.source,
                    year=due.day.year,
                    sum=FIRST_KNOWN + 1,
                    difference=LAST_KNOWN - 1,
                )


def _without_rest(plan: DuePlan, rest: Rest) -> str:
    """The line with the part that 残り stands for, where the others are parts too."""
    others = [due.share for due in plan.dues if due.share is not rest]
    parts = [share.value for share in others if isinstance(share, Ratio)]
    if len(parts) < len(others):
        return "「残り」を金額か割合に直すか、期割の端数の行を消してください。"
    line = rest.source.mended(percent(1 - sum(parts, Fraction(0))))
    return f"差額を期割の端数のとおりにするには、次の行に直してください: {line}"


def due_in_year(workspace: Workspace) -> Iterator[Problem]:
    """Due dates of another year, as a copied file has them."""
    first = workspace.year.first_day
    last = (workspace.year + 1).first_day.replace(month=5, day=31)
    for file in workspace.book.files:
        plans = (file.head.dues, *(expense.own.dues for expense in file.expenses))
        for due in (due for plan in plans if plan for due in plan.dues):
            if is_known(due.day) and not first <= due.day <= last:
                yield tell(
                    "W426",
                    due.source,
                    number=due.number,
                    day=wareki(due.day),
                    year=workspace.year.label,
                    first=wareki(first),
                    last=wareki(last),
                )


def may_renumber(book: RuleBook) -> bool:
    """Whether 期 can have other numbers than the rules write: several 納期, or one out of order."""
    scopes = [(book.scope(file), file) for file in book.files]
    plans = {(s.dues(e), s.holiday()) for s, file in scopes for e in file.expenses}
    listed = [plan for plan, _ in plans if plan]
    days = [[due.day for due in sorted(plan.dues, key=_number)] for plan in listed]
    numbers = [sorted(map(_number, plan.dues)) for plan in listed]
    in_order = all(own == sorted(set(own)) for own in days)
    return len(listed) > 1 or not in_order or any(n != [*range(1, len(n) + 1)] for n in numbers)


def _number(due: Due) -> int:
    return due.number


def renumbered(
    tables: Tables,
    book: RuleBook,
    billed: Mapping[str, Sequence[Charge]],
    instalments: Sequence[Instalment],
) -> Iterator[Problem]:
    """That 期 have other numbers on the bills of who pays for several 事業: the first one of them."""
    numbers = {part.slot._replace(number=0): part.number for part in instalments}
    found = (
        tell(
            "W441",
            plan.source,
            name=tables.by_code[code].name,
            written=due.number,
            day=wareki(due.day),
            number=numbers[slot],
        )
        for account, own in by_account(billed, book).items()
        for code, owed in owed_by_plan(own, book).items()
        for (plan, _, holiday), _ in owed
        for due in (plan.dues if plan else ())
        for day in (move(due.day, holiday),)
        for slot in (TermSlot(code, day, 0, account),)
        if plan and numbers.get(slot, due.number) != due.number
    )
    yield from islice(found, 1)


_SAME = "納入は、請求の額を変えません。"


def beside_bills(tables: Tables, book: RuleBook, receivables: Receivables) -> Iterator[Problem]:
    """Payments for what was not billed, beyond a bill, or paid back beyond what was paid.

    Nothing is said where nothing is sealed and a later budget may have been billed.
    """
    instalments = receivables.instalments
    if not instalments or (editions(tables) and not receivables.issue):
        return
    issued = {} if receivables.edition else issue_days(book, instalments)
    for standing in collected(receivables, tables):
        name = receivables.name(standing.code, tables)
        key = standing.code, standing.account
        early = [p for p in standing.payments if p.day < issued.get((p.code, key[1]), date.min)]
        if early:
            yield _early(early[0], name, issued[key])
        if not standing.billed:
            yield _not_billed(standing, name, instalments)
        elif standing.paid < min(0, standing.owed):
            yield _paid_back(standing, name)
        elif standing.open < 0 <= standing.owed:
            yield _beyond(standing, name)


def _paid_back(standing: Standing, name: str) -> Problem:
    return tell(
        "W917",
        standing.payments[-1].source,
        name=name,
        term=standing.label,
        paid=money(standing.paid),
        owed=money(standing.owed),
    )


def _beyond(standing: Standing, name: str) -> Problem:
    return tell(
        "W916.account" if standing.account else "W916",
        standing.payments[-1].source,
        name=name,
        term=standing.label,
        number=standing.number,
        account=standing.account,
        paid=money(standing.paid),
        owed=money(standing.owed),
        over=money(-standing.open),
        code=standing.code,
        open=standing.open,
    )


def issue_days(book: RuleBook, instalments: Sequence[Instalment]) -> dict[tuple[str, str], date]:
    """発行日 of each payer's bill (of each 会計), where one is written."""
    texts = {account: scope.invoice("発行日") for account, scope in book.by_paper.items()}
    found: dict[tuple[str, str], date] = {}
    for part in instalments:
        said = texts.get(part.account, ())
        before, key = days_before_due(said[0].text) if said else None, (part.code, part.account)
        if part.day and before is not None:
            day = part.day - timedelta(days=before)
            found[key] = min(day, found.get(key, day))
        elif said and (fixed := parse_date(said[0].text)):
            found[key] = fixed
    return found


def _early(payment: Payment, name: str, issued: date) -> Problem:
    return tell("W920", payment.source, name=name, day=wareki(payment.day), issued=wareki(issued))


def _not_billed(standing: Standing, name: str, instalments: Sequence[Instalment]) -> Problem:
    parts = sorted(
        (part for part in instalments if part.code == standing.code),
        key=lambda part: (part.account, part.number),
    )
    own = list(dict.fromkeys(part.label for part in parts))
    listed = "、".join(own)
    known = {part.account for part in parts}
    unsaid = parts and "" not in known and standing.account not in known
    return tell(
        "W915.account" if unsaid else "W915.other" if own else "W915",
        standing.payments[0].source,
        name=name,
        term=term_label(standing.number) if unsaid else standing.label,
        account=standing.account or "空欄",
        listed=listed,
    )


_NEEDED: Mapping[str, str] = {
    "発行者": "発行者: 協議会 会長",
    "振込先": "振込先: ○○銀行 ○○支店 普通預金 0000000",
}
_ASKED = ("住所", "代表者")
_DAY = re.compile(r"(?:令和|平成)(?:\d{1,2}|元)年\d{1,2}月\d{1,2}日")


def registered(workspace: Workspace) -> Iterator[Problem]:
    """A 経費 that is taxed while no 登録番号 is written: no bill without it."""
    files = workspace.book.files
    taxed = [e for file in files for e in file.expenses if e.taxed]
    if not taxed or any(file.invoice.get("登録番号") for file in files):
        return
    if any(name_key(p.source.text).startswith("登録番号") for p in workspace.problems):
        return  # it is written, and what is wrong with it is told
    decided = workspace.book.state == DECIDED
    yield tell("W251" if decided else "W437", taxed[0].source, tax=taxed[0].tax)


def whole_tax(workspace: Workspace) -> Iterator[Problem]:
    """請求の単位: 期ごと with 消費税: a bill of one 期 cannot state the tax of the year."""
    files = workspace.book.files
    taxed = any(e.taxed for file in files for e in file.expenses)
    asked = (line for file in files for line in file.invoice.get("請求の単位", ()))
    line = next((line for line in asked if line.text == UNITS[1]), None)
    if taxed and line is not None:
        yield tell("W859", line.source, new=UNITS[0])


def one_tax_line(workspace: Workspace) -> Iterator[Problem]:
    """消費税 on top that would be cut more than once on a bill: of several 事業, or beside 課税10%."""
    first: RuleFile | None = None
    files = workspace.book.files
    within = next((e for f in files for e in f.expenses if e.taxed and e.tax != ON_TOP), None)
    for file in files:
        own = next((e.tax_source for e in file.expenses if e.tax == ON_TOP), None)
        if own is None:
            continue
        first = first or file
        project = file.project.text
        leads = [g.lead for g in workspace.book.scope(file).groups.values() if g.lead]
        if file is not first:
            yield tell("W445.projects", own, project=first.project.text, other=project)
        elif within is not None:
            place = within.tax_source.short()
            yield tell("W445.mixed", own, tax=within.tax, place=place)
        elif leads:
            yield tell("W445.lead", own, project=project, place=leads[0].source.short())
    lines = workspace.tables.charged if first and workspace.tables else ()
    for line in lines:
        if name_key(line.name) == name_key(NAME):
            yield tell("W445.name", line.cells.get("経費", line.source), line=line.name)


def seal(workspace: Workspace) -> Iterator[Problem]:
    """公印: 画像 without a picture that can be printed."""
    told: set[Source] = set()
    for scope in map(workspace.book.scope, workspace.book.files):
        wanted = [line for line in scope.invoice("公印") if line.text == "画像"]
        pictures = scope.invoice(SEAL)
        if not wanted or (pictures or wanted)[0].source in told:
            continue
        told.add((pictures or wanted)[0].source)
        if pictures:
            yield from _picture(pictures[0], workspace.attached)
        else:
            yield from _unnamed(wanted[0])


def _unnamed(wanted: Remark) -> Iterator[Problem]:
    yield tell("W252", wanted.source, folder=FOLDER)


def _picture(line: Remark, attached: Mapping[str, bytes]) -> Iterator[Problem]:
    path = path_of(line.text)
    if path is None or path not in attached:
        yield tell("W128", line.source, line=line.text, folder=FOLDER)
        return
    found = read(attached[path])
    if isinstance(found, str):
        yield tell("W129", line.source, line=line.text, found=found)


def complete(workspace: Workspace) -> Iterator[Problem]:
    """What a decided bill needs: who asks for the money, and where it is to be paid."""
    book = workspace.book
    if book.state != DECIDED:
        return
    for key, form in _NEEDED.items():
        if not any(file.invoice.get(key) for file in book.files):
            yield tell(
                "W438",
                Source(file=(book.common or book.files)[0].source.file),
                key=key,
                example=form,
            )


def whose(workspace: Workspace) -> Iterator[Problem]:
    """What many payers ask a decided bill for: where its issuer is, and who stands for it."""
    book = workspace.book
    left = [key for key in _ASKED if not any(file.invoice.get(key) for file in book.files)]
    if book.state == DECIDED and left:
        yield tell(
            "W444",
            Source(file=(book.common or book.files)[0].source.file),
            keys="と".join(f"「{key}」" for key in left),
            lines="、".join(example(key) for key in left),
        )


def issued_in_time(workspace: Workspace) -> Iterator[Problem]:
    """A 発行日 after the 通知期限."""
    told: set[Source] = set()
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        for line, notice in zip(scope.invoice("発行日"), scope.invoice("通知期限"), strict=False):
            latest = _latest(line.text, notice.text, _first_due(file, workspace.book))
            if latest and line.source not in told:
                told.add(line.source)
                yield tell(
                    "W439", line.source, notice=notice.text, place=notice.source.place(), new=latest
                )


def issued_again_later(workspace: Workspace) -> Iterator[Problem]:
    """A bill issued again whose 発行日 is before the day of the bill that it replaces."""
    told: set[Source] = set()
    for file in workspace.book.files:
        scope = workspace.book.scope(file)
        for line, again in zip(scope.invoice("発行日"), scope.invoice("再発行"), strict=False):
            former = _day_in(again.text)
            day = _issued(line.text, _first_due(file, workspace.book))
            if former and day and day < former and line.source not in told:
                told.add(line.source)
                yield tell(
                    "W254",
                    line.source,
                    day=wareki(day),
                    former=wareki(former),
                    place=again.source.place(),
                    new=wareki(former),
                )


def decided_in_time(workspace: Workspace) -> Iterator[Problem]:
    """A first bill that bears, or asks for money by, a day before that of its decision."""
    act = act_of(workspace.tables, FIRST) if workspace.tables and not workspace.edition else None
    if act is None or act.day is None or act.state != DECIDED:
        return
    told: set[Source] = set()
    for file in workspace.book.files:
        scope, due = workspace.book.scope(file), _first_due(file, workspace.book)
        plans = [plan for expense in file.expenses if (plan := scope.dues(expense))]
        days = [("最初の納期限", plan.source, due) for plan in plans[:1]]
        days += [("発行日", x.source, _issued(x.text, due)) for x in scope.invoice("発行日")]
        for what, source, day in days:
            if day and day < act.day and source not in told:
                told.add(source)
                yield tell(
                    "W867",
                    source,
                    what=what,
                    day=wareki(day),
                    act=act.name,
                    decided=wareki(act.day),
                )


def _day_in(text: str) -> date | None:
    """The first day that stands in a text."""
    found = _DAY.search(text)
    return parse_date(found[0]) if found else None


def _issued(text: str, first_due: date | None) -> date | None:
    """発行日, written as a day or as days before the first 納期限."""
    before = days_before_due(text)
    if before is None:
        return parse_date(text)
    return first_due - timedelta(days=before) if first_due else None


def _latest(issued: str, notice: str, first_due: date | None) -> str | None:
    """The latest 発行日 that is in time, as it is written; None where the one written is."""
    own, needed = days_before_due(issued), days_before_due(notice)
    if needed is None:
        return None
    if own is not None:
        return f"納期限の{needed}日前" if own < needed else None
    day = parse_date(issued)
    if day is None or first_due is None or day <= first_due - timedelta(days=needed):
        return None
    return wareki(first_due - timedelta(days=needed))


def _first_due(file: RuleFile, book: RuleBook) -> date | None:
    """The first 納期限 that holds in a file, moved off holidays where they are known."""
    scope: Scope = book.scope(file)
    plans = [scope.dues(expense) for expense in file.expenses]
    days = [due.day for plan in plans if plan for due in plan.dues if is_known(due.day)]
    return min((move(day, scope.holiday()) for day in days), default=None)
