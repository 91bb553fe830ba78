"""公印: the picture beside the issuer, as large on every screen; the room for it; or the words."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from apportion.core.problem import InputError
from apportion.outcome.computation import compute
from apportion.outputs import publish
from apportion.pipeline import run
from apportion.workbook.letters.fill import Filler
from apportion.workbook.letters.plan import plan
from tests.drawn import jpeg, png
from tests.unit.workbook.council import OKAZAKI, R7
from tests.unit.workbook.forms import add_seal, content, decided, sheet, texts

PICTURE = ("rules/r7/00.txt", "公印: 省略\n", "公印: 画像\n公印画像: 公印.png\n")


def drawing(book: bytes) -> str:
    """The one drawing of a workbook; empty where it has none."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
        return parts.read(names[0]).decode() if names else ""


def sealed(root: Path, picture: bytes | None = None, state: str = "議決") -> bytes:
    add_seal(root, picture)
    return content(decided(root, PICTURE, state=state))


@pytest.mark.parametrize(
    ("picture", "millimetres"),
    [(png(), (24, 24)), (png(400, 400), (24, 24)), (jpeg(200, 100), (24, 12))],
)
def test_the_picture_is_held_at_one_cell_and_24_mm_large(
    tmp_path: Path, picture: bytes, millimetres: tuple[int, int]
) -> None:
    extent = tuple(side * 36_000 for side in millimetres)  # as the file counts
    book = sealed(tmp_path, picture)
    found = drawing(book)
    assert "twoCellAnchor" not in found
    sizes = re.search(r"<xdr:oneCellAnchor>.*?<xdr:ext cx=\"(\d+)\" cy=\"(\d+)\"/>", found)
    assert sizes is not None
    assert tuple(int(size) for size in sizes.groups()) == extent
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        media = [name for name in parts.namelist() if name.startswith("xl/media/")]
        assert [parts.read(name) for name in media] == [picture]


def test_it_stands_beside_the_issuer(tmp_path: Path) -> None:
    add_seal(tmp_path)
    outcome = decided(tmp_path, PICTURE)
    form = sheet(outcome)
    place = re.search(
        r"<xdr:col>(\d+)</xdr:col>.*?<xdr:row>(\d+)</xdr:row>", drawing(content(outcome))
    )
    assert place is not None
    column, row = map(int, place.groups())
    issuer = next(
        cell for cells in form.iter_rows() for cell in cells if cell.value == "例示協議会 会長"
    )
    assert (column, row) == (issuer.column, issuer.row - 2)  # zero-based: right of it, from above
    assert not any("公印" in text or text == "印" for text in texts(form))


def test_every_filled_invoice_has_it(tmp_path: Path) -> None:
    add_seal(tmp_path)
    outcome = decided(tmp_path, PICTURE)
    filler = Filler(plan(outcome))
    member = outcome.tables.by_code[OKAZAKI]
    assert "oneCellAnchor" in drawing(filler.content(member, number=2))


@pytest.mark.parametrize("state", ["例", "案"])
def test_what_is_no_bill_bears_no_seal(tmp_path: Path, state: str) -> None:
    assert drawing(sealed(tmp_path, state=state)) == ""


def test_room_is_left_or_the_words_are_printed(tmp_path: Path) -> None:
    empty = ("rules/r7/00.txt", "公印: 省略\n", "公印: 空欄\n")
    blank = decided(tmp_path / "a", empty)
    assert "印" in texts(sheet(blank))
    assert drawing(content(blank)) == ""
    omitted = texts(sheet(decided(tmp_path / "b")))
    assert "（公印省略）" in omitted
    assert "印" not in omitted


def test_the_picture_is_one_of_the_inputs_that_made_the_outputs(tmp_path: Path) -> None:
    add_seal(tmp_path)
    decided(tmp_path, PICTURE)
    run(tmp_path, R7)
    record = publish.read(tmp_path / "outputs/r7")
    assert record is not None
    path = "rules/様式/公印.png"
    assert record["入力"][path] == publish.digest(tmp_path / path) != ""


@pytest.mark.parametrize(
    "name", ["../公印.png", "..", "sub/公印.png", "C:公印.png", "sub\\公印.png"]
)
def test_a_picture_from_elsewhere_is_not_taken(tmp_path: Path, name: str) -> None:
    add_seal(tmp_path)
    (tmp_path / "rules/公印.png").write_bytes(png())
    edit = (PICTURE[0], PICTURE[1], f"公印: 画像\n公印画像: {name}\n")
    with pytest.raises(InputError) as caught:
        decided(tmp_path, edit)
    assert "W128" in [problem.code for problem in caught.value.problems]


def test_the_same_seal_gives_the_same_bytes(tmp_path: Path) -> None:
    first = sealed(tmp_path)
    assert content(compute(tmp_path, R7)) == first
