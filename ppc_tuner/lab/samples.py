"""Makes sample_data/ again, byte for byte: python -m ppc_tuner.lab.samples [FOLDER]"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import pandas as pd

from ppc_tuner.lab.accounts import START, WEEKS, amazon, google, menswear
from ppc_tuner.lab.context_workbook import write_context_workbook
from ppc_tuner.lab.exports import write_amazon_targeting, write_google_keywords, write_wanxiangtai

EXPORTED = datetime(2026, 11, 2, 9, 15)
LAST_DAY = START + pd.Timedelta(days=7 * WEEKS - 1)


def make_samples(folder: Path) -> list[Path]:
    """Write every sample file below `folder` (made if absent) and return their paths."""
    return [*_menswear(folder / "zhitongche"), *_google(folder / "google"), *_amazon(folder / "amazon")]


def _menswear(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    market = menswear()
    report = folder / f"关键词报表_{EXPORTED:%Y%m%d_%H%M%S}.csv"
    write_wanxiangtai(market.facts(), market.shop.items, market.pages(), report)
    items = folder / "items.csv"
    known = market.shop.items[["item_id", "item", "margin", "refund_rate", "main_word"]]
    items.write_bytes(known.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    return [report, items, write_context_workbook(market, folder / "context.xlsx")]


def _google(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    market = google()
    report = folder / "Search keyword report.csv"
    write_google_keywords(market.facts(), market.word_list(), report, first_day=START, last_day=LAST_DAY)
    return [report]


def _amazon(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "Sponsored Products Targeting report.xlsx"
    write_amazon_targeting(amazon().facts(), report, created=EXPORTED)
    return [report]


if __name__ == "__main__":
    for path in make_samples(Path(sys.argv[1] if len(sys.argv) > 1 else "sample_data")):
        print(f"{path}  {path.stat().st_size:,} bytes")
