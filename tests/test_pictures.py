"""The pictures that a person looks at are of the sheets that they are named for, and small."""

from pathlib import Path

from tests import workspace
from tests.office import needed
from tests.pictures import make

PNG = b"\x89PNG"


def test_every_sheet_has_a_small_picture(tmp_path: Path) -> None:
    needed()
    make.main(tmp_path)
    drawn = {path.stem: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"bill", "notice", "lines", "basis"} | {
        f"workings_{number}" for number in range(1, 8)
    } < drawn.keys()
    assert {f"summary_{number:02}" for number in range(1, 6)} < drawn.keys()
    assert all(data.startswith(PNG) and len(data) <= make.LARGEST for data in drawn.values())
    assert len(set(drawn.values())) == len(drawn)


def test_the_readme_shows_pictures_that_are_there() -> None:
    readme = (workspace.SHIPPED / "README.md").read_text(encoding="utf-8")
    for name in make.README:
        assert f"(tests/pictures/{name}.png)" in readme
        assert (make.HERE / f"{name}.png").stat().st_size <= make.LARGEST
    assert {path.stem for path in make.HERE.glob("*.png")} == {*make.README, "page"}
