"""Seconds and peak memory of evidence and bids on 1,000,000 synthetic decision rows.

    python benchmarks/million_words.py [ROWS] [--profile]

Goal: ≤ 30 s and ≤ 2 GB on 2 cores. The rows are made beforehand and passed through a file to a process of its
own. Timed are worth_of, propose and allocate,
but not the rules between them: what is permitted is simply what
is proposed. Memory is the largest resident size of that process, in total and
beyond what it held once the rows were read (interpreter, libraries and the rows themselves). --profile lists
where the time goes instead. Linux and macOS.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROWS = 1_000_000
GOAL_SECONDS, GOAL_MEGABYTES = 30.0, 2048.0
MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024
FLOOR, INCREMENT = 0.05, 0.01
# The chance that a raise helps from which a word counts as watched.
WATCHED = 0.65
WORDS_AN_AD_GROUP, AD_GROUPS_A_CAMPAIGN = 50, 40
THINGS = ("羽绒服", "牛仔裤", "衬衫", "棉服", "夹克", "毛衣", "卫衣", "风衣", "西裤", "短袖")
TRAITS = (
    "男",
    "冬季",
    "加厚",
    "短款",
    "韩版",
    "宽松",
    "黑色",
    "大码",
    "中年",
    "商务",
    "潮牌",
    "新款",
    "轻薄",
    "连帽",
    "立领",
    "工装",
)


def made_rows(size: int) -> Any:
    """`size` decision rows of one account, as context and kinds return them: heavy-tailed clicks, few words
    sold.
    """
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(0)
    ad_group = np.sort(random.integers(0, max(size // WORDS_AN_AD_GROUP, 1), size))
    campaign = ad_group // AD_GROUPS_A_CAMPAIGN
    clicks = np.floor(random.pareto(1.1, size) * 2)
    impressions = clicks * 25 + random.poisson(20, size)
    price = random.lognormal(0, 0.4, size)
    cost = clicks * price
    group_rate = 0.03 * random.gamma(4, 1 / 4, ad_group.max() + 1)
    orders = random.poisson(clicks * group_rate[ad_group] * random.gamma(3, 1 / 3, size)).astype(float)
    revenue = orders * random.lognormal(5, 0.3, size)
    measures = {
        "impressions": impressions, "clicks": clicks, "cost": cost, "conversions": orders, "revenue": revenue,
    }  # fmt: skip
    given = {
        "level": "keyword",
        "platform": "zhitongche",
        "currency": "CNY",
        "campaign": named("计划", campaign),
        "ad_group": named("单元", ad_group),
        "item_id": named("8453", campaign // 2),
        "keyword": texts(random, size),
        "kind": random.choice(["core", "long_tail", "other"], size),
        "match_type": random.choice(["广泛", "精确"], size),
        "favourites": random.poisson(clicks * 0.05).astype(float),
        "add_to_carts": random.poisson(clicks * 0.04).astype(float),
        "exposure": clicks * 0.9,
        "margin": 0.35,
        "value_per_conversion": np.nan,
        "bid": np.round(price / 0.6, 2).clip(FLOOR),
        "break_even_roas": 1 / 0.35,
    }
    counted = {f"counted_{name}": values for name, values in measures.items()}
    rows = pd.DataFrame(given | measures | counted)
    weekly = {f"weekly_{name}": rows[name] / 4 for name in ("impressions", "clicks", "cost")}
    bids = dict.fromkeys(("bid_before", "counted_bid", "pace_bid"), rows["bid"])
    return rows.assign(**weekly, **bids)


def named(what: str, numbers: Any) -> Any:
    """Names that end in a number."""
    import pandas as pd

    codes, distinct = pd.factorize(numbers)
    return (
        pd.Series([f"{what}{number}" for number in distinct], dtype="str").take(codes).reset_index(drop=True)
    )


def texts(random: Any, size: int) -> Any:
    """Keywords made of a thing and up to four traits; many are unique."""
    import numpy as np
    import pandas as pd

    parts = np.array(["", *TRAITS], dtype=object)
    text = np.array(THINGS, dtype=object)[random.integers(0, len(THINGS), size)]
    for _ in range(4):
        text = text + parts[random.integers(0, len(parts), size)]
    return pd.Series(text, dtype="str")


def decided(rows: Any, stamp: Any) -> None:
    """Evidence and bids on the rows; `stamp` is called with the name of each station when it is done."""
    import pandas as pd

    from ppc_tuner.account import Account, Completeness, goal_of_rows
    from ppc_tuner.bids import allocate, propose
    from ppc_tuner.evidence import Present, usual_response, worth_of
    from ppc_tuner.judge import load_pack
    from ppc_tuner.locations import rules_folder
    from ppc_tuner.settings import Settings

    settings = Settings.of(load_pack("zhitongche", rules_folder()).settings)
    response = usual_response(settings)
    past = (rows[name].to_numpy(dtype=float) for name in ("exposure", "counted_conversions"))
    stamp("")
    worth = worth_of(rows, Present(*past, doubt=0.001, drift=0.0), response, settings)
    stamp("worth_of")
    rows = pd.concat([rows, worth.frame], axis=1)
    goal, _ = goal_of_rows(rows, settings)
    account = Account(
        goal=goal,
        delay=Completeness((1.0,), 0.0),
        response=response,
        prior=worth.prior,
        level_doubt=0.001,
        drift_doubt=0.0,
        season=1.0,
        floor=FLOOR,
        increment=INCREMENT,
        p_needed=settings.act,
        least_gain=settings.min_gain * float(rows["weekly_cost"].sum()),
    )
    stamp("")
    targets = propose(rows, account, settings)
    stamp("propose")
    rows = pd.concat([rows, targets], axis=1)
    allowed = all_permitted(rows)
    stamp("")
    allocate(rows, allowed, account, settings)
    stamp("allocate")


def all_permitted(rows: Any) -> Any:
    """Every proposal permitted, the rest watched where a raise looks likely; else a removal is a cut."""
    import numpy as np

    from ppc_tuner.permission import Permission, Permissions

    quiet = np.where(rows["p_step_up"] > WATCHED, "watch", "keep")
    action = np.where(rows["proposal"] == "none", quiet, rows["proposal"]).astype(object)
    far, learns = np.full(len(rows), np.inf), np.zeros(len(rows), dtype=bool)
    lowered = np.where(action == "delete", "lower", action).astype(object)
    return Permissions(Permission(action, far, learns), Permission(lowered, far, learns))


def measured(path: str) -> dict[str, Any]:
    """Seconds of each station, and megabytes before and at the peak, on the rows of this file."""
    import pandas as pd

    rows = pd.read_parquet(path)
    frame = float(rows.memory_usage(deep=True).sum()) / 1024**2
    before = peak_megabytes()
    seconds: dict[str, tuple[float, float]] = {}
    last = clocks()

    def stamp(name: str) -> None:
        nonlocal last
        now = clocks()
        if name:
            seconds[name] = now[0] - last[0], now[1] - last[1]
        last = now

    decided(rows, stamp)
    return {"seconds": seconds, "frame": frame, "before": before, "peak": peak_megabytes()}


def clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def profiled(path: str) -> None:
    """The forty functions of evidence and bids that take most time, their callees included."""
    import cProfile
    import pstats

    import pandas as pd

    rows, profile = pd.read_parquet(path), cProfile.Profile()
    profile.runcall(decided, rows, lambda _: None)
    pstats.Stats(profile).sort_stats("cumulative").print_stats("ppc_tuner|sklearn|scipy", 40)


def report(result: dict[str, Any], size: int) -> None:
    stations = result["seconds"]
    whole = [sum(clock) for clock in zip(*stations.values(), strict=True)]
    print(f"{size:,} rows           seconds   of processor")
    for name, (seconds, processor) in [*stations.items(), ("together", whole)]:
        print(f"{name:20} {seconds:10.1f} {processor:14.1f}")
    peak, before = result["peak"], result["before"]
    print(
        f"megabytes: frame {result['frame']:,.0f}; process once it is read {before:,.0f}, "
        f"at its peak {peak:,.0f} (+{peak - before:,.0f})"
    )
    if size >= ROWS:
        time_met, memory_met = whole[0] <= GOAL_SECONDS, peak <= GOAL_MEGABYTES
        print(
            f"goals: {GOAL_SECONDS:.0f} s {'met' if time_met else 'missed'}, "
            f"{GOAL_MEGABYTES:,.0f} MB {'met' if memory_met else 'missed'}"
        )


def main() -> None:
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    size = numbers[0] if numbers else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "rows.parquet")
        maker = [sys.executable, __file__, "--make", path, str(size)]
        subprocess.run(maker, check=True)
        mode = "--profile-rows" if "--profile" in sys.argv else "--measure"
        done = subprocess.run(
            [sys.executable, __file__, mode, path], check=True, stdout=subprocess.PIPE, text=True
        )
    if mode == "--measure":
        report(json.loads(done.stdout), size)
    else:
        print(done.stdout)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--make", path, size]:
            made_rows(int(size)).to_parquet(path)
        case ["--measure", path]:
            print(json.dumps(measured(path)))
        case ["--profile-rows", path]:
            profiled(path)
        case _:
            main()
