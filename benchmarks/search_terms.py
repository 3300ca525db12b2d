"""Search terms in accounts of which the truth is known: what each player finds, blocks and gets wrong.

    python benchmarks/search_terms.py [SEEDS] [--first SEED]

A row for each player, the mean over the seeds: the product, all of whose list is accepted, beside rules of
thumb (ppc_tuner.lab.terms). The measures are explained there.
"""

from __future__ import annotations

import argparse

import pandas as pd

from ppc_tuner.lab.terms import PLAYERS, made_world, measures

# What the product is to reach.
GOALS = {
    "adds_earn": ("at least", 0.9), "excludes_lose": ("at least", 0.95), "waste_found": ("at least", 0.7),
    "winners_found": ("at least", 0.7), "orders_blocked": ("at most", 0.005), "own_blocked": ("at most", 0.0),
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="What players find among search terms of known truth.")
    parser.add_argument("seeds", type=int, nargs="?", default=10)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    rows = []
    for seed in range(given.first, given.first + given.seeds):
        world = made_world(seed)
        rows += [{"player": name} | measures(world, play(world)) for name, play in PLAYERS.items()]
    found = pd.DataFrame(rows).groupby("player", sort=False)
    table = found.mean().T
    print(table.to_string(float_format="{:,.3f}".format, na_rep="–"))
    spread = found.std().loc["product"] / given.seeds**0.5
    for name, (side, goal) in GOALS.items():
        reached = table.loc[name, "product"]
        met = reached >= goal if side == "at least" else reached <= goal
        word = "met" if met else "missed"
        print(f"{name}: {reached:.4f} ± {spread[name]:.4f}, {side} {goal:g}: {word}")


if __name__ == "__main__":
    main()
