"""What of a table can be read in more than one way: columns, windows of orders, currencies, statuses, values,
encodings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.reports.cells import contains_any, currency_told, is_blank, plain_text, where_text
from ppc_tuner.reports.checks.check import Check, Finding, TableSeen, first_true
from ppc_tuner.reports.recognise import DOLLARS, currency_code, same_name
from ppc_tuner.reports.results import DATES
from ppc_tuner.reports.rows import status_columns
from ppc_tuner.text import Text
from ppc_tuner.values import CLOSED

# Columns of the canonical format that hold nothing but declared values.
CLOSED_FACTS: Final = ("level", "status", "unbiddable_as")
# Words and names that a person has typed, in which a wrong encoding shows.
GARBLED_IN: Final = ("keyword", "search_term", "campaign", "ad_group")
GARBLED_SHARE: Final = 0.8
# A letter that no Western European encoding has: such a word is not garbled.
NOT_WESTERN: Final = "[^\x00-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
SHOWN_STATUSES: Final = 5
# A time unit above the header, beside which a day stands for more than itself.
COARSE: Final = (
    r"(?i)(?:aggregation|granularity|time unit|时间单位|时间粒度|时间维度|统计粒度|数据粒度)\W*"
    r"(?:weekly|week|monthly|month|quarterly|yearly|[按分每]?(?:周|月|季|年))"
)
# As a workbook's cells of days come, and days that were typed or kept as text beside them.
DAY_CELL: Final = r"\d{4}-\d\d-(?:0\d|1[0-2]) 00:00:00"
DAY_TEXT: Final = r"(?:1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]\d{2,4}\b.*"


def _ambiguous_columns(seen: TableSeen) -> Iterator[Finding]:
    found = seen.found
    for name, places in found.match.ambiguous.items():
        if FACTS[name].kind not in (*NUMBER_KINDS, "date"):
            continue
        first, *others = (plain_text(seen.body[at]) for at in places)
        if all(first.equals(other) for other in others):
            continue
        yield Finding(
            Text(f"有两列都可能是 {name}", f"several columns may be {name}"),
            where=f"{seen.where}:{found.header.row}",
            found=", ".join(found.header.cells[at].strip() for at in places),
            expected=Text("只有一列", "one of them"),
            to_do=Text(
                "下载时只留一列，或在格式文件里写明用哪一列",
                "leave one in the download, or say in a format file which one counts",
            ),
        )


AMBIGUOUS_COLUMNS: Final = Check(
    "ambiguous-columns",
    "refuse",
    Text(
        "同名的两列（如两种货币的花费）数字不同，猜错一列，花费或日期就全错",
        "of two columns with one name, such as the cost in two currencies, the wrong one makes all cost or "
        "all days wrong",
    ),
    _ambiguous_columns,
)


def _stand_ins(seen: TableSeen) -> Iterator[Finding]:
    """A column under another thing's name, as far as the layout declares that it may be read so."""
    found = seen.found
    for name, headers in found.ways.stand_ins.items():
        if name not in found.match.columns:
            continue
        header, label = seen.header_of(name), FACTS[name].label
        if same_name(header) in {same_name(one) for one in headers}:
            yield Finding(
                Text(
                    f"没有“{label.zh}”列，按“{header}”列计，由它算出的率和均价也一样",
                    f"no column of {label.en}: “{header}” stands for it, and so in every rate and average",
                ),
                where=seen.where,
            )


STAND_IN: Final = Check(
    "stand-in",
    "tell",
    Text(
        "替代的列不一定是同一个数：互动里可能有不是点击的",
        "what stands in need not be the same figure: an interaction may be other than a click",
    ),
    _stand_ins,
    on_top=True,
)


def _windows_of_orders(seen: TableSeen) -> Iterator[Finding]:
    days = seen.found.match.days
    if len(set(days.values())) > 1:
        yield Finding(
            Text(
                "成交笔数和成交金额的归因天数不同",
                "orders and revenue are counted over different windows of days",
            ),
            where=f"{seen.where}:{seen.found.header.row}",
            found=", ".join(seen.header_of(name) for name in sorted(days)),
            expected=Text("同一归因天数的笔数和金额", "orders and revenue of one window"),
            to_do=Text(
                "下载报表时勾上同一天数的两列", "add both columns of the same number of days to the download"
            ),
        )


ORDERS_AND_REVENUE_APART: Final = Check(
    "windows-of-orders-and-revenue",
    "refuse",
    Text(
        "7 天的笔数配 30 天的金额，客单价和投入产出比都偏高",
        "orders of 7 days beside revenue of 30 days make the value of an order and the return too high",
    ),
    _windows_of_orders,
)


def _other_currency(seen: TableSeen) -> Iterator[Finding]:
    """A row names one currency, and its cost carries the sign of another."""
    if seen.money is None or "currency" not in seen.cells:
        return
    named = seen.facts["currency"]
    signs = (
        pd.Series(seen.money, index=named.index) if isinstance(seen.money, str) else seen.money[named.index]
    )
    codes = named.map(lambda name: currency_code(name) or name.upper(), na_action="ignore")
    other = named.notna() & (named != "") & signs.notna() & (signs != "") & (codes != signs)
    if other.any():
        row = first_true(other)
        yield Finding(
            Text("货币列和金额上的符号不一致", "the column of currencies contradicts the sign on the money"),
            where=f"{seen.where}:{row}",
            found=f"{named.loc[row]}, {signs.loc[row]}",
            expected=Text("同一种货币", "the same currency"),
            to_do=Text("核对货币，再下载一次", "check which it is, and download again"),
        )


def _revenue_in_another(seen: TableSeen) -> Iterator[Finding]:
    """The cost is told to be in one currency, the revenue in another."""
    if "revenue" not in seen.cells or not isinstance(seen.money, str) or not seen.money:
        return
    header, cost = seen.header_of("revenue"), seen.header_of("cost")
    other = currency_told(header, seen.cells["revenue"], seen.where)
    if isinstance(other, str) and other not in ("", DOLLARS, seen.money):
        yield Finding(
            Text("花费和成交金额是两种货币", "cost and revenue are in two currencies"),
            where=f"{seen.where}:{seen.found.header.row}",
            found=f"{cost}: {seen.money}; {header}: {other}",
            expected=Text("同一种货币", "the same currency"),
            to_do=Text(
                "下载时选同一种货币，或按汇率换算后再读",
                "choose one currency for the download, or convert one of the columns first",
            ),
        )


REVENUE_IN_ANOTHER_CURRENCY: Final = Check(
    "revenue-in-another-currency",
    "refuse",
    Text(
        "欧元的成交除以美元的花费，投入产出比差着一个汇率",
        "euros of revenue over dollars of cost make a return that is off by the rate of exchange",
    ),
    _revenue_in_another,
)
CURRENCY_CONTRADICTS: Final = Check(
    "currency-contradicts",
    "refuse",
    Text(
        "不同货币的金额会放在一起比，贵的货币的词都显得太贵",
        "money of several currencies would be compared as one, and words of the smaller unit would look dear",
    ),
    _other_currency,
)


def _half_read_days(seen: TableSeen) -> Iterator[Finding]:
    """Cells of days, none above 12, beside texts with the day first, all above 12: Excel took what it could
    for months."""
    for name in (name for name in DATES if name in seen.cells):
        text = plain_text(seen.cells[name])
        as_cell, as_text = (
            where_text(seen.cells[name], lambda one, pattern=pattern: one.str.fullmatch(pattern))  # type: ignore[misc]
            for pattern in (DAY_CELL, DAY_TEXT)
        )
        if not (as_cell.any() and as_text.any() and (as_cell | as_text | (text == "")).all()):
            continue
        header, row = seen.found.header.cells[seen.found.match.columns[name]], first_true(as_cell)
        yield Finding(
            Text(
                f"“{header}”列的日期被 Excel 改过：日和月可能颠倒",
                f"Excel has changed days of column “{header}”: day and month may be swapped",
            ),
            where=f"{seen.where}:{row}",
            found=f"{text.loc[row][:10]}, {text[as_text].iloc[0]}",
            expected=Text("同一种写法的日期", "days written in one way"),
            to_do=Text(
                "直接用下载的原文件，不要用 Excel 打开再保存",
                "give the file as downloaded, not saved again by Excel",
            ),
        )


DAYS_SWAPPED: Final = Check(
    "days-swapped",
    "refuse",
    Text(
        "Excel 把 3/4 这样的日期当成月/日存了：那些行会算到别的日子，最近的表现就错了",
        "Excel has stored days such as 3/4 with day and month swapped: those rows would count on other days, "
        "and recent "
        "performance would be wrong",
    ),
    _half_read_days,
)


def _coarse(seen: TableSeen) -> Iterator[Finding]:
    days = seen.stated
    if days is None or days.start.empty or (days.start != days.end).any():
        return
    above = [row for row in seen.found.table.head if row.row < seen.found.header.row]
    said = [row for row in above if re.search(COARSE, unicodedata.normalize("NFKC", " ".join(row.cells)))]
    firsts = days.start.dt.day.eq(1).all() and (days.start != days.start.iloc[0]).any()
    if said or firsts:
        yield Finding(
            Text("每行是一周或一月，不是一天", "a row stands for a week or a month, not for a day"),
            where=f"{seen.where}:{said[0].row if said else days.start.index[0]}",
            found=", ".join(said[0].cells)[:200]
            if said
            else Text("日期都是每月 1 日", "the first days of months alone"),
            expected=Text("每行一天，或整个时间段的汇总", "a row for each day, or one for the whole period"),
            to_do=Text("下载按天的报表，或不分时间的汇总", "download it by day, or as one summary"),
        )


COARSE_DAYS: Final = Check(
    "coarse-days",
    "refuse",
    Text(
        "一周或一月的花费会全算在一天里，其余日子像是没有投放",
        "the cost of a week or a month would stand on one day, and the other days would look idle",
    ),
    _coarse,
)


def _unknown_values(seen: TableSeen) -> Iterator[Finding]:
    facts = seen.facts
    if facts.empty:
        return
    wrong = {"platform": facts["platform"].isna()}
    for name in (name for name in CLOSED_FACTS if name in facts):
        allowed = facts[name].isin(CLOSED[name])
        wrong[name] = ~allowed if name == "level" else ~allowed & facts[name].notna()
    for name, mask in wrong.items():
        if mask.any():
            row = first_true(mask)
            value = facts[name].loc[row]
            yield Finding(
                Text(f"“{name}”列的值不能用", f"the value in column “{name}” cannot be used"),
                where=f"{seen.where}:{row}",
                found=Text("空格子", "a blank cell") if pd.isna(value) else f"“{value}”",
                expected=" | ".join(CLOSED[name]) if name in CLOSED else Text("平台名", "the platform's id"),
                to_do=Text("改正这一格", "mend this cell"),
            )


VALUE_UNKNOWN: Final = Check(
    "value-unknown",
    "refuse",
    Text(
        "写错的级别或状态会让一行不进任何清单，或让暂停的词照样调价",
        "a row of a mistyped level stands in no list, and a word of a mistyped status would get a bid "
        "though it is paused",
    ),
    _unknown_values,
)


def _unknown_status(seen: TableSeen) -> Iterator[Finding]:
    rule = seen.found.ways.status
    if rule is None or not rule.live:
        return
    words: list[str] = []
    for at in status_columns(seen.found):
        cells = seen.body[at]
        strange = ~where_text(cells, is_blank) & ~contains_any(cells, (*rule.paused, *rule.live))
        words += plain_text(cells[strange]).unique().tolist()
    shown = [f"“{one}”" for one in dict.fromkeys(words)][:SHOWN_STATUSES]
    if shown:
        yield Finding(
            Text(
                f"不认识的状态 {'、'.join(shown)}，按在投处理；若是暂停，请在格式文件的 status 里写上",
                f"status {', '.join(shown)} is not known and taken as live; "
                "if it means paused, say so under `status` in a format file",
            ),
            where=seen.where,
        )


STATUS_UNKNOWN: Final = Check(
    "status-unknown",
    "tell",
    Text(
        "暂停的词若按在投处理，清单会叫人去调一个没有投放的词",
        "a paused word taken as live would be given a new bid, though it runs nowhere",
    ),
    _unknown_status,
    on_top=True,
)


def _ruined_ids(seen: TableSeen) -> Iterator[Finding]:
    if seen.ruined:
        names = "、".join(seen.header_of(name) for name in sorted(seen.ruined))
        yield Finding(
            Text(
                f"{names} 被 Excel 改成了 8.18E+11 这样的数，已不可靠，未采用；请直接用下载的原文件",
                f"{names} were turned into numbers like 8.18E+11 by a spreadsheet and are not used; "
                "give the file as downloaded",
            ),
            where=seen.where,
        )


IDS_RUINED: Final = Check(
    "ids-ruined",
    "tell",
    Text(
        "被改成近似数的编号分不开不同的词；不用编号，改名前后的词就接不上",
        "ids that were rounded no longer tell words apart; without them a word that was renamed looks like "
        "a new one",
    ),
    _ruined_ids,
)


def _garbled_words(seen: TableSeen) -> Iterator[Finding]:
    """Nearly all words with letters beyond ASCII are UTF-8 that was taken for Western European."""
    names = [name for name in GARBLED_IN if name in seen.facts]
    words = pd.unique(pd.concat([seen.facts[name].dropna() for name in names])) if names else []
    foreign = pd.Series([str(word) for word in words if not str(word).isascii()], dtype="str")
    garbled = [word for word in foreign[~foreign.str.contains(NOT_WESTERN)] if _ungarbled(word) is not None]
    if len(garbled) > GARBLED_SHARE * len(foreign):
        one, right = garbled[0], _ungarbled(garbled[0])
        yield Finding(
            Text(
                f"词像是乱码：“{one}”应是“{right}”；文件被用错误的编码保存过，请重新下载",
                f"words look garbled: “{one}” should be “{right}”; the file was saved in a wrong encoding: "
                "download it again",
            ),
            where=seen.where,
        )


def _ungarbled(word: str) -> str | None:
    """The word as it was before UTF-8 was taken for Western European; None where it was not."""
    for opened in ("cp1252", "latin-1"):
        with suppress(UnicodeError):
            return word.encode(opened).decode("utf-8")
    return None


WORDS_GARBLED: Final = Check(
    "words-garbled",
    "tell",
    Text(
        "乱码的词和平台上的对不上，否定、改价都改不到它",
        "garbled words match none on the platform, so that no bid and no exclusion would reach them",
    ),
    _garbled_words,
    on_top=True,
)


def _guessed_encoding(seen: TableSeen) -> Iterator[Finding]:
    if len(seen.found.encodings) > 1:
        taken = seen.found.table.encoding
        yield Finding(
            Text(
                f"文字编码按内容猜为 {taken}；若词显示为乱码，请另存为 UTF-8 再读",
                f"the encoding was guessed from the content to be {taken}; if words look garbled, save it "
                "as UTF-8",
            ),
            where=seen.where,
        )


ENCODING_GUESSED: Final = Check(
    "encoding-guessed",
    "tell",
    Text(
        "编码猜错时数字照常，词却是乱码，和平台上的对不上",
        "under a wrong encoding the figures are right but the words are garbled and match none on the "
        "platform",
    ),
    _guessed_encoding,
)
