"""Putting what is finished in its place: staged beside it, swapped in one move, the old one kept.

Only what the same command wrote before is ever replaced.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apportion.core.problem import OutputError
from apportion.core.shape import Shape, files, fits, table_of
from apportion.core.written import HISTORY, next_number
from apportion.core.year import SETTLED, Case, FiscalYear, __version__
from apportion.outcome.issued import FOLDER
from apportion.outcome.issued import OUTPUTS as SEALED
from apportion.outcome.outcome import Outcome
from apportion.outputs import owner, stage
from apportion.outputs.data import CHARGED, REASONS
from apportion.outputs.data import SETTLED as SETTLED_KIND
from apportion.rules.book import STATES

if TYPE_CHECKING:
    from apportion.tables.edit import Replacement

NAME = "記録.json"
REMARKS = "増減の理由"
"""Key of the sentences in the papers that follow from a year before, by 団体コード."""
_SHAPE: Shape = {"年度": str, "入力": files, "出力": files}


def make(outcome: Outcome, root: Path, folder: Path) -> dict[str, Any]:
    """Manifest of the files in `folder`, computed from the inputs under `root`."""
    reasons = (folder / REASONS).is_file()
    return {
        "書式": 1,
        **program(),
        "年度": outcome.year.code,
        **({"ケース": str(outcome.case)} if outcome.case else {}),
        "状態": outcome.state,
        **(
            {"未対応": [clause.clause for clause in outcome.book.unsaid]}
            if outcome.book.unsaid
            else {}
        ),
        "団体数": len(outcome.members),
        "負担金額_円": outcome.total,
        "突合": {"式の数": len(outcome.equations), "差のある式": 0},
        "入力": {path: digest(root / path) for path in sorted(outcome.files)},
        **({REMARKS: _remarks(outcome)} if reasons else {}),
        "出力": outputs(folder),
    }


def _remarks(outcome: Outcome) -> dict[str, list[str]]:
    return {code: list(told) for code, told in outcome.remarks.items()}


def program() -> dict[str, str]:
    """What the bytes of outputs depend on besides their inputs: this program, and who writes its workbooks."""
    # Loaded here: whoever only reads a manifest needs no XlsxWriter.
    from xlsxwriter import __version__ as writer  # noqa: PLC0415

    return {"プログラム": f"apportion {__version__}", "ブック": f"XlsxWriter {writer}"}


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """A manifest as it is written."""
    return f"{json.dumps(record, ensure_ascii=False, indent=1)}\n".encode()


def outputs(folder: Path) -> dict[str, str]:
    """Hash of every file below `folder` but the manifest."""
    return {name: found for name, found in hashes(folder).items() if name != NAME}


def hashes(folder: Path) -> dict[str, str]:
    """Hash of every file below `folder`, by its path there."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: digest(named[name]) for name in sorted(named)}


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, or None where there is none, or none of the shape of ours."""
    try:
        found = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    whole = (
        fits(found, _SHAPE)
        and fits(found.get("ケース", ""), str)
        and fits(found.get(REMARKS, {}), table_of(_is_told))
    )
    return found if whole else None


def _is_told(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def is_settlement(folder: Path) -> bool:
    """Whether a folder of outputs is a settlement."""
    record = read(folder)
    return record is not None and record.get("ケース") == SETTLED


def digest(path: Path) -> str:
    """SHA-256 of a file; empty where it is missing."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


OUTPUTS = "outputs"

Foreign = Callable[[Path], str]
"""What a folder or file holds that a command did not write itself; empty where it wrote it all."""

_INPUTS = ("rules", "members")
_LETTERS = {CHARGED.letters, SETTLED_KIND.letters}
_DROPPINGS = {"Thumbs.db", "desktop.ini", ".DS_Store"}
"""What systems leave in folders that somebody looked into."""


@contextmanager
def staged(target: Path, foreign: Foreign | None) -> Iterator[Path]:
    """An empty folder to write into; on leaving without an exception it becomes `target`.

    Until then `target` is untouched; whatever happens, either the old or the new one is there.
    Where the old one has the same bytes it stays. Without `foreign` nothing is ever replaced. Raises
    `OutputError` where the disk or an open workbook forbids it, or something of somebody
    else stands there.
    """
    target = target.resolve()  # a link stays, what it leads to is replaced
    refuse_others(target, foreign)
    _refuse_open_books(target)
    former = _number(target)
    try:
        with stage.opened(target.parent, target.name) as folder:
            yield folder
            refuse_others(target, foreign)
            if not target.is_dir() or hashes(folder) != hashes(target):
                stage.place(folder, [("", target)], once=foreign is None, copied=copied(target))
                forget_drafts(folder, target)
    except OSError as error:
        message = (
            f"{target} に書けませんでした（{error.strerror or error}）。{_state(target, former)}\n"
            "  直し方: 出力のExcelファイルを開いていれば閉じ、ディスクの空きを確かめて、もう一度実行してください。"
        )
        raise OutputError(message) from error


def take_away(target: Path) -> None:
    """A folder is gone, as one step."""
    with stage.opened(target.parent, target.name) as new:
        stage.place(new, [], gone=[target])


_DRAFTS = 5
"""Former outputs that are no bills (案, 例) of which so many are kept: enough to go back to."""


def copied(target: Path) -> list[Path]:
    """The target, where the same bytes are kept already: sealed, or in 履歴."""
    record = _bytes(target)
    places = [*_formers(target), *target.parent.glob(f"{Path(FOLDER).name}/*/*/{SEALED}")]
    same = (place for place in places if record and _bytes(place) == record)
    return [target] if any(hashes(place) == hashes(target) for place in same) else []


def forget_drafts(new: Path, target: Path) -> None:
    """Of the former outputs that were never bills only the last ones stay; `new` is our stage.

    What was 議決 may have been sent, sealed or not: it stays.
    """
    drafts = [path for path in _formers(target) if (read(path) or {}).get("状態") in STATES[:2]]
    if drafts[:-_DRAFTS]:
        with suppress(OSError):  # a file of it is open somewhere: the next run
            stage.place(new, [], gone=drafts[:-_DRAFTS])


def _formers(target: Path) -> list[Path]:
    """Former folders of a target, the first one first."""
    found = (target.parent / HISTORY / target.name).glob("*")
    return sorted((path for path in found if path.name.isdigit()), key=lambda path: int(path.name))


def _bytes(folder: Path) -> bytes:
    with suppress(OSError):
        return (folder / NAME).read_bytes()
    return b""


def _number(target: Path) -> int:
    """Number of a folder on the disk, by which it is known again; 0 where there is none."""
    return target.stat().st_ino if target.exists() else 0


def _state(target: Path, former: int) -> str:
    """What stands at the target after a failure."""
    if _number(target) == former:
        return "前の出力はそのままです。"
    if target.exists():
        return "出力は、新しいものに替わっています。"
    return (
        f"途中で止まっています。{target.parent} の中の {owner.PREFIX} で始まるフォルダーを消さないでください"
        "（次に実行したときに、続きをします）。"
    )


def replace_file(target: Path, data: bytes, foreign: Foreign) -> Path | None:
    """Put a single file in its place; where the former one is kept, None where none was replaced.

    Raises `OutputError` as `staged`.
    """
    from apportion.tables.edit import Replacement  # noqa: PLC0415  no run edits

    refuse_others(target, foreign)
    target = target.resolve()
    former = target if target.is_file() else None
    if former and former.read_bytes() == data:
        return None
    return replace_files(target.parent, [Replacement(path=target, former=former, data=data)])


_TABLES = "表"
"""The work of all who change tables and single files: one at a time."""


def replace_files(
    base: Path,
    new: "Sequence[Replacement]",
    beside: Mapping[str, bytes] | None = None,
    *,
    keep: bool = True,
) -> Path | None:
    """Put files below `base` in their places, all or none; the folder with the former ones, None where none were.

    `beside` are files that lie with the former ones; where the new ones say the same as these, none
    need to be kept. Raises `OutputError`; then every file is as it was.
    """
    history = new[0].path.parent / HISTORY
    try:
        with stage.opened(base, _TABLES) as made:
            kept = history / next_number(path.name for path in history.glob("*"))
            names = kept_names(base, new)
            formers = {
                name: each.former.read_bytes()
                for name, each in zip(names, new, strict=True)
                if keep and each.former
            }
            files = {kept / name: data for name, data in {**formers, **(beside or {})}.items()}
            for path, data in files.items():
                put(made / path.relative_to(base), data)
            for each in new:
                put(made / each.path.relative_to(base), each.data, each.former)
            places = [*([kept] if files else []), *(each.path for each in new)]
            targets = [(path.relative_to(base).as_posix(), path) for path in places]
            gone = [each.former for each in new if each.former and each.former != each.path]
            stage.place(made, targets, copied=places, gone=gone)
    except OSError as error:
        raise unwritten(new[0].path.parent, error) from error
    return kept if formers else None


def kept_names(base: Path, new: "Sequence[Replacement]") -> list[str]:
    """Where former files lie below 履歴/n: by their names, or those of several folders by their paths."""
    apart = len({each.path.parent for each in new}) > 1
    found = ((each, each.former or Path()) for each in new)
    return [
        former.relative_to(base).as_posix() if apart and each.former else former.name
        for each, former in found
    ]


def put(path: Path, data: bytes, former: Path | None = None) -> None:
    """Write a file of a stage; whoever may read and write the `former` one may do so with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if former:
        shutil.copymode(former, path)


def unwritten(folder: Path, error: OSError) -> OutputError:
    """That the disk, or a program that has it open, keeps a table or a rule file from being changed."""
    return OutputError(
        f"{folder} に書けませんでした（{error.strerror or error}）。前のファイルはそのままです。\n"
        "  直し方: Excel やほかのソフトで開いていれば閉じ、ディスクの空きを確かめて、もう一度実行してください。"
    )


def refuse_others(target: Path, foreign: Foreign | None) -> None:
    """Raise `OutputError` where something stands at `target` that the command did not write."""
    try:
        there = any(target.iterdir()) if target.is_dir() else target.exists()
        found = (foreign(target) if foreign else "すでにあります") if there else ""
    except OSError as error:
        found = f"中を読めません（{error.strerror or error}）"
    if found:
        message = (
            f"{target} は、このコマンドが前に書いたものではないので、置き換えません（{found}）。何も書いていません。\n"
            "  直し方: 自分で作ったファイルがあれば、ほかの場所に移してください。"
            "それでなければ、--out に、まだない名前を指定してください。"
        )
        raise OutputError(message)


def of_run(year: FiscalYear, case: Case) -> Foreign:
    """Foreign to a run or a settlement: all but a folder whose 記録.json has this 年度 and ケース."""

    def foreign(folder: Path) -> str:
        record = read(folder) if folder.is_dir() else None
        if record is None:
            return f"{NAME} がないか、読めません" if folder.is_dir() else "フォルダーではありません"
        said = f"{record['年度']} {record.get('ケース', '')}".strip()
        if said != f"{year.code} {case or ''}".strip():
            return f"{said} の出力です"
        return unlisted(folder, {NAME, *record["出力"]})

    return foreign


def strange(folder: Path) -> Iterator[tuple[str, str]]:
    """What has no hash of its own below a folder: each `link`, and each `folder` without a file.

    Nobody may get a letter of a 補正: their folder may be empty.
    """
    letters = {place / name for place in (folder, folder / SEALED) for name in _LETTERS}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            yield path.relative_to(folder).as_posix(), "link"
        elif path.is_dir() and path not in letters and not any(path.iterdir()):
            yield path.relative_to(folder).as_posix(), "folder"


def unlisted(folder: Path, names: set[str]) -> str:
    """The first thing below a folder that is none of its files."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        own = name in names or path.name in _DROPPINGS or path.name.startswith("~$")
        if not own and (path.is_symlink() or not path.is_dir()):
            return f"{name} があります"
    return ""


def _refuse_open_books(target: Path) -> None:
    """Excel marks an open workbook with a file ~$name; say which to close before computing."""
    locks = sorted(target.rglob("~$*.xlsx")) if target.is_dir() else []
    if locks:
        names = "、".join(str(lock.with_name(lock.name.removeprefix("~$"))) for lock in locks[:5])
        message = f"出力のファイルがExcelで開かれています: {names}\n  直し方: 閉じてから、もう一度実行してください。"
        raise OutputError(message)


def refuse_inputs(target: Path, root: Path) -> None:
    """Raise `OutputError` where `target` lies among the rules or the members of the workspace."""
    for inputs in _INPUTS:
        if target.resolve().is_relative_to((root / inputs).resolve()):
            message = (
                f"{target} は入力のフォルダー {root / inputs} にあるので、書き出せません。何も書いていません。\n"
                "  直し方: --out に、rules と members の外の、まだない名前を指定してください。"
            )
            raise OutputError(message)
