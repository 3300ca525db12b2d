"""Where words get into each other's way: negatives that block what sells, words bought more than once, and
the places that still buy a term that is to be added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtr

from ppc_tuner.arrays import floats
from ppc_tuner.bids import as_words
from ppc_tuner.columns import REMOVALS
from ppc_tuner.identity import ACCOUNT, NAMED_ITEM, PLACE_NAMES, SPLIT, folded
from ppc_tuner.live import is_live
from ppc_tuner.targeting import is_target
from ppc_tuner.text import Text

# Fewer orders than that, due at the account's rate, tell nothing of a place (A8).
LEAST_ORDERS: Final = 1.0
# So many of each kind, the dearest first.
MOST: Final = 200
# As likely to earn as not, in percent.
EVEN: Final = 50
SHOWN: Final = (
    *ACCOUNT, "level", "keyword", "search_term", "match_type", *PLACE_NAMES, "item", "blocked_now",
    "best_place", "p_beaten", "clicks", "cost", "conversions", "revenue", "cpc", "worth",
)  # fmt: skip


def conflicts(actions: pd.DataFrame) -> pd.DataFrame:
    """A row for each place or word in a conflict: those of SHOWN that the list has, and reason_zh, reason_en
    with what to do. Of each of the three kinds MOST rows at most, the dearest first.

    `actions`: the ranked list. Of a word bought in several places `best_place` is the one where a click is
    expected to leave most, worth − CPC, and `p_beaten` the chance that it beats this one (normal
    approximation of both posteriors); neither is told where a place has less than one expected order.
    """
    kinds = [_blocked(actions), _bought_twice(actions), _still_bought(actions)]
    kinds = [kind for kind in kinds if len(kind)]
    if not kinds:
        return pd.DataFrame()
    found = pd.concat(kinds, ignore_index=True)
    names = [name for name in (*SHOWN, "reason_zh", "reason_en") if name in found]
    return found[names]


def _blocked(actions: pd.DataFrame) -> pd.DataFrame:
    """Words and terms that sold and that a negative blocks now."""
    if "blocked_now" not in actions:
        return actions.iloc[:0]
    rows = _dearest(actions[actions["blocked_now"].notna() & actions["conversions"].gt(0)])
    figures = zip(rows["blocked_now"], rows["conversions"], rows["roi_score"], strict=True)
    return _with_reasons(rows, [_of_negative(*row) for row in figures])


def _of_negative(negative: str, orders: float, sure: float) -> Text:
    what = Text("不像赚钱，否词留着", "the negative may stay")
    if sure >= EVEN:
        what = Text("去掉这个否词或缩小范围", "take the negative away or narrow it")
    return Text(
        f"否词 {negative} 挡住它：报表里成交 {orders:,.0f} 笔，赚钱的把握 {sure:.0f}%，{what.zh}",
        f"The negative {negative} blocks it: orders {orders:,.0f}, {sure:.0f}% sure that it earns; {what.en}",
    )


def _bought_twice(actions: pd.DataFrame) -> pd.DataFrame:
    """Live keywords of one text, item and channel that get clicks in several places or match types."""
    words = actions[actions["level"].eq("keyword")]
    words = words[is_live(words) & words["clicks"].gt(0) & ~words["action"].isin(REMOVALS)]
    words = words[~is_target(words)]
    keys = [as_words(folded(words["keyword"].astype("str")))]
    keys += [words[name].fillna("") for name in (*ACCOUNT, *SPLIT, *NAMED_ITEM) if name in words]
    same = words["clicks"].groupby(keys, sort=False)
    several = same.transform("size").gt(1).to_numpy(dtype=bool)
    words = words[several].assign(_group=same.ngroup()[several])
    if words.empty:
        return words
    bought_as = words["match_type"].astype("str").fillna("") if "match_type" in words else ""
    words = words.assign(_place=(_places(words) + " (" + bought_as + ")").str.removesuffix(" ()"))
    worth, cpc = floats(words, "worth"), floats(words, "cpc")
    words = words.assign(_left=worth - cpc, _doubt=worth**2 / floats(words, "value_shape"))
    told = words[words["orders_usual"].ge(LEAST_ORDERS) & words["_left"].notna()]
    told = told[told.groupby("_group")["_left"].transform("size").gt(1)]
    first = told.sort_values("_left", ascending=False, kind="stable").drop_duplicates("_group")
    best = first.set_index("_group").reindex(words["_group"])
    known = words.index.isin(told.index)
    lead = best["_left"].to_numpy() - words["_left"].to_numpy()
    beaten = ndtr(lead / np.sqrt(best["_doubt"].to_numpy() + words["_doubt"].to_numpy()))
    words = words.assign(
        best_place=pd.Series(best["_place"].to_numpy(), words.index, dtype="str").where(known),
        p_beaten=np.where(known & ~words.index.isin(first.index), beaten, np.nan),
        _worth=best["worth"].to_numpy(),
        _cpc=best["cpc"].to_numpy(),
        _cost=words.groupby("_group")["cost"].transform("sum"),
        _told=~words["_group"].isin(first["_group"]),
    )
    order = ["_told", "_cost", "_group", "_left"]
    rows = words.sort_values(order, ascending=[True, False, True, False], kind="stable").head(MOST)
    names = ("worth", "cpc", "best_place", "p_beaten", "_worth", "_cpc")
    figures = zip(*(rows[name] for name in names), strict=True)
    return _with_reasons(rows, [_of_places(*row) for row in figures])


def _of_places(
    worth: float, cpc: float, best: str | float, beaten: float, its_worth: float, its_cpc: float
) -> Text:
    if not isinstance(best, str):
        return Text(
            "同一个词投了几处，数据还不够看出该由谁投",
            "Bought in several places; too little to tell which should have it",
        )
    if np.isnan(beaten):
        return Text(
            f"同一个词投了几处，这里最值：一次点击值 {worth:,.2f}、花 {cpc:,.2f}，由它来投",
            f"Bought in several places, best here: a click is worth {worth:,.2f} and costs {cpc:,.2f}",
        )
    return Text(
        f"同一个词投了几处：这里一次点击值 {worth:,.2f}、花 {cpc:,.2f}，{best} 值 {its_worth:,.2f}、花 "
        f"{its_cpc:,.2f}，更该由那里投（把握 {beaten:.0%}）",
        f"Bought in several places: a click is worth {worth:,.2f} and costs {cpc:,.2f} here, "
        f"{its_worth:,.2f} and {its_cpc:,.2f} in {best}, which should have it ({beaten:.0%} sure)",
    )


def _still_bought(actions: pd.DataFrame) -> pd.DataFrame:
    """The other places of search terms that are to be added, and keywords of their text elsewhere."""
    if "search_term" not in actions or not actions["action"].eq("add").any():
        return actions.iloc[:0]
    of_terms = actions["level"].eq("search_term")
    said = actions["search_term"].where(of_terms, actions["keyword"]).astype("str")
    said = as_words(folded(said).fillna(""))
    where = _places(actions)
    keys = [name for name in ACCOUNT if name in actions]
    every = actions[keys].fillna("").assign(_text=said, _place=where, _row=actions.index)
    added = every[actions["action"].eq("add") & of_terms]
    meets = every[said.isin(added["_text"])].merge(added, on=[*keys, "_text"], suffixes=("", "_new"))
    # The ad group that gets the word needs no negative of it.
    own = actions.loc[meets["_row_new"], "new_place"].eq("ad_group").to_numpy()
    kept = meets["_row"].ne(meets["_row_new"]) & meets["_place"].ne("")
    kept &= ~(own & meets["_place"].eq(meets["_place_new"]).to_numpy())
    # No ad group is told to exclude its own keyword: that competes, and stands for its terms.
    held = every.loc[actions["level"].eq("keyword"), ["_text", "_place"]].drop_duplicates()
    of_keywords = pd.MultiIndex.from_frame(meets[["_text", "_place"]]).isin(pd.MultiIndex.from_frame(held))
    is_term = of_terms.loc[meets["_row"]].to_numpy(dtype=bool)
    meets = meets[kept & ~(of_keywords & is_term)].drop_duplicates("_row").set_index("_row")
    new = actions.loc[meets["_row_new"]]
    to = meets["_place_new"].where(new["new_place"].eq("ad_group").to_numpy(), "")
    rows = actions.loc[meets.index].assign(_text=meets["_text"], _to=to, _earns=new["p_earns"].to_numpy())
    rows = _dearest(rows[is_live(rows) & rows["action"].ne("delete").to_numpy()])
    names = ("level", "_text", "_to", "worth", "cpc", "_earns")
    figures = zip(*(rows[name] for name in names), strict=True)
    return _with_reasons(
        rows,
        [_of_same_word(*row[1:]) if row[0] == "keyword" else _of_new_word(row[1], row[2]) for row in figures],
    )


def _of_same_word(text: str, place: str, worth: float, cpc: float, earns: float) -> Text:
    where = Text(place or "别的单元", place or "another ad group")
    return Text(
        f"“{text}”在 {where.zh} 加为精确词后，和这里同一个词抢：这里一次点击值 {worth:,.2f}、花 {cpc:,.2f}，"
        f"新词赚钱的把握 {earns:.0%}，只留更值的一处",
        f"Once '{text}' is added in {where.en} it competes with this word: a click is worth {worth:,.2f} and "
        f"costs {cpc:,.2f} here, the new one is {earns:.0%} sure to earn; keep the better",
    )


def _of_new_word(text: str, place: str) -> Text:
    if not place:
        return Text(
            f"“{text}”在别的单元加为精确词后，在这里精确否掉它，免得自己抢自己",
            f"Once '{text}' is added in another ad group, exclude it here as exact: one place bids for it",
        )
    return Text(
        f"“{text}”在 {place} 加为精确词后，在这里精确否掉它，免得自己抢自己",
        f"Once '{text}' is added in {place}, exclude it here as exact, so that one place bids for it",
    )


def _with_reasons(rows: pd.DataFrame, said: Sequence[Text]) -> pd.DataFrame:
    return rows.assign(reason_zh=[text.zh for text in said], reason_en=[text.en for text in said])


def _places(rows: pd.DataFrame) -> pd.Series:
    """Campaign / ad group of each row, as far as told; "" for neither."""
    names = pd.Series("", index=rows.index, dtype="str")
    for name in (name for name in PLACE_NAMES if name in rows):
        names = names.str.cat(rows[name].astype("str").fillna(""), sep=" / ").str.strip(" /")
    return names


def _dearest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("cost", ascending=False, kind="stable", na_position="last").head(MOST)
