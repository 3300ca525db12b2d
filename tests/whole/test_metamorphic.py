"""What must not change a list: the order of rows and columns, how a report is cut into files, new ids,
another unit of money, words of zeros, copies, how a file is written, the language, days too old to count."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppc_tuner import tune
from ppc_tuner.listing import Result

# Drawn reports per relation, of which there are 14: a minute in a commit, 2,000 by HYPOTHESIS_PROFILE=long.
REPORTS: Final = 143 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 2
LAST: Final = pd.Timestamp("2026-03-29")
TEXTS: Final = ("campaign", "ad_group", "item", "keyword")
IDS: Final = ("campaign_id", "ad_group_id", "item_id", "keyword_id")
MONEY: Final = ("cost", "revenue", "bid")
VERDICTS: Final = ("action", "rule")
FIGURES: Final = ("impressions", "clicks", "cost", "conversions", "revenue", "ctr", "cvr", "confidence",
                  "bid_change", "ctr_score", "cpc_score", "cvr_score", "roi_score", "days")  # fmt: skip
OF_MONEY: Final = ("cpc", "aov", "weekly_cost", "expected_gain", "value_per_click")
SUFFIXES: Final = ("纯棉", "加厚", "短款", "新款", "宽松", "秋季", "red", "blue", "sale", "大码")
# A list is rounded where bids are; all else differs by the last bits of a float.
CLOSE: Final = 1e-6


def drawn_report(seed: int, relation: str) -> pd.DataFrame:
    """Daily facts of a small shop: words of several campaigns and items with rates, prices and days drawn.

    Every relation has drawn reports of its own: examples begin with the same seed.
    """
    random = np.random.default_rng([seed, zlib.crc32(relation.encode())])
    words, days = int(random.integers(32, 50)), int(random.integers(14, 30))
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
    return words.set_index(["campaign", "ad_group", "keyword"]).sort_index()


def written(facts: pd.DataFrame, folder: Path, name: str = "report.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    facts.to_csv(path, index=False, encoding=encoding)
    return path


def as_read(facts: pd.DataFrame) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        return listed(tune(written(facts, Path(folder))))


def from_files(write: Callable[[Path], Sequence[Path]]) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        return listed(tune(write(Path(folder))))


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


def rows_permuted(facts: pd.DataFrame, seed: int) -> pd.DataFrame:
    return as_read(facts.sample(frac=1, random_state=seed))


def columns_permuted(facts: pd.DataFrame, seed: int) -> pd.DataFrame:
    return as_read(facts.sample(frac=1, axis=1, random_state=seed))


def split_by_days(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    part = pd.factorize(facts["date"], sort=True)[0] * 3 // facts["date"].nunique()
    return from_files(lambda folder: [written(facts[part == at], folder, f"{at}.csv") for at in range(3)])


def split_by_campaigns(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    parts = list(facts.groupby("campaign"))
    return from_files(lambda folder: [written(rows, folder, f"{name}.csv") for name, rows in parts])


def ids_renamed(facts: pd.DataFrame, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    new = facts.copy()
    for name in IDS:
        codes, ids = pd.factorize(facts[name])
        new[name] = random.permutation(np.arange(len(ids)) + 5_000_000)[codes].astype(str)
    return as_read(new)


def zero_rows(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    counts = ["impressions", "clicks", "cost", "conversions", "revenue"]
    held = facts[["date", "keyword_id"]].drop_duplicates()
    day = facts["date"].iloc[len(facts) // 2]
    absent = facts[~facts["keyword_id"].isin(held.loc[held["date"] == day, "keyword_id"])]
    rows = absent.drop_duplicates("keyword_id").assign(date=day, **dict.fromkeys(counts, 0.0))
    return as_read(pd.concat([facts, rows[rows["date"] >= rows["keyword_id"].map(_first_day(facts))]]))


def _first_day(facts: pd.DataFrame) -> pd.Series:
    return facts.groupby("keyword_id")["date"].min()


def word_of_zeros(facts: pd.DataFrame, seed: int) -> pd.DataFrame:
    counts = ["impressions", "clicks", "cost", "conversions", "revenue"]
    word = facts.iloc[[seed % len(facts)]].assign(
        keyword="靴9 从未展现", keyword_id="777", date=LAST, **dict.fromkeys(counts, 0.0)
    )
    rows = as_read(pd.concat([word, facts]))
    return rows[rows.index.get_level_values("keyword") != "靴9 从未展现"]


def second_copy(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    return from_files(lambda folder: [written(facts, folder), written(facts, folder, "report (1).csv")])


def as_excel(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    def write(folder: Path) -> list[Path]:
        facts.to_excel(folder / "report.xlsx", index=False)
        return [folder / "report.xlsx"]

    return from_files(write)


def as_gb18030(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    return from_files(lambda folder: [written(facts, folder, encoding="gb18030")])


def as_utf16(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    return from_files(lambda folder: [written(facts, folder, encoding="utf-16")])


def in_chinese(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        return listed(tune(written(facts, Path(folder)), lang="zh"))


def with_old_days(facts: pd.DataFrame, _: int) -> pd.DataFrame:
    old = facts[facts["date"] < facts["date"].min() + pd.Timedelta(days=20)]
    return as_read(pd.concat([old.assign(date=old["date"] - pd.Timedelta(days=400)), facts]))


Relation = Callable[[pd.DataFrame, int], pd.DataFrame]
RELATIONS: Final[tuple[Relation, ...]] = (
    rows_permuted, columns_permuted, split_by_days, split_by_campaigns, ids_renamed, zero_rows, word_of_zeros,
    second_copy, as_excel, as_gb18030, as_utf16, in_chinese, with_old_days,
)  # fmt: skip
DRAWS: Final = settings(
    max_examples=REPORTS, deadline=None, derandomize=REPORTS < 10, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda one: one.__name__)
@DRAWS
@given(seed=st.integers(0, 2**31))
def test_nothing_but_what_the_report_says_changes_the_list(relation: Relation, seed: int) -> None:
    facts = drawn_report(seed, relation.__name__)
    assert_same(as_read(facts), relation(facts, seed))


@DRAWS
@given(seed=st.integers(0, 2**31))
def test_another_unit_of_money_changes_no_verdict(seed: int) -> None:
    """All but floors and increments: without bids in the report changes are stated in percent."""
    facts = drawn_report(seed, "money").drop(columns="bid")
    hundredfold = facts.assign(**{name: (facts[name] * 100).round(6) for name in MONEY if name in facts})
    assert_same(as_read(facts), as_read(hundredfold), 100.0)


def test_the_order_of_rows_changes_no_figure_by_a_bit() -> None:
    facts = drawn_report(7, "bits").drop(columns=["campaign_id", "ad_group_id", "keyword_id"])
    one, other = as_read(facts), rows_permuted(facts, 7)
    for name in (*FIGURES, *OF_MONEY):
        assert np.array_equal(one[name].to_numpy(float), other[name].to_numpy(float), equal_nan=True), name
