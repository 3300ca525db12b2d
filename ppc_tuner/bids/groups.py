"""Small words moved together: one decision on the evidence of all of them.

Words too small to be judged one by one can be judged as a group: those of an ad group, of an item, of a
campaign, of the account, in that order, so that the group is the smallest whose evidence suffices. Which
words are pooled depends on their price and their peers, never on their own luck: a pool without the words
that happened to sell would always look too dear. Words that peers say are too dear are one pool, words that
peers say are too cheap another. With c clicks and o orders of a word in today's terms, w the worth of an
order, p the price, r the rate that its peers suggest (all by word), sums over the pool, and a = 10 orders'
weight for today's bids, whose maker knew something,

    price  P = Σ c p / Σ c             worth of a click  W = (a w̄ + Σ o w) / (a w̄ / P + Σ c)
    w̄ = Σ c r w / Σ c r                best multiplier of today's bids  x* = W / P

The posterior of W is a Gamma whose shape is the effective number of orders, (a w̄ + Σ o w)² / (a w̄² + Σ o w²),
widened by the doubt of the account's level, which all words share. In prices what words err by on their own
averages out; what they err by together (the market's form, and the share of the bid that a click costs where
no bid is known) counts in full. Step, chance and gain follow as for a word (targets.Steps). Gamma-Poisson
pooling: Rutz & Bucklin 2007. Units: money and clicks a week, shares of the bid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, gammaincinv

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats, ratio
from ppc_tuner.bids.budget import movable
from ppc_tuner.bids.effects import effects_of
from ppc_tuner.bids.pace import first_caps
from ppc_tuner.bids.sales import PROFIT
from ppc_tuner.bids.targets import Steps, chance
from ppc_tuner.bids.worth import earned_per_click, gain_scale
from ppc_tuner.identity import AD_GROUP, CAMPAIGN, NAMED_ITEM
from ppc_tuner.permission import Permission, Permissions
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.intp]

# Each kind of group: the columns that name it, and those without which it has no name.
KINDS: Final = (
    ("ad_group", (*CAMPAIGN, *AD_GROUP), AD_GROUP),
    ("item", NAMED_ITEM, NAMED_ITEM),
    ("campaign", CAMPAIGN, CAMPAIGN),
    ("account", (), ()),
)
# A word whose own evidence points the other way this surely stays.
AGAINST: Final = 0.8
# Weight of today's bids in the worth of a pool, in orders: pools are off by some 30 % (1 / √10).
TODAY: Final = 10.0
# By this factor the price must differ from what peers say a click is worth for a word to be on either side:
# pools of words that are nearly right show nothing but chance.
APART: Final = 1.4
# One word is no group.
FEWEST_WORDS: Final = 2
PERCENT: Final = 100
NAMES: Final = (
    "platform", "account", "currency", "channel", "campaign_id", "campaign", "ad_group_id", "ad_group",
    "item_id", "item", "device", "last_day", "days", "gain_unit",
)  # fmt: skip
# Figures of the pool, which is the evidence, and of the words that move.
OF_THE_POOL: Final = ("impressions", "clicks", "cost", "conversions", "revenue", "orders_usual")
OF_THE_MOVED: Final = ("weekly_impressions", "weekly_clicks", "weekly_cost", "now_clicks", "now_cost")


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups proposed for n rows: `frame`, a row for each of g groups (columns.GROUP_ROWS); `member`, the
    number of each row's group (n,), −1 for none."""

    frame: pd.DataFrame
    member: Codes

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def change(self) -> Floats:
        """The change of each row's bid with its group (share, (n,)); 0 without one."""
        steps = self.frame["bid_change"].to_numpy(dtype=float) if len(self) else np.empty(0)
        return np.append(steps, 0.0)[self.member]

    @property
    def named(self) -> pd.Series:
        """The name of each row's group (n,), missing without one."""
        names = self.frame["moved_with"].to_numpy(dtype=object) if len(self) else np.empty(0, dtype=object)
        return pd.Series(np.append(names, np.nan)[self.member], dtype="str")

    def permitted(self, permission: Permission) -> Groups:
        """The groups that rules let move, no further than these allow."""
        step = self.change_of_groups()
        capped = np.clip(step, -permission.cap, permission.cap)
        part = replace(self, frame=self.frame.assign(bid_change=_whole_percent(capped)))
        return part.kept((permission.action == self.frame["proposal"]) & (part.change_of_groups() != 0))

    def capped(self, caps: Floats) -> Groups:
        """The groups moved no further than each of their words may be (share, (n,); infinite: any)."""
        inside = self.member >= 0
        most = np.full(len(self), np.inf)
        np.minimum.at(most, self.member[inside], caps[inside])
        step = _whole_percent(np.clip(self.change_of_groups(), -most, most))
        return replace(self, frame=self.frame.assign(bid_change=step)).kept(step != 0)

    def change_of_groups(self) -> Floats:
        """The change of each group (share, (g,))."""
        return self.frame["bid_change"].to_numpy(dtype=float)

    def kept(self, stays: Flags | pd.Series) -> Groups:
        """Only the groups marked in `stays` (g,)."""
        kept = np.asarray(stays, dtype=bool)
        number = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
        return Groups(self.frame[kept].reset_index(drop=True), number[self.member])

    def of_moved(self, moved: Flags) -> Groups:
        """The groups of which enough words really move, with no others as members; `moved`: (n,)."""
        member = np.where(moved, self.member, -1)
        counted = np.bincount(member[member >= 0], minlength=len(self))
        return replace(self, member=member).kept(counted >= FEWEST_WORDS)


def no_groups(size: int) -> Groups:
    """Nothing moves together, among `size` rows."""
    return Groups(pd.DataFrame({"bid_change": [], "moved_with": []}), np.full(size, -1, dtype=np.intp))


def propose_groups(
    rows: pd.DataFrame, permissions: Permissions, account: Account, settings: Settings
) -> Groups:
    """The groups whose pooled evidence carries a move, the smallest first; a word is in one of them at most.

    `rows`: n decision rows with targets, of one level; `permissions`: what rules permit of each by itself,
    and what gates hold back also where it moves with others.
    """
    words = _Words(rows, permissions, account, settings)
    free, member = words.free, np.full(len(rows), -1, dtype=np.intp)
    found: list[pd.DataFrame] = []
    number = 0
    for kind, names, needed in KINDS:
        code = _codes(rows, names, needed)
        for action in ("lower", "raise"):
            pool = free & (code >= 0) & (member < 0) & words.leans[action]
            moved = pool & words.may_move[action]
            groups = _judged(words, code, pool, moved, action)
            enough = groups[groups["enough"]]
            at = np.flatnonzero(moved & np.isin(code, enough.index))
            member[at] = number + np.searchsorted(enough.index.to_numpy(), code[at])
            found.append(enough.assign(group_level=kind))
            number += len(enough)
    if not number:
        return no_groups(len(rows))
    return Groups(_named(pd.concat(found, ignore_index=True), rows, member), member)


class _Words:
    """n rows as members of groups: who may be pooled, on which side, and what each brings to a pool."""

    def __init__(
        self, rows: pd.DataFrame, permissions: Permissions, account: Account, settings: Settings
    ) -> None:
        self.rows, self.account, self.settings = rows, account, settings
        price, worth = floats(rows, "price_now"), floats(rows, "worth")
        cvr, own = floats(rows, "cvr"), floats(rows, "own_weight")
        self.clicks = np.nan_to_num(floats(rows, "present_clicks"))
        self.orders = np.nan_to_num(floats(rows, "present_orders"))
        self.price, self.worth = price, worth
        with np.errstate(divide="ignore", invalid="ignore"):
            raw = np.where(self.clicks > 0, self.orders / self.clicks, 0.0)
            peers = np.where(own < 1, (cvr - own * raw) / (1 - own), cvr)
        self.peers = np.maximum(peers, 1e-9)
        self.beyond = settings.traffic_worth if account.goal.by_profit else 0.0
        self.order_worth = (worth - self.beyond) / cvr
        self.free = self._free(permissions)
        by_peers = (self.beyond + self.peers * self.order_worth) / price
        self.leans = {"lower": by_peers < 1 / APART, "raise": by_peers > APART}
        shut = permissions.shut
        self.may_move = {
            "lower": (floats(rows, "p_raise") < AGAINST) & ~shut["lower"],
            "raise": (floats(rows, "p_lower") < AGAINST) & ~shut["raise"],
        }

    def _free(self, permissions: Permissions) -> Flags:
        """Live keywords with a bid of their own and a known price, without a permitted move of their own.

        A word with as much evidence as a group needs speaks for itself.
        """
        rows = self.rows
        stays = np.isin(permissions.first.action, ("keep", "watch"))
        known = np.isfinite(self.price) & np.isfinite(self.worth) & (self.price > 0)
        shown = ~rows["never_shown"].fillna(False).to_numpy(dtype=bool) if "never_shown" in rows else True
        small = floats(rows, "orders_usual") < self.settings.group_least
        words = (rows["level"] == "keyword").to_numpy() & small
        return np.asarray(words & movable(rows, rows["bid_basis"]) & stays & known & shown)


def _codes(rows: pd.DataFrame, names: tuple[str, ...], needed: tuple[str, ...]) -> Codes:
    """The number of each row's group of a kind (n,), −1 where it has no name.

    Channels are never pooled, nor are words on profit with words on sales.
    """
    keys = [name for name in ("channel", "gain_unit", *names) if name in rows]
    named = [name for name in needed if name in rows]
    if needed and not named:
        return np.full(len(rows), -1, dtype=np.intp)
    code: Codes = np.zeros(len(rows), dtype=np.intp)
    if keys:
        numbers = rows[keys].groupby(keys, dropna=False, sort=False).ngroup()
        code = np.asarray(numbers, dtype=np.intp)
    known = rows[named].notna().any(axis=1).to_numpy() if needed else True
    return np.asarray(np.where(known, code, -1), dtype=np.intp)


def _judged(words: _Words, code: Codes, pool: Flags, moved: Flags, action: str) -> pd.DataFrame:
    """What the evidence says of each group that has words to move this way: index code, flag `enough`."""
    at = np.unique(code[moved]).astype(np.intp)
    if not len(at):
        return pd.DataFrame({"enough": pd.Series(dtype=bool)})
    total = _Sums(code, at)
    evidence = _evidence(words, total, pool)
    effect = _effect(words, total, moved, evidence["worth"] / evidence["by_word"])
    frame = pd.DataFrame(evidence | effect, index=at)
    for names, chosen in ((OF_THE_POOL, pool), (OF_THE_MOVED, moved)):
        for name in names:
            frame[name] = total.of(np.nan_to_num(floats(words.rows, name)), chosen)
    frame["roas"] = ratio(floats(frame, "revenue"), floats(frame, "cost"))
    frame["cpc_raw"] = ratio(floats(frame, "cost"), floats(frame, "clicks"))
    frame["group_words"] = total.of(np.ones(len(code)), moved)
    frame["orders_of_moved"] = total.of(np.nan_to_num(floats(words.rows, "orders_usual")), moved)
    return _with_step(words, frame, action)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over the groups numbered `at` (g,) of rows with the numbers `code` (n,)."""

    code: Codes
    at: Codes

    def of(self, values: Floats, chosen: Flags) -> Floats:
        """Sum of the chosen rows of each group (g,)."""
        size = int(self.code.max()) + 1
        return np.bincount(self.code[chosen], values[chosen], size)[self.at].astype(float)

    def mean(self, values: Floats, weight: Floats, chosen: Flags) -> Floats:
        """Weighted mean of the chosen rows of each group (g,); unweighted where all weights are 0."""
        known = np.isfinite(values) & chosen
        values, weight = np.nan_to_num(values), np.nan_to_num(weight)
        weighted, plain = self.of(weight, known), self.of(np.ones(len(values)), known)
        by_weight = ratio(self.of(values * weight, known), weighted)
        return np.where(weighted > 0, by_weight, ratio(self.of(values, known), plain))


def _evidence(words: _Words, total: _Sums, pool: Flags) -> dict[str, Floats]:
    """Worth and price of a click of each pool (money), what single words say of that worth (`by_word`), Gamma
    shape of the worth, and the doubts of the price: `own`, `common` (standard deviations of its log); g each.
    """
    account, settings, rows = words.account, words.settings, words.rows
    clicks, price = words.clicks, words.price
    known, sold = total.of(clicks, pool), total.of(words.orders * words.order_worth, pool)
    price_now, usual = (
        total.mean(price, clicks, pool),
        total.mean(words.order_worth, clicks * words.peers, pool),
    )
    # Whoever set today's bids knew something: before its own orders speak a pool is taken to be right.
    right = np.maximum(price_now - words.beyond, 1e-9)
    sale = (TODAY * usual + sold) / (TODAY * usual / right + known)
    squared = TODAY * usual**2 + total.of(words.orders * words.order_worth**2, pool)
    effective = (TODAY * usual + sold) ** 2 / squared
    worth = words.beyond + sale
    shape = (worth / sale) ** 2 / (1 / effective + account.level_doubt)
    money = clicks * price
    form = account.response.doubt if account.goal.by_profit else 0.0
    own = np.sqrt(np.maximum(np.nan_to_num(floats(rows, "price_doubt")) ** 2 - form**2, 0.0))
    stands_in = (rows["bid_basis"] == "cpc").to_numpy() & account.goal.by_profit
    share = total.mean(stands_in.astype(float), money, pool)
    alone = np.where(stands_in, 0.0, own)
    return {
        "worth": worth,
        "by_word": total.mean(words.worth, clicks, pool),
        "price_now": price_now,
        "value_shape": shape,
        "own": np.nan_to_num(
            np.sqrt(ratio(total.of((money * alone) ** 2, pool), total.of(money, pool) ** 2))
        ),
        "common": np.hypot(form, share * settings.cpc_doubt),
    }


def _effect(words: _Words, total: _Sums, moved: Flags, scale: Floats) -> dict[str, Floats]:
    """What a change of the moved words' bids does, as of one word; `scale`: what a pool's clicks are worth as
    a multiple of what its words say one by one (g,)."""
    rows = words.rows
    clicks, cost = floats(rows, "now_clicks"), floats(rows, "now_cost")
    epsilon = total.mean(floats(rows, "click_elasticity"), clicks, moved)
    growth = total.mean(floats(rows, "click_elasticity") + floats(rows, "cpc_elasticity"), cost, moved)
    multiplier = np.where(np.isnan(floats(rows, "budget_multiplier")), 1.0, floats(rows, "budget_multiplier"))
    earned = earned_per_click(rows, rows["worth"], rows["gain_unit"])
    means = {name: total.mean(floats(rows, name), clicks, moved) for name in ("cvr", "rpc")}
    means["earned"] = total.mean(earned, clicks, moved)
    return {
        "cpc": total.mean(floats(rows, "cpc"), clicks, moved),
        "click_elasticity": epsilon,
        "cpc_elasticity": np.maximum(growth - epsilon, 0.01),
        "multiplier": total.mean(multiplier, cost, moved),
        "bar_roas": total.mean(floats(rows, "bar_roas"), cost, moved),
        "bar_cpa": total.mean(floats(rows, "bar_cpa"), cost, moved),
        **{name: mean * scale for name, mean in means.items()},
    }


def _with_step(words: _Words, frame: pd.DataFrame, action: str) -> pd.DataFrame:
    """The groups with target, step, chances, proposal, and whether the evidence is enough for it."""
    account, settings = words.account, words.settings
    best, shape = floats(frame, "worth") / floats(frame, "price_now"), floats(frame, "value_shape")
    own, common = floats(frame, "own"), floats(frame, "common")
    now = {name: floats(frame, name) for name in ("now_clicks", "now_cost")}
    elasticities = floats(frame, "click_elasticity"), floats(frame, "cpc_elasticity")
    # Of its words, one by one, little is known.
    multiplier, furthest = floats(frame, "multiplier"), first_caps(len(frame), settings)
    steps = Steps(frame, floats(frame, "earned"), now, elasticities, multiplier, account, furthest)
    own_shape = 1 / (1 / shape + own**2)
    said = steps.supported(best * np.exp(own**2 / 2), own_shape, common, settings)
    doubt = np.hypot(own, common)
    full, mean = 1 / (1 / shape + doubt**2), best * np.exp(doubt**2 / 2)
    side = "up" if action == "raise" else "down"
    change = _whole_percent(said[f"step_{side}"])
    gain, stake = said[f"gain_{side}"], floats(frame, "weekly_cost") * np.abs(change)
    earns = np.where(account.goal.by_profit, gain, stake) >= account.least_gain
    sure = said[f"p_step_{side}"] >= account.p_needed
    evidence = floats(frame, "orders_of_moved") >= settings.group_least
    many = floats(frame, "group_words") >= FEWEST_WORDS
    return frame.assign(
        **said | {f"step_{side}": change},
        target_change=best - 1,
        price_doubt=doubt,
        p_raise=chance(gammaincc(full, full / mean)),
        p_lower=chance(gammainc(full, full / mean)),
        **{
            f"{name}_{end}": floats(frame, column) * gammaincinv(shape, share) / shape
            for name, column in (("value", "earned"), ("rpc", "rpc"), ("cvr", "cvr"))
            for end, share in (("low80", 0.1), ("high80", 0.9))
        },
        proposal=action,
        bid_change=change,
        enough=(change != 0) & earns & sure & evidence & many,
    )


def _whole_percent(change: Floats) -> Floats:
    """Changes (share) in whole percent, rounded towards none."""
    return np.asarray(np.trunc(np.round(change * PERCENT, 6)) / PERCENT)


def _named(frame: pd.DataFrame, rows: pd.DataFrame, member: Codes) -> pd.DataFrame:
    """The groups with the names that all their words share, and a name to find their words by."""
    part = rows.loc[member >= 0, [name for name in NAMES if name in rows]]
    by_group = part.groupby(member[member >= 0])
    first = by_group.transform("first")
    same = (part.eq(first) | (part.isna() & first.isna())).groupby(member[member >= 0]).all()
    shared = by_group.first().where(same)
    frame = pd.concat([frame, shared.reindex(range(len(frame)))], axis=1)
    name = _spoken(frame)
    signed = [f"{text} {change:+.0%}" for text, change in zip(name, frame["bid_change"], strict=True)]
    return frame.assign(level="group", group_name=name, moved_with=pd.Series(signed, dtype="str"))


def _spoken(frame: pd.DataFrame) -> pd.Series:
    """What each group is called: campaign / ad group, item, campaign, account."""

    def named(*names: str) -> pd.Series:
        known = frame.reindex(columns=list(names)).astype("str")
        return known.mask(known == "").bfill(axis=1).iloc[:, 0].fillna("")

    campaign, ad_group, item = (
        named(*reversed(CAMPAIGN)),
        named(*reversed(AD_GROUP)),
        named(*reversed(NAMED_ITEM)),
    )
    inside = ad_group.where(campaign == "", campaign + " / " + ad_group)
    kind = frame["group_level"]
    name = np.select(
        [kind == "ad_group", kind == "item", kind == "campaign"],
        [inside, item, campaign],
        named("account", "platform"),
    )
    return pd.Series(name, index=frame.index, dtype="str")


def with_effects(
    groups: Groups, rows: pd.DataFrame, moves: pd.DataFrame, account: Account, settings: Settings
) -> pd.DataFrame:
    """The groups that move with chance, money at stake, and what the week is expected to bring (g rows).

    `rows`: n decision rows; `moves`: what is done with each (columns.MOVES). Clicks, cost, orders and revenue
    are sums over the words; the gain, with its interval, rests on the evidence of the pool.
    """
    frame, member = groups.frame, groups.member
    if not len(groups):
        return frame
    inside = member >= 0

    def total(values: Any) -> Floats:
        known = np.nan_to_num(np.asarray(values, dtype=float))
        return np.bincount(member[inside], known[inside], len(frame)).astype(float)

    for name in OF_THE_MOVED:
        frame = frame.assign(**{name: total(floats(rows, name))})
    spent = np.nan_to_num(floats(rows, "weekly_cost"))
    x = 1 + np.where(
        frame["weekly_cost"] > 0, ratio(total(spent * moves["bid_change"]), total(spent)), frame["bid_change"]
    )
    told = frame["earned"].where(frame["gain_unit"] == PROFIT)
    frame = frame.assign(value_per_click=told)
    as_one = effects_of(frame.assign(worth=frame["earned"]), x, account.response.fall, settings)
    changes = {name: total(moves[name]) for name in ("clicks_change", "cost_change")}
    gain = changes["clicks_change"] * floats(frame, "earned") - changes["cost_change"]
    gain = gain * gain_scale(frame)
    up = frame["proposal"].eq("raise")
    return frame.assign(
        group_words=total(np.ones(len(rows))),
        confidence=np.where(up, frame["p_raise"], frame["p_lower"]),
        money_at_stake=total(spent * np.abs(moves["bid_change"])),
        **changes,
        conversions_change=changes["clicks_change"] * floats(frame, "cvr"),
        revenue_change=changes["clicks_change"] * floats(frame, "rpc"),
        expected_gain=gain,
        gain_low=gain - (as_one["expected_gain"] - as_one["gain_low"]),
        gain_high=gain + (as_one["gain_high"] - as_one["expected_gain"]),
    )
