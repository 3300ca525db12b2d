"""What must not change a list: the order of rows and columns, how a report is cut into files, new ids,
another unit of money, words of zeros, copies, how a file is written, the language, days too old to count.

Of each drawn report two lists are made, the second after several relations at once: what none of them may
change, all together may not. Where the lists differ, the relations that break one alone are named.

    python tests/whole/test_metamorphic.py [REPORTS, default 2000] [SEED, default the clock's]

tries as many reports as you like; the tests try 60.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.listing import Result

# In parts, so that several processes share them.
PARTS, REPORTS_A_PART = 12, 5
LAST: Final = pd.Timestamp("2026-03-29")
TEXTS: Final = ("campaign", "ad_group", "item", "keyword")
IDS: Final = ("campaign_id", "ad_group_id", "item_id", "keyword_id")
MONEY: Final = ("cost", "revenue", "bid")
VERDICTS: Final = ("action", "rule")
FIGURES: Final = ("impressions", "clicks", "cost", "conversions", "revenue", "ctr", "cvr", "confidence",
                  "bid_change", "ctr_score", "cpc_score", "cvr_score", "roi_score", "days")  # fmt: skip
OF_MONEY: Final = ("cpc", "aov", "weekly_cost", "expected_gain", "value_per_click")
SUFFIXES: Final = ("纯棉", "加厚", "短款", "新款", "宽松", "秋季", "red", "blue", "sale", "大码")
COUNTS: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
# A word that only one of the two lists holds.
NEVER_SHOWN: Final = "靴9 从未展现"
# A list is rounded where bids are; all else differs by the last bits of a float.
CLOSE: Final = 1e-6


def drawn_report(random: np.random.Generator) -> pd.DataFrame:
    """Daily facts of a small shop: words of several campaigns and items with rates, prices and days drawn."""
    words, days = int(random.integers(16, 32)), int(random.integers(14, 24))
    campaigns, items = int(random.integers(1, 4)), int(random.integers(2, 6))
    dates = pd.date_range(end=LAST, periods=days)
    at = np.arange(words)
    item = at % items
    campaign = item % campaigns
    name = pd.Series([f"靴{one}" for one in item])
    for _ in range(2):
        name += " " + pd.Series(random.choice(SUFFIXES, words))
    word = pd.DataFrame(
        {
            "keyword": name + [f" {number}" for number in at],
            "campaign": [f"plan {one}" for one in campaign], "campaign_id": [f"90{one}" for one in campaign],
            "ad_group": [f"unit {one}" for one in item], "ad_group_id": [f"80{one}" for one in item],
            "item": [f"靴{one}" for one in item], "item_id": [f"70{one}" for one in item],
            "keyword_id": [f"1{number:05d}" for number in at],
            "bid": random.lognormal(0.5, 0.4, words).round(2),
            "shown": random.lognormal(5, 1, words), "ctr": random.beta(4, 80, words),
            "cvr": random.beta(2, 40, words), "value": random.lognormal(4, 0.3, items)[item],
        }
    )  # fmt: skip
    every = word.loc[np.repeat(at, days)].reset_index(drop=True)
    every["date"] = np.tile(dates, words)
    every["impressions"] = random.poisson(every["shown"]).astype(float)
    every["clicks"] = random.binomial(every["impressions"].astype(int), every["ctr"]).astype(float)
    every["conversions"] = random.binomial(every["clicks"].astype(int), every["cvr"]).astype(float)
    price = every["bid"] * random.uniform(0.6, 1.0, len(every))
    every["cost"] = (every["clicks"] * price).round(2)
    every["revenue"] = (every["conversions"] * every["value"]).round(2)
    # A report leaves out the days on which a word was not shown.
    kept = every[(every["impressions"] > 0) & (random.random(len(every)) > 0.1)]
    facts = kept.drop(columns=["shown", "ctr", "cvr", "value"])
    return facts.assign(platform="shop", level="keyword", currency="USD").reset_index(drop=True)


def listed(result: Result) -> pd.DataFrame:
    """The decision rows by the names of word and place, which no relation changes."""
    words = result.actions[result.actions["level"] == "keyword"]
    words = words[words["keyword"] != NEVER_SHOWN]
    return words.set_index(["campaign", "ad_group", "keyword"]).sort_index()


def assert_same(one: pd.DataFrame, other: pd.DataFrame, money: float = 1.0) -> None:
    """The same verdicts and figures of the same words; `money`: how many of the first's units are one of the
    other's."""
    assert one.index.equals(other.index)
    for name in VERDICTS:
        differ = one[name] != other[name]
        assert not differ.any(), f"{name}: {one[name][differ].head(3)} → {other[name][differ].head(3)}"
    for name in (*FIGURES, *OF_MONEY):
        first, second = (frame[name].to_numpy(dtype=float) for frame in (one, other))
        scale = money if name in OF_MONEY or name in MONEY else 1.0
        assert second == pytest.approx(first * scale, rel=CLOSE, abs=CLOSE * scale, nan_ok=True), name


Random = np.random.Generator
Change = Callable[[pd.DataFrame, Random], pd.DataFrame]
Cut = Callable[[pd.DataFrame], Sequence[pd.DataFrame]]
Write = Callable[[pd.DataFrame, Path], Path]


def zero_rows(facts: pd.DataFrame, _: Random) -> pd.DataFrame:
    held = facts[["date", "keyword_id"]].drop_duplicates()
    day = facts["date"].iloc[len(facts) // 2]
    absent = facts[~facts["keyword_id"].isin(held.loc[held["date"] == day, "keyword_id"])]
    rows = absent.drop_duplicates("keyword_id").assign(date=day, **dict.fromkeys(COUNTS, 0.0))
    first_day = facts.groupby("keyword_id")["date"].min()
    return pd.concat([facts, rows[rows["date"] >= rows["keyword_id"].map(first_day)]])


def word_of_zeros(facts: pd.DataFrame, random: Random) -> pd.DataFrame:
    word = facts.iloc[[int(random.integers(len(facts)))]].assign(
        keyword=NEVER_SHOWN, keyword_id="777", date=LAST, **dict.fromkeys(COUNTS, 0.0)
    )
    return pd.concat([word, facts])


def old_days(facts: pd.DataFrame, _: Random) -> pd.DataFrame:
    old = facts[facts["date"] < facts["date"].min() + pd.Timedelta(days=20)]
    return pd.concat([old.assign(date=old["date"] - pd.Timedelta(days=400)), facts])


def ids_renamed(facts: pd.DataFrame, random: Random) -> pd.DataFrame:
    new = facts.copy()
    for name in IDS:
        codes, ids = pd.factorize(facts[name])
        new[name] = random.permutation(np.arange(len(ids)) + 5_000_000)[codes].astype(str)
    return new


def rows_permuted(facts: pd.DataFrame, random: Random) -> pd.DataFrame:
    return facts.sample(frac=1, random_state=random)


def columns_permuted(facts: pd.DataFrame, random: Random) -> pd.DataFrame:
    return facts.sample(frac=1, axis=1, random_state=random)


def hundredfold_money(facts: pd.DataFrame, _: Random) -> pd.DataFrame:
    """Only where a report has no bids, so that changes are stated in percent: bids have floors and steps."""
    return facts.assign(**{name: (facts[name] * 100).round(6) for name in MONEY if name in facts})


def whole(facts: pd.DataFrame) -> Sequence[pd.DataFrame]:
    return [facts]


def by_days(facts: pd.DataFrame) -> Sequence[pd.DataFrame]:
    part = pd.factorize(facts["date"], sort=True)[0] * 3 // facts["date"].nunique()
    return [facts[part == at] for at in range(3)]


def by_campaigns(facts: pd.DataFrame) -> Sequence[pd.DataFrame]:
    return [rows for _, rows in facts.groupby("campaign")]


def twice(facts: pd.DataFrame) -> Sequence[pd.DataFrame]:
    return [facts, facts]


def excel(facts: pd.DataFrame, path: Path) -> Path:
    path = path.with_suffix(".xlsx")
    facts.to_excel(path, index=False)
    return path


def parquet(facts: pd.DataFrame, path: Path) -> Path:
    path = path.with_suffix(".parquet")
    facts.to_parquet(path)
    return path


def text(**dialect: Any) -> Write:
    """Writes csv in a dialect of its own."""

    def write(facts: pd.DataFrame, path: Path) -> Path:
        facts.to_csv(path, index=False, **dialect)
        return path

    return write


CHANGES: Final[tuple[Change, ...]] = (
    zero_rows, word_of_zeros, old_days, ids_renamed, rows_permuted, columns_permuted, hundredfold_money,
)  # fmt: skip
CUTS: Final[tuple[Cut, ...]] = (whole, by_days, by_campaigns, twice)
PLAIN: Final = text(encoding="utf-8")
WRITTEN: Final[dict[str, Write]] = {
    "plain": PLAIN, "xlsx": excel, "parquet": parquet,
    "semicolons": text(sep=";"), "tabs": text(sep="\t"), "bars": text(sep="|"),
    "all quoted": text(quoting=csv.QUOTE_ALL), "texts quoted": text(sep=";", quoting=csv.QUOTE_NONNUMERIC),
    "Windows ends": text(lineterminator="\r\n"), "marked": text(encoding="utf-8-sig"),
    "gb18030": text(encoding="gb18030"), "gb18030, tabs": text(encoding="gb18030", sep="\t"),
    "utf-16": text(encoding="utf-16"),
    "utf-16, tabs": text(encoding="utf-16", sep="\t", quoting=csv.QUOTE_ALL),
}  # fmt: skip
# The language of a list without one is that of the report.
LANGUAGES: Final = ("", "zh", "en")
# The choice of each kind under which nothing is changed.
NOTHING: Final = ((), "whole", "plain", "")
Choice = tuple[tuple[str, ...], str, str, str]


def made(facts: pd.DataFrame, choice: Choice, seed: int) -> pd.DataFrame:
    """The list of the report after the chosen relations."""
    names, cut, written, lang = choice
    random = np.random.default_rng(seed)
    for change in CHANGES:
        if change.__name__ in names:
            facts = change(facts, random)
    parts = next(one for one in CUTS if one.__name__ == cut)(facts)
    with tempfile.TemporaryDirectory() as folder:
        write = WRITTEN[written]
        paths = [write(part, Path(folder, f"report ({at}).csv")) for at, part in enumerate(parts)]
        return listed(tune(paths, **({"lang": lang} if lang else {})))


def drawn_choice(random: Random, priced: bool) -> Choice:
    """Half of the relations that apply, one way to cut the report, one to write it, one language."""
    apply = [change.__name__ for change in CHANGES if not priced or change is not hundredfold_money]
    return (
        tuple(name for name in apply if random.random() < 0.5),
        CUTS[random.integers(len(CUTS))].__name__,
        list(WRITTEN)[random.integers(len(WRITTEN))],
        LANGUAGES[random.integers(len(LANGUAGES))],
    )


def fault_of(seed: int) -> str:
    """What differs between the two lists of a report, and by which relations; "" if nothing."""
    random = np.random.default_rng(seed)
    facts, priced = drawn_report(random), random.random() < 0.7
    if not priced:
        facts = facts.drop(columns="bid")
    choice = drawn_choice(random, priced)
    base = made(facts, NOTHING, seed)
    if not (said := _difference(base, facts, choice, seed)):
        return ""
    alone = [one for one in _single(choice) if _difference(base, facts, one, seed)]
    return f"seed {seed}, {alone or choice}: {said}"


def _difference(base: pd.DataFrame, facts: pd.DataFrame, choice: Choice, seed: int) -> str:
    try:
        assert_same(base, made(facts, choice, seed), 100.0 if "hundredfold_money" in choice[0] else 1.0)
    except Exception as fault:
        return f"{type(fault).__name__}: {str(fault)[:600]}"
    return ""


def _single(choice: Choice) -> list[Choice]:
    """Each of the chosen relations by itself."""
    names, cut, written, lang = choice
    single: list[Choice] = [((name,), "whole", "plain", "") for name in names]
    return [*single, ((), cut, "plain", ""), ((), "whole", written, ""), ((), "whole", "plain", lang)]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_but_what_the_report_says_changes_the_list(part: int) -> None:
    faults = [fault_of(part * REPORTS_A_PART + at) for at in range(REPORTS_A_PART)]
    assert not any(faults), "\n".join(filter(None, faults))


def test_the_order_of_rows_changes_no_figure_by_a_bit() -> None:
    facts = drawn_report(np.random.default_rng(7)).drop(columns=["campaign_id", "ad_group_id", "keyword_id"])
    one, other = made(facts, NOTHING, 7), made(facts, (("rows_permuted",), "whole", "plain", ""), 7)
    for name in (*FIGURES, *OF_MONEY):
        assert np.array_equal(one[name].to_numpy(float), other[name].to_numpy(float), equal_nan=True), name


def main() -> int:
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    seed, failed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time()), 0
    print(f"seed {seed}", flush=True)
    for at in range(reports):
        if fault := fault_of(seed + at):
            failed += 1
            print(fault, flush=True)
    print(f"{reports:,} reports, {failed:,} lists changed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
