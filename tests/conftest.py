"""Builders of what the stations take (facts, decision rows, settings, packs); `decide`, the whole pass."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import accounts
import hypothesis
import numpy as np
import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.columns import ITEMS
from ppc_tuner.evidence import Present, usual_response, worth_of
from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.settings import Settings

# Of the user of these tests nothing is remembered, and nothing is kept; tests of the ledger name their own.
os.environ["PPC_TUNER_LEDGER"] = "none"

RULES = Path(__file__).resolve().parents[1] / "rules"
MEASURES = ("impressions", "clicks", "cost", "conversions", "revenue")

Build = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("zhitongche", RULES)


@pytest.fixture(scope="session")
def settings(pack: Pack) -> Settings:
    """Those of the pack, for shops whose sales leave 35 %."""
    return replace(Settings.of(pack.settings), margin=0.35)


@pytest.fixture(scope="session")
def rules_folder() -> Path:
    return RULES


@pytest.fixture
def facts() -> Build:
    """facts({...}, {...}): a daily fact for each mapping, over defaults; None leaves its column out."""

    def build(*given: Mapping[str, Any], **shared: Any) -> pd.DataFrame:
        default = {
            "level": "keyword", "platform": "zhitongche", "currency": "CNY", "campaign": "计划",
            "ad_group": "单元", "keyword": "羽绒服男", "date": "2026-01-10", "exported_on": "2026-03-01",
            "impressions": 100.0, "clicks": 10.0, "cost": 20.0, "conversions": 1.0, "revenue": 200.0,
        }  # fmt: skip
        frame = pd.DataFrame([default | shared | dict(fact) for fact in given])
        frame = frame.drop(
            columns=[name for name in frame if frame[name].map(lambda cell: cell is None).all()]
        )
        for name in ("date", "period_start", "period_end", "exported_on"):
            if name in frame:
                frame[name] = pd.to_datetime(frame[name])
        return frame

    return build


@pytest.fixture
def rows() -> Build:
    """rows({...}, {...}): decision rows as windows and context hand them on, of four weeks, all counted."""

    def build(*given: Mapping[str, Any], **shared: Any) -> pd.DataFrame:
        default = {
            "level": "keyword", "platform": "zhitongche", "currency": "CNY", "campaign": "计划",
            "ad_group": "单元", "item_id": "1", "keyword": "羽绒服男", "impressions": 1000.0, "clicks": 100.0,
            "cost": 200.0, "conversions": 3.0, "revenue": 600.0, "margin": 0.35, "refund_rate": 0.0,
            "value_per_conversion": np.nan, "bid": 2.0,
        }  # fmt: skip
        frame = pd.DataFrame([default | shared | dict(row) for row in given])
        frame = frame.drop(
            columns=[name for name in frame if frame[name].map(lambda cell: cell is None).all()]
        )
        for name in MEASURES:
            if name in frame and f"counted_{name}" not in frame:
                frame[f"counted_{name}"] = frame[name]
            if name in MEASURES[:3] and f"weekly_{name}" not in frame:
                frame[f"weekly_{name}"] = frame[name] / 4
        if "exposure" not in frame:
            frame["exposure"] = frame["clicks"]
        return frame.assign(break_even_roas=1 / frame["margin"])

    return build


@pytest.fixture
def weighed(settings: Settings) -> Build:
    """weighed(rows): what rows are worth (columns.ESTIMATES), all of their past counting alike.

    Settings as keywords.
    """

    def run(rows: pd.DataFrame, doubt: float = 0.0, drift: float = 0.0, **changed: Any) -> pd.DataFrame:
        chosen = replace(settings, **changed)
        past = rows.reindex(columns=["exposure", "counted_conversions"]).fillna(0).to_numpy(dtype=float)
        present = Present(past[:, 0], past[:, 1], doubt, drift)
        return worth_of(rows, present, usual_response(chosen), chosen).frame

    return run


@pytest.fixture
def decide(tmp_path: Path) -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """decide([{...}, ...]): words and items as `tune` decides them; words are given by sums over four weeks.

    What no report tells (margin, kind, stock_days …) may stand beside the figures; brand_words: other firms'
    brands; by_day: daily facts, else one row a word. Words come back in the order given; items by id, with
    their figures, the action empty where there is nothing to mend.
    """

    def run(
        given: Sequence[Mapping[str, Any]],
        brand_words: Sequence[str] = (),
        by_day: bool = True,
        **settings: Any,
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        context = accounts.told(given, tmp_path)
        if brand_words:
            context.append(tmp_path / "brands.csv")
            pd.DataFrame({"brand_word": brand_words}).to_csv(context[-1], index=False)
        facts = accounts.evenly(given) if by_day else accounts.at_once(given)
        actions = tune(facts, None, context, {"margin": 0.35} | settings).actions
        is_item = actions["level"] == "item"
        words = actions[~is_item].sort_values("keyword_id", ignore_index=True)
        figures = words.groupby("item_id", sort=False)[[name for name in ITEMS if name in words]].first()
        verdicts = ["action", "rule", "advice", "reason_zh", "reason_en"]
        return words, figures.join(actions[is_item].set_index("item_id")[verdicts])

    return run


# How many examples every property test tries, always the same ones: no change is held up by chance.
# benchmarks/long_checks.py asks for the long profile, which draws new ones.
hypothesis.settings.register_profile("commit", max_examples=200, derandomize=True)
hypothesis.settings.register_profile("long", max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "commit"))
