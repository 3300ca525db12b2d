"""The settings that the engine reads, typed; rules read the others straight from the pack.

Names, units and meanings are those of rules/common.yaml, which gives the range and reason of each; tests keep
the two in step. A pack is checked when it is loaded, so a value here is always within its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from ppc_tuner.errors import ConfigError
from ppc_tuner.text import Text

Objective = Literal["profit", "sales", "target_roas", "target_cpa"]
Share = Annotated[float, "share"]
Ratio = Annotated[float, "ratio"]
Money = Annotated[float, "money"]
Days = Annotated[float, "days"]
Weeks = Annotated[float, "weeks"]
Clicks = Annotated[float, "clicks"]
Count = Annotated[float, "count"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a pack tells the engine. Money in the account's currency; shares as fractions (.35 is 35 %)."""

    # What counts as an order and its revenue.
    revenue_basis: Literal["total", "direct"]
    presale: Literal["exclude", "include"]
    attribution_days: Days | None
    # What stands in where no table gives a figure.
    margin: Share | None
    refund_rate: Share
    value_per_conversion: Money | None
    traffic_worth: Money
    # What bids are tuned for.
    objective: Objective
    target_roas: Ratio | None
    target_cpa: Money | None
    margins_known: Share
    margin_ratio: Ratio
    generous_margin: Share
    generous_cpa: Ratio
    full_share: Share
    weekly_budget: Money | None
    daily_budget: Money | None
    # Which days count.
    lookback_days: Days
    period_days: Days
    pace_days: Days
    # What the figures are worth.
    prior: Literal["auto", "groups"]
    main_word_share: Share
    picture_share: Share
    picture_ratio: Ratio
    picture_sure: Share
    trend_change: Share
    # What the next click costs.
    shade: Share
    shade_spread: Share
    cpc_per_bid: Share
    bid_doubt: Share
    cpc_doubt: Share
    # When a bid is moved, and how far.
    act: Share
    act_on_target: Share
    min_gain: Share
    band: Share
    pace: Literal["careful", "steady", "fast"]
    max_step: Share
    max_cut: Share
    most_spend_change: Share
    delete_sure: Share
    exclude_sure: Share
    fragment_least: Annotated[float, "orders"]
    fragment_most: Count
    add_sure: Share
    add_least: Annotated[float, "orders"]
    add_most: Count
    candidate_sure: Share
    candidate_like: Share
    candidate_most: Count
    wrong_deletes: Share
    group_least: Annotated[float, "orders"]
    min_bid_share: Share
    min_weekly_clicks: Clicks
    learn_step: Share
    learn_budget: Share
    patience_weeks: Weeks
    # Pages, items and creatives (advice A9, A11, A15, A21).
    bounce_pass: Share
    depth_pass: Ratio
    bounce_good: Share
    depth_good: Ratio
    returning_many: Share
    returning_bounce: Share
    returning_depth: Ratio
    main_items: Count
    check_items: Count
    creative_sure: Share

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """The engine's part of a pack's settings (name → value). Raises ConfigError where one is missing."""
        wanted = [field.name for field in fields(cls)]
        missing = [name for name in wanted if name not in values]
        if missing:
            raise ConfigError(
                Text("规则包缺少程序要用的设置", "the pack lacks settings that the engine reads"),
                found=", ".join(missing[:5]) + (" …" if len(missing) > 5 else ""),
                to_do=Text("在规则包里写 extends: common", "write extends: common in the pack"),
            )
        return cls(**{name: values[name] for name in wanted})
