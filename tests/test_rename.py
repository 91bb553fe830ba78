"""rename: another name for a 経費 in all years, every amount as before, all of it or nothing."""

import shutil
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.core.text import name_key
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute
from apportion.years.begin.starter import COUNCIL, init
from apportion.years.rename import AskedName, proposed
from tests import sealing, small, workspace
from tests.program import apportion
from tests.test_meaning import BIND, people

YEARS = tuple(FiscalYear(start) for start in (2021, 2022, 2024, 2025))
OLD, NEW = "システム利用料", "利用料、運用"


def amounts(
    root: Path, years: tuple[FiscalYear, ...], **names: str
) -> list[dict[tuple[str, str, str], int]]:
    """Charges of each year by 事業, 経費 (by its other name) and body."""
    return [
        {
            (c.line.key[0], names.get(c.line.name, c.line.name), c.member.code): c.yen
            for c in compute(root, year).charges
        }
        for year in years
    ]


def contents(root: Path) -> dict[str, bytes]:
    return {name: data for name, data in sealing.contents(root).items() if "履歴/" not in name}


def done(root: Path, *words: str) -> tuple[int, str]:
    found = apportion("rename", *words, "--dir", str(root))
    return found.code, found.stdout + found.stderr


def test_a_name_of_all_years_and_back(tmp_path: Path) -> None:
    root = workspace.copy(tmp_path)
    line = next(iter(compute(root, YEARS[-1]).results)).case.line
    project, old = line.project, line.name
    before, texts = amounts(root, YEARS, **{old: NEW}), contents(root)
    code, told = done(root, "経費", old, NEW, "--project", project)
    assert (code, contents(root)) == (2, texts), told
    code, told = done(root, "経費", old, NEW, "--project", project, "--yes")
    assert code == 0, told
    after = amounts(root, YEARS)
    assert [v for year in after for v in year.items() if v[0][0] == name_key(project)] == [
        v for year in before for v in year.items() if v[0][0] == name_key(project)
    ]
    changed = {name for name, data in contents(root).items() if texts[name] != data}
    assert {f"rules/{year.code}/budget.csv" for year in YEARS} <= changed
    assert apportion("undo", "--yes", "--dir", str(root)).code == 0
    assert contents(root) == texts


def test_workbooks_former_names_and_turns(tmp_path: Path) -> None:
    root = tmp_path / "council"
    init(root, COUNCIL)
    before = amounts(root, YEARS[-1:], 会議費="打合せ費")
    assert done(root, "経費", "会議費", "打合せ費", "--yes")[0] == 0
    assert amounts(root, YEARS[-1:]) == before
    turn = (root / "members/r7/rotation.csv").read_text("utf-8-sig")
    assert "打合せ費" in turn
    assert "会議費" not in turn
    assert "■経費 打合せ費" in (root / "rules/r7/80_jimukyoku.txt").read_text("utf-8-sig")


def two_years(root: Path, former: str = "", *, line: str = "旧") -> Path:
    """令和6年度 has 旧, 令和7年度 has `line`, held at last year's amount."""
    cap = "上限: 前年度の100%、超えた分は参加団体が負担\n"
    rules = f"■経費 {line}\n{former}負担割合: 人口割\n{cap}"
    counts = people(A市=3, B町=2, C村=1)
    small.write(root, BIND + rules, {line: 600_000}, counts)
    past = "".join(
        f"{small.code(n)},{name},共同事業,旧,{yen}\n"
        for n, (name, yen) in enumerate({"A市": 200_000, "B町": 300_000, "C村": 300_000}.items(), 1)
    )
    small.save(
        root, "members/r7/previous.csv", f"団体コード,団体名,事業,経費,負担金額（円）\n{past}"
    )
    for kind in ("rules", "members"):
        shutil.copytree(root / kind / "r7", root / kind / "r6")
    (root / "members/r6/previous.csv").unlink()
    six = (small.HEAD + BIND + "■経費 旧\n負担割合: 人口割\n").replace("令和7年度", "令和6年度")
    small.save(root, "rules/r6/10.txt", six)
    small.save(
        root, "rules/r6/budget.csv", "区分,事業,項,経費,予算額（円）\n区分,共同事業,,旧,600000\n"
    )
    return root


def test_last_years_amounts_go_along(tmp_path: Path) -> None:
    root = two_years(tmp_path)
    before = amounts(root, YEARS[-2:], 旧="新")
    assert before[1] != before[0]  # the cap holds somebody
    rename_to(root, "新")
    assert amounts(root, YEARS[-2:]) == before
    assert "旧" not in (root / "members/r7/previous.csv").read_text("utf-8")


def rename_to(root: Path, new: str) -> None:
    code, told = done(root, "経費", "旧", new, "--yes")
    assert code == 0, told


def test_a_former_name_that_has_become_its_own_goes(tmp_path: Path) -> None:
    """令和7年度 has the new name already."""
    root = two_years(tmp_path, "旧名: 旧\n", line="新")
    before = amounts(root, YEARS[-2:], 旧="新")
    rename_to(root, "新")
    assert amounts(root, YEARS[-2:]) == before
    assert "旧名" not in (root / "rules/r7/10.txt").read_text("utf-8")


def test_a_sealed_year_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = two_years(tmp_path)
    monkeypatch.setattr("apportion.years.rename._is_sealed", lambda _root, year: year == YEARS[2])
    made = proposed(root, AskedName("旧", "新"))
    assert made.sealed == (YEARS[2],)
    for file in made.files:
        file.path.write_bytes(file.data)
    assert {file.path.parent.name for file in made.files} == {"r7"}
    assert "■経費 新\n旧名: 旧\n" in (root / "rules/r7/10.txt").read_text("utf-8")
    assert ",旧," in (root / "members/r7/previous.csv").read_text("utf-8")
    assert (
        amounts(root, YEARS[-1:])[0] == amounts(two_years(tmp_path / "as"), YEARS[-1:], 旧="新")[0]
    )


def test_a_list_that_holds_its_name_alone_is_renamed_with_it(tmp_path: Path) -> None:
    rules = "■経費 旧、他\n負担割合: 均等割\n■経費 研修\n名簿: 研修\n負担割合: 均等割\n"
    rosters = {"研修": {"A市": "○", "B町": "○"}}
    counts = people(A市=3, B町=2, C村=1)
    root = small.write(
        tmp_path, BIND + rules, dict.fromkeys(("旧", "他", "研修"), 100), counts, rosters=rosters
    )
    assert done(root, "経費", "研修", "講習", "--yes")[0] == 0
    assert "名簿: 講習\n" in (root / "rules/r7/10.txt").read_text("utf-8")
    assert ",講習\n" in (root / "members/r7/roster.csv").read_text("utf-8")
    assert "■経費 旧、他" in (root / "rules/r7/10.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("asked", "variant"),
    [
        (AskedName("保守", "新"), "似た名前の「保守費」があります"),
        (AskedName("ありません", "新"), "どの年度の予算にも規則にもありません"),
        (AskedName("保守費", " 保守費 "), "いまの名前と同じか、空"),
        (AskedName("保守費", "事務費"), "もうあります"),
        (AskedName("保守費", "保守」費"), "額か知らせが変わります"),
    ],
)
def test_what_cannot_be_is_refused(asked: AskedName, variant: str, tmp_path: Path) -> None:
    rules = "■経費 保守費\n負担割合: 均等割\n■経費 事務費\n負担割合: 均等割\n"
    counts = people(A市=3, B町=2, C村=1)
    root = small.write(tmp_path, BIND + rules, {"保守費": 100, "事務費": 100}, counts)
    with pytest.raises(InputError) as refused:
        proposed(root, asked)
    assert {problem.code for problem in refused.value.problems} == {"W935"}
    assert variant in str(refused.value)


def test_of_two_projects_one_is_chosen(tmp_path: Path) -> None:
    root = small.write(
        tmp_path, "■経費 事務費\n負担割合: 均等割\n", {"事務費": 100}, people(A市=3, B町=2)
    )
    other = (
        (root / "rules/r7/10.txt").read_text("utf-8").replace("事業: 共同事業", "事業: 別の事業")
    )
    small.save(root, "rules/r7/20.txt", other)
    for name in ("budget", "income"):
        path = root / f"rules/r7/{name}.csv"
        text = path.read_text("utf-8")
        path.write_text(text + text.split("\n")[1].replace("共同", "別の") + "\n", "utf-8")
    with pytest.raises(InputError) as refused:
        proposed(root, AskedName("事務費", "庶務費"))
    assert "いくつかの事業" in str(refused.value)
    made = proposed(root, AskedName("事務費", "庶務費", "別の事業"))
    assert {file.path.name for file in made.files} == {"20.txt", "budget.csv"}


def test_only_lines_have_other_names(tmp_path: Path) -> None:
    code, told = done(tmp_path, "団体", "A市", "B市")
    assert code == 2
    assert "「経費」だけ" in told
