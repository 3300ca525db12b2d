"""What today's spend pays for, what a little more or less of it would sell, and the list under other margins.

All bids are moved alike, by the multiple x at which the spend changes by a tenth. With K the cost and C the
clicks a week at today's bids, ε and η the elasticities of clicks and CPC,

    Σ K x^(ε+η) = (1 ± .1) Σ K,    sells  Σ C x^ε r

with r the revenue (orders) of a click. What is sold for the last tenth of the money says from which margin
that tenth still pays: cost saved ÷ revenue lost. It sells less than the average, as a higher bid makes every
click dearer (Varian 2009). Units: money, clicks and orders a week, or a reported period without dates.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from ppc_tuner.account import PAYS_AT_NO_MARGIN, expected_roas
from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.bids.limits import at_limit
from ppc_tuner.live import takes_bids
from ppc_tuner.summary.run import Run
from ppc_tuner.text import Text

Floats = NDArray[np.float64]

TENTH: Final = 0.1
# Nothing is claimed of bids further from today's.
LOWEST, HIGHEST = 0.2, 3.0
# The spend counts as held within this share.
TOLD_FROM: Final = 0.02
SIDES: Final = {"less": 1 - TENTH, "now": 1.0, "more": 1 + TENTH}


def spend(run: Run) -> pd.DataFrame:
    """A row each for a tenth less of the spend, today's, and a tenth more: what it buys, and from where it
    pays.

    spend: less, now or more; bids (change that all bids need, share); cost, conversions, revenue, roas, cpa;
    pays_from (margin, share) and order_costs (money): of all the money for `now`, of the last tenth for
    `less`, of the tenth beyond for `more`. Of words whose bid can be moved and whose campaign does not run
    into its daily limit; of search terms alone only today's is known. Empty where they cost nothing or not
    one order counts.
    """
    rows = run.spending
    rows = rows[_moves_money(rows)]
    if rows.empty or not rows["counted_conversions"].sum() >= 1:
        return pd.DataFrame()
    words = _Words.of(rows, run.settled.response.fall)
    # Search terms have no bids that could be moved, alike or not.
    fixed = _only_terms(run)
    lines = {
        side: words.week(np.nan if fixed and share != 1 else words.multiple(share))
        for side, share in SIDES.items()
    }
    frame = pd.DataFrame(lines.values()).assign(spend=list(lines))
    in_revenue = bool(frame["revenue"].notna().any())
    cost, sold = frame["cost"], frame["revenue" if in_revenue else "conversions"]
    # Today's spend is set against none, a tenth against today's.
    against = np.array([1.0, 0.0, 1.0])
    each = (cost - against * cost[1]) / (sold - against * sold[1])
    unknown = pd.Series(np.nan, index=frame.index)
    return frame.assign(
        roas=frame["revenue"] / cost,
        cpa=cost / frame["conversions"],
        pays_from=each if in_revenue else unknown,
        order_costs=unknown if in_revenue else each,
        **run.key,
    )


def _moves_money(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """The rows whose spend follows their bids (n flags)."""
    names = ("now_cost", "now_clicks", "click_elasticity", "cpc_elasticity", "cvr")
    figures = np.stack([floats(rows, name) for name in names])
    known = np.isfinite(figures).all(axis=0) & (figures[0] > 0)
    return np.asarray(takes_bids(rows) & known & ~at_limit(rows))


@dataclass(frozen=True, slots=True)
class _Words:
    """n words: clicks and cost (money) a week at today's bids, elasticities, orders and revenue of a click,
    and by how much ε falls as bids rise."""

    clicks: Floats
    cost: Floats
    epsilon: Floats
    eta: Floats
    cvr: Floats
    rpc: Floats
    fall: float

    @classmethod
    def of(cls, rows: pd.DataFrame, fall: float) -> _Words:
        """The words of n decision rows; `fall`: of the account's Response."""
        return cls(
            floats(rows, "now_clicks"),
            floats(rows, "now_cost"),
            floats(rows, "click_elasticity"),
            floats(rows, "cpc_elasticity"),
            floats(rows, "cvr"),
            floats(rows, "rpc"),
            fall,
        )

    def _over(self, x: float) -> tuple[Floats, Floats]:
        multiples = np.full(len(self.cost), x)
        return multiples, response.over_step(self.epsilon, self.eta, multiples, self.fall)

    def spent(self, x: float) -> float:
        """Cost of all (money) at x times today's bids."""
        multiples, epsilon = self._over(x)
        return float((self.cost + response.cost_change(self.cost, multiples, epsilon, self.eta)).sum())

    def multiple(self, share: float) -> float:
        """x at which they cost `share` of today's; NaN where no bid that anything is claimed of does."""
        if share == 1:
            return 1.0
        wanted, ends = share * self.cost.sum(), (np.log(LOWEST), np.log(HIGHEST))
        if not self.spent(LOWEST) < wanted < self.spent(HIGHEST):
            return np.nan
        return float(np.exp(brentq(lambda log: self.spent(np.exp(log)) - wanted, *ends)))

    def week(self, x: float) -> dict[str, float]:
        """Bids (change), cost, orders and revenue of a week at x times today's bids."""
        multiples, epsilon = self._over(x)
        clicks = self.clicks + response.clicks_change(self.clicks, multiples, epsilon)
        known = bool(np.isfinite(self.rpc).any())
        return {
            "bids": x - 1,
            "cost": self.spent(x),
            "conversions": float((clicks * self.cvr).sum()),
            "revenue": float(np.nansum(clicks * self.rpc)) if known and np.isfinite(x) else np.nan,
        }


def spend_said(run: Run) -> list[Text]:
    """From which margin today's spend pays, and what a tenth more or less of it would sell."""
    frame = spend(run)
    if frame.empty:
        return []
    less, now, more = frame.set_index("spend").loc[["less", "now", "more"]].to_dict("records")
    span = _span(run)
    who = Text("能调出价的词", "Words whose bids can be moved")
    if _only_terms(run):
        who = Text("这些搜索词", "These search terms")
    spent = Text(
        f"{who.zh}{span.zh}约花 {now['cost']:,.0f}", f"{who.en} cost about {now['cost']:,.0f} {span.en}"
    )
    if np.isnan(now["pays_from"]):
        pays = _costs(now["order_costs"], less["order_costs"])
        of, style, unit = "conversions", ",.1f", Text("成交笔数", "orders")
    else:
        pays = _pays(now["pays_from"], less["pays_from"])
        of, style, unit = "revenue", ",.0f", Text("成交额", "of revenue")
    said = [
        Text(
            f"{name.zh}（出价一起 {side['bids']:+.0%}）{unit.zh} {side[of] - now[of]:+{style}}",
            f"{name.en} (all bids {side['bids']:+.0%}) would bring {side[of] - now[of]:+{style}} {unit.en}",
        )
        for name, side in ((Text("多花一成", "10% more"), more), (Text("少花一成", "10% less"), less))
        if np.isfinite(side["bids"])
    ]
    return [
        Text(
            "；".join(part.zh for part in (spent, pays, *said)),
            "; ".join(part.en for part in (spent, pays, *said)),
        )
    ]


def not_held_said(run: Run) -> list[Text]:
    """Where words on sales are to spend less than they do: that the spend is not held, and why."""
    rows = run.spending
    on_sales = rows[rows["gain_unit"].ne("profit").to_numpy() & takes_bids(rows)]
    change, now = on_sales["cost_change"].sum(), on_sales["now_cost"].sum()
    in_revenue = bool(on_sales["rpc"].notna().any())
    told_already = in_revenue and expected_roas(on_sales) < PAYS_AT_NO_MARGIN
    if _only_terms(run) or told_already or not change < -TOLD_FROM * now:
        return []
    settings, span = run.pack.settings, _span(run)
    most, times = settings["generous_margin"], settings["generous_cpa"]
    why = Text(
        f"多花的卖不回本的地方照降，按毛利率 {most:.0%} 算也不值的词照删",
        f"what sells less than it costs is cut, and what would lose even at a margin of {most:.0%} deleted",
    )
    if not in_revenue:
        why = Text(
            f"按 {times:g} 倍成交成本算也不值的词照删",
            f"what would lose even at {times:g} times the usual cost per order is deleted",
        )
    return [
        Text(
            f"花费没有全部保持，{span.zh} {change:+,.0f}：{why.zh}，提价没有用完这些钱",
            f"The spend is not held in full but changes by {change:+,.0f} {span.en}: {why.en}, whether or "
            "not raises take up the money",
        )
    ]


def _only_terms(run: Run) -> bool:
    return bool(run.spending["level"].eq("search_term").all())


def _span(run: Run) -> Text:
    if run.words["days"].notna().any():
        return Text("每周", "a week")
    return Text("一个报表期", "per reported period")


def _pays(average: float, last: float) -> Text:
    """From which margin all of the money pays, and the last tenth of it."""
    whole = Text("估计整体什么毛利率都亏", "by the estimates they pay at no margin in all")
    if average < 1:
        whole = Text(
            f"估计整体毛利率到 {average:.0%} 才不亏",
            f"by the estimates they pay from a margin of {average:.0%} in all",
        )
    if not np.isfinite(last):
        return whole
    of_last = Text("最后一成花费什么毛利率都亏", "the last 10% of the money at none")
    if last < 1:
        of_last = Text(f"最后一成花费要到 {last:.0%}", f"the last 10% of the money from {last:.0%}")
    return Text(f"{whole.zh}，{of_last.zh}", f"{whole.en}, {of_last.en}")


def _costs(average: float, last: float) -> Text:
    """What an order costs, on average and for the last tenth of the money."""
    of_last = Text("", "")
    if np.isfinite(last):
        of_last = Text(f"，最后一成花费里 {last:,.2f}", f", in the last 10% of the money {last:,.2f}")
    return Text(
        f"估计平均每单花 {average:,.2f}{of_last.zh}",
        f"by the estimates an order costs {average:,.2f}{of_last.en}",
    )


def what_if(run: Run) -> pd.DataFrame:
    """The list under margins (or worths of an order) that nobody gave: a row each.

    margin (share) or order_worth (money); raised, lowered, removed (how many); changes of cost, orders and
    revenue and the expected profit a week (money). Empty where margins are known, where no bid moves money,
    and where what an order costs is not known.
    """
    frame = run.what_if
    if frame.empty or not _moves_money(run.spending).any():
        return pd.DataFrame()
    known = [name for name in ("margin", "order_worth") if name in frame]
    told: pd.DataFrame = frame.dropna(subset=known)
    return told.assign(**run.key) if len(told) else pd.DataFrame()


def what_if_said(run: Run) -> list[Text]:
    """What the list would be under each of those margins."""
    frame = what_if(run)
    if frame.empty:
        return []
    lines = [_line(line, _only_terms(run)) for line in frame.to_dict("records")]
    known = Text("一单若值", "Were an order worth")
    if "margin" in frame:
        known = Text("毛利率若为", "Were the margin")
    span = _span(run)
    return [
        Text(
            f"{known.zh} {'；'.join(line.zh for line in lines)}（花费按{span.zh}）",
            f"{known.en} {'; '.join(line.en for line in lines)} (cost {span.en})",
        )
    ]


def _line(line: dict[Hashable, Any], terms: bool) -> Text:
    named = f"{line['margin']:.0%}" if "margin" in line else f"{line['order_worth']:,.2f}"
    up, down, gone = (round(line[name]) for name in ("raised", "lowered", "removed"))
    cost = f"{line['cost_change']:+,.0f}"
    if terms:
        return Text(f"{named}：加否词 {gone:,} 个，花费 {cost}", f"{named}: {gone:,} excluded, cost {cost}")
    return Text(
        f"{named}：提 {up:,}、降 {down:,}、删 {gone:,}，花费 {cost}",
        f"{named}: {up:,} up, {down:,} down, {gone:,} deleted, cost {cost}",
    )
