"""What `check --coverage` tells: changes of the rules that no 検算 would notice."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from apportion.cli.layout import sentence
from apportion.cli.options import beside
from apportion.cli.words import Progress
from apportion.core.year import FiscalYear
from apportion.outcome.checks.amounts import TOTAL
from apportion.why.coverage import Coverage, Hole, coverage


def answer(root: Path, year: FiscalYear, *, as_json: bool = False) -> str:
    """All of it as text, or the holes as JSON; raises `InputError` where the year is at fault."""
    found = coverage(root, year)
    holes = found.holes(Progress("検算の行き届き", "か所"))
    if as_json:
        return json.dumps([_record(hole) for hole in holes], ensure_ascii=False, indent=1)
    return "\n".join((*_counted(found, holes), *listed(found, holes), *_next(root, year, holes)))


def listed(found: Coverage, holes: Sequence[Hole]) -> Iterator[str]:
    """Each hole with its place, its lines before and after, and one amount that it changes."""
    for hole in holes:
        yield hole.source.place()
        for before, after in zip(hole.before, hole.after, strict=True):
            yield from sentence(1, before)
            yield from sentence(2, f"→ {after}")
        yield from sentence(1, _example(found, hole))


def _counted(found: Coverage, holes: Sequence[Hole]) -> Iterator[str]:
    tried, noticed = len(found.changes), len(found.noticed)
    yield f"規則の数と端数の言葉を一つずつ変えて調べました（{tried} か所）。"
    yield f"  検算などで気づくもの　{noticed}、だれの額も変わらないもの　{tried - noticed - len(holes)}"
    yield f"  気づかないもの　{len(holes)}" + ("：" if holes else "")


def _example(found: Coverage, hole: Hole) -> str:
    """The member whose amount changes most, and how many there are."""
    bodies = {s: yen for s, yen in hole.moved.items() if s[2] != TOTAL}
    tables = found.workspace.tables
    assert tables is not None
    if not bodies:
        return "変わる額: 合計"
    now = found.amounts
    subject = max(bodies, key=lambda s: abs(bodies[s] - now.get(s, 0)))
    name = tables.by_code[subject[2]].name
    more = f"（ほか {len(bodies) - 1}）" if len(bodies) > 1 else ""
    return f"変わる額: {name} {now.get(subject, 0):,}円 → {bodies[subject]:,}円{more}"


def _next(root: Path, year: FiscalYear, holes: Sequence[Hole]) -> Iterator[str]:
    if holes:
        yield "実際に請求した額の表（団体名,事業,経費,請求額（円））があれば、足りない検算を少ない行で足せます。"
        yield f"次は: apportion pin --year {year} 請求.csv{beside(root)}"


def _record(hole: Hole) -> dict[str, Any]:
    return {
        "file": hole.source.file,
        "line": hole.source.line,
        "column": hole.source.column,
        "before": list(hole.before),
        "after": list(hole.after),
        "moved": len(hole.moved),
    }
