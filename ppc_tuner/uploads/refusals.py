"""What a platform would refuse, or take and do harm with: such rows are left out, named; the rest goes on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.decisions.decided import names_of
from ppc_tuner.identity import IDS
from ppc_tuner.reports.recognise.formats import BidRules
from ppc_tuner.reports.recognise.upload_formats import Upload, UploadRow
from ppc_tuner.text import Text

OF_TERMS: Final = ("search_term", "fragment")
DIGITS: Final = r"\d+"
# A spreadsheet keeps 15 digits of a number and fills the rest with noughts.
KEPT_DIGITS: Final = 15
# As many noughts stand by chance at the end of all long ids of a list once in a hundred lists.
NOUGHTS: Final = 2
OFF: Final = 1e-6


class LeftOut(NamedTuple):
    """A row that is not uploaded: where it stands, what it is called, why, and what was found."""

    where: str
    name: str
    reason: Text
    found: str = ""


# What a line is made of, beside columns of the list.
MADE_FROM: Final = {
    "text": Text("词", "word"),
    "match": Text("匹配方式", "match type"),
    "negative": Text("匹配方式", "match type"),
    "bid": Text("出价", "bid"),
    "bid_now": Text("现在的出价", "bid of today"),
}
Refusal = tuple[pd.Series, Text, "pd.Series | str"]


def left_out(rows: pd.DataFrame, reason: Text, found: pd.Series | str = "") -> list[LeftOut]:
    """The rows as rows left out. `found`: of each row, or the same of all."""
    told = found.reindex(rows.index).fillna("").astype("str") if isinstance(found, pd.Series) else None
    each = told if told is not None else pd.Series(found, index=rows.index, dtype="str")
    return [
        LeftOut(where, name, reason, one)
        for where, name, one in zip(rows["where"].astype("str"), names_of(rows), each, strict=True)
    ]


def sorted_out(changes: pd.DataFrame, refusals: Iterator[Refusal]) -> tuple[pd.DataFrame, list[LeftOut]]:
    """The changes that nothing speaks against, and the others with the first that does."""
    fine = pd.Series(True, index=changes.index)
    out: list[LeftOut] = []
    for wrong, reason, found in refusals:
        now = wrong.reindex(changes.index).fillna(False).astype(bool) & fine
        out += left_out(changes[now], reason, found)
        fine &= ~now
    return changes[fine], out


def of_the_list(
    changes: pd.DataFrame, today: date, max_age: int, written_on: date | None
) -> Iterator[Refusal]:
    """Accounts and currencies mixed up, bids of long ago, protected words."""
    account = [changes["platform"].fillna(""), changes["account"].fillna("")]
    currency = changes["currency"].fillna("")
    named = account[1].ne("").groupby(account[0])
    yield (
        account[1].eq("") & named.transform("any"),
        Text("这一行没有账户名，同平台的其他行却有：分不清是哪个账户，请每个账户单独做清单",
             "the row names no account, others of the platform do: make a list for each account"),
        "",
    )  # fmt: skip
    several = currency.groupby(account).transform("nunique").gt(1)
    yield (
        several,
        Text("同一账户有几种货币，出价是哪一种说不清：请每种货币单独做清单",
             "one account in several currencies, so a bid may be in either: make a list for each"),
        currency.where(currency.ne(""), "?"),
    )  # fmt: skip
    yield from _aged(changes, account, today, max_age, written_on)
    yield (
        changes["level"].isin(OF_TERMS) & changes["op"].isin(["bid", "percent", "pause"]),
        Text("搜索词没有自己的出价，也不能暂停：请改买到它的关键词",
             "a search term has no bid of its own and cannot be paused: change the keyword that buys it"),
        "",
    )  # fmt: skip
    yield (
        changes["protected"] & changes["op"].eq("pause"),
        Text(
            "保护词不许删：要删先把它从保护词里去掉",
            "a protected word is never deleted: take it off that list first",
        ),
        "",
    )


def _aged(
    changes: pd.DataFrame, account: list[pd.Series], today: date, max_age: int, written_on: date | None
) -> Iterator[Refusal]:
    last = changes["last_day"].groupby(account).transform("max")
    if written_on is not None:
        last = last.fillna(pd.Timestamp(written_on))
    age = (pd.Timestamp(today) - last).dt.days
    old = Text(
        f"清单的数据已超过 {max_age} 天，出价可能早就改过：请用新报表重做清单；"
        "确定没改过，就加 --max-age 天数",
        f"the list is older than {max_age} days, in which bids may have changed: "
        "make it anew from new reports, or give --max-age DAYS if you are sure that they have not",
    )
    yield age.gt(max_age), old, last.dt.strftime("%Y-%m-%d")
    ahead = Text(
        "清单的日期在今天之后：请检查电脑日期和报表日期", "the list is from after today: check both dates"
    )
    yield age.lt(-1), ahead, last.dt.strftime("%Y-%m-%d")


def of_bids(changes: pd.DataFrame, rules: BidRules) -> Iterator[Refusal]:
    """Bids that the platform does not take."""
    bid = changes["set_bid"]
    shown = bid.map(lambda value: f"{value:.10g}")
    lowest, step = f"{rules.floor:.10g}", f"{rules.increment:.10g}"
    yield (
        bid.lt(rules.floor - OFF * rules.increment),
        Text(f"出价低于平台最低出价 {lowest}", f"the bid is below the platform's lowest, {lowest}"),
        shown,
    )
    yield (
        bid.le(0) | bid.isin([np.inf]),
        Text("出价要大于 0", "a bid is more than 0"),
        shown,
    )
    steps = bid / rules.increment
    yield (
        (steps - steps.round()).abs().gt(OFF * steps.abs().clip(lower=1)),
        Text(f"出价要是 {step} 的整数倍", f"bids move by {step}"),
        shown,
    )
    yield (
        changes["op"].eq("add") & bid.isna(),
        Text("加词没有出价：请填最终出价", "a word to add has no bid: enter a final bid"),
        "",
    )


def ruined_ids(changes: pd.DataFrame) -> Mapping[str, pd.Series]:
    """By column of ids, where a spreadsheet has turned ids into numbers and so lost their last digits."""
    found = {}
    for name in IDS:
        ids = changes[name].fillna("")
        odd = ids.ne("") & ~ids.str.fullmatch(DIGITS)
        long = ids.str.fullmatch(DIGITS) & ids.str.len().gt(KEPT_DIGITS)
        beyond = ids[long].drop_duplicates().str.slice(KEPT_DIGITS)
        all_noughts = len(beyond) > 0 and beyond.str.fullmatch("0+").all()
        lost = bool(all_noughts and beyond.str.len().sum() >= NOUGHTS)
        found[name] = odd | (long & lost)
    return found


def of_line(
    changes: pd.DataFrame, upload: Upload, row: UploadRow, ruined: Mapping[str, pd.Series]
) -> Iterator[Refusal]:
    """What the line of a kind of change needs and the row has not; texts that the platform does not take."""
    ids = upload.ids.as_text() if upload.ids else Text("请换成带编号的报表", "give a report with ids")
    for name in row.needed:
        label = COLUMNS[name].label if name in COLUMNS else Text(name, name)
        label = Text(label.zh, label.en.lower())
        if name in IDS:
            spoilt = Text(
                f"{label.zh}被 Excel 改坏了：请用程序写出的 .xlsx 清单，或重新下载报表、不要用 Excel 打开",
                f"the {label.en} was ruined by a spreadsheet: "
                "use the .xlsx list, or reports as they were downloaded",
            )
            yield ruined[name], spoilt, changes[name]
            missing = Text(f"没有{label.zh}：{ids.zh}", f"no {label.en}: {ids.en}")
        else:
            missing = Text(
                f"没有{label.zh}，平台找不到这个词：请用带这一列的报表",
                f"no {label.en}, so the platform cannot find the word: use a report that tells it",
            )
        yield changes[name].isna(), missing, ""
    yield from _of_what_is_made(changes, row)
    yield from _of_text(changes, row)


def _of_what_is_made(changes: pd.DataFrame, row: UploadRow) -> Iterator[Refusal]:
    for name, label in MADE_FROM.items():
        if (name, False) in set(row.marks()):
            lacking = Text(
                f"没有{label.zh}：请手工处理，或填最终出价",
                f"no {label.en}: do it by hand, or enter a final bid",
            )
            column = {"negative": "match", "bid": "set_bid"}.get(name, name)
            yield changes[column].isna() | changes[column].eq(""), lacking, ""
    yield (
        changes["op"].eq("exclude") & ~changes["match"].isin(["exact", "phrase"]),
        Text(
            "否词只用精确或短语：广泛会挡掉太多", "a negative is exact or phrase: broad would block too much"
        ),
        changes["match"],
    )


def _of_text(changes: pd.DataFrame, row: UploadRow) -> Iterator[Refusal]:
    text = changes["text"].fillna("")
    words = text.str.count(r"\S+")
    most = pd.Series(row.words or math.inf, index=changes.index)
    if row.phrase_words:
        most = most.mask(changes["match"].eq("phrase"), row.phrase_words)
    yield (
        words.gt(most),
        Text(
            "词数超过平台允许的上限：请缩短后手工添加",
            "more words than the platform takes: shorten it, add it by hand",
        ),
        words.astype("str")
        + " > "
        + most.map(lambda one: f"{one:.0f}" if one < math.inf else "").astype("str"),
    )
    yield (
        text.str.len().gt(row.characters or math.inf),
        Text(
            f"超过平台允许的 {row.characters} 个字符",
            f"longer than the {row.characters} characters that the platform takes",
        ),
        text,
    )
    wrong = Text(
        "含有平台不接受的符号：请改写后手工添加",
        "it holds signs that the platform does not take: add it by hand",
    )
    signs = pd.Series(False, index=changes.index)
    for sign in row.forbidden:
        signs |= text.str.contains(sign, regex=False)
    yield signs | text.str.startswith(tuple(row.not_first)) if row.not_first else signs, wrong, text
    yield (
        text.str.contains(r"[\x00-\x1f\x7f]", regex=True),
        Text(
            "含有换行等看不见的字符：请手工处理",
            "it holds line breaks or other control characters: do it by hand",
        ),
        "",
    )
