"""Whatever stands in the other files that the program reads: a true end with a word, never a fall.

Documents and lists to be imported, forms, payments, acts, and what the program itself wrote. A few
spoiled files of each on every run, HOSTILE times as many (12 unless it is set) with `pytest -m long`.
"""

import io
import json
import os
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from apportion import cli
from apportion.cli.options import DONE, NO_ACCESS, WRONG_INPUT, WRONG_USAGE
from apportion.pipeline import run
from tests import sealing, small, templates
from tests.properties.test_hostile import book, damaged, edited
from tests.test_bank_lists import END, header, moved, trailer
from tests.unit.imports.importing import FOLDER
from tests.unit.imports.printed import pdf
from tests.workspace import edit

COUNT, LONG = 12, int(os.environ.get("HOSTILE", "12"))
Spoil = Callable[[bytes, Random], bytes]


class Reader(NamedTuple):
    """A file of the council, the command that reads it, and the ways in which it is spoiled.

    `proved`: whatever byte of it is another one, something else is said than of the sound file.
    """

    file: str
    command: tuple[str, ...]
    ways: tuple[Spoil, ...]
    proved: bool = False


def text(sound: bytes, random: Random) -> bytes:
    """One sign is another one, or missing."""
    return edited(sound.decode(), random).encode("utf-8", "surrogatepass")


def any_bytes(sound: bytes, random: Random) -> bytes:
    """Noise in the place of a stretch, or the file cut short."""
    return damaged(sound, random)


def part(sound: bytes, random: Random) -> bytes:
    """A package of which one part is spoiled and packed again."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        wrong = random.choice(names)
        for name in names:
            data = old.read(name)
            if name == wrong and data:
                data = random.choice((any_bytes, as_text))(data, random)
            new.writestr(name, data)
    return stream.getvalue()


def as_text(sound: bytes, random: Random) -> bytes:
    """One sign of a part that is a text, else some bytes."""
    try:
        return text(sound, random)
    except UnicodeDecodeError:
        return any_bytes(sound, random)


ODD: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**40,
    "",
    "x",
    "9" * 50,
    "2025-02-30",
    "../x",
    [],
    ["x"],
    {},
    {"": 0},
)


def typed(sound: bytes, random: Random) -> bytes:
    """A record of which one value is of another kind, or is missing."""
    whole = json.loads(sound)
    holders = [whole]
    for outer in holders:
        inner = outer.values() if isinstance(outer, dict) else outer
        holders += [value for value in inner if isinstance(value, dict | list) and value]
    holder: Any = random.choice(holders)
    key = random.choice([*holder] if isinstance(holder, dict) else range(len(holder)))
    if random.randrange(4):
        holder[key] = random.choice(ODD)
    else:
        del holder[key]
    return json.dumps(random.choice([whole, whole, whole, [whole]]), ensure_ascii=False).encode()


BOOK, WORDS, RECORD = (any_bytes, part), (text, any_bytes), (typed, text, any_bytes)
FIRST, LAST = "outputs/確定/r7/第1回", "outputs/確定/r7/第2回"
CHECK, STATUS, PAID = (
    ("check", "--year", "r7"),
    ("status", "--year", "r7"),
    ("show", "payments", "--year", "r7"),
)
VERIFY, SEALED = ("verify", "{root}/outputs/r7"), ("verify", "{root}/outputs/確定/r7")


def importing(kind: str, name: str, *more: str) -> tuple[str, ...]:
    return ("import", kind, f"{{root}}/{name}", "--year", "r7", *more)


COLUMN = ("--column", "人口（人）=人口（人、令和2年10月1日現在）")
READERS: Mapping[str, Reader] = {
    "a budget as text": Reader("予算.txt", importing("budget", "予算.txt"), WORDS),
    "a budget as PDF": Reader("予算.pdf", importing("budget", "予算.pdf"), (any_bytes,)),
    "a budget as a book": Reader("予算.xlsx", importing("budget", "予算.xlsx"), BOOK),
    "figures": Reader("人口.csv", importing("figures", "人口.csv", *COLUMN), WORDS),
    "figures in a book": Reader("人口.xlsx", importing("figures", "人口.xlsx", *COLUMN), BOOK),
    "a roster": Reader("参加.csv", importing("roster", "参加.csv", "--column", "予約"), WORDS),
    "a list of a bank": Reader("明細.csv", importing("payments", "明細.csv"), WORDS),
    "records of a bank": Reader("明細.dat", importing("payments", "明細.dat"), (any_bytes,)),
    "a form": Reader("rules/様式/通知.xlsx", CHECK, BOOK),
    "payments": Reader("members/r7/payments.csv", PAID, WORDS),
    "acts": Reader("rules/r7/acts.csv", STATUS, WORDS),
    "the record of a run": Reader("outputs/r7/記録.json", VERIFY, RECORD, proved=True),
    "charges of a run": Reader("outputs/r7/data/charges.csv", VERIFY, WORDS, proved=True),
    "bills of a run": Reader("outputs/r7/data/invoices.csv", VERIFY, WORDS, proved=True),
    "the summary": Reader("outputs/r7/負担金一覧.xlsx", VERIFY, BOOK, proved=True),
    "the workings": Reader("outputs/r7/計算書.xlsx", VERIFY, BOOK, proved=True),
    "the record of an issue": Reader(f"{LAST}/確定.json", SEALED, RECORD, proved=True),
    "an issue that is looked at": Reader(f"{LAST}/確定.json", STATUS, RECORD),
    "charges of an issue": Reader(f"{LAST}/出力/data/charges.csv", CHECK, WORDS),
    "rules of an issue": Reader(f"{FIRST}/入力/rules/r7/10_yoyaku.txt", SEALED, WORDS, proved=True),
    "the list of an issue": Reader(f"{LAST}/確定一覧.xlsx", SEALED, BOOK, proved=True),
}

PAYMENTS = "団体コード,団体名,期,納入日,納入額（円）\n990019,あおば市,1,2025-07-31,690000\n"
ACTS = "決定,日,状態,理由\n当初,令和7年6月2日,議決,総会議決\n"
BANK = "日付,摘要,お支払金額,お預り金額,残高\nR7.7.31,ミドリチヨウ,,410000,410000\n"
PEOPLE = "団体コード,団体名,人口（人）\n990019,あおば市,45000\n990027,みどり町,25000\n990035,こだま村,5001\n"
TAKING_PART = "団体コード,団体名,予約\n990019,あおば市,○\n990027,みどり町,○\n990035,こだま村,\n"


@pytest.fixture(scope="module", name="root")
def fixture_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council that sealed twice and ran since; with a form of its own, payments, acts and documents."""
    root = tmp_path_factory.mktemp("readers") / "council"
    sealing.decided(root)
    (root / "rules/様式").mkdir()
    (root / "rules/様式/通知.xlsx").write_bytes(templates.notice())
    edit(root / sealing.RULES, "■請求書\n", "■請求書\n様式: 通知.xlsx\n")
    sealing.issued(root)
    sealing.people(root, 45_000, 25_000, 5_000)
    sealing.issued(root, "臨時総会議決")
    small.save(root, "members/r7/payments.csv", PAYMENTS)
    small.save(root, "rules/r7/acts.csv", ACTS)
    run(root, sealing.R7)
    budget = (FOLDER / "estimates/r7_款と項.txt").read_text(encoding="utf-8")
    for name, own in (
        ("予算.txt", budget),
        ("人口.csv", PEOPLE),
        ("参加.csv", TAKING_PART),
        ("明細.csv", BANK),
    ):
        small.save(root, name, own)
    (root / "予算.pdf").write_bytes(pdf(budget))
    (root / "予算.xlsx").write_bytes(book(budget.replace(",", "").replace("\t", ",")))
    (root / "人口.xlsx").write_bytes(book(PEOPLE))
    listed = (header(), moved(1, 410_000, "ﾐﾄﾞﾘﾁﾖｳ"), trailer([410_000], []), END)
    (root / "明細.dat").write_bytes("".join(listed).encode("cp932"))
    return root


def ended(root: Path, command: tuple[str, ...], patch: pytest.MonkeyPatch) -> tuple[int, str]:
    """How the command ends in this process, and all that it says."""
    words = [word.replace("{root}", str(root)) for word in command]
    patch.setattr(sys, "argv", ["apportion", *words, "--dir", str(root)])
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = cli.guarded(cli._start)  # noqa: SLF001  what a person starts, without ending this process
    return code, said.getvalue()


ENDS = (DONE, WRONG_INPUT, WRONG_USAGE, NO_ACCESS)


def withstand(root: Path, name: str, count: int, patch: pytest.MonkeyPatch) -> None:
    """Spoil a file so many times in each way, and put the sound one back."""
    reader = READERS[name]
    path, random = root / reader.file, Random(name)  # noqa: S311  the same cases on every machine
    sound, usual = path.read_bytes(), ended(root, reader.command, patch)
    spoiled = (spoil(sound, random) for spoil in reader.ways for _ in range(count))
    for data in (b"", b"\n", *spoiled):
        path.write_bytes(data)
        code, said = ended(root, reader.command, patch)
        case = f"{data[:4000]!r}\n{said}"
        assert code in ENDS, case
        assert said.strip(), case
        assert (code, said) != usual or data == sound or not reader.proved, case
    path.write_bytes(sound)


@pytest.mark.parametrize("name", READERS)
def test_a_sound_file_is_read(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = ended(root, READERS[name].command, monkeypatch)
    unanswered = READERS[name].command[0] == "import"
    assert code == (WRONG_USAGE if unanswered else DONE), said


@pytest.mark.parametrize("name", READERS)
def test_a_spoiled_file_is_withstood(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    withstand(root, name, COUNT, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("name", READERS)
def test_many_more(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    withstand(root, name, COUNT * LONG, monkeypatch)
