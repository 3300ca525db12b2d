"""Whether a condition can ever hold, and whether one holds wherever another does: dead rules are found before a run.

A condition is spread into alternatives, each a set of demands on figures. An alternative is impossible where its demands
contradict each other or what a figure can be (a score lies within 0–100). What cannot be told counts as possible, and
so does every value of a setting: whoever uses the pack may turn it.
"""

from __future__ import annotations

from itertools import product

from ppc_tuner.judge.demands import Alternative, possible, surely_known
from ppc_tuner.judge.tree import Always, Logic, Node, Not, columns_of

# More alternatives than this are not followed up.
MOST = 256


def can_hold(tree: Node) -> bool:
    """False only where no row can ever make the condition true."""
    alternatives = _alternatives(tree, True)
    return alternatives is None or any(possible(demands) for demands in alternatives)


def covers(wider: Node, narrower: Node) -> bool:
    """True only where `wider` surely holds on every row on which `narrower` holds."""
    inside, outside = _alternatives(narrower, True), _alternatives(wider, False)
    if inside is None or outside is None or len(inside) * len(outside) > MOST:
        return False
    if not outside:
        return True
    needed = columns_of(wider)
    for demands in inside:
        if not possible(demands):
            continue
        # An unknown figure would leave the wider condition unknown, not true.
        if not needed <= surely_known(demands):
            return False
        if any(possible((*demands, *against)) for against in outside):
            return False
    return True


def _alternatives(tree: Node, wanted: bool) -> list[Alternative] | None:
    """The ways in which the condition comes out as wanted; None where there are too many."""
    if isinstance(tree, Always):
        return [()] if tree.value == wanted else []
    if isinstance(tree, Not):
        return _alternatives(tree.inner, not wanted)
    if not isinstance(tree, Logic):
        return [((tree, wanted),)]
    parts = [_alternatives(part, wanted) for part in tree.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if tree.every != wanted:
        joined = [alternative for part in known for alternative in part]
        return joined if len(joined) <= MOST else None
    size = 1
    for part in known:
        size *= len(part)
        if size > MOST:
            return None
    return [tuple(demand for part in chosen for demand in part) for chosen in product(*known)]
