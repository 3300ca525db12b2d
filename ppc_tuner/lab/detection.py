"""How many planted words a player finds in the honesty accounts, and how many could be found at most."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import gammaln, xlogy

from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.honesty import LOSER, NEVER, WINNER, planted_times
from ppc_tuner.lab.market import World
from ppc_tuner.lab.rollout import Step
from ppc_tuner.lab.worlds import DELAY

# Orders that the export would show by now of a word selling at target.
BUCKETS: Final[dict[str, tuple[float, float]]] = {"≥30": (30.0, np.inf), "12–30": (12.0, 30.0)}
GROUPS: Final[dict[str, float]] = {"winners": WINNER, "losers": LOSER, "never": NEVER}
EXPECTED_BINS: Final = 60


def first_decision(step: Step) -> pd.DataFrame:
    """What a player did with each word at one decision: words × [moved, up, down, deleted], flags.

    `down` includes deleted words.
    """
    before, after = floats(step.before), floats(step.after)
    return pd.DataFrame(
        {
            "moved": step.moved,
            "up": after > before,
            "down": (after < before) | step.paused,
            "deleted": step.paused,
        },
        index=step.before.index,
    )


def planted_words(world: World, step: Step) -> pd.DataFrame:
    """Words × [times, expected] of a planted account.

    times: the word's return as a multiple of the target. expected: orders that the newest export would show
    had the word sold at target, Σ clicks × share known by now × CVR at target.
    """
    facts = world.facts()
    age = floats((facts["exported_on"] - facts["date"]).dt.days)
    known = (facts["clicks"] * DELAY.known(age)).groupby(facts["keyword_id"]).sum()
    cvr = floats(step.now["cvr"])
    times = planted_times(cvr)
    at_target = np.median(cvr[times == 1.0])
    expected = at_target * floats(known.reindex(step.now.index).fillna(0.0))
    return pd.DataFrame({"times": times, "expected": expected}, index=step.now.index)


def found(words: pd.DataFrame) -> pd.DataFrame:
    """How many planted words were moved the right way, by bucket and group.

    Columns: bucket, group, words, found (share moved the right way), bound (the largest share that any rule
    could find at the same rate of false alarms), wrong_way (share moved the other way). `words`: [times,
    expected, up, down] of all words of any number of accounts, including those on target.
    """
    rows = []
    for bucket, (least, below) in BUCKETS.items():
        inside = words[words["expected"].ge(least) & words["expected"].lt(below)]
        on_target = inside[inside["times"] == 1.0]
        for group, times in GROUPS.items():
            right, wrong = ("up", "down") if times > 1 else ("down", "up")
            mine = inside[inside["times"] == times]
            # So many words cannot show a rate below one alarm among them.
            alarms = max(on_target[right].mean(), 1 / max(len(on_target), 1))
            rows.append(
                {
                    "bucket": bucket,
                    "group": group,
                    "words": len(mine),
                    "found": mine[right].mean(),
                    "bound": bound(floats(inside["expected"]), times, alarms),
                    "wrong_way": mine[wrong].mean(),
                }
            )
    return pd.DataFrame(rows)


def bound(expected: Floats, times: float, alarms: float) -> float:
    """The largest share of words at `times` the target that orders can tell from words on target.

    At most a share `alarms` of the words on target may be mistaken (Neyman and Pearson 1933). expected
    (words,): orders expected at target; orders are Poisson. Each pair of word and number of orders k has the
    likelihood ratio times^k · exp((1 − times) · expected); pairs are taken in falling order of it until they
    hold `alarms` of the words on target, the last one in part. Words are grouped into EXPECTED_BINS bins of
    log expected.
    """
    if len(expected) == 0:
        return np.nan
    logs = np.log(expected)
    counts, edges = np.histogram(logs, bins=EXPECTED_BINS)
    filled = counts > 0
    middle = np.exp(np.histogram(logs, bins=edges, weights=logs)[0][filled] / counts[filled])
    weight = (counts[filled] / counts.sum())[:, None]
    most = max(times, 1.0) * middle.max()
    k = np.arange(int(most + 8 * np.sqrt(most) + 10), dtype=np.float64)
    rate = middle[:, None]
    at_target = weight * np.exp(xlogy(k, rate) - rate - gammaln(k + 1))
    planted = weight * np.exp(xlogy(k, times * rate) - times * rate - gammaln(k + 1))
    ratio = xlogy(k, times) + (1 - times) * rate
    order = np.argsort(-ratio, axis=None, kind="stable")
    spent, got = np.cumsum(at_target.ravel()[order]), np.cumsum(planted.ravel()[order])
    return float(np.interp(alarms, np.concatenate([[0.0], spent]), np.concatenate([[0.0], got])))
