"""Words that a list proposes, through the stations as words of the account that nobody has bought yet.

They are appended, without any figures, to the words of the account, so that the same prior that speaks of a
word without clicks speaks of them; nothing that is decided of the account's own words changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.account import Account
from ppc_tuner.bids import (
    Budget,
    as_words,
    clicks_of_searches,
    moves_of_candidates,
    placed,
    propose,
    propose_candidates,
)
from ppc_tuner.columns import COLUMNS
from ppc_tuner.context import Context, given_context
from ppc_tuner.evidence import competition_of, item_figures_of_words, present_of, worth_of
from ppc_tuner.identity import folded
from ppc_tuner.judge import Pack, permit, write
from ppc_tuner.kinds import kinds_of
from ppc_tuner.settings import Settings
from ppc_tuner.text import Text
from ppc_tuner.windows import LookBack, with_unshown

NO_CANDIDATES: Final = pd.DataFrame()
# What a list may know better than the tables of peers.
OF_THE_LIST: Final = ("market_cpc", "market_ctr", "market_cvr")
NOT_ADDED: Final = {
    "currency": Text("价格是别的货币", "priced in another currency"),
    "bought": Text("已在买", "bought already"),
    "typed": Text("报表里已有这个搜索词", "search terms of the report"),
    "unlike": Text("和在投的词没有共同的字词", "without a word in common with those bought"),
    "held": Text("被规则拦下", "held back by rules"),
    "unsure": Text("预计不划算或把握不够", "not predicted to pay, or not surely enough"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an account as its first level knows them: `found`, their figures; `ads`, a row for each
    item or ad group (evidence.items_of)."""

    found: LookBack
    ads: pd.DataFrame


def open_candidates(
    candidates: pd.DataFrame, facts: pd.DataFrame, platform: str, currency: str
) -> tuple[pd.DataFrame, dict[str, int]]:
    """The candidates that an account could buy, and how many of the others are left out, by NOT_ADDED.

    `candidates`: reports.CANDIDATES; those of another platform's lists do not count here. `facts`: of the
    account. A word that is bought, however it is matched, or was typed has figures of its own, which speak of
    it.
    """
    if candidates.empty:
        return candidates, {}
    ours = candidates[candidates["platform"].isna() | candidates["platform"].eq(platform)]
    told = ours["currency"].notna() & ours["market_cpc"].notna()
    other = told & ours["currency"].ne(currency) & (currency != "")
    text = as_words(folded(ours["search_term"].astype("str")))
    bought, typed = (text.isin(_texts(facts, name)) for name in ("keyword", "search_term"))
    reasons = {"currency": other, "bought": bought & ~other, "typed": typed & ~bought & ~other}
    left = ours[~(other | bought | typed)].reset_index(drop=True)
    return left, {name: int(where.sum()) for name, where in reasons.items()}


def decided_candidates(
    candidates: pd.DataFrame,
    listed: pd.DataFrame,
    words: Words,
    context: Context,
    account: Account,
    settings: Settings,
    pack: Pack,
    budget: Budget,
) -> tuple[pd.DataFrame, dict[str, int]]:
    """The rows of the list for the candidates to add, and how many are not, by NOT_ADDED and by the gates
    ("gate ID") that held them back.

    `candidates`: those open to the account; `listed`: all of its lists, which tell what a search is worth in
    clicks.
    """
    there = placed(candidates, words.found.figures.assign(**_standing(words.found)))
    counts = {"unlike": len(candidates) - len(there)}
    if there.empty:
        return NO_CANDIDATES, counts
    own = len(words.found.figures)
    found = with_unshown(words.found, there.assign(keyword=there["search_term"]))
    given, _ = given_context(found.figures, found.reported, context, settings)
    for name in OF_THE_LIST:
        listed_here = there[name].to_numpy(dtype=float)
        values = (
            given[name].to_numpy(dtype=float, na_value=np.nan)
            if name in given
            else np.full(len(given), np.nan)
        )
        values = np.concatenate([values[:own], np.where(np.isnan(listed_here), values[own:], listed_here)])
        given = given.assign(**{name: values})
    kinds = kinds_of(found.figures, given, context.brand_words, settings, context.own_brands)
    known = pd.concat([found.figures, given, kinds], axis=1)
    present = present_of(found.evidence, len(known))
    known = pd.concat([known, worth_of(known, present, account.response, settings).frame], axis=1)
    targets = propose(known, account, settings, budget)
    # From here on the candidates alone: what nobody has bought yet.
    rows, targets = known.iloc[own:], targets.iloc[own:]
    rows = pd.concat([rows, item_figures_of_words(words.ads, rows["ad_key"])], axis=1)
    told = there[["likeness", "smart", "searches", "candidate_from"]].set_axis(rows.index)
    rows = rows.assign(
        **{str(name): told[name] for name in told}, level="search_term", search_term=rows["keyword"]
    )
    targets = propose_candidates(rows, targets, known.iloc[:own], account, settings)
    ranks = {"word_rank": targets.pop("word_rank")} if "word_rank" in targets else {}
    rows = rows.assign(keyword=pd.Series(np.nan, rows.index, dtype="str"), **ranks)
    settled = pd.DataFrame(account.in_rules(), index=rows.index)
    seen = pd.concat([rows, competition_of(pd.concat([rows, targets], axis=1)), targets, settled], axis=1)
    judgement = permit(seen, pack)
    action = judgement.permissions().first.action
    clicks = rows["searches"].to_numpy(dtype=float) * clicks_of_searches(listed, known.iloc[:own])
    moves = moves_of_candidates(seen, action, clicks)
    verdicts = write(pd.concat([seen, moves], axis=1), judgement, pack)
    whole = pd.concat([seen, moves, verdicts], axis=1)
    added = verdicts["action"].eq("add")
    wanted = targets["proposal"].eq("add")
    held = verdicts.loc[wanted & ~added, "gated_by"].str.split().explode().value_counts()
    gates = {f"gate {gate}": int(count) for gate, count in held.items()}
    counts |= {"held": int((wanted & ~added).sum()), "unsure": int((~wanted).sum())} | gates
    names = [name for name in whole if name in COLUMNS and name not in settled]
    return whole.loc[added.to_numpy(), names], counts


def said_of_candidates(added: int, counts: dict[str, int]) -> list[Text]:
    """What became of the words of the lists, in one sentence; nothing where there were none."""
    left = {name: counts.get(name, 0) for name in NOT_ADDED if counts.get(name, 0)}
    every = added + sum(left.values())
    if not every:
        return []
    gates = ", ".join(f"{name[5:]} {count:,}" for name, count in counts.items() if name.startswith("gate "))
    by = {"held": Text(f"（{gates}）", f" ({gates})")} if gates else {}
    none = Text("", "")
    zh = "、".join(f"{NOT_ADDED[name].zh} {count:,}{by.get(name, none).zh}" for name, count in left.items())
    en = ", ".join(f"{count:,} {NOT_ADDED[name].en}{by.get(name, none).en}" for name, count in left.items())
    return [
        Text(
            f"选词表 {every:,} 个词：加词 {added:,}（还没有点击，是预计）{'；不加：' + zh if zh else ''}",
            f"lists of words to add: {every:,} {'word' if every == 1 else 'words'}, {added:,} proposed "
            f"(predicted, no clicks yet){'; not proposed: ' + en if en else ''}",
        )
    ]


def _texts(facts: pd.DataFrame, name: str) -> pd.Series:
    if name not in facts:
        return pd.Series(dtype="str")
    texts = pd.Series(facts[name].dropna().astype("str").unique(), dtype="str")
    return as_words(folded(texts))


def _standing(found: LookBack) -> dict[str, pd.Series]:
    """What tells whether a word is live and who bids on it."""
    return {name: found.reported[name] for name in ("status", "unbiddable_as") if name in found.reported}
