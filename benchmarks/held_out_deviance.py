"""How well conversion rates are predicted on clicks held out: reduction of Poisson deviance against the pooled mean.

    python benchmarks/held_out_deviance.py REPORT [--format FORMAT.yaml] [--splits 6]

Every click goes to one half or the other by the toss of a coin, each order with its click (a click carries at most one;
orders beyond the clicks of a word are left out). Rates are estimated on one half and judged on the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from sklearn.ensemble import HistGradientBoostingRegressor

from ppc_tuner.context import Context, with_context
from ppc_tuner.evidence import usual_response, with_estimates
from ppc_tuner.evidence.rates import TYPICAL_CVR, hierarchical_rate
from ppc_tuner.judge import load_pack
from ppc_tuner.kinds import with_kinds
from ppc_tuner.locations import rules_folder
from ppc_tuner.reports import read_reports
from ppc_tuner.windows import decision_rows

CATEGORIES = ("campaign", "ad_group", "match_type", "channel")


def words_of(report: Path, format_file: Path | None) -> tuple[pd.DataFrame, dict[str, object]]:
    """Decision rows of the report's keywords with clicks, and the settings of its pack."""
    reading = read_reports([report], formats=[format_file] if format_file else [])
    platform = reading.platforms[reading.facts["platform"].iloc[0]]
    settings = dict(load_pack(platform.pack, rules_folder()).settings)
    settings |= usual_response(settings).settings()
    facts = reading.facts[reading.facts["level"] == reading.facts["level"].iloc[0]]
    rows = decision_rows(facts, [], 0, platform.bid.by_device, settings)
    rows, _ = with_context(rows, Context(), settings)
    return with_kinds(rows, [], settings), settings


def half(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """The rows with one half of their clicks and orders, and clicks and orders of the other half."""
    clicks = rows["clicks"].round().to_numpy(dtype=int)
    orders = np.minimum(rows["conversions"].fillna(0).round().to_numpy(dtype=int), clicks)
    kept = random.binomial(clicks, 0.5)
    sold = random.hypergeometric(orders, clicks - orders, kept)
    share = np.divide(kept, clicks, out=np.zeros(len(clicks)), where=clicks > 0)
    scaled = {
        name: rows[name] * share
        for name in ("cost", "counted_cost", "revenue", "counted_revenue")
        if name in rows
    }
    seen = {"impressions": rows["impressions"] / 2, "counted_impressions": rows["impressions"] / 2}
    counts = dict.fromkeys(("clicks", "counted_clicks", "exposure", "present_clicks"), kept.astype(float))
    counts |= dict.fromkeys(("conversions", "counted_conversions", "present_orders"), sold.astype(float))
    return rows.assign(**scaled, **seen, **counts), clicks - kept, orders - sold


def deviance(orders: np.ndarray, expected: np.ndarray) -> float:
    """Poisson deviance; no fewer than a thousandth of an order is expected, so that a rate of zero can be judged."""
    expected = np.maximum(expected, 1e-3)
    ratio = np.where(orders > 0, orders / expected, 1.0)
    return float(2 * (orders * np.log(ratio) - (orders - expected)).sum())


def boosted(rows: pd.DataFrame) -> np.ndarray:
    """Rates by gradient boosting on the words' categories and figures, without their own orders."""
    impressions, seen, cost = (
        rows[name].fillna(0).to_numpy(dtype=float) for name in ("impressions", "clicks", "cost")
    )
    bid = rows["bid"].to_numpy(dtype=float) if "bid" in rows else np.full(len(rows), np.nan)
    figures = [
        np.log((cost + 0.1) / (seen + 0.1)),
        np.log((seen + 0.5) / (impressions + 20)),
        np.log1p(impressions),
        bid,
    ]
    codes = [pd.factorize(rows[name])[0] for name in CATEGORIES if name in rows]
    features = np.column_stack([*figures, *codes])
    clicks, orders = rows["clicks"].to_numpy(), rows["conversions"].to_numpy()
    fold = np.random.default_rng(0).permutation(len(rows)) % 5
    rates = np.zeros(len(rows))
    for number in range(5):
        known = (fold != number) & (clicks > 0)
        model = HistGradientBoostingRegressor(
            loss="poisson", max_iter=150, learning_rate=0.05, min_samples_leaf=50
        )
        model.fit(features[known], orders[known] / clicks[known], sample_weight=clicks[known])
        rates[fold == number] = model.predict(features[fold == number])
    return rates


def main(
    report: Path,
    format_file: Annotated[Path | None, typer.Option("--format")] = None,
    splits: int = 6,
) -> None:
    """Print the reduction of held-out deviance of each way to estimate a rate, mean over the splits."""
    rows, settings = words_of(report, format_file)
    results: dict[str, list[float]] = {}
    for split in range(splits):
        known, clicks, orders = half(rows, np.random.default_rng(split))
        n, y = known["clicks"].to_numpy(), known["conversions"].to_numpy()
        pooled = y.sum() / n.sum()
        rates = {
            "raw": np.divide(y, n, out=np.full(len(n), pooled), where=n > 0),
            "one pool, shrunk": hierarchical_rate(y, n, [], TYPICAL_CVR).mean,
            "gradient boosting": boosted(known),
            "ppc_tuner": with_estimates(known, settings)["cvr"].to_numpy(),
        }
        base = deviance(orders, clicks * pooled)
        for name, rate in rates.items():
            results.setdefault(name, []).append(1 - deviance(orders, clicks * rate) / base)
    table = Table("estimate", "reduction of held-out deviance", "± standard error")
    for name, values in results.items():
        table.add_row(name, f"{np.mean(values):.3f}", f"{np.std(values, ddof=1) / np.sqrt(len(values)):.3f}")
    Console().print(f"{report.name}: {len(rows):,} words, {splits} splits", table)


if __name__ == "__main__":
    typer.run(main)
