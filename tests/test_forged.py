"""An insider forges a paper and redoes every hash: `verify` names what was forged all the same.

Outputs without more; sealed issues (whose chain is redone to its end) with the 指紋 of the minutes.
50 forgeries on every run, 600 with `pytest -m long`.
"""

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from apportion.outcome.issued import from_bytes, read, to_bytes
from apportion.outputs import publish
from apportion.pipeline import verify
from apportion.workbook.summary import sealed
from tests import sealing

OUTPUTS, YEAR = "outputs/r7", "outputs/確定/r7"
Change = Callable[[str, Random], str]
Forge = Callable[[Path, Random], str]
"""Changes a folder of outputs, or of issues, and says what a person must read of it."""


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council that sealed twice and ran since; only to be looked at."""
    return sealing.twice(tmp_path_factory.mktemp("forged") / "council")


# Forgeries of a part of a workbook


def one(pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    """One of the places of a pattern, by chance, is another one."""

    def change(text: str, chance: Random) -> str:
        found = list(re.finditer(pattern, text))
        if not found:
            return text
        match = chance.choice(found)
        return text[: match.start()] + new(match) + text[match.end() :]

    return change


def _more(match: re.Match[str]) -> str:
    return f"<v>{int(match[1]) + 1}</v>"


PAINTED = (
    '<conditionalFormatting sqref="A1:Z99"><cfRule type="expression" dxfId="0" priority="99">'
    "<formula>TRUE</formula></cfRule></conditionalFormatting>"
)
SHEET, STYLES, BOOK = r"xl/worksheets/sheet\d+\.xml", r"xl/styles\.xml", r"xl/workbook\.xml"
PARTS: Mapping[str, tuple[str, Change]] = {
    "a value": (SHEET, one(r"<v>(\d+)</v>", _more)),
    "a formula whose value is kept": (SHEET, one("<f>([^<]+)</f>", lambda m: f"<f>{m[1]}*1</f>")),
    "a hidden row": (SHEET, one("<row ", lambda _: '<row hidden="1" ')),
    "a hidden column": (SHEET, one("<col ", lambda _: '<col hidden="1" ')),
    "a painted amount": (SHEET, one("<pageMargins", lambda m: PAINTED + m[0])),
    "a header": (SHEET, one("<oddHeader>", lambda m: f"{m[0]}&amp;R写")),
    "another text in a cell": (
        SHEET,
        one(r't="s"><v>(\d+)<', lambda m: f't="s"><v>{int(m[1]) ^ 1}<'),
    ),
    "another addressee": (r"xl/sharedStrings\.xml", one("([^<>]+)</t>", lambda m: f"{m[1]}外</t>")),
    "ten times as much": (
        STYLES,
        one('formatCode="([^"]+)"', lambda m: f'{m[0][:-1]}&quot;0&quot;"'),
    ),
    "a white font": (STYLES, one("<font>", lambda _: '<font><color rgb="FFFFFFFF"/>')),
    "a style": (STYLES, one('horizontal="[a-z]+"', lambda _: 'horizontal="fill"')),
    "a hidden sheet": (BOOK, one("<sheet ", lambda _: '<sheet state="hidden" ')),
    "a print area": (BOOK, one(r"(\d+)</definedName>", lambda m: f"{int(m[1]) + 1}</definedName>")),
    "a title": (r"docProps/core\.xml", one("</dc:title>", lambda m: f"写{m[0]}")),
}


def forged_part(pattern: str, change: Change) -> Forge:
    """A part of a workbook by chance, changed."""

    def forge(folder: Path, chance: Random) -> str:
        books = sorted(folder.rglob("*.xlsx"))
        while True:
            book = chance.choice(books)
            with zipfile.ZipFile(book) as package:
                parts = {name: package.read(name) for name in package.namelist()}
            name = chance.choice([part for part in parts if re.fullmatch(pattern, part)] or [""])
            text = change(parts[name].decode(), chance) if name else ""
            if name and text.encode() != parts[name]:
                break
        with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as package:
            for part, data in parts.items():
                package.writestr(part, text if part == name else data)
        return book.name

    return forge


# Forgeries of files


def digit(folder: Path, chance: Random) -> str:
    path = chance.choice(sorted((folder / "data").iterdir()))
    text = path.read_bytes().decode("utf-8-sig")
    at = chance.choice([m.start() for m in re.finditer("[0-9]", text)])
    path.write_bytes(f"{text[:at]}{9 - int(text[at])}{text[at + 1 :]}".encode("utf-8-sig"))
    return f"data/{path.name}"


def row(folder: Path, chance: Random) -> str:
    path = chance.choice(sorted((folder / "data").iterdir()))
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[chance.randrange(1, len(lines))]
    path.write_bytes(b"".join(lines))
    return f"data/{path.name}"


def gone(folder: Path, chance: Random) -> str:
    path = chance.choice(
        sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".json")
    )
    path.unlink()
    return path.name


def renamed(folder: Path, chance: Random) -> str:
    path = chance.choice(sorted(folder.rglob("*.xlsx")))
    path.rename(path.with_name(f"写_{path.name}"))
    return path.name


def extra(folder: Path, chance: Random) -> str:
    place = chance.choice([folder, folder / "請求書", folder / "data"])
    shutil.copyfile(chance.choice(sorted(folder.rglob("*.xlsx"))), place / "990043_よそ村.xlsx")
    return "990043_よそ村.xlsx"


def empty(folder: Path, chance: Random) -> str:
    (chance.choice([folder, folder / "請求書"]) / "控え").mkdir()
    return "控え"


def linked(folder: Path, chance: Random) -> str:
    path = chance.choice(sorted(folder.rglob("*.xlsx")))
    other = folder.parents[1] / f"{chance.random()}.xlsx"
    path.rename(other)
    path.symlink_to(other)
    return path.name


FILES = {f.__name__: f for f in (digit, row, gone, renamed, extra, empty, linked)}


# Forgeries of 記録.json

RECORDED: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "「状態」": lambda record: record.update(状態="例"),
    "「団体数」": lambda record: record.update(団体数=record["団体数"] + 1),
    "「負担金額_円」": lambda record: record.update(負担金額_円=record["負担金額_円"] - 1),
    "「突合」": lambda record: record["突合"].update(式の数=0),
    "apportion 0.0.1": lambda record: record.update(プログラム="apportion 0.0.1"),
    "XlsxWriter 0.0.1": lambda record: record.update(ブック="XlsxWriter 0.0.1"),
    "「書式」": lambda record: record.update(書式=7),
    "「確認」": lambda record: record.update(確認="済"),
    "rules/r7/99.txt": lambda record: record["入力"].update({"rules/r7/99.txt": "0" * 64}),
    "rules/r7/budget.csv": lambda record: record["入力"].pop("rules/r7/budget.csv"),
    "rules/r7/income.csv": lambda record: record["入力"].update({"rules/r7/income.csv": "0" * 64}),
    "「出力 計算書.xlsx」": lambda record: record["出力"].update({"計算書.xlsx": "0" * 64}),
}
"""Changes of 記録.json, by the words that must be read of them."""


def noted(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """記録.json with a change."""
    path = folder / "記録.json"
    record = json.loads(path.read_bytes())
    change(record)
    path.write_bytes(publish.to_bytes(record))


def forged_record(words: str, change: Callable[[dict[str, Any]], object]) -> Forge:
    def forge(folder: Path, _chance: Random) -> str:
        noted(folder, change)
        return words

    return forge


OF_OUTPUTS: Mapping[str, Forge] = {
    **{kind: forged_part(*part) for kind, part in PARTS.items()},
    **FILES,
    **{words: forged_record(words, change) for words, change in RECORDED.items()},
}


def missed_outputs(council: Path, folder: Path, number: int) -> str:
    """What is not named of a forgery, by its number; empty where it is."""
    kind = list(OF_OUTPUTS)[number % len(OF_OUTPUTS)]
    shutil.copytree(council / OUTPUTS, folder)
    name = OF_OUTPUTS[kind](folder, Random(number))  # noqa: S311  no secret
    if kind not in RECORDED:
        noted(folder, lambda record: record.update(出力=publish.outputs(folder)))
    told = "\n".join(map(str, verify(folder, council)[0]))
    return "" if told and name in told else f"{number} {kind} {name}\n{told}"


# Forgeries of sealed issues


def redone(issue: Path, former: str, changes: Mapping[str, Any]) -> str:
    """確定.json and 確定一覧 as they would be had the issue been sealed so; the hash of the former."""
    path = issue / "確定.json"
    record = from_bytes(path.read_bytes())
    assert record
    del record["指紋"]
    kept = {part: publish.hashes(issue / part) for part in ("入力", "出力")}
    path.write_bytes(to_bytes({**record, **kept, "前の回の指紋": former, **changes}))
    made = read(issue)
    assert made
    (issue / "確定一覧.xlsx").write_bytes(sealed.make(made))
    return publish.digest(path)


def chained(year: Path, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """The chain from the first issue to the last, with what 確定.json of some says otherwise."""
    former = ""
    for issue in sorted(year.glob("第?回")):
        if (issue / "確定.json").is_file() and not issue.is_symlink():
            former = redone(issue, former, changes.get(int(issue.name[1]), {}))


def within(forge: Forge) -> Forge:
    """A forgery of the outputs of an issue."""

    def forge_issue(year: Path, chance: Random) -> str:
        outputs = year / chance.choice(["第1回", "第2回"]) / "出力"
        name = forge(outputs, chance)
        if name not in RECORDED:
            noted(outputs, lambda record: record.update(出力=publish.outputs(outputs)))
        chained(year, {})
        return name

    return forge_issue


def said(key: str, value: object) -> Forge:
    """A forgery of what 確定.json says of an issue; what cannot be computed, the 指紋 tells."""

    def forge(year: Path, chance: Random) -> str:
        chained(year, {chance.choice([1, 2]): {key: value}})
        return "指紋" if key in {"備考", "日付", "プログラム"} else f"「{key}」"

    return forge


def billed(key: str, change: Callable[[Any], object]) -> Forge:
    """A forgery of what 確定.json says of a bill."""

    def forge(year: Path, chance: Random) -> str:
        issue = read(year / "第2回")
        assert issue
        bills = json.loads(json.dumps(issue.record["請求"]))
        code: str = chance.choice(sorted(bills))
        bills[code][key] = change(bills[code][key])
        chained(year, {2: {"請求": bills}})
        return code

    return forge


def without_last(year: Path, _chance: Random) -> str:
    shutil.rmtree(year / "第2回")
    return "指紋"


def without_first(year: Path, _chance: Random) -> str:
    shutil.rmtree(year / "第1回")
    (year / "第2回").rename(year / "第1回")
    redone(year / "第1回", "", {"回": 1})
    return "指紋"


def one_more(year: Path, _chance: Random) -> str:
    shutil.copytree(year / "第2回", year / "第3回")
    chained(year, {3: {"回": 3}})
    return "第3回"


def empty_issue(year: Path, chance: Random) -> str:
    name = chance.choice(["第3回", "控え"])
    (year / name).mkdir()
    return name


def linked_issue(year: Path, chance: Random) -> str:
    name = chance.choice(["第1回", "第2回"])
    (year / name).rename(year.with_name(name))
    (year / name).symlink_to(year.with_name(name))
    return name


def input_of(year: Path, chance: Random) -> str:
    """A rule text that says more, in its issue and in the records of it."""
    issue = year / chance.choice(["第1回", "第2回"])
    path = issue / "入力/rules/r7/10_yoyaku.txt"
    path.write_bytes(path.read_bytes() + "※ 注\n".encode())
    own = {"rules/r7/10_yoyaku.txt": publish.digest(path)}
    noted(issue / "出力", lambda record: record["入力"].update(own))
    chained(year, {})
    return "指紋"


OF_ISSUES: Mapping[str, Forge] = {
    **{kind: within(forge) for kind, forge in OF_OUTPUTS.items()},
    "備考": said("備考", "別の議決"),
    "日付": said("日付", "2025-06-01"),
    "決定日": said("決定日", "2025-06-01"),
    "総額": said("負担金額_円", 1),
    "団体の数": said("団体数", 1),
    "名称": said("名称", "別の協議会"),
    "版": said("プログラム", "apportion 0.0.1"),
    "請求額": billed("請求額_円", lambda yen: yen + 1),
    "文書番号": billed("文書番号", lambda number: f"{number}の2"),
    "発行日": billed("発行日", lambda _: "2025-06-09"),
    "受取人": billed("団体名", lambda name: f"{name}外"),
    **{f.__name__: f for f in (without_last, without_first, one_more, empty_issue)},
    **{f.__name__: f for f in (linked_issue, input_of)},
}


def missed_issues(council: Path, year: Path, number: int) -> str:
    """The same of sealed issues, with the 指紋 of the minutes."""
    kind = list(OF_ISSUES)[number % len(OF_ISSUES)]
    issue = read(council / YEAR / "第2回")
    assert issue
    shutil.copytree(council / YEAR, year)
    for path in year.rglob("*"):
        path.chmod(0o755)
    name = OF_ISSUES[kind](year, Random(number))  # noqa: S311  no secret
    told = "\n".join(map(str, verify(year, council, fingerprint=issue.fingerprint)[0]))
    return "" if told and name in told else f"{number} {kind} {name}\n{told}"


def missed(council: Path, place: Path, numbers: Iterable[int]) -> list[str]:
    """Forgeries that are not named, half of them of outputs and half of issues."""
    found = []
    for number in numbers:
        folder = place / str(number) / "r7"
        look = missed_issues if number % 2 else missed_outputs
        found.append(look(council, folder, number // 2))
        shutil.rmtree(folder.parent)
    return [one for one in found if one]


def test_what_is_not_forged_holds(council: Path) -> None:
    issue = read(council / YEAR / "第2回")
    assert issue
    assert verify(council / OUTPUTS, council)[0] == ()
    problems, told = verify(council / YEAR, council, fingerprint=issue.fingerprint)
    assert problems == ()
    assert "議事録の指紋と一致しています。第1回からその回まで" in told
    assert "確かめていません" in verify(council / YEAR, council)[1]


def test_forgeries_are_named(council: Path, tmp_path: Path) -> None:
    """Each kind once: those of outputs, and those that only issues have."""
    outputs, issues = 2 * len(OF_OUTPUTS), 2 * len(OF_ISSUES)
    wrong = missed(council, tmp_path, [*range(0, outputs, 2), *range(outputs + 1, issues, 2)])
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.long
def test_six_hundred_forgeries_are_named(council: Path, tmp_path: Path) -> None:
    wrong = missed(council, tmp_path, range(600))
    assert not wrong, "\n\n".join(wrong)
