"""Fragments: words and phrases that waste money over many search terms, each too small to be judged alone.

Terms that hold a phrase are pooled where one negative would block them: in an ad group, a campaign, the
account. With c clicks of a term in today's terms, r the rate that its keyword and place suggest without its
own orders, w the worth of an order and p the price of a click, sums over the pool,

    orders due  D = Σ c r        multiplier  m of bids.multiplier
    loses where  m < min(1, Σ c p ÷ Σ c r w)

Where a phrase surely sells not half of that over the whole account a place without an order goes by that,
too: one lucky order somewhere else does not keep it. The largest term counts at most as much as all the
others together: else its own luck would speak for words that it shares.

No phrase is proposed that would have blocked a single order, that a live keyword of
the place holds, that a gate keeps, or that is part of a protected word. Of two places the narrower is taken
where it stops nearly as much; of overlapping phrases the one that stops most, the others only for what it
leaves. All of a run together keep the bound on wrong removals.

A million terms hold ten million phrases. Those of which fewer orders were due in all than a fragment needs
are left out before anything is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats
from ppc_tuner.bids.bought import SETTLED, bought_of, places_told
from ppc_tuner.bids.multiplier import Multiplier
from ppc_tuner.identity import ACCOUNT, AD_GROUP, CAMPAIGN, any_told, folded, row_numbers
from ppc_tuner.live import is_live
from ppc_tuner.permission import Permission
from ppc_tuner.phrases import Phrases, phrases_of
from ppc_tuner.settings import Settings
from ppc_tuner.targeting import is_target

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

# From the narrowest: the columns that name a place.
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "ad_group": (*CAMPAIGN, *AD_GROUP),
    "campaign": CAMPAIGN,
    "account": (),
}
# A place that stops this share of what a wider one would is enough.
NARROW_ENOUGH: Final = 0.9
# Two terms are no pattern.
FEWEST_TERMS: Final = 3
SUMMED: Final = (
    "impressions", "clicks", "cost", "conversions", "weekly_impressions", "weekly_clicks", "weekly_cost",
)  # fmt: skip
PHRASE: Final = "phrase"
# A word that sells less than this share of what its terms suggest is of another kind, wherever it stands.
FAR_LESS: Final = 0.5
# What the whole account tells of a phrase beside its place: orders sold, orders due, terms.
ELSEWHERE: Final = ("sold_elsewhere", "due_elsewhere", "terms_elsewhere")


@dataclass(frozen=True, slots=True)
class Fragments:
    """`frame`: a row for each of f phrases to exclude; `member` (n,): which of them stops each term, −1 for
    none."""

    frame: pd.DataFrame
    member: Codes

    def permitted(self, first: Permission) -> Fragments:
        """Those that rules let be excluded."""
        kept = np.asarray(first.action == "exclude")
        number = np.where(kept, np.cumsum(kept) - 1, -1)
        member = np.where(self.member >= 0, number[self.member], -1)
        return Fragments(self.frame[kept].reset_index(drop=True), member)

    def blocking(self, targets: pd.DataFrame) -> pd.DataFrame:
        """The targets of the n terms; a term that a fragment stops needs no negative of its own."""
        stopped = self.member >= 0
        if not stopped.any():
            return targets
        by = self.frame["fragment"].to_numpy(dtype=object)[np.maximum(self.member, 0)]
        return targets.assign(
            blocked_by=pd.Series(np.where(stopped, by, np.nan), targets.index, dtype="str"),
            proposal=np.where(stopped, "none", targets["proposal"]),
        )


def no_fragments(size: int) -> Fragments:
    """No fragments among n terms."""
    return Fragments(pd.DataFrame(), np.full(size, -1, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class TermPhrases:
    """What terms and keywords say, whatever they are worth: `at`, the places of the terms that count (t,);
    `bought`, the live keywords (m rows); `phrases` of both, t texts and m."""

    at: Codes
    bought: pd.DataFrame
    phrases: Phrases


def phrases_of_terms(rows: pd.DataFrame, keywords: pd.DataFrame) -> TermPhrases | None:
    """The phrases of n search terms and of the keywords; None where too few terms count.

    `rows`: terms with figures; `keywords`: the decided keywords of the account, none where only terms were
    given.
    """
    counted = ~rows["term_status"].eq(SETTLED[1]).fillna(False).to_numpy() if "term_status" in rows else True
    seen = (floats(rows, "clicks") > 0) | (floats(rows, "conversions") > 0)
    at = np.flatnonzero(counted & seen)
    if len(at) < FEWEST_TERMS:
        return None
    bought = _live_words(rows, keywords)
    texts = pd.concat([rows["search_term"].iloc[at], bought["search_term"]])
    return TermPhrases(at, bought, phrases_of(texts, FEWEST_TERMS))


def propose_fragments(
    rows: pd.DataFrame,
    held: TermPhrases | None,
    kept: Flags,
    protected: Sequence[str],
    account: Account,
    settings: Settings,
) -> Fragments:
    """The words and phrases to exclude, the one that stops most first, at most fragment_most.

    `rows`: n search terms with figures, worth and targets (bids.terms); `held`: their phrases and the
    keywords' (phrases_of_terms); `kept` (n,): terms that a gate forbids to exclude; `protected`: texts of
    which no part is excluded.
    """
    if held is None:
        return no_fragments(len(rows))
    at, phrases = held.at, held.phrases
    terms = _Terms(rows.iloc[at], kept[at], account, settings)
    pool = _Pool(terms, held.bought, phrases, account, settings)
    spared = _spared(phrases, protected)
    chosen = pool.chosen(pool.candidates(spared))
    if chosen.empty:
        return no_fragments(len(rows))
    member = np.full(len(rows), -1, dtype=np.int64)
    member[at] = pool.members(chosen)
    return Fragments(pool.described(chosen), member)


def _live_words(rows: pd.DataFrame, keywords: pd.DataFrame) -> pd.DataFrame:
    """The texts of keywords that run (m rows: `search_term` and the columns of their places): those given,
    those that the terms name, and terms that are keywords by the report."""
    # By the ids or the names that both tell.
    places = places_told(rows, keywords) or places_told(rows, rows)
    parts = []
    for told in (keywords, rows):
        bought = bought_of(told)
        if len(bought):
            told_apart = [name for name in ("keyword", *places, "match_type", "status") if name in bought]
            bought = bought[~pd.Series(row_numbers(bought, told_apart)).duplicated().to_numpy()]
            bought = bought[is_live(bought) & ~is_target(bought)]
            parts.append(bought.assign(search_term=bought["keyword"]))
    if "term_status" in rows:
        parts.append(rows[rows["term_status"].eq(SETTLED[0]).fillna(False).to_numpy()])
    names = ["search_term", *places]
    if not parts:
        return rows.iloc[:0].reindex(columns=names)
    return pd.concat([part.reindex(columns=names) for part in parts]).drop_duplicates()


def _spared(phrases: Phrases, protected: Sequence[str]) -> Flags:
    """The phrases that are part of a protected word, or hold one."""
    if not len(protected):
        return np.zeros(len(phrases.names), dtype=bool)
    words = pd.Series(list(protected), dtype="str")
    names = pd.Series(phrases.names, dtype="str")
    holding = names.isin(folded(words)).to_numpy(dtype=bool, copy=True)
    inner = phrases_of(names, 1)
    of_words = np.isin(inner.names, folded(words).to_numpy(dtype=object))
    holding[inner.text[of_words[inner.phrase]]] = True
    return np.asarray(holding | phrases.held_in(words))


class _Terms:
    """The terms that were clicked (t rows), and what each brings to a pool."""

    def __init__(self, rows: pd.DataFrame, kept: Flags, account: Account, settings: Settings) -> None:
        self.rows, self.kept = rows, kept
        cvr, own = floats(rows, "cvr"), floats(rows, "own_weight")
        clicks, orders = np.nan_to_num(floats(rows, "present_clicks")), floats(rows, "present_orders")
        beyond = settings.traffic_worth if account.goal.by_profit else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            raw = np.where(clicks > 0, orders / clicks, 0.0)
            peers = np.where(own < 1, (cvr - own * raw) / (1 - own), cvr)
            per_order = (floats(rows, "generous_worth") - beyond) / cvr
        rate = np.nan_to_num(np.maximum(peers, 0.0))
        price = floats(rows, "price_now") - beyond
        known = np.isfinite(price) & np.isfinite(per_order)
        # What its keyword no longer buys needs no negative.
        goes = np.nan_to_num(floats(rows, "keyword_change")) <= -1
        weekly = np.where(goes | ~known | ~is_live(rows), 0.0, np.nan_to_num(floats(rows, "now_clicks")))
        self.orders = np.nan_to_num(floats(rows, "conversions"))
        self.sums: dict[str, Floats] = {
            "due": clicks * rate,
            "sold": np.nan_to_num(orders),
            "clicks": np.where(known, clicks, 0.0),
            "spent": np.where(known, clicks * price, 0.0),
            "worth": np.where(known, clicks * rate * per_order, 0.0),
            "week_spent": weekly * np.nan_to_num(price),
            "week_worth": weekly * rate * np.nan_to_num(per_order),
        }


class _Pool:
    """Pairs of a term and a place's phrase that it holds; candidates are numbers of such phrases."""

    def __init__(
        self, terms: _Terms, bought: pd.DataFrame, phrases: Phrases, account: Account, settings: Settings
    ) -> None:
        self.terms, self.account, self.settings = terms, account, settings
        self.count = len(terms.rows)
        self.text = phrases.same[: self.count]
        of_term = phrases.text < self.count
        sold, due = (
            np.bincount(
                phrases.phrase[of_term], terms.sums[name][phrases.text[of_term]], len(phrases.names)
            ).astype(float)
            for name in ("sold", "due")
        )
        self.multiplier = Multiplier.fitted(sold, due, account.level_doubt)
        self.phrases = phrases.only(due >= settings.fragment_least)
        names = [str(name) for name in bought if name != "search_term"]
        where = pd.concat([terms.rows.reindex(columns=names), bought.reindex(columns=names)])
        self.unplaced = ~any_told(bought, names)
        self.places = {level: _numbers(where, columns) for level, columns in PLACES.items()}

    def candidates(self, spared: Flags) -> pd.DataFrame:
        """Phrases of places that would block no order and no keyword, and that surely lose: level, place,
        phrase, saved (money a week)."""
        found = []
        text, phrase = self.phrases.text, self.phrases.phrase
        of_term = text < self.count
        size = len(self.phrases.names)
        # Words of unknown place are everybody's.
        unplaced = np.concatenate([np.zeros(self.count, dtype=bool), self.unplaced])
        everywhere = np.isin(np.arange(size), phrase[unplaced[text]])
        fine = ~spared[phrase] & ~everywhere[phrase]
        dud, whole = self._in_all(of_term)
        against = of_term & ((self.terms.orders > 0) | self.terms.kept)[np.minimum(text, self.count - 1)]
        due = np.where(of_term, self.terms.sums["due"][np.minimum(text, self.count - 1)], 0.0)
        for level, place in self.places.items():
            here = fine & (place[text] >= 0)
            keys, number = np.unique(place[text[here]] * size + phrase[here], return_inverse=True)
            good = np.bincount(number, due[here], len(keys)) >= self.settings.fragment_least
            good |= dud[keys % size]
            good[number[(against | ~of_term)[here]]] = False
            mine = good[number]
            if not mine.any():
                continue
            # Numbered anew: of many phrases few are left.
            pairs = (np.cumsum(good) - 1)[number[mine]], text[here][mine]
            named = pd.DataFrame({"level": level, "place": keys[good] // size, "phrase": keys[good] % size})
            own = self._told(*pairs, named.assign(**dict.fromkeys(ELSEWHERE, 0.0)))
            # What the place does not tell by itself the whole account may.
            beyond = whole.loc[named["phrase"]].set_axis(named.index) - own[list(whole)]
            beyond = beyond.clip(lower=0.0).set_axis(list(ELSEWHERE), axis=1)
            asked = dud[named["phrase"]] & ~self._enough(own)
            told = self._told(*pairs, named.join(beyond.mul(asked.astype(float), axis=0)))
            found.append(told[self._enough(told)])
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame()

    def _in_all(self, of_term: Flags) -> tuple[Flags, pd.DataFrame]:
        """Of each phrase whether over the whole account, orders or not, it surely sells far less than its
        terms suggest, and what was sold, due and told of it there."""
        phrase = self.phrases.phrase[of_term]
        named = pd.DataFrame({"phrase": np.arange(len(self.phrases.names))})
        named = named.assign(**dict.fromkeys(ELSEWHERE, 0.0))
        whole = self._told(phrase, self.phrases.text[of_term], named, FAR_LESS)
        return self._enough(whole), whole[["sold", "due_counted", "terms"]]

    def _told(self, number: Codes, term: Codes, named: pd.DataFrame, most_even: float = 1.0) -> pd.DataFrame:
        """What is known of phrases of places (rows of `named`, with ELSEWHERE), from pairs (row, term); they
        lose where their multiplier is below what pays and below `most_even`."""
        size = len(named)
        sums = {
            name: np.bincount(number, values[term], size).astype(float)
            for name, values in self.terms.sums.items()
        }
        count = int(self.text.max(initial=0)) + 1
        each, at = np.unique(number * count + self.text[term], return_inverse=True)
        by_text = np.bincount(at, self.terms.sums["due"][term], len(each))
        terms = np.bincount(each // count, minlength=size)
        most = np.zeros(size)
        np.maximum.at(most, each // count, by_text)
        due = np.minimum(sums["due"], 2 * (sums["due"] - most)) + named["due_elsewhere"].to_numpy()
        sold = sums["sold"] + named["sold_elsewhere"].to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):
            even = np.nan_to_num(sums["spent"] / sums["worth"], posinf=0.0)
        # Where all words lose it is their bids that are wrong: the phrase must be worse than its terms.
        loses, mean, shape_now = self.multiplier.of(sold, due, np.minimum(even, most_even))
        return named.assign(
            **sums,
            due_counted=due,
            terms=terms + named["terms_elsewhere"].to_numpy(),
            p_not_worth=loses,
            mean=mean,
            shape=shape_now,
            saved=sums["week_spent"] - mean * sums["week_worth"],
        )

    def _enough(self, told: pd.DataFrame) -> Flags:
        """Where the evidence suffices for a negative that is worth the work."""
        return np.asarray(
            (told["terms"] >= FEWEST_TERMS)
            & (told["due_counted"] >= self.settings.fragment_least)
            & (told["p_not_worth"] >= self.settings.exclude_sure)
            & (told["saved"] > 0)
            & (told["saved"] >= self.account.least_gain)
        )

    def chosen(self, candidates: pd.DataFrame) -> pd.DataFrame:
        """One after the other the candidate that stops most of what those before leave; together within the
        bound on wrong removals."""
        if candidates.empty:
            return candidates
        number, term = self._pairs(candidates)
        named = candidates[["level", "place", "phrase", *ELSEWHERE]]
        phrase = candidates["phrase"].to_numpy(dtype=np.int64)
        units, rank = self.phrases.units[phrase], candidates["level"].map(list(PLACES).index).to_numpy()
        alive = np.ones(self.count, dtype=bool)
        taken: list[pd.DataFrame] = []
        for _ in range(int(self.settings.fragment_most)):
            left = alive[term]
            told = self._told(number[left], term[left], named)
            enough = self._enough(told)
            if not enough.any():
                break
            saved = np.where(enough, told["saved"], -np.inf)
            # Of phrases that stop the same the shorter one says why.
            most = np.flatnonzero(saved >= saved.max() * (1 - 1e-9))
            widest = most[np.argmin(units[most])]
            alike = (phrase == phrase[widest]) & (saved >= NARROW_ENOUGH * saved[widest])
            best = int(np.flatnonzero(alike)[np.argmin(rank[alike])])
            taken.append(told.loc[[best]])
            alive[term[number == best]] = False
        if not taken:
            return candidates.iloc[:0]
        chosen = pd.concat(taken, ignore_index=True)
        sure = chosen.sort_values("p_not_worth", ascending=False, kind="stable")["p_not_worth"]
        share = (1 - sure).cumsum() / np.arange(1, len(sure) + 1)
        return chosen[chosen.index.isin(share.index[share <= self.settings.wrong_deletes])].reset_index(
            drop=True
        )

    def _pairs(self, named: pd.DataFrame) -> tuple[Codes, Codes]:
        """Pairs of the number of a phrase of a place (row of `named`) and a term that holds it there."""
        size = len(self.phrases.names)
        wanted = np.isin(self.phrases.phrase, named["phrase"]) & (self.phrases.text < self.count)
        term, phrase = self.phrases.text[wanted], self.phrases.phrase[wanted]
        numbers, terms = [], []
        for level, place in self.places.items():
            row = np.flatnonzero(named["level"] == level)
            keys = named["place"].to_numpy()[row] * size + named["phrase"].to_numpy()[row]
            order = np.argsort(keys)
            key = np.where(place[term] >= 0, place[term] * size + phrase, -1)
            at = np.searchsorted(keys, key, sorter=order) if len(row) else np.zeros(len(key), dtype=np.int64)
            found = (at < len(row)) & np.isin(key, keys)
            numbers.append(row[order[at[found]]])
            terms.append(term[found])
        return np.concatenate(numbers), np.concatenate(terms)

    def members(self, chosen: pd.DataFrame) -> Codes:
        """Which of the chosen phrases stops each of the t terms, the first of several; −1 for none."""
        number, term = self._pairs(chosen)
        member = np.full(self.count, len(chosen), dtype=np.int64)
        np.minimum.at(member, term, number)
        return np.where(member == len(chosen), -1, member)

    def described(self, chosen: pd.DataFrame) -> pd.DataFrame:
        """The rows of the list: what is excluded where, what it would have blocked, what that saves."""
        number, term = self._pairs(chosen)
        rows, size = self.terms.rows, len(chosen)
        figures: dict[str, Any] = {
            name: np.bincount(number, np.nan_to_num(floats(rows, name))[term], size).astype(float)
            for name in SUMMED
        }
        texts = pd.DataFrame({"number": number, "text": self.text[term]}).drop_duplicates()
        week = {"clicks_change": "now_clicks", "cost_change": "now_cost"}
        member = self.members(chosen)
        stops = member >= 0
        changes = {
            name: -np.bincount(member[stops], np.nan_to_num(floats(rows, of))[stops], size).astype(float)
            for name, of in week.items()
        }
        ends = {
            end: chosen["week_spent"]
            - chosen["week_worth"] * chosen["mean"] * gammaincinv(chosen["shape"], share) / chosen["shape"]
            for end, share in (("gain_low", 0.9), ("gain_high", 0.1))
        }
        frame = pd.DataFrame(
            figures
            | changes
            | ends
            | {
                "level": "fragment",
                "fragment": self.phrases.names[chosen["phrase"]],
                "terms_blocked": np.bincount(texts["number"], minlength=size).astype(float),
                "orders_blocked": figures["conversions"],
                "orders_due": chosen["due"],
                "due_elsewhere": chosen["due_elsewhere"].where(chosen["due_elsewhere"] > 0),
                "sold_elsewhere": chosen["sold_elsewhere"].where(chosen["due_elsewhere"] > 0),
                "worth": chosen["mean"] * chosen["worth"] / chosen["clicks"],
                "price_now": chosen["spent"] / chosen["clicks"],
                "p_not_worth": chosen["p_not_worth"],
                "confidence": chosen["p_not_worth"],
                "gain_delete": chosen["saved"],
                "expected_gain": chosen["saved"],
                "money_at_stake": figures["weekly_cost"],
                "bid_change": -1.0,
                "proposal": "delete",
                "new_match": PHRASE,
                "new_place": chosen["level"],
            }
        )
        return frame.assign(**_names_of(rows, number, term, chosen))


def _numbers(where: pd.DataFrame, columns: Sequence[str]) -> Codes:
    """The number of each row's place, −1 where it has no name; 0 for the account."""
    if not columns:
        return np.zeros(len(where), dtype=np.int64)
    names = [name for name in columns if name in where]
    if not set(AD_GROUP if AD_GROUP[0] in columns else CAMPAIGN) & set(names):
        return np.full(len(where), -1, dtype=np.int64)
    number = row_numbers(where, names)
    own = [name for name in (AD_GROUP if AD_GROUP[0] in columns else CAMPAIGN) if name in names]
    return np.where(any_told(where, own), number, -1)


def _names_of(rows: pd.DataFrame, number: Codes, term: Codes, chosen: pd.DataFrame) -> dict[str, Any]:
    """What the terms of each phrase share by its place: account, campaign, ad group, days."""
    first = pd.Series(term).groupby(number).first().reindex(range(len(chosen))).to_numpy(dtype=np.int64)
    names: dict[str, Any] = {}
    for name in (*ACCOUNT, "last_day", "gain_unit", *PLACES["ad_group"]):
        if name not in rows:
            continue
        inside = chosen["level"].map(
            lambda level, name=name: name not in PLACES["ad_group"] or name in PLACES[level]
        )
        names[name] = rows[name].iloc[first].reset_index(drop=True).where(inside.astype(bool))
    if "days" in rows:
        names["days"] = pd.Series(floats(rows, "days")[term]).groupby(number).max().to_numpy()
    return names
