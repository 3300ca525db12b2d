"""Rows of one file that would count twice: sums of other rows, a word below two headers, periods that
overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.files import HeadRow
from ppc_tuner.identity import ACCOUNT, PLACE, ROW, WORD
from ppc_tuner.reports.cells import is_blank, plain_text, where_text
from ppc_tuner.reports.checks.check import Check, Finding, TableSeen, first_true
from ppc_tuner.reports.periods import preamble_days
from ppc_tuner.reports.recognise import same_name
from ppc_tuner.reports.results import COST_ROUNDED, DATES
from ppc_tuner.reports.rows import NO_FIGURES, REPEATED
from ppc_tuner.text import Text

APART: Final = Text(
    "把它们分成几个文件，或分几份下载", "put them into files of their own, or download them apart"
)
SHOWN_PLACES: Final = {"campaign": Text("计划", "campaign"), "ad_group": Text("单元", "ad group")}
FIGURES: Final = ("impressions", "clicks", "cost")
# With two rows one may equal the other by chance, and so may the small figures of a word or two.
LEAST_ROWS, LEAST_CLICKS = 3, 5
MOST_GROUPS: Final = 0.9
# A file put together twice holds each row twice; a breakdown without its column repeats a few small ones.
LEAST_TWINS, MOST_TWINS = 2, 0.5
# Rows in which the words, places and days to look at are found.
FIRST_ROWS: Final = 20_000


def _no_place(seen: TableSeen) -> Iterator[Finding]:
    for row in seen.placeless:
        shown = [
            str(seen.cells[name].loc[row]).strip()
            for name in ("keyword", "search_term")
            if name in seen.cells
        ]
        yield Finding(
            Text(
                "这一行没有计划和单元，也不是其他行的合计",
                "a row stands in no campaign and ad group, and is no sum of the others",
            ),
            where=f"{seen.where}:{row}",
            found=", ".join(text for text in shown if text) or Text("空格子", "empty cells"),
            expected=Text("每行都写明计划和单元", "campaign and ad group in every row"),
            to_do=Text(
                "取消合并单元格并填满，或重新下载；若是合计行，在格式文件的 totals.labels 里写上它的字样",
                "unmerge the cells and fill them, or download again; if it is a total, add its label to "
                "`totals: labels` of a format file",
            ),
        )


NO_PLACE: Final = Check(
    "no-place",
    "refuse",
    Text(
        "合并过的格子会让词离开自己的单元，另成一个没有名字的单元；没认出的合计行会把花费算两遍",
        "merged cells would move words out of their ad group into one without a name; a total that is not "
        "known as one "
        "would count all cost twice",
    ),
    _no_place,
)


def _half_told_places(seen: TableSeen) -> Iterator[Finding]:
    if not seen.is_report:
        return
    for name, shown in SHOWN_PLACES.items():
        if name not in seen.cells:
            continue
        blank = where_text(seen.cells[name], is_blank)[seen.facts.index]
        if "biddable" in seen.facts:
            # A negative of the whole campaign has no ad group to name.
            blank &= seen.facts["biddable"].fillna(True).astype(bool)
        if blank.any() and not blank.all():
            yield Finding(
                Text(
                    f"{blank.sum():,} 行没有{shown.zh}（第一处在第 {blank.idxmax()} 行），按没有名字的算；"
                    "若是合并过的格子，取消合并、填满再读",
                    f"{blank.sum():,} rows name no {shown.en} (the first is row {blank.idxmax()}) and count "
                    "as one "
                    "without a name; if the cells were merged, unmerge and fill them",
                ),
                where=seen.where,
            )
            return


PLACE_BLANK: Final = Check(
    "place-blank",
    "tell",
    Text(
        "没有计划或单元名的行合成一个无名的单元，里面的词离开了原来的单元",
        "rows without a campaign or ad group make up one without a name, so their words leave the one they "
        "are in",
    ),
    _half_told_places,
    on_top=True,
)


def _repeated_headers(seen: TableSeen) -> pd.DataFrame:
    return pd.concat([rows for reason, rows in seen.left_out if reason is REPEATED] or [pd.DataFrame()])


def _other_columns(seen: TableSeen) -> Iterator[Finding]:
    headers, header = _repeated_headers(seen), seen.found.header
    if headers.empty:
        return
    for at in seen.found.match.columns.values():
        cells, wanted = plain_text(headers[at]), header.cells[at].strip()
        other = cells.map(same_name) != same_name(wanted)
        if other.any():
            row = first_true(other)
            yield Finding(
                Text("文件里又有一个表头，列不一样", "the file holds a second header with other columns"),
                where=f"{seen.where}:{row}",
                found=f"“{cells.loc[row]}”",
                expected=Text(f"“{wanted}”，与第 {header.row} 行一样", f"“{wanted}”, as in row {header.row}"),
                to_do=APART,
            )


OTHER_COLUMNS: Final = Check(
    "second-header-other-columns",
    "refuse",
    Text(
        "第二个表头下面的数字会按第一个表头来读，花费可能当成点击",
        "the figures below the second header would be read under the first, so cost might count as clicks",
    ),
    _other_columns,
)


def _other_days(seen: TableSeen) -> Iterator[Finding]:
    headers, found = _repeated_headers(seen), seen.found
    # The days above the first header hold for all rows only where no row states its own.
    if headers.empty or found.ways.period != "preamble" or set(DATES) & set(found.match.columns):
        return
    last = int(headers.index[-1])
    own = preamble_days(found.table.head, found.header, found.ways, seen.where)
    between = [rows for reason, rows in seen.left_out if reason is NO_FIGURES]
    for row in _lines_above(between, last):
        days = preamble_days([row], HeadRow(last, last, ()), found.ways, seen.where)
        if days is not None and days != own:
            yield Finding(
                Text("文件里有几份不同时间的报表", "the file holds reports of different days"),
                where=f"{seen.where}:{row.row}",
                found=f"{days[0]:%Y-%m-%d}..{days[1]:%Y-%m-%d}",
                expected=f"{own[0]:%Y-%m-%d}..{own[1]:%Y-%m-%d}" if own else Text("一份报表", "one report"),
                to_do=APART,
            )


def _lines_above(frames: Sequence[pd.DataFrame], last: int) -> Iterator[HeadRow]:
    for frame in frames:
        for row, cells in zip(frame.index, frame.to_numpy(dtype=object), strict=True):
            if row < last:
                yield HeadRow(int(row), int(row), tuple("" if pd.isna(cell) else str(cell) for cell in cells))


OTHER_DAYS: Final = Check(
    "second-header-other-days",
    "refuse",
    Text(
        "后面的报表会算到前一份的日期里，前后两周的花费加在一起",
        "the later report would count in the days of the first, and two weeks of cost would be added into "
        "one",
    ),
    _other_days,
)


def _words_below_two_headers(seen: TableSeen) -> Iterator[Finding]:
    headers = _repeated_headers(seen).index
    if not len(headers):
        return
    names = [name for name in (*DATES, *ROW) if name in seen.facts.columns]
    table = np.searchsorted(headers.to_numpy(), seen.facts.index.to_numpy())
    word = seen.facts.groupby(names, dropna=False, sort=False).ngroup()
    parts = pd.DataFrame({"word": word, "table": table}).drop_duplicates()
    again = parts["word"].duplicated()
    # A word may go on below the header of the next page; more of them in two tables are there twice.
    if again.sum() > len(headers):
        yield Finding(
            Text(
                "两个表头下面有相同的日期和词，会算两遍",
                "the same days and words stand below two headers and would count twice",
            ),
            where=f"{seen.where}:{first_true(again)}",
            found=Text(f"{again.sum():,} 个词和日期", f"{again.sum():,} words and days"),
            expected=Text("每个词和日期只在一张表里", "each of them in one table"),
            to_do=APART,
        )


WORDS_BELOW_TWO_HEADERS: Final = Check(
    "words-below-two-headers",
    "refuse",
    Text(
        "同一份报表贴了两遍，花费和成交都会翻倍",
        "a report pasted twice doubles cost and orders",
    ),
    _words_below_two_headers,
)


def _periods_meet(seen: TableSeen) -> Iterator[Finding]:
    facts = seen.facts
    if not seen.is_report or "period_start" not in facts.columns:
        return
    starts, ends = facts["period_start"], facts["period_end"]
    if "date" in facts.columns:
        starts, ends = starts.fillna(facts["date"]), ends.fillna(facts["date"])
    if (starts == starts.iloc[:1].min()).all() and (ends == ends.iloc[:1].min()).all():
        return
    names = [name for name in ("level", *ROW) if name in facts.columns]
    word = facts.groupby(names, dropna=False, sort=False).ngroup()
    spans = pd.DataFrame({"word": word, "start": starts, "end": ends}).drop_duplicates()
    spans = spans.sort_values(["word", "start", "end"])
    latest = spans.groupby("word")["end"].cummax().shift()
    meets = spans["word"].eq(spans["word"].shift()) & (spans["start"] <= latest)
    if meets.any():
        row = first_true(meets)
        yield Finding(
            Text(
                "同一个词的几行时间重叠，会算两遍", "rows of one word overlap in time and would count twice"
            ),
            where=f"{seen.where}:{row}",
            found=f"{spans['start'].loc[row]:%Y-%m-%d}..{spans['end'].loc[row]:%Y-%m-%d}",
            expected=Text("时间不重叠的行", "rows of different days"),
            to_do=Text(
                "只留按天的行或只留汇总行，再读一次",
                "keep either the rows by day or those of the period, and read again",
            ),
        )


PERIODS_MEET: Final = Check(
    "periods-meet",
    "refuse",
    Text(
        "一周的汇总和其中几天的行放在一起，那几天的花费算了两遍",
        "beside the sum of a week its single days would count a second time",
    ),
    _periods_meet,
)


def _sums_of_others(seen: TableSeen) -> Iterator[Finding]:
    """Nearly all words of three rows or more a day, nearly all ad groups of as many words, or nearly all days
    have a row that holds the sum of the others: `All devices`, `小计`, `全部计划`."""
    facts = seen.facts
    if not seen.is_report or facts.empty or not {"clicks", "cost"} <= set(facts.columns):
        return
    for first_of, many, keys in ((WORD, 100, (*PLACE, *WORD)), (PLACE[::-1], 10, PLACE), (DATES, 1, ())):
        rows = _sums(facts, _among_first(facts, first_of, many), (*DATES, *ACCOUNT, *keys))
        if len(rows):
            yield _counted_twice(facts, rows, seen.where)


def _among_first(facts: pd.DataFrame, names: Sequence[str], many: int) -> pd.Series[bool]:
    """True for all rows of the first words, places or days: what a report does, it does with all of them."""
    told = [name for name in names if name in facts.columns and _is_told(facts[name].iloc[0])]
    if not told:
        return pd.Series(True, index=facts.index)
    column = facts[told[0]]
    return column.isin(column.iloc[:FIRST_ROWS].unique()[:many])


def _is_told(cell: Any) -> bool:
    return bool(cell != "" and pd.notna(cell))


def _sums(facts: pd.DataFrame, looked_at: pd.Series[bool], keys: Sequence[str]) -> pd.Index:
    """The rows that hold the sum of the others of their group, where nearly all groups that are large enough
    have one."""
    names = [name for name in FIGURES if name in facts.columns]
    by = [name for name in keys if name in facts.columns]
    facts = facts.loc[looked_at, [*by, *names]]
    groups = _groups(facts, by)
    rows = np.bincount(groups)[groups]
    clicks = facts["clicks"].fillna(0).to_numpy()
    together = np.bincount(groups, clicks)[groups]
    if not ((rows >= LEAST_ROWS) & (np.abs(2 * clicks - together) < 0.5)).any():
        # No row holds the clicks of the others, whatever its other figures.
        return facts.index[:0]
    number, size = pd.Series(groups, facts.index), pd.Series(rows, facts.index)
    figures = facts[names].fillna(0)
    total = figures.groupby(number.to_numpy(), sort=False).transform("sum")
    large = (size >= LEAST_ROWS) & (total["clicks"] >= 2 * LEAST_CLICKS)
    if not large.any():
        return facts.index[:0]
    rounded = {"cost": COST_ROUNDED * size}
    is_sum = large.copy()
    for name in names:
        is_sum &= (2 * figures[name] - total[name]).abs() <= rounded.get(name, 1e-9)
    with_sum = number[is_sum].nunique() / number[large].nunique()
    return facts.index[np.asarray(is_sum)] if with_sum >= MOST_GROUPS else facts.index[:0]


def _groups(facts: pd.DataFrame, by: Sequence[str]) -> NDArray[np.int64]:
    """A number for each group of rows that are equal in all columns `by`. Groups all too small to hold a sum
    are not told apart any further."""
    number = np.zeros(len(facts), dtype=np.int64)
    # The last columns, which hold words, tell most rows apart.
    for name in reversed(by):
        codes, found = pd.factorize(facts[name])
        number, _ = pd.factorize(number * (len(found) + 1) + codes + 1)
        if np.bincount(number).max(initial=0) < LEAST_ROWS:
            break
    return number


def _counted_twice(facts: pd.DataFrame, rows: pd.Index, where: str) -> Finding:
    row = facts.loc[rows[0]]
    shown = [
        str(row[name])
        for name in ("keyword", "search_term", "device", "match_type")
        if name in row.index and _is_told(row[name])
    ]
    return Finding(
        Text("有的行是其他行之和，会算两遍", "some rows are the sum of others and would count twice"),
        where=f"{where}:{rows[0]}",
        found=Text(f"如“{'，'.join(shown)}”", f"such as “{', '.join(shown)}”"),
        expected=Text("每次点击只在一行里", "every click in one row only"),
        to_do=Text(
            "删掉这些合计行，或下载时不要细分（设备、时段、匹配方式）；若标签固定，可写进格式文件的 "
            "totals.labels",
            "delete those rows, or download without the breakdown (device, hour, match type); labels that "
            "recur can go "
            "into `totals: labels` of a format file",
        ),
    )


SUMS_OF_OTHERS: Final = Check(
    "sums-of-others",
    "refuse",
    Text(
        "细分行和它们的小计都算，每个词的点击、花费、成交都会翻倍",
        "where both the parts of a breakdown and their sums count, clicks, cost and orders of every word "
        "double",
    ),
    _sums_of_others,
)


def _rows_with_clicks(seen: TableSeen) -> pd.DataFrame:
    """The rows of a report that hold clicks, as written in the columns that are read."""
    if not seen.is_report or "clicks" not in seen.facts:
        return pd.DataFrame()
    return seen.body.loc[seen.facts.index[seen.facts["clicks"].gt(0).to_numpy(dtype=bool)]]


def _most_rows_twice(seen: TableSeen) -> Iterator[Finding]:
    rows = _rows_with_clicks(seen)
    if rows.empty:
        return
    again = rows.duplicated()
    if not again.any():
        return
    times = rows.groupby(list(rows.columns), dropna=False, sort=False).size()
    usual = times.mode().iloc[0]
    # One row that comes again and again is no file put together twice: there most rows come equally often.
    as_often = times == usual
    if usual > 1 and as_often.sum() >= LEAST_TWINS and as_often.mean() > MOST_TWINS:
        often = Text("两次", "twice") if usual == 2 else Text(f"{usual} 次", f"{usual} times")
        yield Finding(
            Text(
                f"多数行逐字出现了{often.zh}，会算{often.zh}",
                f"most rows stand {often.en}, letter for letter, and would count {often.en}",
            ),
            where=f"{seen.where}:{first_true(again)}",
            found=Text(
                f"{again.sum():,} 行与前面的行完全相同（共 {len(again):,} 行有点击）",
                f"{again.sum():,} of {len(again):,} rows with clicks repeat an earlier one",
            ),
            expected=Text("每行只出现一次", "every row once"),
            to_do=Text(
                f"这份文件像是拼接了{often.zh}；删掉重复的行，或重新下载",
                f"the file looks put together {often.en}: remove the repeated rows, or download again",
            ),
        )


def _some_rows_twice(seen: TableSeen) -> Iterator[Finding]:
    again = _rows_with_clicks(seen).duplicated()
    if again.any():
        count = int(again.sum())
        yield Finding(
            Text(
                f"{count:,} 行与前面的行完全相同（第一处在第 {first_true(again)} 行），照样计入；"
                "若是重复粘贴，请删掉",
                f"{count:,} {'row repeats an earlier one' if count == 1 else 'rows repeat earlier ones'} "
                f"letter for letter (the first is row {first_true(again)}) and still count: remove what was "
                "pasted twice",
            ),
            where=seen.where,
        )


ROWS_TWICE: Final = Check(
    "rows-twice",
    "refuse",
    Text(
        "拼接了两次的文件里，每个词的花费和成交都会翻倍，证据也显得多一倍",
        "in a file put together twice every word costs and sells twice as much, and seems twice as sure",
    ),
    _most_rows_twice,
)
ROWS_ALIKE: Final = Check(
    "rows-alike",
    "tell",
    Text(
        "少数相同的行可能真是两条数据（如没有下载的设备列），也可能是贴重了",
        "a few equal rows may be two of a breakdown whose column was left out, or one pasted twice",
    ),
    _some_rows_twice,
    on_top=True,
)
