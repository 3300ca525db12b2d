"""Campaigns whose bids the platform sets: what they cost and bring, and the target worth setting there.

Smart bidding buys until the whole campaign meets its target. With clicks ∝ bid^ε and CPC ∝ bid^η the last
click bought costs (1 + η / ε) times the average one, so that the last money just pays where

    ROAS = break-even × (1 + η / ε),   cost per order = margin × AOV / (1 + η / ε)

A target at break-even itself spends the last of its money at a loss. ε and η are those of the account; the
80 % interval takes their logs to be known to shade_spread each, and that of AOV to ½ / √orders.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ppc_tuner.summary.run import Run
from ppc_tuner.summary.totals import sums, with_ratios
from ppc_tuner.text import Text

# Margins for which targets are given where nobody told one.
IF_MARGINS: Final = (0.2, 0.35, 0.5)
EIGHTY: Final = float(ndtri(0.9))
# Order values of one shop differ by about half their mean.
ORDER_SPREAD: Final = 0.5


def smart_campaigns(run: Run) -> pd.DataFrame:
    """One row for each campaign with smart bidding, the dearest first: sums, roas, cpa and targets.

    break_even_roas (ratio) and break_even_cpa (money), with `target_roas` and `target_cpa` and their low and
    high (80 % interval); unknown where revenue or orders are. Where no margin is known there is a row for
    each of IF_MARGINS, which `if_margin` names. Empty where no campaign bids by itself.
    """
    rows = run.spending
    if "unbiddable_as" not in rows or not rows["unbiddable_as"].eq("smart_bidding").any():
        return pd.DataFrame()
    rows = rows[rows["unbiddable_as"].eq("smart_bidding")]
    frame = with_ratios(sums(rows, ["campaign"])).set_index("campaign")
    named = rows["campaign"].fillna("") if "campaign" in rows else pd.Series("", index=rows.index)
    margin = _weighted(rows["margin"], rows["cost"], named).reindex(frame.index)
    value = _weighted(rows["value_per_conversion"], rows["conversions"], named).reindex(frame.index)
    orders = frame["conversions"].where(frame["conversions"] > 0)
    if "revenue" in frame:
        value = (margin * frame["revenue"] / orders).fillna(value)
    frame["cpa"] = frame["cost"] / orders
    if "revenue" in frame:
        frame, margin, value, orders = _if_margins(frame, margin, value, orders)
    frame["break_even_roas"] = 1 / margin if "revenue" in frame else np.nan
    frame["break_even_cpa"] = value.where(value > 0)
    frame = frame.assign(**_targets(frame, orders, run))
    frame = frame.sort_values("cost", ascending=False, kind="stable")
    return frame.reset_index().assign(**run.key)


def _if_margins(
    frame: pd.DataFrame, margin: pd.Series, value: pd.Series, orders: pd.Series
) -> tuple[pd.DataFrame, pd.Series, pd.Series, pd.Series]:
    """The campaigns with their margin and what an order is worth and counts; those of unknown margin stand
    once for each of IF_MARGINS. All keep the name of the campaign as their index."""
    told = frame.assign(_margin=margin, _value=value, _orders=orders)
    bare = told["_margin"].isna() & told["revenue"].notna()
    parts = [told[bare].assign(if_margin=one, _margin=one) for one in IF_MARGINS]
    every = pd.concat([told[~bare].assign(if_margin=np.nan), *parts])
    worth = (every["_margin"] * every["revenue"] / every["_orders"]).fillna(every["_value"])
    rest = every.drop(columns=["_margin", "_value", "_orders"])
    return rest, every["_margin"], worth, every["_orders"]


def _weighted(values: pd.Series, weight: pd.Series, by: pd.Series) -> pd.Series:
    """Mean by group, weighted; unknown values have no say, and where no weight is each counts as one."""
    weight = weight.fillna(0).where(values.notna(), 0.0)
    total = weight.groupby(by).sum()
    mean = (values.fillna(0) * weight).groupby(by).sum() / total.where(total > 0)
    return mean.fillna(values.groupby(by).mean())


def _targets(frame: pd.DataFrame, orders: pd.Series, run: Run) -> dict[str, pd.Series]:
    goal, response = run.settled.goal, run.settled.response
    spread = EIGHTY * np.sqrt(2) * float(run.pack.settings["shade_spread"])
    dearer = response.cpc_elasticity / response.click_elasticity
    usual, least, most = (1 + dearer * np.exp(sign * spread) for sign in (0, -1, 1))
    even, value = frame["break_even_roas"], frame["break_even_cpa"]
    targets = {"target_roas": even * usual, "target_roas_low": even * least, "target_roas_high": even * most}
    doubt = EIGHTY * ORDER_SPREAD / np.sqrt(orders)
    low = np.exp(-np.hypot(np.log(most / usual), doubt))
    high = np.exp(np.hypot(np.log(usual / least), doubt))
    paid = value / usual
    targets |= {"target_cpa": paid, "target_cpa_low": paid * low, "target_cpa_high": paid * high}
    given = {"target_roas": goal.target_roas, "target_cpa": goal.target_cpa}.get(goal.objective)
    if given is not None:
        name = goal.objective
        targets |= {end: pd.Series(given, index=frame.index) for end in (name, f"{name}_low", f"{name}_high")}
    return targets


def smart_said(run: Run) -> list[Text]:
    """A sentence where campaigns bid by themselves: about how much of the cost that is."""
    frame = smart_campaigns(run)
    if frame.empty:
        return []
    frame = frame.drop_duplicates("campaign")
    cost, count = frame["cost"].sum(), len(frame)
    return [
        Text(
            f"{count:,} 个计划由平台自动出价（花费 {cost:,.2f}）：不按词调价，目标该设多少见“智能出价”表",
            f"{count:,} {'campaign is' if count == 1 else 'campaigns are'} bid on by the platform itself "
            f"(cost {cost:,.2f}): no keyword bid is moved there; for the targets see Smart bidding",
        )
    ]
