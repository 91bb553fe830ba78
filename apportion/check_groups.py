"""Whether every ■グループ comes to an end: a group within itself would be looked into for ever."""

from collections.abc import Iterator, Mapping

from apportion.allocate.who import DEEPEST
from apportion.problem import Problem
from apportion.rulebook import Group, Name
from apportion.text import name_key
from apportion.workspace import Workspace

Groups = Mapping[str, Group]


def endless_groups(workspace: Workspace) -> Iterator[Problem]:
    """A group that holds itself, or others too deep within one another; told once for each file."""
    for file in workspace.book.files:
        groups = workspace.book.scope(file).groups
        heights: dict[str, int] = {}
        found = (_height(group.name, groups, (), heights) for group in file.groups)
        yield from [problem for problem in found if isinstance(problem, Problem)][:1]


def _height(
    name: Name, groups: Groups, above: tuple[str, ...], heights: dict[str, int]
) -> int | Problem:
    """How many groups stand within one another from here on; or what is wrong with them."""
    key = name_key(name.text)
    if key not in groups:
        return 0
    if key in above or len(above) > DEEPEST:
        return _endless(name, (*above, key))
    if key not in heights:
        deepest = 0
        for inner in (*groups[key].members.names, *groups[key].members.excluded):
            height = _height(inner, groups, (*above, key), heights)
            if isinstance(height, Problem):
                return height
            deepest = max(deepest, height)
        heights[key] = deepest + 1
    return heights[key] if heights[key] <= DEEPEST else _endless(name, (*above, key))


def _endless(name: Name, way: tuple[str, ...]) -> Problem:
    return Problem(
        code="W335",
        source=name.source,
        what=f"グループ「{name.text}」が、めぐりめぐって自分自身を含んでいます。"
        if way[-1] in way[:-1]
        else "グループの中のグループが、深く重なりすぎています。",
        why=f"含まれ方の順: {'→'.join(way)}（重ねられるのは {DEEPEST}段までです）",
        fix="どこか一つの「団体」から、グループの名前を除いてください。",
    )
