"""Titles or pictures compared by a test that stays valid however often it is looked at (advice A11).

Mixture sequential probability ratio test (Robbins 1970; Johari, Koomen, Pekelis & Walsh 2022, "Always valid
inference"). Of the n clicks that creatives A and B get in an interval, those of B are Binomial(n, p) with p =
θ e_B / (e_A + θ e_B), where e are impressions and θ is the ratio of the click-through rates; θ = 1 means no
difference. With L_k(θ) the likelihood ratio of interval k against θ = 1, the mixture

    Λ = ∫ Π_k L_k(θ) dN(log θ; 0, τ²)

is a martingale with mean 1 under no difference, so P(Λ ever reaches 1/α) ≤ α (Ville's inequality), however
often and whenever one looks. p = min(1, 1/Λ). The integral is evaluated by Gauss–Hermite quadrature. Valid
where both run side by side (their shares of an interval's impressions do not depend on the clicks) and τ, the
usual size of a difference, is fixed in advance.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp, xlogy

Floats = NDArray[np.float64]
# The click-through rates of two pictures of one item usually differ by some 20 %.
TAU: Final = 0.2
NODES: Final = 40
PLACE: Final = ["campaign", "ad_group", "item_id", "creative_kind"]
COMPARED: Final = (
    *PLACE, "creative", "impressions", "clicks", "ctr", "ctr_ratio", "p_value", "pairs", "verdict",
)  # fmt: skip
POINTS, WEIGHTS = np.polynomial.hermite_e.hermegauss(NODES)
KEEP, DROP, WAIT, ALONE = "keep", "drop", "wait", "alone"


def log_mixture_ratio(clicks: Floats, impressions: Floats, tau: float = TAU) -> float:
    """log Λ of two creatives. `clicks`, `impressions`: (intervals, 2); `tau`: standard deviation of log θ."""
    theta = np.exp(tau * POINTS)[:, None]
    shown = impressions.sum(axis=1)
    # log of (share of B under θ) / (share of B under 1), and the same for A.
    both = impressions[:, 0] + theta * impressions[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(shown > 0, np.log(shown / both), 0.0)
    gained = clicks.sum(axis=1) * scale + xlogy(clicks[:, 1], theta)
    return float(logsumexp(gained.sum(axis=1), b=WEIGHTS / WEIGHTS.sum()))


def compared_creatives(creatives: pd.DataFrame, sure: float) -> pd.DataFrame:
    """Each creative against the leader of its place: an always-valid p-value and a verdict.

    `creatives`: campaign, ad_group, item_id, creative_kind, creative, date, impressions and clicks; creatives
    alike in the first four are compared. `sure`: required confidence (share). Returns a row for each creative
    with the columns COMPARED; ctr_ratio is relative to the leader. p-values are multiplied by the number of
    pairs (Bonferroni), since the leader is picked by looking at the data. verdict: "keep" for a leader that
    beats all others at level 1 − sure, "drop" for those it beats, "wait" while the difference may be chance,
    "alone" for the only creative of its place.
    """
    if creatives.empty:
        return pd.DataFrame(columns=list(COMPARED))
    named = creatives.assign(**{name: creatives[name].astype("str").fillna("") for name in PLACE})
    parts = [_compared(part, sure) for _, part in named.groupby(PLACE, sort=False)]
    return pd.concat(parts, ignore_index=True)[list(COMPARED)]


def _compared(part: pd.DataFrame, sure: float) -> pd.DataFrame:
    dates = part["date"].astype("datetime64[us]").fillna(pd.Timestamp(0))
    sides = part.assign(date=dates).pivot_table(
        index="date",
        columns="creative",
        values=["clicks", "impressions"],
        aggfunc="sum",
        fill_value=0.0,
        sort=False,
    )
    clicks, shown = sides["clicks"], sides["impressions"]
    total = pd.DataFrame({"impressions": shown.sum(), "clicks": clicks.sum()})
    total["ctr"] = total["clicks"] / total["impressions"].where(total["impressions"] > 0)
    total = total.sort_values("ctr", ascending=False, kind="stable")
    leader, pairs = total.index[0], len(total) * (len(total) - 1) // 2
    p_value = [np.nan] + [
        _p_value(clicks[[leader, other]].to_numpy(), shown[[leader, other]].to_numpy(), pairs)
        for other in total.index[1:]
    ]
    verdict = [DROP if p <= 1 - sure else WAIT for p in p_value]
    if len(total) == 1:
        verdict = [ALONE]
    elif all(one == DROP for one in verdict[1:]):
        verdict[0] = KEEP
    return (
        total.rename_axis("creative")
        .reset_index()
        .assign(
            **{name: part[name].iloc[0] for name in PLACE},
            ctr_ratio=(total["ctr"] / total["ctr"].iloc[0]).to_numpy(),
            p_value=p_value,
            pairs=float(pairs),
            verdict=verdict,
        )
    )


def _p_value(clicks: Floats, impressions: Floats, pairs: int) -> float:
    return float(min(1.0, pairs * np.exp(-min(log_mixture_ratio(clicks, impressions), 700.0))))
