"""Small builders of what the stations take: facts, decision rows, settings, rule packs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import pandas as pd
import pytest

from ppc_tuner.bids import with_steps, with_targets, with_unseen
from ppc_tuner.context import with_item_context
from ppc_tuner.evidence import (
    item_rows,
    usual_response,
    with_competition,
    with_estimates,
    with_item_figures,
    with_trends,
)
from ppc_tuner.judge import Pack, load_pack, with_told, with_verdicts
from ppc_tuner.kinds import with_kinds

RULES = Path(__file__).resolve().parents[1] / "rules"
MEASURES = ("impressions", "clicks", "cost", "conversions", "revenue")
FLOOR, INCREMENT = 0.05, 0.01

Build = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack("zhitongche", RULES)


@pytest.fixture(scope="session")
def settings(pack: Pack) -> dict[str, Any]:
    return dict(pack.settings) | usual_response(pack.settings).settings()


@pytest.fixture(scope="session")
def rules_folder() -> Path:
    return RULES


@pytest.fixture
def facts() -> Build:
    """facts({...}, {...}): one daily fact for each mapping, over defaults; a value None leaves the column out."""

    def build(*given: Mapping[str, Any], **shared: Any) -> pd.DataFrame:
        default = {
            "level": "keyword", "platform": "zhitongche", "currency": "CNY", "campaign": "计划", "ad_group": "单元",
            "keyword": "羽绒服男", "date": "2026-01-10", "exported_on": "2026-03-01",
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
    """rows({...}, {...}): decision rows as windows and context hand them on; all of four weeks, all counted."""

    def build(*given: Mapping[str, Any], **shared: Any) -> pd.DataFrame:
        default = {
            "level": "keyword", "platform": "zhitongche", "currency": "CNY", "campaign": "计划", "ad_group": "单元",
            "item_id": "1", "keyword": "羽绒服男", "impressions": 1000.0, "clicks": 100.0, "cost": 200.0,
            "conversions": 3.0, "revenue": 600.0, "margin": 0.35, "refund_rate": 0.0, "value_per_conversion": np.nan,
            "bid": 2.0,
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
        for name, same in (("present_clicks", "exposure"), ("present_orders", "counted_conversions")):
            if name not in frame and same in frame:
                frame[name] = frame[same]
        frame["level_doubt"] = frame["drift_doubt"] = 0.0
        return frame.assign(break_even_roas=1 / frame["margin"])

    return build


@pytest.fixture
def decide(pack: Pack) -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """decide(rows): the rows with verdicts and steps, and the items with theirs, through the pack of 直通车."""

    def run(
        given: pd.DataFrame, brand_words: tuple[str, ...] = (), pack: Pack = pack
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        chosen = dict(pack.settings) | usual_response(pack.settings).settings()
        weighed = with_competition(with_estimates(with_kinds(given, brand_words, chosen), chosen))
        weighed = with_unseen(with_targets(weighed, FLOOR, chosen), chosen)
        items = with_item_context(with_trends(item_rows(weighed, chosen), weighed, chosen), weighed)
        judged = with_told(with_verdicts(with_item_figures(weighed, items), pack), chosen)
        return with_steps(judged, FLOOR, INCREMENT, chosen), with_verdicts(items, pack)

    return run


# How many examples every property test tries; benchmarks/long_checks.py asks for the long profile.
hypothesis.settings.register_profile("commit", max_examples=200)
hypothesis.settings.register_profile("long", max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "commit"))
