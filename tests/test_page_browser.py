"""負担金計算.html, opened as a file: the same bytes as the command line, and no network."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, expect

from apportion.core.year import FiscalYear
from apportion.outputs import publish
from apportion.page import build
from tests import browser, workspace
from tests.program import apportion

YEARS = ("r3", "r4", "r6", "r7")
LARGEST = 12_000_000
RULES = "rules/r7/20_shisetsu_yoyaku.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace.copy(tmp_path / "協議会 の フォルダー")


@pytest.fixture(scope="module")
def parts(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that are inside: the command line writes with the same versions."""
    assert file.is_file()
    target = tmp_path_factory.mktemp("parts")
    for wheel in build.WHEELS.glob("*-none-any.whl"):
        with ZipFile(wheel) as packed:
            packed.extractall(target)
    return target


def native(root: Path, year: str, parts: Path) -> dict[str, str]:
    """What the command line writes."""
    command = [sys.executable, "-X", "utf8", "-m", "apportion", "run", "--year", year]
    environment = os.environ | {"PYTHONPATH": str(parts)}
    subprocess.run([*command, "--dir", str(root)], check=True, env=environment, capture_output=True)
    return publish.hashes(root / "outputs")


def read_only(opened: browser.Opened, root: Path) -> None:
    opened.start()
    opened.page.get_by_label("読むだけで開く").set_input_files(root)
    expect(opened.page.locator("nav")).to_be_visible()
    opened.idle()


def test_the_file_is_small_and_made_the_same_again(file: Path, tmp_path: Path) -> None:
    assert file.stat().st_size < LARGEST
    again = tmp_path / "again.html"
    build.build(again)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(file.read_bytes()).digest()


def test_every_year_has_the_bytes_of_the_command_line(
    opened: browser.Opened, root: Path, parts: Path, tmp_path: Path
) -> None:
    read_only(opened, root)
    for year in YEARS:
        opened.choose("年度", year)
        opened.press("書き出す")
        opened.download(tmp_path / "handed.zip")
        opened.idle()
        with ZipFile(tmp_path / "handed.zip") as packed:
            packed.extractall(tmp_path / "handed")
    other = workspace.copy(tmp_path / "other")
    for year in YEARS:
        native(other, year, parts)
    expected = publish.hashes(other / "outputs")
    assert len(expected) > 200
    assert publish.hashes(tmp_path / "handed") == expected
    assert not (root / "outputs").exists()


def test_a_folder_is_written_in_place_and_the_former_one_kept(
    opened: browser.Opened, root: Path, parts: Path, tmp_path: Path
) -> None:
    other = workspace.copy(tmp_path / "other")
    for folder in (root, other):
        native(folder, "r7", parts)
        _decide_nothing(folder)
    opened.in_place(root)
    opened.press("書き出す")
    opened.press("outputs に書き出す")
    opened.idle()
    expect(opened.page.locator(".verdict.good")).to_contain_text(
        "outputs/r7 に書きました（新しいファイルは 57）"
    )
    assert publish.hashes(root / "outputs") == native(other, "r7", parts)
    assert (root / "outputs/履歴/r7/1" / publish.NAME).is_file()


def test_writing_cut_short_loses_nothing_and_is_told(
    opened: browser.Opened, root: Path, parts: Path
) -> None:
    former = native(root, "r7", parts)
    _decide_nothing(root)
    disk = opened.in_place(root)
    disk.cut = 80  # the former files are kept by then, the new ones begun
    opened.press("書き出す")
    opened.press("outputs に書き出す")
    opened.settled()
    expect(opened.page.locator(".trouble")).to_contain_text("前のものは outputs/履歴 にあります")
    kept = publish.hashes(root / "outputs/履歴/r7/1")
    assert {f"r7/{name}": digest for name, digest in kept.items()} == former
    opened.press("調べる")
    expect(opened.page.locator(".view .trouble")).to_contain_text("その 記録.json と違います")
    disk.cut = 10_000
    opened.press("書き出す")
    opened.press("outputs に書き出す")
    opened.settled()
    assert not publish.of_run(FiscalYear(2025), None)(root / "outputs/r7")
    record = publish.read(root / "outputs/r7")
    assert record is not None
    assert record["出力"] == publish.outputs(root / "outputs/r7")


def test_a_folder_that_changed_meanwhile_is_not_written(opened: browser.Opened, root: Path) -> None:
    opened.in_place(root)
    _decide_nothing(root)
    opened.press("書き出す")
    opened.press("outputs に書き出す")
    opened.settled()
    expect(opened.page.locator(".trouble")).to_contain_text("rules/r7/00_common.txt")
    assert not (root / "outputs").exists()


def test_a_mistake_is_told_and_its_place_opens(opened: browser.Opened, root: Path) -> None:
    workspace.edit(root / RULES, "均等割 30%", "均等割 31%")
    read_only(opened, root)
    first = opened.page.locator(".problems > li").first
    expect(first.locator(".level")).to_have_text("エラー")
    for name in ("金額", "なぜ", "前年度から", "もしも"):
        opened.view(name)
        expect(opened.page.locator("h2")).to_have_text(name)
        expect(opened.page.locator(".problems .error")).to_have_count(1)
    opened.view("調べる")
    first.locator(".spot").click()
    expect(opened.page.locator("aside .marked")).to_contain_text("均等割 31%")
    opened.press("書き出す")
    expect(opened.page.locator(".verdict.bad")).to_contain_text("書き出せません")


def test_a_broken_table_shows_its_cell(opened: browser.Opened, root: Path) -> None:
    workspace.edit(root / "members/r7/figures.csv", "371920", "37192O")
    read_only(opened, root)
    opened.page.locator(".problems > .error .spot").first.click()
    expect(opened.page.locator("aside td.marked")).to_have_text("37192O")


ELECTRONIC = "rules/r7/10_denshi_shinsei.txt"
LIVE = 20.0
"""Seconds that the amounts after a keystroke may take here; alone on two processors it is less than one."""


def _unchecked(root: Path) -> Path:
    """A council whose 電子申請 may be changed: no 検算 holds its amounts."""
    rules = root / ELECTRONIC
    lines = rules.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith("検算"))
    rules.write_bytes(kept.encode("utf-8-sig"))
    return root


def _type(opened: browser.Opened, line: str, keys: tuple[str, ...], text: str) -> None:
    """In a line of the editor, from its end."""
    opened.page.locator(".cm-line", has_text=line).first.click()
    for key in ("End", *keys):
        opened.page.keyboard.press(key)
    opened.page.keyboard.insert_text(text)


def test_a_typed_share_shows_the_amounts_of_the_command_line(
    opened: browser.Opened, root: Path, tmp_path: Path
) -> None:
    _unchecked(root)
    before = (root / ELECTRONIC).read_bytes()
    opened.in_place(root)
    opened.press("規則")
    opened.page.get_by_label("ファイル").select_option(ELECTRONIC)
    _type(opened, "負担割合: 県に 25%", ("Backspace", "Backspace"), "6%")
    expect(opened.page.locator(".effect tr.moved")).to_have_count(54, timeout=LIVE * 1000)
    opened.idle()
    other = _unchecked(workspace.copy(tmp_path / "other"))
    workspace.edit(other / ELECTRONIC, "県に 25%", "県に 26%")
    arguments = ("run", "--year", "r7", "--only", "電子申請", "--dir", str(other))
    told = apportion(*arguments).stdout.splitlines()[1:]
    expected = [line.split(" ", 1)[1].removesuffix("円").split("\t") for line in told]
    assert len(expected) == 54
    shown = opened.page.locator(".effect tbody tr").all()
    rows = [[row.locator("th").inner_text(), row.locator("td").first.inner_text()] for row in shown]
    assert rows == expected
    assert (root / ELECTRONIC).read_bytes() == before
    opened.press("書き出す")
    expect(opened.page.locator(".verdict.bad")).to_contain_text("保存していない変更")
    opened.press("規則")
    opened.press("保存する")
    opened.idle()
    assert (root / ELECTRONIC).read_bytes() == (other / ELECTRONIC).read_bytes()
    expect(opened.page.locator(".effect tr.moved")).to_have_count(0)


def test_a_typed_mistake_is_marked_before_it_is_saved(opened: browser.Opened, root: Path) -> None:
    opened.in_place(root)
    opened.press("規則")
    opened.page.get_by_label("ファイル").select_option(RULES)
    _type(opened, "均等割 30% + 人口割 70%", ("Backspace",) * 7, "人ロ割 70%")
    marked = opened.page.locator(".cm-lintRange-error")
    expect(marked.filter(has_text="人ロ割")).to_have_count(1, timeout=LIVE * 1000)
    first = opened.page.locator(".problems > .error").first
    expect(first.locator(".what")).to_contain_text("人ロ割")
    expect(opened.page.locator("nav .count")).to_have_text("1")
    assert "人口割 70%".encode() in (root / RULES).read_bytes()
    _type(opened, "均等割 30% + 人ロ割 70%", ("Backspace",) * 7, "人口割 70%")
    expect(opened.page.locator("nav .count")).to_have_count(0, timeout=LIVE * 1000)
    expect(opened.page.get_by_role("button", name="保存する", exact=True)).to_be_disabled()


def test_a_text_saved_elsewhere_meanwhile_is_not_overwritten(
    opened: browser.Opened, root: Path
) -> None:
    _unchecked(root)
    opened.in_place(root)
    opened.press("規則")
    opened.page.get_by_label("ファイル").select_option(ELECTRONIC)
    _type(opened, "負担割合: 県に 25%", ("Backspace", "Backspace"), "6%")
    expect(opened.page.locator(".effect tr.moved")).to_have_count(54, timeout=LIVE * 1000)
    opened.idle()
    workspace.edit(root / ELECTRONIC, "県に 25%", "県に 24%")
    opened.press("保存する")
    opened.settled()
    expect(opened.page.locator(".trouble")).to_contain_text(ELECTRONIC)
    assert "県に 24%".encode() in (root / ELECTRONIC).read_bytes()
    expect(opened.page.locator(".cm-line", has_text="県に 26%")).to_have_count(1)


def test_two_windows_and_the_command_line_see_each_other(
    opened: browser.Opened, chromium: Browser, file: Path, root: Path
) -> None:
    """One window saves, the command line computes it; the other says so, writes nothing, and reads anew."""
    _unchecked(root)
    other = browser.Opened(chromium, file)
    for window in (opened, other):
        window.in_place(root)
        window.press("規則")
        window.page.get_by_label("ファイル").select_option(ELECTRONIC)
    _type(opened, "負担割合: 県に 25%", ("Backspace", "Backspace"), "6%")
    expect(opened.page.locator(".effect tr.moved")).to_have_count(54, timeout=LIVE * 1000)
    opened.idle()
    opened.press("保存する")
    opened.idle()
    told = apportion("run", "--year", "r7", "--only", "電子申請", "--dir", str(root)).stdout
    rows = opened.page.locator(".effect tbody tr")
    amount = rows.first.locator("td").first.inner_text()
    assert f"愛知県\t{amount}円" in told
    _type(other, "負担割合: 県に 25%", ("Backspace", "Backspace"), "7%")
    other.idle()
    other.press("保存する")
    other.settled()
    expect(other.page.locator(".trouble")).to_contain_text(ELECTRONIC)
    assert "県に 26%".encode() in (root / ELECTRONIC).read_bytes()
    line = other.page.locator(".cm-line", has_text="負担割合: 県に")
    other.page.once("dialog", lambda question: question.dismiss())
    other.press("開き直す")
    expect(line).to_have_text("負担割合: 県に 27%")
    other.page.once("dialog", lambda question: question.accept())
    other.press("開き直す")
    expect(line).to_have_text("負担割合: 県に 26%")
    other.idle()
    workspace.edit(root / ELECTRONIC, "県に 26%", "県に 25%")
    opened.press("開き直す")
    opened.idle()
    told = apportion("run", "--year", "r7", "--only", "電子申請", "--dir", str(root)).stdout
    assert amount not in told
    assert f"愛知県\t{rows.first.locator('td').first.inner_text()}円" in told
    other.page.close()


def test_an_amount_is_explained_down_to_its_place(opened: browser.Opened) -> None:
    opened.start()
    opened.press("見本を開く")
    opened.idle()
    opened.press("金額")
    opened.page.get_by_label("団体をさがす").fill("豊橋")
    row = opened.page.locator("tbody tr")
    expect(row).to_have_count(1)
    cell = row.locator("td button").first
    amount = cell.inner_text()
    cell.click()
    opened.idle()
    expect(opened.page.locator(".story > details > summary .value")).to_have_text(f"{amount}円")
    opened.page.locator(".steps .spot").first.click()
    expect(opened.page.locator("aside .marked")).to_be_visible()


def _decide_nothing(root: Path) -> None:
    """Change what every paper says, without a change of amounts."""
    for rules in sorted((root / "rules/r7").glob("*.txt")):
        workspace.edit(rules, "状態: 例", "状態: 案")
