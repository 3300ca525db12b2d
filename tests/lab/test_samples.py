from __future__ import annotations

from pathlib import Path

import openpyxl

from ppc_tuner.lab.accounts import menswear
from ppc_tuner.lab.samples import make_samples

COMMITTED = Path(__file__).resolve().parents[2] / "sample_data"


def cells(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


def test_samples_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    first = make_samples(tmp_path / "one")
    second = make_samples(tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    for path in first:
        committed = COMMITTED / path.relative_to(tmp_path / "one")
        if path.suffix == ".xlsx":  # zip libraries may pack the same cells differently
            assert cells(path) == cells(committed)
        else:
            assert path.read_bytes() == committed.read_bytes(), path.name


def test_samples_are_small_and_labelled() -> None:
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file()) < 4_000_000
    label = (COMMITTED / "README.md").read_text("utf-8")
    assert "Synthetic" in label
    assert "模拟数据" in label
    assert "python -m ppc_tuner.lab.samples sample_data" in label


def test_the_menswear_shop_looks_like_one() -> None:
    """Typical figures of the platform, and most spend on head and main words (A8)."""
    market = menswear()
    facts = market.facts()
    assert 350 <= facts["keyword_id"].nunique() <= 420
    assert facts["item_id"].nunique() == 8
    assert facts["date"].nunique() == 28
    total = facts[["impressions", "clicks", "cost", "conversions", "revenue"]].sum()
    assert 20_000 < total["cost"] < 60_000
    assert 0.01 < total["clicks"] / total["impressions"] < 0.08
    assert 0.5 < total["cost"] / total["clicks"] < 3
    assert 0.01 < total["conversions"] / total["clicks"] < 0.06
    assert 90 < total["revenue"] / total["conversions"] < 400
    assert 1 < total["revenue"] / total["cost"] < 6
    weekly = facts.groupby((facts["date"] - facts["date"].min()).dt.days // 7)["impressions"].sum()
    assert weekly[3] > 1.05 * weekly[0]
    assert facts.groupby("keyword")["campaign"].nunique().max() >= 2
    heavy = facts.merge(market.shop.words[["keyword_id", "kind"]])
    assert heavy.loc[heavy["kind"].isin(["head", "core"]), "clicks"].sum() > 0.6 * total["clicks"]
