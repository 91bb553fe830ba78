"""A small sound workspace on disk, to be spoilt by each test in one place."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from apportion.core.model import Tables
from apportion.core.problem import Problem
from apportion.core.year import FiscalYear
from apportion.tables import load

SOUND = {
    "rules/r7/budget.csv": (
        "区分,事業,項,経費,予算額（千円）,前年度予算額（千円）,備考\n"
        "システム事業,施設予約事業,事業費／運営費,運用保守,44710,45727,\n"
        "システム事業,施設予約事業,,事務費,200,200,郵便料など\n"
    ),
    "rules/r7/income.csv": (
        "区分,事業,科目,予算額（円）,備考\nシステム事業,施設予約事業,負担金収入,44910000,\n"
    ),
    "members/members.csv": (
        "団体コード,団体名,よみ,区分,郡,会員区分,有効期間から,有効期間まで,承継先コード,備考\n"
        "230006,愛知県,アイチケン,県,,会員,,,,\n"
        "231002,名古屋市,ナゴヤシ,政令市,,,,,,\n"
        "232017,豊橋市,トヨハシシ,中核市,,会員,,,,\n"
        "232386,長久手市,ナガクテシ,市,,会員,2012-01-04,,,\n"
        "233048,長久手町,ナガクテチョウ,町,愛知郡,会員,,平成24年1月3日,232386,\n"
    ),
    "members/r7/roster.csv": (
        "団体コード,団体名,施設予約,電子調達（CALS/EC）,備考\n"
        "230006,愛知県,○,,\n"
        "232017,豊橋市,○,R7.10.1から,\n"
        "232386,長久手市,R7.6.1からR7.12.31まで,R7.9.30まで,\n"
    ),
    "members/r7/figures.csv": (
        "団体コード,団体名,国勢調査人口（人、令和2年10月1日現在）,標準財政規模（千円、令和5年度決算）\n"
        "230006,愛知県,,1440405836\n"
        "232017,豊橋市,371920,75788824\n"
        "232386,長久手市,60162,13566013.5\n"
    ),
}

R7 = FiscalYear(2025)


class Workspace:
    """A workspace folder: write files into it, load it, look at what was found."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in SOUND.items():
            self.write(name, text)

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file; text as UTF-8."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, name: str, old: str, new: str) -> None:
        """Change one place of a sound file."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def swap(self, name: str, content: bytes) -> None:
        """Put a workbook in the place of a CSV."""
        (self.root / f"{name}.csv").unlink()
        self.write(f"{name}.xlsx", content)

    def load(self) -> tuple[Tables | None, tuple[Problem, ...]]:
        """Tables and problems of r7."""
        return load(self.root, R7)

    def tables(self) -> Tables:
        """Tables of a workspace that can be read at least partly."""
        tables, _ = self.load()
        assert tables is not None
        return tables

    def problem(self) -> Problem:
        """The one and only problem."""
        _, problems = self.load()
        assert len(problems) == 1, "\n\n".join(map(str, problems)) or "no problem"
        return problems[0]

    def codes(self) -> list[str]:
        """Codes of all problems, sorted."""
        return sorted(problem.code for problem in self.load()[1])


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A sound workspace."""
    return Workspace(tmp_path)


def book(rows: Iterable[Iterable[Any]]) -> Workbook:
    """Workbook of one sheet 表."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "表"
    for row in rows:
        sheet.append(list(row))
    return made


def saved(workbook: Workbook) -> bytes:
    """Bytes of a workbook."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


ROWS: list[list[Any]] = [
    ["区分", "事業", "項", "経費", "予算額（千円）", "備考"],
    ["システム事業", "施設予約事業", "事業費／運営費", "運用保守", 44710, None],
    ["システム事業", "施設予約事業", None, "事務費", 200, "郵便料など"],
]


def budget() -> tuple[Workbook, Worksheet]:
    """Sound budget as a workbook, and its sheet."""
    made = book(ROWS)
    return made, made.worksheets[0]


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    """The archive with parts changed or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, old.read(name)))
        for name, part in change.items():
            new.writestr(name, part)
    return target.getvalue()


def sheet_xml(old: bytes, new: bytes) -> bytes:
    """Sound budget with one place of the sheet's XML changed."""
    data = saved(budget()[0])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.read("xl/worksheets/sheet1.xml")
    assert part.count(old) == 1
    return repacked(data, {"xl/worksheets/sheet1.xml": part.replace(old, new)})
