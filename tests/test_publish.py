"""Outputs are replaced whole or not at all, and the former ones are kept."""

from pathlib import Path

import pytest

from apportion.core.problem import OutputError
from apportion.outputs import publish


def write(target: Path, text: str) -> None:
    with publish.staged(target) as folder:
        (folder / "a.txt").write_text(text, encoding="utf-8")


def read(folder: Path) -> str:
    return (folder / "a.txt").read_text(encoding="utf-8")


@pytest.fixture(params=[True, False], ids=["exchange", "rename"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not request.param:  # as on a system without renameat2
        monkeypatch.setattr(publish, "_exchange", lambda _one, _other: False)
    return tmp_path / "outputs" / "r7"


def test_the_former_outputs_go_to_the_history(target: Path) -> None:
    for text in ("1", "2", "3"):
        write(target, text)
    assert read(target) == "3"
    assert [read(target.parent / "履歴" / "r7" / n) for n in ("1", "2")] == ["1", "2"]
    assert sorted(p.name for p in target.parent.iterdir()) == ["r7", "履歴"]


def test_a_failure_leaves_the_old_outputs(target: Path) -> None:
    write(target, "old")
    with pytest.raises(TypeError), publish.staged(target) as folder:
        (folder / "a.txt").write_text(None)  # type: ignore[arg-type]
    assert read(target) == "old"
    assert [p.name for p in target.parent.iterdir()] == ["r7"]


def test_leftovers_of_a_killed_run_are_swept(target: Path) -> None:
    write(target, "old")
    left = target.parent / ".作成中-r7-1"
    left.mkdir()
    write(target, "new")
    assert not left.exists()


def test_an_open_workbook_is_named_before_anything_is_done(target: Path) -> None:
    write(target, "old")
    (target / "~$負担金一覧.xlsx").write_bytes(b"")
    with pytest.raises(OutputError, match=r"r7/負担金一覧\.xlsx"):
        write(target, "new")
    assert read(target) == "old"


def test_a_disk_that_refuses_is_told_and_the_old_outputs_stay(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(target, "old")

    def full(_stage: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish, "_swap", full)
    with pytest.raises(OutputError, match="前の出力はそのままです"):
        write(target, "new")
    assert read(target) == "old"
