"""The ownership picture of one party as places for SVG: the party below, its owners above, and the same as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.web.text import _
from screening.deals.assessment import HoldingResult, OwnershipResult

BOX, SPACE, HIGH, STOREY = 190, 15, 46, 82
"""A box's width, the room between boxes, a box's height and the height of a storey, in SVG units (mockup)."""

MOST_LETTERS: Final = 24
"""Letters of a name that fit into a box; the whole name stands in the text beside the picture."""

MOST_STOREYS: Final = 9
"""The party and as many storeys of owners as a deal may say (`screening.deals.deal.MOST_DEPTH`)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One owner, or the party itself: its place and what it says."""

    look: str
    x: str
    y: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One share: a line from the owner down to what it owns, with the share beside it."""

    path: str
    x: str
    y: str
    share: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The whole picture, its size, and each share as a sentence."""

    name: str
    width: str
    height: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    sentences: tuple[str, ...]


@dataclass(slots=True)
class _Node:
    name: str
    note: str
    look: str
    share: str
    owners: list["_Node"]
    middle: float = 0.0

    @property
    def storeys(self) -> int:
        return 1 + max((owner.storeys for owner in self.owners), default=0)


def tree(ownership: OwnershipResult, matched: Mapping[str, bool]) -> Tree:
    """Return the picture of who owns one party. `matched` says of each path whether a list has it."""
    root = _Node(ownership.name, _("the party"), "root", "", _owners(ownership, ownership.name, matched, ()))
    if ownership.unnamed not in {"", "0"}:
        root.owners.append(_Node(_("Owner not named"), _("? unknown"), "opaque", _share(ownership.unnamed), []))
    width = _place(root, SPACE) + SPACE
    boxes: list[Box] = []
    lines: list[Line] = []
    _draw(root, root.storeys - 1, boxes, lines)
    height = root.storeys * STOREY - (STOREY - HIGH) + 8
    said = [_sentence(holding) for holding in ownership.holdings]
    if ownership.unnamed not in {"", "0"}:
        said.append(
            _("%(share)s of %(name)s: owner not named.") % {"share": _share(ownership.unnamed), "name": root.name}
        )
    return Tree(ownership.name, _n(max(width, 640)), _n(height), tuple(boxes), tuple(lines), tuple(said))


def _owners(ownership: OwnershipResult, owned: str, matched: Mapping[str, bool], above: tuple[str, ...]) -> list[_Node]:
    if owned in above or len(above) + 1 >= MOST_STOREYS:
        return []  # a circle of owners is said in words; the picture stops where it closes
    return [
        _Node(
            holding.owner,
            _note(holding, matched),
            "listed" if _is_listed(holding, matched) else "",
            _held(holding),
            _owners(ownership, holding.owner, matched, (*above, owned)),
        )
        for holding in ownership.holdings
        if holding.owned == owned
    ]


def _is_listed(holding: HoldingResult, matched: Mapping[str, bool]) -> bool:
    return holding.listed or matched.get(holding.path or "", False)


def _note(holding: HoldingResult, matched: Mapping[str, bool]) -> str:
    if _is_listed(holding, matched):
        return _("■ Listed")
    return _("■ counts as listed") if holding.counts_as_listed else _("not listed")


def _held(holding: HoldingResult) -> str:
    share = _share(holding.percent) if holding.percent is not None else _("share not known")
    return _("%s, controls") % share if holding.controls else share


def _share(percent: str) -> str:
    return _("%s %%") % percent


def _sentence(holding: HoldingResult) -> str:
    words = {"owner": holding.owner, "share": _held(holding), "owned": holding.owned}
    listed = " " + _("It is listed.") if holding.listed else ""
    return _("%(owner)s holds %(owned)s: %(share)s.") % words + listed


def _place(node: _Node, left: float) -> float:
    """Give each box its middle, owners side by side above what they own; return where the next box may begin."""
    right = left
    for owner in node.owners:
        right = _place(owner, right)
    if node.owners:
        node.middle = (node.owners[0].middle + node.owners[-1].middle) / 2
        return right
    node.middle = left + BOX / 2
    return left + BOX + SPACE


def _draw(node: _Node, storey: int, boxes: list[Box], lines: list[Line]) -> None:
    top = storey * STOREY + 4
    name = node.name if len(node.name) <= MOST_LETTERS else f"{node.name[: MOST_LETTERS - 1]}…"
    boxes.append(Box(node.look, _n(node.middle - BOX / 2), _n(top), name, node.note))
    for owner in node.owners:
        foot = top - STOREY + HIGH
        bend = foot + (STOREY - HIGH) / 2 + 4
        path = f"M{_n(owner.middle)} {_n(foot)}V{_n(bend)}H{_n(node.middle)}V{_n(top)}"
        lines.append(Line(path, _n(owner.middle + 7), _n(foot + 15), owner.share))
        _draw(owner, storey - 1, boxes, lines)


def _n(value: float) -> str:
    return f"{value:g}"


def trees(pictures: Sequence[OwnershipResult], matched: Mapping[str, bool]) -> tuple[Tree, ...]:
    """Return the pictures of all parties whose owners are known at all."""
    return tuple(tree(picture, matched) for picture in pictures if picture.holdings)
