"""Search terms: bought with the bid of a keyword, so there is no bid to move. A term stays, is excluded, or
becomes a word of its own (bids.adds).

A term loses money where a click of it is worth less than it costs. With w the worth of a click under the
objective, Gamma with the term's own shape, and p the CPC that the term pays once its keyword is moved,

    P(w < p),    p = CPC × (1 + change of the keyword's bid)^η

It is proposed for exclusion where that chance is at least exclude_sure and the money saved a week is worth
the work; all terms of a run together keep the same bound on wrong removals as keywords do (bids.steps). That
some lower bid would pay is no reason to keep a term: nobody can set it. No text is both added and excluded.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats
from ppc_tuner.bids.adds import PRODUCT_TARGET, is_product, propose_adds
from ppc_tuner.bids.bought import EXACT, Typed, bought_by
from ppc_tuner.bids.effects import effects_of
from ppc_tuner.bids.targets import chance
from ppc_tuner.bids.worth import earned_per_click
from ppc_tuner.identity import AD_GROUP, CAMPAIGN, any_told
from ppc_tuner.live import is_live
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# What changes for a term that a fragment stops, and what stands in the fragment's row alone.
CHANGES: Final = ("clicks_change", "cost_change", "conversions_change", "revenue_change")
OF_THE_FRAGMENT: Final = ("confidence", "money_at_stake", "expected_gain", "gain_low", "gain_high")


def propose_terms(
    rows: pd.DataFrame,
    targets: pd.DataFrame,
    keywords: pd.DataFrame,
    account: Account,
    settings: Settings,
) -> pd.DataFrame:
    """Targets of n search terms: which of them are proposed for exclusion (`proposal` delete) or to be bought
    by themselves (add), how surely.

    `rows`: n terms with figures and worth; `targets`: what bids.targets says of them; `keywords`: the decided
    keywords of the same account, none where only terms were given. Sets `keyword_change` (share, −1: the
    keyword goes), `own_keyword`, in terms of what the term pays: price_now, lowest_share, cvr_even,
    cvr_lowest, p_not_worth, gain_delete, and of the term as a word of its own: p_earns, start_bid, add_place,
    block_places.
    """
    bought, typed = bought_by(rows, keywords), Typed(rows, keywords)
    paid = floats(rows, "cpc") * bought.dearer
    # A term whose worth nobody told must lose at a generous one.
    worth = floats(targets, "generous_worth")
    loses = chance_of_loss(worth, floats(rows, "value_shape"), paid)
    earned = earned_per_click(rows, targets["generous_worth"], targets["gain_unit"])
    saved = floats(targets, "now_clicks") * (paid - earned)
    own = typed.own_keyword
    open_to_us = is_live(rows) & ~own & ~typed.settled & (bought.change > -1)
    at_stake = saved if account.goal.by_profit else floats(targets, "now_cost")
    excluded = open_to_us & (loses >= settings.exclude_sure) & _worth_the_work(at_stake, account)
    stays = own | typed.bought_exactly | typed.in_its_place
    adds = propose_adds(rows, typed.text, targets, paid, stays, bought.source, account, settings)
    # A term that is added is blocked elsewhere for that, and not for losing there.
    excluded &= ~typed.same_text(adds.chosen)
    with np.errstate(divide="ignore", invalid="ignore"):
        even = floats(rows, "cvr") * paid / worth
    even = np.where(np.isfinite(even), even, np.nan)
    found = pd.DataFrame(
        {
            "keyword_change": np.where(bought.known, bought.change, np.nan),
            "own_keyword": pd.array(own, dtype="boolean"),
            "price_now": paid,
            "lowest_share": 1.0,
            "cvr_even": even,
            "cvr_lowest": even,
            "p_not_worth": loses,
            "gain_delete": saved,
            "proposal": np.select([adds.chosen, excluded], ["add", "delete"], "none"),
            "blocked_by": pd.Series(np.nan, rows.index, dtype="str"),
        },
        index=rows.index,
    )
    found = pd.concat([found, adds.frame], axis=1)
    return pd.concat([targets.drop(columns=list(found), errors="ignore"), found], axis=1)


def with_places(
    moves: pd.DataFrame, rows: pd.DataFrame, action: NDArray[Any], account: Account, settings: Settings
) -> pd.DataFrame:
    """The moves of n search terms (columns.MOVES) with what is to be typed in: new_match, new_place, and for
    terms to add the bid they start with and what that brings.

    `rows`: terms with targets; `action`: what rules permit of each. A term to add keeps its searches: its
    gain is that of a bid of its own instead of its keyword's. What a fragment stops changes with it; chance,
    money and gain of that stand in the fragment's row alone. Removals are those that `moves` make.
    """
    added, removed = action == "add", floats(moves, "bid_change") <= -1
    product = is_product(rows["search_term"])
    known = [any_told(rows, AD_GROUP), any_told(rows, CAMPAIGN)]
    place = np.select(known, ["ad_group", "campaign"], "account")
    match = pd.Series(np.where(added & product, PRODUCT_TARGET, EXACT), rows.index, dtype="str")
    where = rows["add_place"].where(added, pd.Series(place, rows.index, dtype="str"))
    done = moves.assign(new_match=match.where(added | removed), new_place=where.where(added | removed))
    stopped = rows["blocked_by"].notna().to_numpy()
    if not (added | stopped).any():
        return done
    x = np.where(stopped, 0.0, np.where(added, 1 + np.nan_to_num(floats(rows, "start_change")), 1.0))
    changes = effects_of(rows, x, account.response.fall, settings)
    for name in CHANGES:
        done[name] = np.where(stopped, changes[name], floats(done, name))
    done.loc[stopped, list(OF_THE_FRAGMENT)] = np.nan
    said: dict[str, Floats | float] = {
        **changes,
        "new_bid": floats(rows, "start_bid"),
        "bid_change": np.nan,
        "confidence": floats(rows, "p_earns"),
        "money_at_stake": floats(rows, "weekly_cost"),
    }
    return done.assign(**{name: np.where(added, value, floats(done, name)) for name, value in said.items()})


def chance_of_loss(worth: Floats, shape: Floats, paid: Floats) -> Floats:
    """P(a click is worth less than `paid`) of each term (n,), its worth being Gamma with this mean and shape;
    NaN where the worth or the price is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return chance(gammainc(shape, shape * paid / worth))


def _worth_the_work(saved: Floats, account: Account) -> Flags:
    return np.asarray((saved > 0) & (saved >= account.least_gain))
