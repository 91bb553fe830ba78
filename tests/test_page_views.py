"""負担金計算.html, its views beyond rules and amounts: tables, causes, suppositions and the acts of a year."""

import base64
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from apportion.outputs import publish
from apportion.page import build
from apportion.page.desk import Desk
from tests import browser, sealing, workspace
from tests.program import apportion

BUDGET = "rules/r7/budget.csv"
RULES = "rules/r7/20_shisetsu_yoyaku.txt"
VIEWS = (
    *("調べる", "規則", "表", "金額", "なぜ", "前年度から", "もしも", "一年", "書き出す"),
    "この道具について",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workspace.copy(tmp_path / "協議会 の フォルダー")


def test_a_cell_is_typed_told_and_saved(opened: browser.Opened, root: Path) -> None:
    saved = (root / BUDGET).read_bytes()
    opened.in_place(root)
    opened.view("表")
    expect(opened.page.get_by_label("表を選ぶ")).to_have_value(BUDGET)
    cell = opened.page.locator("[data-at='2 5']")
    expect(cell).to_have_text("40656")
    cell.focus()
    opened.page.keyboard.type("40657")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("nav .count")).to_be_visible()
    expect(opened.page.locator("[data-at='3 5']")).to_be_focused()
    cell.focus()
    opened.page.keyboard.type("40656")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("nav .count")).to_have_count(0)
    opened.page.locator("[data-at='2 7']").focus()
    opened.page.keyboard.press("Delete")
    opened.idle()
    opened.press("保存する")
    opened.idle()
    memo = saved.splitlines()[1].split(b",")[6]
    assert memo
    assert (root / BUDGET).read_bytes() == saved.replace(memo, b"", 1)


def test_phrases_are_completed_and_a_mistake_is_mended_by_a_click(
    opened: browser.Opened, root: Path
) -> None:
    workspace.edit(root / RULES, "均等割 30% + 人口割 70%", "均等割 30% + 人ロ割 70%")
    opened.in_place(root)
    opened.view("規則")
    opened.page.get_by_label("ファイル").select_option(RULES)
    opened.idle()
    opened.page.get_by_role("button", name="この行に直す").first.click()
    expect(opened.page.locator("nav .count")).to_have_count(0, timeout=20_000)
    expect(opened.page.locator(".cm-content")).to_contain_text("均等割 30% + 人口割 70%")
    line = opened.page.locator(".cm-line", has_text="均等割 30% + 人口割 70%")
    line.hover(position={"x": 60, "y": 8})
    expect(opened.page.locator(".meaning")).to_contain_text("70%を人口割で分けます")
    opened.page.mouse.move(5, 5)
    line.click()
    opened.page.keyboard.press("End")
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.insert_text("端")
    opened.page.keyboard.press("Control+Space")
    listed = opened.page.locator(".cm-tooltip-autocomplete li")
    expect(listed.filter(has_text="端数:").first).to_be_visible()
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.insert_text("数: 円未満")
    opened.page.keyboard.press("Control+Space")
    expect(listed.filter(has_text="円未満切捨て").first).to_be_visible()


def test_a_zip_is_dropped_and_the_small_sample_opens(
    opened: browser.Opened, root: Path, tmp_path: Path
) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "協議会"), "zip", root.parent, root.name))
    opened.start()
    data = base64.b64encode(packed.read_bytes()).decode()
    opened.page.evaluate(
        """(text) => {
          const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
          const held = new DataTransfer();
          held.items.add(new File([bytes], "協議会.zip"));
          document.querySelector(".start").dispatchEvent(
            new DragEvent("drop", { dataTransfer: held, bubbles: true, cancelable: true }));
        }""",
        data,
    )
    expect(opened.page.locator("nav")).to_be_visible()
    opened.idle()
    expect(opened.page.locator(".verdict.good")).to_be_visible()
    opened.press("ほかのフォルダー")
    opened.press("小さな見本を開く")
    expect(opened.page.locator("nav")).to_be_visible()
    opened.idle()
    opened.view("金額")
    expect(opened.page.locator("table.amounts tbody tr")).to_have_count(3)


def test_no_view_is_closed_to_anybody(opened: browser.Opened, root: Path) -> None:
    """axe-core finds nothing that keeps somebody out."""
    opened.in_place(root)
    script = (build.HERE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    for name in VIEWS:
        opened.view(name)
        if name == "前年度から":
            opened.press("232017 豊橋市")
            opened.idle()
        found = opened.page.evaluate(
            f"async () => {{ {script}; return (await axe.run()).violations.map("
            "(one) => [one.id, one.nodes[0].html]); }"
        )
        assert found == [], name


def test_marks_of_a_roster_are_set_and_taken_by_a_key(opened: browser.Opened, root: Path) -> None:
    opened.in_place(root)
    opened.view("表")
    opened.page.get_by_label("表を選ぶ").select_option("members/r7/roster.csv")
    opened.idle()
    marked = opened.page.locator(".edit td", has_text="○").first
    place = marked.get_attribute("data-at")
    cell = opened.page.locator(f"[data-at='{place}']")
    cell.focus()
    opened.page.keyboard.press("Space")
    expect(cell).to_have_text("")
    opened.idle()
    opened.page.keyboard.press("Space")
    expect(cell).to_have_text("○")
    opened.idle()
    opened.press("保存する")
    opened.idle()
    copied = workspace.copy(root.parent / "other")
    kept = (copied / "members/r7/roster.csv").read_bytes()
    assert (root / "members/r7/roster.csv").read_bytes() == kept


def test_cells_of_excel_are_pasted(opened: browser.Opened, root: Path) -> None:
    opened.in_place(root)
    opened.view("表")
    opened.page.locator("[data-at='2 5']").focus()
    opened.page.evaluate(
        """() => {
          const held = new DataTransfer();
          held.setData("text/plain", "1\\t2\\r\\n3\\t4\\r\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
        }"""
    )
    for place, text in (("2 5", "1"), ("2 6", "2"), ("3 5", "3"), ("3 6", "4")):
        expect(opened.page.locator(f"[data-at='{place}']")).to_have_text(text)


def test_causes_since_last_year_are_those_of_the_engine(opened: browser.Opened, root: Path) -> None:
    asked = {"ask": "changes", "before": "r6", "after": "r7"}
    expected = json.loads(Desk(root).ask(json.dumps(asked)))["value"]
    opened.in_place(root)
    opened.view("前年度から")
    bars = opened.page.locator("svg.waterfall").first.locator("text")
    expect(bars).to_have_count(2 * (len(expected["causes"]) + 2))
    assert bars.last.text_content() == f"{expected['after']:,}円"
    rows = opened.page.locator(".amounts tbody tr")
    expect(rows).to_have_count(len(expected["members"]))
    opened.press("232017 豊橋市")
    opened.idle()
    expect(opened.page.locator(".effect")).to_contain_text(
        "予算額が21,780,000円から40,656,000円になりました。"
    )


def test_a_slider_shows_what_the_rule_would_cost(opened: browser.Opened, root: Path) -> None:
    desk = Desk(root)
    asked = json.loads(desk.ask(json.dumps({"ask": "levers", "year": "r7"})))["value"]["levers"]
    lever = next(one for one in asked if one["project"] == "施設予約事業")
    move = {"project": lever["project"], "line": lever["line"], "driver": "均等割", "part": 32}
    cases = [{"name": "案1", "moves": [move], "lines": []}]
    question = {"ask": "supposed", "year": "r7", "cases": cases}
    rows = json.loads(desk.ask(json.dumps(question)))["value"]["cases"][0]["rows"]
    opened.in_place(root)
    opened.view("もしも")
    slider = opened.page.get_by_label("案1 運用支援業務等 均等割（%）")
    slider.focus()
    for _ in range(2):
        opened.page.keyboard.press("ArrowRight")
    moved = [row for row in rows.values() if row["change"]]
    assert len(moved) > 20
    for row in (moved[0], moved[-1]):
        own = opened.page.locator(".effect tbody tr", has_text=row["name"])
        change = row["change"]
        shown = f"+{change:,}" if change > 0 else f"△{-change:,}"
        expect(own.locator("td").nth(2)).to_have_text(shown)
    opened.idle()
    opened.page.locator("textarea").fill("ない事業: 上限 = 1円")
    expect(opened.page.locator(".effect .verdict.bad")).to_contain_text("ない事業")
    opened.settled()
    assert not (root / "outputs").exists()


def test_a_year_is_decided_verified_and_taken_back(opened: browser.Opened, tmp_path: Path) -> None:
    root, other = sealing.decided(tmp_path / "予約協議会"), sealing.decided(tmp_path / "other")
    opened.in_place(root)
    opened.view("一年")
    expect(opened.page.locator(".said").first).to_contain_text("当初")
    opened.page.get_by_role("button", name="ここで開く").first.click()
    expect(opened.page.locator("details[open] summary")).to_contain_text("decide")
    form = opened.page.locator("details[open] form")
    form.get_by_label("備考").fill("総会議決")
    form.get_by_label("日付").fill("R7.5.30")
    form.get_by_role("button", name="行う").click()
    opened.idle()
    result = opened.page.get_by_role("region", name="結果")
    expect(result).to_contain_text("確定しました")
    told = apportion(
        "decide", "--year", "r7", "--date", "R7.5.30", "--note", "総会議決", folder=other
    )
    assert told.code == 0
    assert (
        publish.hashes(root / "outputs/確定").keys()
        == publish.hashes(other / "outputs/確定").keys()
    )
    result.get_by_role("button", name="ここで開く").click()
    opened.page.locator("details[open] form").get_by_role("button", name="行う").click()
    opened.idle()
    expect(result).to_contain_text("一致")
    assert apportion("verify", "outputs/確定/r7/第1回", folder=root).code == 0
    status = opened.page.locator(".said").first
    expect(status).to_contain_text("第1回として確定")


def test_a_decision_cut_short_is_told_and_done_again(
    opened: browser.Opened, tmp_path: Path
) -> None:
    root = sealing.decided(tmp_path / "予約協議会")
    disk = opened.in_place(root)
    disk.cut = 20  # outputs and tables are written by then, the issue begun
    opened.view("一年")
    opened.page.locator("[id='act-decide'] summary").click()
    form = opened.page.locator("details[open] form")
    form.get_by_label("備考").fill("総会議決")
    form.get_by_label("日付").fill("R7.5.30")
    form.get_by_role("button", name="行う").click()
    opened.settled()
    expect(opened.page.locator(".trouble")).to_contain_text("書けませんでした")
    assert (root / "outputs/確定/r7/第1回/確定.json").is_file()
    assert apportion("status", "--year", "r7", folder=root).code == 0
    opened.press("調べる")
    expect(opened.page.locator(".view .trouble")).to_contain_text("確定していません")
    disk.cut = 10_000
    opened.press("一年")
    form.get_by_role("button", name="行う").click()
    opened.settled()
    expect(opened.page.get_by_role("region", name="結果")).to_contain_text("確定しました")
    assert apportion("verify", "outputs/確定/r7", folder=root).code == 0


def test_a_list_of_payments_is_shown_before_it_is_written(
    opened: browser.Opened, root: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "納入.csv"
    listed.write_text(
        "団体コード,期,納入日,納入額（円）\n232017,1,R7.7.31,1000\n", encoding="utf-8"
    )
    opened.in_place(root)
    opened.view("一年")
    opened.page.locator("[id='act-import payments'] summary").click()
    form = opened.page.locator("details[open] form")
    form.locator("input[type=file]").set_input_files(listed)
    form.get_by_role("button", name="行う").click()
    opened.idle()
    result = opened.page.get_by_role("region", name="結果")
    expect(result).to_contain_text("加える納入 1件、1,000円")
    assert not list((root / "members/r7").glob("payments*"))
    opened.press("書き込む")
    opened.idle()
    assert list((root / "members/r7").glob("payments*"))


def test_a_day_is_walked_by_keyboard_alone(opened: browser.Opened, tmp_path: Path) -> None:
    opened.start()
    keys = opened.page.keyboard

    def reach(name: str) -> None:
        """Tab on until the focus stands on what has this name, then press it."""
        for _ in range(400):
            keys.press("Tab")
            told = opened.page.evaluate(
                "() => { const own = document.activeElement;"
                " return (own.getAttribute('aria-label') ?? own.textContent).trim(); }"
            )
            if told == name:
                keys.press("Enter")
                opened.page.wait_for_timeout(100)
                opened.idle()
                return
        raise AssertionError(name)

    reach("小さな見本を開く")
    for name in VIEWS[1:-2]:
        reach(name)
        expect(opened.page.locator("h2").first).to_contain_text(name)
    reach("書き出す")
    with opened.page.expect_download() as handed:
        reach("zip で受け取る")
    handed.value.save_as(tmp_path / "r7.zip")
    assert zipfile.is_zipfile(tmp_path / "r7.zip")
