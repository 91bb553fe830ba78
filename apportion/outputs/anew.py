"""A folder of outputs beside the same made anew: the same inputs and program give the same bytes.

PDFs are drawn by an office program: they, and why amounts changed since a year before, are not made
anew but compared with the manifest.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from apportion.core.dataclass import dataclass
from apportion.core.problem import Problem, Source, tell
from apportion.core.text import on_lines
from apportion.outcome.outcome import Outcome
from apportion.outputs import publish
from apportion.outputs.data import REASONS, Kind, kind_of
from apportion.outputs.differing import Difference, differences
from apportion.outputs.office import ARCHIVES
from apportion.outputs.publish import NAME, REMARKS
from apportion.outputs.render import pack, printed, write

_PAYMENTS = ("収納状況", "納入の記録")
"""Sheets that payments fill."""
_APART = ("入力", "出力", REMARKS)
"""Keys of a manifest that are compared otherwise."""

Places = AbstractSet[tuple[str, str, str]]
"""Files, sheets and cells."""


@dataclass(frozen=True, kw_only=True)
class FolderFound:
    """A folder, its manifest, the inputs below `root`, and what came after it.

    `changed` are inputs that are others now; `paid`: payments are. `told` are places of which a person
    knows already.
    """

    folder: Path
    root: Path
    record: Mapping[str, Any]
    changed: Sequence[str]
    paid: bool
    told: Places

    @property
    def reason(self) -> str:
        """Why other bytes need not mean that somebody changed a file; empty where they do."""
        inputs = "、".join(self.changed)
        changed = f"書いたあとで、入力（{inputs}）が変わりました" if inputs else ""
        return "。".join(filter(None, (changed, self.program)))

    @property
    def program(self) -> str:
        """That another program wrote it, in words; empty where it is the one of today."""
        now = publish.program()
        was, own = ("、".join(str(one.get(key, "")) for key in now) for one in (self.record, now))
        return f"書いたプログラムは {was}、今のプログラムは {own} です" if was != own else ""


def compare(written: FolderFound, outcome: Outcome) -> list[Problem]:
    """What is not as the outcome makes it."""
    with TemporaryDirectory() as place:
        anew = Path(place)
        write(outcome, anew)
        return list(_Comparison(written, outcome, anew).problems())


def not_made(folder: Path, record: Mapping[str, Any]) -> str:
    """A sentence on the files that are only compared with the manifest; empty where there are none."""
    pdfs = sum(name.endswith(".pdf") for name in record["出力"])
    names = [f"PDF {pdfs} ファイル"] * bool(pdfs) + [REASONS] * (folder / REASONS).is_file()
    return f"{'と、'.join(names)} は作り直さず、{NAME} の控えと比べました。" if names else ""


@dataclass(frozen=True)
class _Comparison:
    """Both folders; `other` are files that differ, where that need not be anybody's doing, `differing` where."""

    written: FolderFound
    outcome: Outcome
    anew: Path
    other: list[str] = field(default_factory=list)
    packed: list[str] = field(default_factory=list)
    differing: dict[str, list[Difference]] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return kind_of(self.outcome)

    def problems(self) -> Iterator[Problem]:
        listed, found = self.written.record["出力"], publish.outputs(self.written.folder)
        extras = set(self._extras({*listed, *found}))
        made = self._made({*listed, *found}, extras)
        for name in sorted({*listed, *found, *made, *extras}):
            yield from self._file(name, listed, found, made, extras)
        yield from () if self.written.changed else self._record()
        if self.other:
            shown = on_lines(self.other, "ファイル", self._first)
            reason = self.written.reason or "書いたあとで、納入が変わりました"
            yield tell("W607", Source(), files=shown, reason=reason)
        elif self.written.program:
            yield tell("W607.same", Source(file=NAME), reason=self.written.program)
        if self.packed:
            yield tell("W607.packed", Source(), files=on_lines(self.packed, "ファイル"))

    def _extras(self, names: AbstractSet[str]) -> Iterator[str]:
        """Files that must be there and are not made anew."""
        if REMARKS in self.written.record:
            yield REASONS
        if any(name.endswith(".pdf") for name in names):
            for book in printed(self.outcome, self.anew):
                yield book.with_suffix(".pdf").relative_to(self.anew).as_posix()

    def _made(self, names: AbstractSet[str], extras: AbstractSet[str]) -> dict[str, str]:
        """What is made anew; archives of the PDFs as they stand."""
        if not any(name.startswith(f"{ARCHIVES}/") for name in names):
            return publish.outputs(self.anew)
        pdfs = [n for n in extras if n.endswith(".pdf") and (self.written.folder / n).is_file()]
        for name in pdfs:
            shutil.copyfile(self.written.folder / name, self.anew / name)
        pack(self.outcome, self.anew)
        return {name: x for name, x in publish.outputs(self.anew).items() if name not in pdfs}

    def _file(
        self,
        name: str,
        listed: Mapping[str, str],
        found: Mapping[str, str],
        made: Mapping[str, str],
        extras: AbstractSet[str],
    ) -> Iterator[Problem]:
        as_written = listed.get(name) == found.get(name)
        due = name in found if name in extras else made.get(name) == found.get(name)
        if as_written and due:
            return
        if as_written and self.written.reason:
            self.other.append(name)
        elif name not in found:
            yield tell("W603", Source(file=name), name=name)
        elif name in made and made[name] != found[name]:
            yield from self._bytes(name, as_written=as_written)
        elif name in made:
            yield _of_record(f"出力 {name}", listed.get(name, "なし"), found[name])
        elif name not in extras:
            yield tell("W604", Source(file=name), name=name)
        else:
            yield tell("W602", Source(file=name), name=name)

    def _bytes(self, name: str, *, as_written: bool) -> Iterator[Problem]:
        """Where a file is another one; nothing of what follows from payments that came later."""
        places = self._places(name)
        if not places and as_written:
            self.packed.append(name)
            return
        if self.written.paid and as_written and name == self.kind.summary:
            places = [one for one in places if one.sheet not in _PAYMENTS]
            if not places:
                return
        if self.written.paid and as_written and self._may_follow(name, places):
            self.other.append(name)
            return
        known = [one for one in places if (name, one.sheet, one.cell) in self.written.told]
        rest = [one for one in places if one not in known]
        if rest or not known:
            yield _differs(name, rest)

    def _may_follow(self, name: str, places: Sequence[Difference]) -> bool:
        """Whether a file may be another one for payments: a notice of what is paid back, or without them."""
        if name == self.kind.summary:
            return not self.outcome.tables.payments or not any(one.sheet for one in places)
        return self.outcome.revision is not None and name.startswith(f"{self.kind.letters}/")

    def _first(self, name: str) -> str:
        """A file with the first place where it differs, if it stands in both folders."""
        if not all((place / name).is_file() for place in (self.written.folder, self.anew)):
            return name
        first = next(iter(self._places(name)), None)
        return f"{name}  {first}" if first else name

    def _places(self, name: str) -> list[Difference]:
        """Where the two files differ, found once."""
        if name not in self.differing:
            both = ((place / name).read_bytes() for place in (self.written.folder, self.anew))
            self.differing[name] = differences(name, *both)
        return self.differing[name]

    def _record(self) -> Iterator[Problem]:
        """What the manifest says of the outcome, and how it is written."""
        record, due = self.written.record, publish.make(self.outcome, self.written.root, self.anew)
        apart = {*_APART, *publish.program()}
        wrong = [
            key for key in {**due, **record} if record.get(key) != due.get(key) and key not in apart
        ]
        for key in wrong:
            yield _of_record(key, *(_json(one, key) for one in (record, due)))
        more = sorted(name for name in record["入力"].keys() - due["入力"].keys() if _own(name))
        if more:
            yield _of_record("入力", "、".join(more), "なし")
        order = [*(key for key in {**due, **record} if key != "出力"), "出力"]
        said = {key: record[key] for key in order if key in record}
        data = (self.written.folder / NAME).read_bytes()
        if not (wrong or more) and publish.to_bytes(said) != data:
            yield tell("W602", Source(file=NAME), name=NAME)


def _own(name: str) -> bool:
    """Whether an input is one of the workspace, not an issue that was sealed before."""
    return not name.startswith("outputs/")


def _differs(name: str, places: Sequence[Difference]) -> Problem:
    first = places[0] if places else Difference("", "", "")
    source = Source(file=name, sheet=first.sheet, cell=first.cell if first.sheet else "")
    return tell("W602.places", source, name=name, places=on_lines(places, "か所"))


def _json(record: Mapping[str, Any], key: str) -> str:
    return json.dumps(record[key], ensure_ascii=False) if key in record else "なし"


def _of_record(key: str, written: str, anew: str) -> Problem:
    return tell("W602.record", Source(file=NAME), key=key, written=written, anew=anew)
