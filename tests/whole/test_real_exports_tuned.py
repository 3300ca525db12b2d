"""Every complete real export is decided on, and the totals of the summary are those of its source, to the
cent.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner import tune

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT.parent / "shared" / "data"
AUGUST = "amazon_ads/targeting_daily_2019-08-24_to_11-21.xlsx"
EARLY, LATE = (
    "amazon_ads/targeting_daily_2019-12-01_to_12-18.xlsx",
    "amazon_ads/targeting_daily_2019-12-01_to_12-30.xlsx",
)
TERMS = (
    "amazon_ads/search_terms_summary_2019-05.xlsx",
    "amazon_ads/search_terms_summary_2019-05_padded_headers.xlsx",
)
CASES = {
    "google keywords": (["google_ads/search_keyword_report_2020-08_by_device.csv"], 135, 1643, 18950.07, 62,
                        None),
    "google terms": (["google_ads/search_terms_report_2024-02.csv"], None, 2910, 45131.01, 194.33, None),
    "amazon August": ([AUGUST], 911, 2271, 1763.80, 40, 1754.58),
    "amazon December, early": ([EARLY], None, 1474, 889.72, 24, 1252.62),
    "amazon December, late": ([LATE], None, 2270, 1407.98, 42, 2001.37),
    "amazon December, both": ([EARLY, LATE], None, 2270, 1407.98, 42, 2001.37),
    "amazon, all three": ([AUGUST, EARLY, LATE], None, 4541, 3171.78, 82, 3755.95),
    "amazon terms": ([TERMS[0]], None, 35546, 6139.42, 998, 24650.24),
    "amazon terms, padded": ([TERMS[1]], None, 35546, 6139.42, 998, 24650.24),
    "air france": (["air_france/keywords_doubleclick.xls"], 4510, 512849, 755315.92, 3939, 4661912.55),
}  # fmt: skip


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not beside this checkout")
@pytest.mark.parametrize("case", CASES)
def test_a_real_export(case, tmp_path):
    names, words, clicks, cost, conversions, revenue = CASES[case]
    formats = [ROOT / "docs" / "examples" / "air_france.yaml"] if case == "air france" else []
    result = tune([EXPORTS / name for name in names], formats=formats)
    totals = result.summary["totals"].query("source == 'files'").iloc[0]
    assert totals["clicks"] == clicks
    assert round(totals["cost"], 2) == cost
    assert round(totals["conversions"], 2) == conversions
    if revenue is not None:
        assert round(totals["revenue"], 2) == revenue
    if words is not None:
        assert totals["words"] == words
    assert result.actions["action"].notna().all()
    assert len(result.actions.query("level not in ['item', 'group']")) == totals["words"]
    out = tmp_path / "a.csv"
    result.save(out)
    assert out.stat().st_size > 0
