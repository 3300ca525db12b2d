"""Files that share days and words: exports that overlap, contradict each other, or are of different
accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.identity import BID_ON
from ppc_tuner.reports.bid_joins import latest_rows, named_word
from ppc_tuner.reports.checks.check import ONE_WINDOW, Check, FilesSeen, Finding
from ppc_tuner.reports.overlap import Overlaps, Part, exports_apart, renamed_campaigns, same_figures
from ppc_tuner.text import Text

# Of exports that do not tell their day of download so many words and days show whether one restates the
# other.
ENOUGH: Final = 3
LEVEL_NAMES: Final = {"search_term": Text("搜索词", "search terms"), "item": Text("宝贝", "items")}
TO_DO: Final = Text(
    "只留一份，或下载按天的报表（按天的报表重叠时自动取最新）",
    "give only one of them, or download daily reports: of those the newest counts by itself",
)
WHICH_IS_NEWER: Final = Text(
    "若是同一报表的新旧两份，在文件名里写上下载日期，如 _20260710，或只留一份；若是不同店铺、设备的报表，"
    "下载时勾上那一列",
    "if one is a newer download of the other, put the day of download into the file names, such as "
    "_20260710, or give one "
    "of them; if they are of different accounts or devices, add that column to the downloads",
)


def _repeated(seen: Overlaps) -> Iterator[Finding]:
    for part, twin in seen.repeated:
        yield Finding(
            Text(
                f"{part.label} 与 {twin.label} 内容相同，只算一次",
                f"{part.label} holds the same figures as {twin.label}: counted once",
            )
        )


def _clashes(seen: Overlaps) -> Iterator[Finding]:
    for one, other in seen.clashes:
        yield _overlap(one, other, TO_DO)


def _overlap(one: Part, other: Part, to_do: Text) -> Finding:
    return Finding(
        Text(
            "两份报表的时间和词重叠，数字却不同，不能相加",
            "two reports overlap in time and words but differ, so they cannot be added",
        ),
        where=one.label,
        found=Text(
            f"{one.label}（{_span(one)}）和 {other.label}（{_span(other)}）",
            f"{one.label} ({_span(one)}) and {other.label} ({_span(other)})",
        ),
        expected=Text("时间不重叠的报表", "reports of different days"),
        to_do=to_do,
    )


def _span(part: Part) -> str:
    first, last = part.span
    return "undated" if first == pd.Timestamp.min else f"{first:%Y-%m-%d}..{last:%Y-%m-%d}"


REPEATED_SUMMARY: Final = Check(
    "summary-repeated",
    "tell",
    Text("同一份汇总给了两次，都算就翻倍了", "the same summary given twice would double all figures"),
    _repeated,
)
EXPORTS_OVERLAP: Final = Check(
    "exports-overlap",
    "refuse",
    Text(
        "重叠的汇总没法按天分开，相加就把重叠的日子算两遍",
        "summaries cannot be split into days, so adding them counts the shared days twice",
    ),
    _clashes,
)


def _unlike(seen: Overlaps) -> Iterator[Finding]:
    if seen.daily is None or not any(part.assumed for part in seen.daily.order):
        return
    order = seen.daily.order
    for older, newer in exports_apart(seen.daily, settled=1, least=ENOUGH)[["older", "newer"]].to_numpy():
        if order[older].assumed or order[newer].assumed:
            yield _overlap(order[older], order[newer], WHICH_IS_NEWER)


EXPORTS_UNLIKE: Final = Check(
    "exports-unlike",
    "refuse",
    Text(
        "两份按天的报表数字差得太多，不像新旧两份；只取一份就丢了另一个店铺或设备的数据",
        "two daily exports differ too much to be an older and a newer one; counting one would lose the other "
        "account or "
        "device",
    ),
    _unlike,
)


def _other_account(seen: Overlaps) -> Iterator[Finding]:
    pairs = exports_apart(seen.daily) if seen.daily is not None else pd.DataFrame()
    if seen.daily is None or pairs.empty:
        return
    most = pairs.nlargest(1, "shared")[["older", "newer"]].to_numpy()[0]
    older, newer = (seen.daily.order[i].label for i in most)
    more = len(pairs) - 1
    others = Text(f"（另有 {more} 对报表）", f" (and {more} more pairs)") if more else Text("", "")
    yield Finding(
        Text(
            f"{older} 与 {newer}{others.zh}：早就结束的日子里多数词的展现都不同，像是两个账户；"
            "现在只计新的一份。若是两个账户，下载时勾上账户（店铺）列",
            f"{older} and {newer}{others.en}: most words have other impressions on days long past, "
            "as of two accounts; only the newer counts. If they are two, add the account to the downloads",
        )
    )


OTHER_ACCOUNT: Final = Check(
    "other-account",
    "tell",
    Text(
        "两个账户的报表若当作新旧两份，旧的那个账户就不算了",
        "exports of two accounts taken for an older and a newer one leave one account out",
    ),
    _other_account,
)


def _renamed(seen: Overlaps) -> Iterator[Finding]:
    # Where all exports carry campaign ids, a new name is no other campaign.
    if seen.daily is None or "campaign" not in seen.daily.keys:
        return
    for pair in renamed_campaigns(seen.daily).head(1).to_dict("records"):
        older, newer = (seen.daily.order[pair[name]] for name in ("part", "part_other"))
        yield Finding(
            Text(
                "同一天的同样数字在两份报表里属于不同名字的计划，会算两遍",
                "two reports hold the same figures of the same days under campaigns of different names: "
                "they would count twice",
            ),
            where=newer.label,
            found=Text(
                f"{older.label} 的“{pair['campaign']}”和 {newer.label} 的“{pair['campaign_other']}”，"
                f"{pair['shared']:,} 行相同",
                f"“{pair['campaign']}” in {older.label} and “{pair['campaign_other']}” in {newer.label}: "
                f"{pair['shared']:,} equal rows",
            ),
            expected=Text("时间不重叠，或带计划ID", "days that do not overlap, or a column of campaign ids"),
            to_do=Text(
                "若是改了名：只给新的一份，或下载时勾上计划ID",
                "if it was renamed, give the newer report only, or add the campaign id to the download",
            ),
        )


CAMPAIGN_RENAMED: Final = Check(
    "campaign-renamed",
    "refuse",
    Text(
        "计划改了名，新旧两份报表的词对不上，同一天的花费算两遍",
        "after a campaign was renamed the words of two exports do not match, and the same days count twice",
    ),
    _renamed,
)


def _equally_new(seen: Overlaps) -> Iterator[Finding]:
    """Two exports of one day of download may repeat each other, but not contradict each other where none is
    newer."""
    daily = seen.daily
    if daily is None:
        return
    for j, one in enumerate(daily.order):
        for i in range(j - 1, -1, -1):
            if daily.order[i].exported_on != one.exported_on:
                break
            if not daily.order[i].meets(one):
                continue
            of_one = daily.word[(daily.part == j) & (daily.newest == j)]
            shared = np.isin(daily.word, np.intersect1d(daily.word[daily.part == i], of_one))
            if not same_figures(daily.figures_of(i, shared), daily.figures_of(j, shared)):
                yield _overlap(daily.order[i], one, WHICH_IS_NEWER)


EQUALLY_NEW: Final = Check(
    "equally-new-exports",
    "refuse",
    Text(
        "分不出哪份是新的，取错就用了还没算齐的成交",
        "where neither is newer, the wrong one may be taken: that in which orders were still missing",
    ),
    _equally_new,
)


def _covered(seen: Overlaps) -> Iterator[Finding]:
    if seen.daily is None:
        return
    lost = np.bincount(seen.daily.part[~seen.daily.counts], minlength=len(seen.daily.order))
    for part, rows in zip(seen.daily.order, lost, strict=True):
        if rows:
            yield Finding(
                Text(
                    f"{part.label}：{rows:,} 行的日期和词在更新的报表里也有，以新的为准",
                    f"{part.label}: {rows:,} rows are covered by a newer export, which counts instead",
                )
            )


COVERED: Final = Check(
    "covered-by-newer",
    "tell",
    Text(
        "旧报表里的成交还没算齐；新旧都算会翻倍，取旧的会少算",
        "orders of an older export are not complete yet: both would double the day, the older alone fall "
        "short",
    ),
    _covered,
)


def _bids_contradict(seen: FilesSeen) -> Iterator[Finding]:
    for one in seen.contradictions:
        label = COLUMNS[one.column].label
        yield Finding(
            Text(
                "两份出价表一样新，同一个词却写得不同",
                "two lists of bids are equally new, but disagree about a word",
            ),
            where=one.where,
            found=Text(
                f"“{one.word}”：{one.where} {label.zh} {one.value}，{one.there} {label.zh} {one.other}"
                f"（这样的词共 {one.words:,} 个）",
                f"“{one.word}”: {one.where} {label.en} {one.value}, {one.there} {label.en} {one.other} "
                f"({one.words:,} words like this)",
            ),
            expected=Text(
                "同一天的出价表，对同一个词写得相同", "lists of one day that say the same of a word"
            ),
            to_do=Text(
                "分不出哪份更新；在文件名里写上各自的下载日期，如 _20260710"
                "（--exported-on 对所有文件都一样，分不开，要去掉），或只给一份",
                "which is newer cannot be told: put the day of download into each file's name, such as "
                "_20260710 "
                "(--exported-on is one day for all files, so leave it out), or give one of them",
            ),
        )


BIDS_CONTRADICT: Final = Check(
    "bids-contradict",
    "refuse",
    Text(
        "按错的出价算出的新出价可能离实际出价很远",
        "a new bid worked out from the wrong one may be far from what the word bids today",
    ),
    _bids_contradict,
)


def _bids_outdated(seen: FilesSeen) -> Iterator[Finding]:
    for one in seen.outdated:
        counts = (
            Text("出价表较新，以它为准", "the list is not the older one, so its bids count")
            if one.by_list
            else Text("报表较新，以报表为准", "the report is the newer, so its bids count")
        )
        yield Finding(
            Text(
                f"{one.words:,} 个词的出价与报表不同（如“{one.word}”：报表 {one.reported:,.2f}，出价表 "
                f"{one.listed:,.2f}）；{counts.zh}",
                f"{one.words:,} {'word has another bid' if one.words == 1 else 'words have other bids'} "
                f"in the list than in the report (such as “{one.word}”: {one.reported:,.2f} in the report, "
                f"{one.listed:,.2f} in the list); {counts.en}",
            ),
            where=one.path.as_posix(),
        )


BIDS_OUTDATED: Final = Check(
    "bids-outdated",
    "tell",
    Text(
        "按早已改过的出价来调，加价可能变成降价",
        "a change worked out from a bid that has been changed since may turn a raise into a cut",
    ),
    _bids_outdated,
    on_top=True,
)


def _two_bids(seen: FilesSeen) -> Iterator[Finding]:
    """Words whose rows of their last day have several bids, on a platform that bids once for all of them."""
    facts = seen.facts
    if "bid" not in facts:
        return
    known = facts[facts["bid"].notna() & (facts["level"] == "keyword")]
    words = [name for name in (*BID_ON, "channel") if name in known]
    apart = known["platform"].isin(seen.by_device)
    device = known["device"].where(apart, "") if "device" in known else pd.Series("", index=known.index)
    code = known.groupby([*(known[name] for name in words), device], dropna=False, sort=False).ngroup()
    latest = latest_rows(known, code)
    bids = known["bid"][latest].groupby(code[latest]).agg(["min", "max"])
    several = bids[bids["min"] < bids["max"]]
    if several.empty:
        return
    row = known[(code == several.index[0]).to_numpy()].iloc[0]
    low, high = several.iloc[0]
    yield Finding(
        Text(
            f"{len(several):,} 个词同一天有几个出价（如“{named_word(row)}”：{low:,.2f} 和 {high:,.2f}）；"
            "按点击加权平均算作一个出价",
            f"{len(several):,} {'word has' if len(several) == 1 else 'words have'} several bids on one day "
            f"(such as “{named_word(row)}”: {low:,.2f} and {high:,.2f}); their mean, weighted by clicks, "
            "is taken for the bid",
        ),
        where=str(row["source_file"]) if "source_file" in known else "",
    )


TWO_BIDS: Final = Check(
    "two-bids-on-one-day",
    "tell",
    Text(
        "取哪一个出价只看行的先后，同一份数据会得出两份不同的清单",
        "which of them counted would hang on the order of the rows, and one report would give two lists",
    ),
    _two_bids,
    on_top=True,
)


def _windows_differ(seen: FilesSeen) -> Iterator[Finding]:
    facts = seen.every
    if "attribution_days" not in facts:
        return
    names = [*ONE_WINDOW, "attribution_days", *(["source_file"] if "source_file" in facts else [])]
    known = facts.loc[facts["attribution_days"].notna(), names]
    windows = known.groupby([*ONE_WINDOW], sort=True)["attribution_days"].nunique()
    if not (windows > 1).any():
        return
    platform, account, level = windows.index[(windows > 1).to_numpy()][0]
    mixed = known[(known["platform"] == platform) & (known["account"] == account) & (known["level"] == level)]
    firsts = mixed.drop_duplicates("attribution_days").sort_values("attribution_days")
    files = firsts.get("source_file", firsts["platform"]).astype("str")
    told = [(f"{days:g}", file) for days, file in zip(firsts["attribution_days"], files, strict=True)]
    yield Finding(
        Text(
            "报表的归因天数不同，成交不能放在一起算",
            "reports count orders over different windows of days, so they cannot be put together",
        ),
        where=told[-1][1],
        found=Text(
            "；".join(f"{file}：{days} 天" for days, file in told),
            "; ".join(f"{file}: {days} days" for days, file in told),
        ),
        expected=Text("同一个归因天数", "one window for all"),
        to_do=Text(
            "按同一归因天数重新下载，或分开运行；报表没写天数的，用设置 attribution_days 说明",
            "download them with one window, or run them apart; where a report does not state it, the setting "
            "attribution_days does",
        ),
    )


WINDOWS_DIFFER: Final = Check(
    "windows-differ",
    "refuse",
    Text(
        "按 30 天归因的词看起来比按 7 天归因的词好，其实只是多算了几天的成交",
        "words with orders of 30 days look better than those with orders of 7, though only the counting "
        "differs",
    ),
    _windows_differ,
)


def _same_clicks(seen: FilesSeen) -> Iterator[Finding]:
    """Reports of several levels of one account count the same clicks."""
    accounts = seen.facts.groupby(["platform", "account"], sort=True)["level"].unique()
    for (platform, account), levels in zip(accounts.index, accounts, strict=True):
        others = [LEVEL_NAMES[one] for one in LEVEL_NAMES if one in levels and "keyword" in levels]
        if others:
            yield Finding(
                Text(
                    f"{'、'.join(one.zh for one in others)}报表与关键词报表是同一批点击的不同看法，分开看，"
                    "不相加",
                    f"the report of {' and '.join(one.en for one in others)} shows the same clicks as the "
                    "keyword "
                    "report: kept apart, not added",
                ),
                where=f"{platform} {account}".strip(),
            )


SAME_CLICKS: Final = Check(
    "same-clicks",
    "tell",
    Text(
        "搜索词报表和关键词报表相加，同一次点击算两遍",
        "adding search terms to keywords counts every click twice",
    ),
    _same_clicks,
)
