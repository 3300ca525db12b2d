"""The one pass, in the order a specialist would tell it: read, look back, weigh, decide, write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.account import Account, Completeness, Goal, Response, goal_of_rows
from ppc_tuner.bids import (
    NO_BUDGET,
    Allocation,
    Budget,
    Fragments,
    TermPhrases,
    adjustments_said,
    allocate,
    budget_of,
    no_fragments,
    phrases_of_terms,
    propose,
    propose_fragments,
    propose_groups,
    propose_terms,
    with_places,
)
from ppc_tuner.candidates import (
    NO_CANDIDATES,
    Words,
    decided_candidates,
    open_candidates,
    said_of_candidates,
)
from ppc_tuner.columns import COLUMNS, ITEM_ACTIONS
from ppc_tuner.context import (
    Context,
    Memory,
    conflicts_said,
    given_context,
    item_context,
    orders_that_count,
    protected_words,
    remembered,
    unreported_words,
)
from ppc_tuner.evidence import (
    as_if_told,
    competition_of,
    completeness_curve,
    item_figures_of_words,
    items_of,
    learned_response,
    present_of,
    value_scores_of_words,
    worth_of,
)
from ppc_tuner.identity import WORD, in_own_order
from ppc_tuner.judge import Judgement, Pack, kept_by_gates, permit, write
from ppc_tuner.kinds import kinds_of
from ppc_tuner.periods import first_and_last_day
from ppc_tuner.reports import Platform
from ppc_tuner.settings import Settings
from ppc_tuner.summary import Run
from ppc_tuner.text import Text
from ppc_tuner.windows import look_back, with_unshown, within_lookback

NO_KEYWORDS: Final = pd.DataFrame()
# Where nobody told what a sale leaves the list is made for these too: margins, or without revenue what an
# order is worth, as a multiple of what it costs the account.
MARGINS: Final = (0.2, 0.35, 0.5)
ORDER_WORTHS: Final = (1.0, 1.5, 2.0)


def tune_account(
    facts: pd.DataFrame,
    platform: Platform,
    pack: Pack,
    context: Context,
    account: str = "",
    currency: str = "",
    superseded: pd.DataFrame | None = None,
    candidates: pd.DataFrame = NO_CANDIDATES,
) -> Run:
    """The decisions for one account in one currency; depends on no other account.

    `facts`: canonical facts of that account; `superseded`: older exports of the same days, which show how
    orders arrive; `candidates`: words that could be added (reports.CANDIDATES). The run's rows hold every
    decision row with its verdict, groups of words that move together, fragments of search terms to exclude,
    candidates to add, and the items to mend.
    """
    settings = Settings.of(pack.settings)
    # Decided in an order of their own, listed in that of the report.
    facts = _in_own_order(facts.reset_index(drop=True))
    older = facts.iloc[:0] if superseded is None else _in_own_order(superseded)
    delay = completeness_curve(facts, older, platform.delay.curve)
    # A search term is bought with the bid and the money of its keyword: keywords show what a bid does, and
    # cost is summed over one level only.
    keyword = facts["level"].eq("keyword")
    response = learned_response(facts[keyword & within_lookback(facts, settings)], settings)
    budget, warnings = budget_of(context.budgets, facts[keyword if keyword.any() else ~keyword], settings)
    levels: list[Level] = []
    could, counts = open_candidates(candidates, facts, platform.id, currency)
    # Keywords come first: what a search term pays depends on what becomes of its keyword.
    rows: list[pd.DataFrame] = []
    names: list[str] = []
    for name, level in facts.groupby("level", sort=False):
        keywords = rows[0] if rows else NO_KEYWORDS
        decided = decide(level, platform, pack, context, settings, delay, response, budget, keywords)
        rows.append(decided.rows)
        names.append(str(name))
        # The rows hold all that the stations made: it is not to be held twice.
        levels.append(replace(decided, frames={}))
        del decided, keywords, level
    new, first = NO_CANDIDATES, levels[0]
    if len(could):
        new, more = decided_candidates(
            could, candidates, first.words, context, first.account, settings, first.pack, budget
        )
        counts = counts | more
    parts = [
        part
        for own, level in zip(rows, levels, strict=True)
        for part in (own, level.groups, level.fragments, level.mended)
    ]
    together = pd.concat([*parts, new], ignore_index=True)
    del rows, parts
    return Run(
        platform,
        account,
        currency,
        levels[0].pack,
        facts.drop(columns=[*WORD, "item"], errors="ignore"),
        # Groups and items lack most columns, which leaves the frame in many small blocks.
        together.copy(),
        _each_once(
            [
                *warnings,
                *(text for level in levels for text in level.warnings),
                *said_of_candidates(len(new), counts),
            ]
        ),
        _each_once(text for level in levels for text in level.assumptions),
        {name: level.account for name, level in zip(names, levels, strict=True)},
        context,
        budget,
        levels[0].under_other_margins,
    )


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an account, decided: `frames`, n rows by station; `appeared`: the place of each in the
    report (n,); `groups`, the small words that move together, a row for each group; `fragments`, what many
    search terms have in common and is to be excluded; `mended`, the items to mend; `under_other_margins`:
    makes what the list would be under other margins; `words`: what candidates are added to."""

    frames: Mapping[str, pd.DataFrame]
    appeared: NDArray[np.intp]
    groups: pd.DataFrame
    fragments: pd.DataFrame
    mended: pd.DataFrame
    account: Account
    pack: Pack
    warnings: Sequence[Text]
    assumptions: Sequence[Text]
    under_other_margins: Callable[[], pd.DataFrame]
    words: Words

    @property
    def rows(self) -> pd.DataFrame:
        """The decision rows with the columns of all stations (n rows), as they appear in the report."""
        return _beside(*self.frames.values()).iloc[np.argsort(self.appeared)]


def decide(
    facts: pd.DataFrame,
    platform: Platform,
    pack: Pack,
    context: Context,
    settings: Settings,
    delay: Completeness,
    response: Response,
    budget: Budget = NO_BUDGET,
    keywords: pd.DataFrame = NO_KEYWORDS,
) -> Level:
    """The pass over the facts of one level of one account: each station hands on a frame, and none looks
    back.

    Arguments as for tune_account; `settings`, `delay`, `response`, `budget`: those of the account;
    `keywords`: its decided keywords, where `facts` are of search terms.
    """
    bids = platform.bid.in_currency(str(facts["currency"].iloc[0]) if "currency" in facts else "")
    # Windows.
    counted = orders_that_count(facts, context, settings)
    found = look_back(
        counted, delay.curve, platform.delay.drop_days, platform.bid.by_device, settings, context.events
    )
    found = with_unshown(found, unreported_words(found.figures, context))
    # Context and kinds.
    given, assumed = given_context(found.figures, found.reported, context, settings)
    kinds = kinds_of(found.figures, given, context.brand_words, settings, context.own_brands)
    # Evidence.
    known = _beside(found.figures, given, kinds)
    present = present_of(found.evidence, len(known))
    worth = worth_of(known, present, response, settings)
    known = _beside(known, worth.frame)
    ads = items_of(known, settings)
    items = item_figures_of_words(ads, kinds["ad_key"])
    goal, warned = goal_of_rows(known, settings)
    # What is said of keywords holds for their search terms.
    warned = [] if len(keywords) else [*warned, *adjustments_said(known)]
    warned = [*warned, *conflicts_said(known)]
    account = Account(
        goal=goal,
        delay=delay,
        response=response,
        prior=worth.prior,
        level_doubt=present.doubt,
        drift_doubt=present.drift,
        season=found.season,
        floor=bids.floor,
        increment=bids.increment,
        orders=float(worth.frame["orders_usual"].sum()),
        p_needed=settings.act if goal.by_profit else settings.act_on_target,
        least_gain=settings.min_gain * float(found.figures["weekly_cost"].sum()),
    )
    pack = pack.settled(account.as_settings())
    # Bids and judge: propose, permit, allocate, write.
    protected = (*protected_words(context), *context.own_brands)
    # What terms say is the same whatever they are worth.
    phrases = phrases_of_terms(known, keywords) if facts["level"].iloc[0] == "search_term" else None
    by = _By(account, settings, pack, budget, keywords, protected, phrases, context.memory)
    moved = _moved(_beside(known, items), by)
    moves = moved.allocation
    verdicts = write(_beside(moved.seen, moved.done), moved.judgement, pack, moves.outcomes)
    frames = {
        "figures": found.figures, "given": given, "kinds": kinds, "worth": worth.frame,
        "competing": moved.competing, "items": items, "targets": moved.targets, "moves": moved.done,
        "verdicts": verdicts,
    }  # fmt: skip
    shown = ads.join(item_context(given, kinds["ad_key"]), on="ad_key")
    # Search terms repeat the items of their keywords.
    mended = _mended(shown, pack) if facts["level"].iloc[0] == "keyword" else shown.iloc[:0]
    other_margins = partial(_under_other_margins, _beside(known, items), by)
    groups, pooled = _groups(moves.groups, pack), _excluded(moved.fragments, pack)
    return Level(
        frames, found.appeared, groups, pooled, mended, account, pack, warned, assumed, other_margins,
        Words(found, ads),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _By:
    """What the moves of one level are made by: `keywords`, its decided keywords where it is of search terms,
    with `phrases`, what these say; `protected`, texts of which no part is excluded."""

    account: Account
    settings: Settings
    pack: Pack
    budget: Budget
    keywords: pd.DataFrame
    protected: Sequence[str]
    phrases: TermPhrases | None
    memory: Memory


@dataclass(frozen=True, slots=True)
class _Moved:
    """What becomes of n rows: the `targets` that evidence proposes, how places of one word compare
    (`competing`), the `fragments` to exclude, all that rules see of the rows (`seen`), what these permit,
    and what is done: `allocation`, and `done` with what is to be typed in for search terms."""

    targets: pd.DataFrame
    competing: pd.DataFrame
    seen: pd.DataFrame
    judgement: Judgement
    allocation: Allocation
    done: pd.DataFrame
    fragments: Fragments


def _moved(known: pd.DataFrame, by: _By) -> _Moved:
    """From what is known of n rows to what is done with them, before a word of it is written."""
    account, settings, pack = by.account, by.settings, by.pack
    targets = propose(known, account, settings, by.budget)
    competing = competition_of(_beside(known, targets))
    settled = pd.DataFrame(account.in_rules(), index=known.index)
    of_terms = known["level"].iloc[0] == "search_term"
    fragments = no_fragments(len(known))
    if of_terms:
        targets = propose_terms(known, targets, by.keywords, account, settings)
        fragments = _fragments(_beside(known, competing, targets, settled), by)
        targets = fragments.blocking(targets)
    seen = _beside(known, competing, targets, settled)
    judgement = permit(seen, pack)
    permitted = judgement.permissions()
    small = propose_groups(seen, permitted, account, settings)
    if len(small):
        small = small.permitted(permit(small.frame, pack).permissions().first)
    allocation = allocate(seen, permitted, account, settings, by.budget, small)
    done = allocation.frame
    if of_terms:
        done = with_places(done, seen, permitted.first.action, account, settings)
    return _Moved(targets, competing, seen, judgement, allocation, done, fragments)


def _under_other_margins(known: pd.DataFrame, by: _By) -> pd.DataFrame:
    """What the list would be were it known what a sale leaves: a row for each of MARGINS, or ORDER_WORTHS.

    `known`: of n rows of the first level. margin (share) or order_worth (money); raised, lowered, removed:
    how many; the changes of cost, orders and revenue a week, and expected_gain, the profit. Estimates are
    those of the list. Nothing where profit is the goal already.
    """
    goal, settings = by.account.goal, by.settings
    if goal.objective != "sales" or len(by.keywords) or not known["value_per_click"].isna().any():
        return pd.DataFrame()
    in_revenue, usual = known["rpc"].notna().any(), goal.target_cpa or np.nan
    told = replace(by.account, goal=Goal("profit", goal.target_cpa, goal.target_roas))
    by = replace(by, account=told, pack=by.pack.settled(told.as_settings()))
    if in_revenue:
        # Relative to the other items' a margin is the same, whatever it is.
        alike = known.assign(margin=known["margin"].fillna(1.0))
        known = known.assign(item_value_score=value_scores_of_words(alike))
    lines = []
    for margin, worth in zip(MARGINS, ORDER_WORTHS, strict=True):
        named = {"margin": margin} if in_revenue else {"order_worth": worth * usual}
        at = as_if_told(known, settings, margin if in_revenue else np.nan, worth * usual)
        lines.append(named | _sums(_moved(at, by)))
    return pd.DataFrame(lines)


def _sums(moved: _Moved) -> dict[str, float]:
    """What a list does in all; a fragment counts as one removal."""
    rows, fragments = moved.done, moved.fragments.frame
    change = rows["bid_change"]
    gained = [
        frame["expected_gain"].sum() for frame in (rows, moved.allocation.groups, fragments) if len(frame)
    ]
    counts = {"raised": change.gt(0), "lowered": change.lt(0) & change.gt(-1), "removed": change.le(-1)}
    counted = {name: float(where.sum()) for name, where in counts.items()}
    counted["removed"] += len(fragments)
    sums = ("cost_change", "conversions_change", "revenue_change")
    return (
        counted
        | {name: float(rows[name].sum(min_count=1)) for name in sums}
        | {"expected_gain": float(sum(gained))}
    )


def _in_own_order(facts: pd.DataFrame) -> pd.DataFrame:
    _, last_day = first_and_last_day(facts)
    # Where a row was read is no figure, and a tenth of the memory of what is copied here.
    return in_own_order(facts.drop(columns=["source_file", "source_row"], errors="ignore"), last_day)


def _groups(moved: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """The groups that move, with their verdicts and the columns of the list."""
    if moved.empty:
        return pd.DataFrame()
    up = moved["proposal"].eq("raise")
    said = moved.assign(step_up=moved["bid_change"].where(up), step_down=moved["bid_change"].where(~up))
    shown = said[[name for name in said if name in COLUMNS]]
    return _beside(shown, write(said, permit(said, pack), pack))


def _fragments(seen: pd.DataFrame, by: _By) -> Fragments:
    """The fragments of n search terms that the pack lets be excluded."""
    kept = kept_by_gates(seen, by.pack, "exclude")
    found = propose_fragments(seen, by.phrases, kept, by.protected, by.account, by.settings)
    if found.frame.empty:
        return found
    found = replace(found, frame=found.frame.assign(**remembered(found.frame, found.frame, by.memory)))
    return found.permitted(permit(found.frame, by.pack).permissions().first)


def _excluded(fragments: Fragments, pack: Pack) -> pd.DataFrame:
    """The fragments to exclude, with their verdicts and the columns of the list."""
    found = fragments.frame
    if found.empty:
        return pd.DataFrame()
    return _beside(
        found[[name for name in found if name in COLUMNS]], write(found, permit(found, pack), pack)
    )


def _mended(ads: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """The items that a rule wants mended, with their verdicts."""
    verdicts = write(ads, permit(ads, pack), pack)
    return _beside(ads, verdicts)[verdicts["action"].isin(ITEM_ACTIONS)]


def _beside(*frames: pd.DataFrame) -> pd.DataFrame:
    """Frames on the same row id side by side; nothing is copied."""
    return pd.concat(frames, axis=1)


def _each_once(texts: Iterable[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(texts))
