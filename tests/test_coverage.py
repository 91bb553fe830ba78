"""check --coverage and pin: which changes of the rules no 検算 notices, and the fewest lines that do."""

import csv
import io
import itertools
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apportion.core.problem import grave
from apportion.core.text import decode, fold
from apportion.core.year import FiscalYear
from apportion.outcome.computation import compute, examine_year
from apportion.why.coverage import Change, Coverage, coverage
from apportion.why.pins import added, fewest, pins
from tests import small, workspace
from tests.ordinances.test_ordinances import FOLDERS, HERE
from tests.program import apportion
from tests.test_meaning import BIND, people

R7 = small.R7
ASIDE = (
    *("書式", "事業", "年度", "状態", "名簿", "根拠", "備考", "納期", "期割の端数", "休日", "旧名"),
    *("会計", "未対応", "課税区分", "基礎数値", "途中参加", "検算", "区分", "読み方", "単位"),
)


def numbers(texts: Mapping[str, bytes]) -> set[tuple[str, int, int]]:
    """Where numbers stand with which amounts are worked out; by a scanner of its own."""
    found = set()
    for file, data in texts.items():
        decoded = decode(data)
        assert decoded is not None
        block = ""
        for number, written in enumerate(decoded.text.split("\n"), start=1):
            line = fold(written)
            if line.strip().startswith(("■", "【", "[")):
                block = line.strip()[1:3]
            elif line.strip()[:1] not in {"", "※", "#"} and block not in {"請求", "精算", "グル"}:
                key = line.split(":")[0].strip()
                start = 0 if block == "段階" else line.index(":")
                spots = re.finditer(r"\d+(,\d\d\d)*(\.\d+)?", line)
                if key not in ASIDE:
                    found |= {(file, number, m.start()) for m in spots if m.start() >= start}
    return found


def brute(root: Path, year: FiscalYear, found: Coverage) -> Iterator[tuple[Change, bool, bool]]:
    """Each change written to the disk and checked: whether an error is told, and an amount another."""
    before = {(c.line.key, c.member.code): c.yen for c in compute(root, year).charges}
    for change in found.changes:
        texts = found.changed(change)
        for edit in change:
            (root / edit.file).write_bytes(texts[edit.file])
        done = examine_year(root, year)
        told = grave(done.problems)
        charges = [c for r in done.results if r for c in r.charges()]
        after = {(c.line.key, c.member.code): c.yen for c in charges}
        yield change, told, after != before
        for edit in change:
            (root / edit.file).write_bytes(found.texts[edit.file])


def assert_as_brute(root: Path, year: FiscalYear) -> None:
    found = coverage(root, year)
    first = {(change[0].file, change[0].line, change[0].start) for change in found.changes}
    assert numbers(found.texts) <= first
    holes = {hole.change for hole in found.holes()}
    for change, told, moved in brute(root, year, found):
        assert (change in found.noticed, change in holes) == (told, moved and not told), change


@pytest.mark.parametrize("code", ["r3", "r4", "r6", "r7"])
def test_shipped_years_are_as_a_brute_force_run(code: str, tmp_path: Path) -> None:
    year = FiscalYear.parse(code)
    assert year is not None
    assert_as_brute(workspace.copy(tmp_path), year)


@pytest.mark.parametrize("folder", FOLDERS)
def test_ordinances_are_as_a_brute_force_run(folder: str, tmp_path: Path) -> None:
    assert_as_brute(shutil.copytree(HERE / folder, tmp_path / "council"), R7)


RULES = """
■経費 運用費
負担割合: 均等割 30% + 人口割 70%
検算: A市 = 520,000円
■経費 段階費
負担割合: 段階割
■段階表 段階割
区分: 人口
読み方: 段の値をそのまま使う
1万人未満: 1
1万人以上: 2.5
"""


@pytest.fixture(name="root")
def fixture_root(tmp_path: Path) -> Path:
    budget = {"運用費": 1_000_000, "段階費": 450_000}
    return small.write(tmp_path, BIND + RULES, budget, people(A市=15_000, B町=9_000, C村=1_000))


def test_a_number_that_cannot_stand_alone_takes_the_next_one_with_it(root: Path) -> None:
    """By hand: 30 % and 70 % are pinned, of the steps nothing is."""
    found = coverage(root, R7)
    holes = [(hole.before, hole.after) for hole in found.holes()]
    assert holes == [
        (("1万人未満: 1", "1万人以上: 2.5"), ("2万人未満: 1", "2万人以上: 2.5")),
        (("1万人未満: 1",), ("1万人未満: 2",)),
        (("1万人以上: 2.5",), ("1万人以上: 2.6",)),
    ]
    assert len(found.noticed) == 3  # 30 with 70, 70 alone and the second 1万人 alone


def test_the_command_tells_places_lines_and_an_amount(root: Path) -> None:
    done = apportion("check", "--year", "r7", "--coverage", "--dir", str(root))
    assert done.code == 0
    assert "気づくもの　3、だれの額も変わらないもの　0" in done.stdout
    assert (
        "rules/r7/10.txt  18行目 8文字目\n  1万人以上: 2.5\n    → 1万人以上: 2.6\n" in done.stdout
    )
    assert "変わる額: A市 250,000円 → 254,348円（ほか 2）" in done.stdout
    record = json.loads(
        apportion("check", "--year", "r7", "--coverage", "--json", "--dir", str(root)).stdout
    )
    assert record[2]["after"] == ["1万人以上: 2.6"]
    refused = apportion("check", "--year", "r7", "--coverage", "--strict", "--dir", str(root))
    assert refused.code == 2


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_was_billed_closes_what_lines_can_close(folder: str, tmp_path: Path) -> None:
    root = shutil.copytree(HERE / folder, tmp_path / "council")
    found = coverage(root, R7)
    made = pins(found, bills(root), lambda _done, _total: None)
    assert made.fewest
    for file in added(found, root, made.lines):
        file.path.write_bytes(file.data)
    left = coverage(root, R7).holes()
    assert [(h.before, h.after) for h in left] == [(h.before, h.after) for h in made.open]


def bills(root: Path, **other: int) -> Path:
    """What was billed: as computed, unless said otherwise of a body's 段階費."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("団体名", "事業", "経費", "請求額（円）"))
    for c in compute(root, R7).charges:
        yen = other.get(c.member.name, c.yen) if c.line.name == "段階費" else c.yen
        rows.writerow((c.member.name, c.line.project, c.line.name, yen))
    path = root.parent / "請求.csv"
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    return path


def pin(root: Path, table: Path, *more: str) -> tuple[int, str]:
    done = apportion("pin", str(table), "--year", "r7", "--dir", str(root), *more)
    return done.code, done.stdout + done.stderr


def test_one_line_closes_all_and_can_be_taken_back(root: Path) -> None:
    rules = root / "rules/r7/10.txt"
    before = rules.read_bytes()
    table = bills(root)
    assert pin(root, table)[0] == 2  # nobody said yes
    assert rules.read_bytes() == before
    code, told = pin(root, table, "--yes")
    assert code == 0, told
    assert "足す検算（1 行）（これより少ない行では足りません）" in told
    line = "検算: A市 = 250,000円\n"
    assert rules.read_bytes() == before.replace(
        "負担割合: 段階割\n".encode(), f"負担割合: 段階割\n{line}".encode()
    )
    assert coverage(root, R7).holes() == ()
    assert "足す検算はありません。" in pin(root, table, "--yes")[1]
    assert apportion("undo", "--yes", "--dir", str(root)).code == 0
    assert rules.read_bytes() == before


def test_bills_that_are_others_are_refused(root: Path) -> None:
    code, told = pin(root, bills(root, A市=250_001), "--yes")
    assert code == 1
    assert "W907" in told
    assert "A市、段階費: 請求 250,001円、計算 250,000円" in told
    plain = root.parent / "計.csv"
    plain.write_text("団体名,請求額（円）\nA市,770000\nB町,452000\nC村,228000\n", encoding="utf-8")
    assert "経費ごとに分かれていません" in pin(root, plain, "--yes")[1]


def test_a_bound_of_a_whole_project_is_told_as_left_open(tmp_path: Path) -> None:
    rules = "上限: 400千円、超えた分は残りの団体で割り直す\n■経費 運用費\n負担割合: 人口割\n"
    root = small.write(
        tmp_path / "w", BIND + rules, {"運用費": 1_000_000}, people(A市=3, B町=2, C村=1)
    )
    code, told = pin(root, bills(root), "--yes")
    assert (code, "足す検算はありません" in told) == (0, True), told
    assert "まだ気づかないもの（1）" in told
    assert "401千円" in told


SETS = st.dictionaries(
    st.integers(0, 6), st.frozensets(st.integers(0, 7), min_size=1), min_size=1, max_size=7
)


@settings(deadline=None, derandomize=True)
@given(SETS)
def test_fewest_is_as_few_as_any_choice(closes: dict[int, frozenset[int]]) -> None:
    named = {("a.txt", number, ""): own for number, own in closes.items()}
    chosen = fewest(named)
    whole = set().union(*named.values())
    assert chosen.fewest
    assert set().union(*(named[subject] for subject in chosen.subjects)) == whole
    for fewer in itertools.combinations(named.values(), len(chosen.subjects) - 1):
        assert set().union(*fewer) != whole


def test_greedy_is_not_enough() -> None:
    """The largest set first would take three lines."""
    sets = {"a": {0, 1, 2, 3}, "b": {0, 1, 4}, "c": {2, 3, 5}}
    chosen = fewest({("a.txt", 1, name): frozenset(own) for name, own in sets.items()})
    assert [subject[2] for subject in chosen.subjects] == ["b", "c"]
