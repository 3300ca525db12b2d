"""Lists of bids (bulk files, word lists): what is taken from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.identity import BID_ON
from ppc_tuner.reports.cells import read_column
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.header import HeaderMatch, positions
from ppc_tuner.reports.rows import is_kind
from ppc_tuner.text import Text

GIVEN: Final = ("bid", "status", "quality_score", "market_cpc", "market_ctr", "market_cvr")
# What a list may tell of its rows beside the bids.
ABOUT: Final = ("currency", "biddable", "exported_on")
# What names an ad group, the surest first.
AD_GROUP_KEYS: Final = (["ad_group_id"], ["campaign_id", "ad_group"], ["campaign", "ad_group"])


@dataclass(frozen=True, slots=True)
class BidList:
    """rows: BID_ON and GIVEN of every word of the list that can be bid on, all of one platform."""

    path: Path
    name: Text
    platform: str
    exported_on: pd.Timestamp | None
    rows: pd.DataFrame
    negatives: int = 0


def only_bids(found: Recognised) -> Recognised:
    """The list with its columns of figures left unused: they are of some other time than the bids."""
    wanted = (*BID_ON, *GIVEN, *ABOUT)
    columns = {name: at for name, at in found.match.columns.items() if name in wanted}
    return replace(found, match=HeaderMatch(columns, {}))


def with_parent_bids(facts: pd.DataFrame, raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """Words without a bid of their own take that of their ad group, where the list (raw: all its rows) holds one."""
    kinds = found.ways.rows
    if kinds is None or not kinds.parents:
        return facts
    header, columns = found.header.cells, dict(found.match.columns)
    own = positions(header, kinds.parent_bid)
    columns |= {"bid": own[0]} if own else {}
    parents = raw[is_kind(raw, header, kinds, kinds.parents)]
    read = {
        name: read_column(name, parents[columns[name]], header[columns[name]], found.table.label, found.ways)
        for name in ("campaign_id", "campaign", "ad_group_id", "ad_group", "bid") if name in columns
    }  # fmt: skip
    return _lent(facts, pd.DataFrame(read))


def _lent(facts: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    keys = next((keys for keys in AD_GROUP_KEYS if _given(facts, keys) and _given(groups, keys)), None)
    if keys is None:
        return facts
    known = groups.dropna(subset=[*keys, "bid"]).drop_duplicates([*keys, "bid"])
    # An ad group with several bids lends none.
    known = known.drop_duplicates(keys, keep=False)
    lent = facts[keys].merge(known[[*keys, "bid"]], on=keys, how="left")["bid"].to_numpy()
    return facts.assign(bid=facts["bid"].where(facts["bid"].notna(), lent))


def _given(frame: pd.DataFrame, names: list[str]) -> bool:
    return all(name in frame and frame[name].notna().any() for name in names)
