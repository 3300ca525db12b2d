"""What a file lacks: rows cut short, a sheet without its header, formulas never calculated, totals that are
not met; days, orders, a currency, the place of its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.files import Table, to_numbers
from ppc_tuner.files.formulas import FAULTS, NO_VALUE, UNCALCULATED, where_shown
from ppc_tuner.files.table import SHORT
from ppc_tuner.identity import PLACE, ROW
from ppc_tuner.reports.checks.check import ONE_WINDOW, Check, FilesSeen, Finding, TableSeen, first_true
from ppc_tuner.reports.recognise import CANONICAL, Recognised, built_in, same_name
from ppc_tuner.reports.results import DATES
from ppc_tuner.reports.rows import TOTAL, UNLABELLED
from ppc_tuner.text import Text

# A footnote fills one cell or two.
FILLED_BY_A_WORD: Final = 3
# Every cell may be rounded by half a cent; and platforms add up before they round.
ROUNDED, NEAR_ENOUGH = 0.005, 0.005
# A fault in one of these would make a word of its own; in other texts it judges no word wrongly.
WORD_AND_PLACE: Final = ("keyword", "search_term", "campaign", "ad_group")
# Whose shares in the whole are told, and from which share on the rows count as all of it.
HELD: Final = {"cost": Text("花费", "the cost"), "conversions": Text("成交", "the orders")}
SEEN_WHOLE: Final = 0.99
SHOWN_PLACES: Final = {"campaign": Text("计划", "campaign"), "ad_group": Text("单元", "ad group")}
ADDED_UP: Final = {
    "cost": Text("花费", "cost"),
    "clicks": Text("点击", "clicks"),
    "impressions": Text("展现", "impressions"),
}


def _cut_rows(seen: TableSeen) -> Iterator[Finding]:
    columns = seen.found.match.columns
    figures = [at for name, at in columns.items() if name in FACTS and FACTS[name].kind in NUMBER_KINDS]
    last = max(figures, default=-1)
    width = len(seen.found.header.cells)
    for row, cells in seen.raw.attrs.get(SHORT, {}).items():
        if cells <= last and (row in seen.body.index or _names_a_word(seen.raw, row, columns)):
            yield Finding(
                Text("这一行不完整，数字没有写完", "a row is cut: it ends before its figures do"),
                where=f"{seen.where}:{row}",
                found=Text(f"{cells} 格", f"{cells} cells"),
                expected=Text(f"{width} 格", f"{width} cells"),
                to_do=Text(
                    "多半是下载中断，或词里有未加引号的换行；请重新下载报表",
                    "most likely the download broke off, or a word holds a line break; download the report "
                    "again",
                ),
            )


def _names_a_word(raw: pd.DataFrame, row: int, columns: dict[str, int]) -> bool:
    filled = [at for at in raw.columns if str(raw.loc[row, at]).strip()]
    named = {columns[name] for name in ("keyword", "search_term") if name in columns}
    return len(filled) >= FILLED_BY_A_WORD and bool(named & set(filled))


CUT_ROW: Final = Check(
    "cut-row",
    "refuse",
    Text(
        "缺的数字会读成空的，这个词的花费和成交就少了；一行断成两行，词也会变成另一个词",
        "the missing figures would be read as blank, so the word would lose cost and orders; a row broken in "
        "two would "
        "also turn its word into another",
    ),
    _cut_rows,
)


def _uncalculated(seen: TableSeen) -> Iterator[Finding]:
    for name, column in seen.cells.items():
        wrong = where_shown(column, [UNCALCULATED])
        if wrong.any():
            header = seen.header_of(name)
            problem = Text(
                f"“{header}”列的公式没有算出值", f"a formula in column “{header}” was never calculated"
            )
            yield _formula(seen, problem, first_true(wrong), NO_VALUE)


def _faulty(seen: TableSeen) -> Iterator[Finding]:
    for name in (name for name in WORD_AND_PLACE if name in seen.cells):
        column = seen.cells[name]
        wrong = where_shown(column, FAULTS)
        if wrong.any():
            header, row = seen.header_of(name), first_true(wrong)
            problem = Text(f"“{header}”列的公式出错", f"a formula in column “{header}” is at fault")
            yield _formula(seen, problem, row, f"“{column.loc[row]}”")


def _formula(seen: TableSeen, problem: Text, row: int, found: Text | str) -> Finding:
    return Finding(
        problem,
        where=f"{seen.where}:{row}",
        found=found,
        expected=Text("算好的值", "a value"),
        to_do=Text(
            "在 Excel 或 WPS 里打开，改好公式并保存，或把公式换成值",
            "open the file in Excel or WPS, mend the formula and save, or replace it by its value",
        ),
    )


FORMULA_WITHOUT_VALUE: Final = Check(
    "formula-without-value",
    "refuse",
    Text(
        "公式没有存下结果，读出来是空的：花费、成交会少算，词会没有名字",
        "the workbook holds a formula but not its result, which would be read as blank: figures would be "
        "missing and "
        "words would have no name",
    ),
    _uncalculated,
)
FORMULA_FAULT: Final = Check(
    "formula-fault",
    "refuse",
    Text(
        "所有出错的格子（如 #N/A）会合成一个叫 #N/A 的词，按它们的合计来调价",
        "all cells at fault, such as #N/A, would become one word named #N/A, judged on the sum of their "
        "figures",
    ),
    _faulty,
)


def _sheets_that_go_on(seen: TableSeen) -> Iterator[Finding]:
    if not seen.is_report:
        return
    for table in seen.others:
        if _goes_on(table, seen.found):
            sheet = seen.found.table.sheet
            yield Finding(
                Text(
                    "这张工作表没有表头，像是另一张表的后续",
                    "a sheet without a header looks like the rest of another one",
                ),
                where=f"{table.label} [{table.sheet}]",
                found=", ".join(_first_row(table))[:200],
                expected=Text(f"与 [{sheet}] 一样的表头", f"the header of [{sheet}]"),
                to_do=Text(
                    "把表头复制到这张表的第一行，或删掉这张表",
                    "copy that header into its first row, or delete the sheet",
                ),
            )


def _goes_on(table: Table, report: Recognised) -> bool:
    """True where the first row of a sheet holds figures just where the report has them."""
    cells = _first_row(table)
    figures = [at for name, at in report.match.columns.items() if FACTS[name].kind in NUMBER_KINDS]
    if len(cells) != len(report.header.cells) or not figures:
        return False
    numbers = to_numbers(pd.Series([cells[at] for at in figures], dtype="str"))
    return bool(numbers.values.notna().all())


def _first_row(table: Table) -> tuple[str, ...]:
    return next((row.cells for row in table.head if any(cell.strip() for cell in row.cells)), ())


SHEET_GOES_ON: Final = Check(
    "sheet-goes-on",
    "refuse",
    Text(
        "没有表头的工作表会被当作别的内容跳过，那些词的数据就全丢了",
        "a sheet without a header would be skipped as something else, and all of its words would be lost",
    ),
    _sheets_that_go_on,
)


def _stated_totals(seen: TableSeen) -> Iterator[Finding]:
    rows = [rows for reason, rows in seen.left_out if reason in (TOTAL, UNLABELLED)]
    facts = seen.facts
    if not rows or facts.empty or (facts["currency"] != facts["currency"].iloc[0]).any():
        return
    totals = pd.concat(rows)
    for name, shown in ADDED_UP.items():
        at = seen.found.match.columns.get(name)
        if at is None:
            continue
        stated = to_numbers(totals[at], decimal=seen.found.ways.decimal or ".").values.dropna()
        added = float(facts[name].sum())
        near = max(NEAR_ENOUGH * abs(added), ROUNDED * len(facts))
        if not len(stated) or any(abs(one - added) <= near for one in [*stated, stated.sum()]):
            continue
        nearest = min(stated, key=lambda one: abs(one - added))
        yield Finding(
            Text(
                f"合计行写{shown.zh} {nearest:,.2f}，各行相加是 {added:,.2f}；"
                "下载可能不完整，或合计含别的词，请核对",
                f"the total row says {shown.en} {nearest:,.2f}, the rows add up to {added:,.2f}; "
                "the download may be cut off, or the total counts other words: compare with the platform",
            ),
            where=f"{seen.where}:{stated.index[stated.eq(nearest)][0]}",
        )
        # One figure is enough to send somebody to the platform.
        return


TOTAL_NOT_MET: Final = Check(
    "total-not-met",
    "tell",
    Text(
        "下载中断的报表少了后面的词，剩下的词会按不完整的账户来比较",
        "a download that was cut off lacks its last words, and the others would be judged against part of "
        "the account",
    ),
    _stated_totals,
    on_top=True,
)


def _hidden_share(seen: TableSeen) -> Iterator[Finding]:
    """What share of cost and orders the rows hold, where a total row counts more than they do."""
    whole = _whole(seen)
    if whole is None:
        return
    row, label, sums = whole
    held = {name: float(seen.facts[name].sum()) for name in HELD if name in seen.facts}
    shares = {name: held[name] / sums[name] for name in held if sums.get(name, 0) > 0}
    if not shares or min(shares.values()) > SEEN_WHOLE:
        return
    orders = shares.get("conversions", 1.0) < SEEN_WHOLE
    said = [
        Text(
            f"{HELD[name].zh}的 {share:.0%}（{held[name]:,.2f} / {sums[name]:,.2f}）",
            f"{share:.0%} of {HELD[name].en} ({held[name]:,.2f} of {sums[name]:,.2f})",
        )
        for name, share in shares.items()
    ]
    unseen = Text(
        "其余的没有列出来；看不到成交，不等于没有成交",
        "the rest is not listed: that few orders are seen does not mean that few came",
    )
    yield Finding(
        Text(
            f"列出的行只占{'、'.join(one.zh for one in said)}（与“{label}”相比）"
            + (f"；{unseen.zh}" if orders else ""),
            f"the rows listed hold {' and '.join(one.en for one in said)}, against “{label}”"
            + (f"; {unseen.en}" if orders else ""),
        ),
        where=f"{seen.where}:{row}",
    )


def _whole(seen: TableSeen) -> tuple[int, str, dict[str, float]] | None:
    """The largest of the total rows, or of the rows and what a total says of those not listed: its row,
    label, and sums of HELD. None where no total row counts the cost, or money is of several currencies."""
    facts, totals = seen.facts, seen.found.ways.totals
    rows = [rows for reason, rows in seen.left_out if reason is TOTAL]
    columns = {name: at for name, at in seen.found.match.columns.items() if name in HELD}
    if not rows or totals is None or facts.empty or "cost" not in columns:
        return None
    if (facts["currency"] != facts["currency"].iloc[0]).any():
        return None
    stated = pd.concat(rows)
    sums = pd.DataFrame(
        {
            name: to_numbers(stated[at], decimal=seen.found.ways.decimal or ".").values
            for name, at in columns.items()
        }
    )
    labels = stated.apply(lambda cells: next((str(cell) for cell in cells if _is_label(cell)), ""), axis=1)
    unlisted = labels.map(same_name).isin({same_name(one) for one in totals.unlisted})
    if unlisted.any():
        sums.loc[unlisted] += facts[list(columns)].sum()
    if sums["cost"].isna().all():
        return None
    # A total of everything says it better than the part that is not listed.
    whole = sums.loc[unlisted.sort_values(kind="stable").index]
    largest = whole.iloc[int(np.nanargmax(whole["cost"].round(2)))]
    row = int(str(largest.name))
    return row, str(labels.loc[row]), {name: float(largest[name]) for name in columns}


def _is_label(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell.strip(" -"))


HIDDEN_SHARE: Final = Check(
    "hidden-share",
    "tell",
    Text(
        "大半花费和成交不在列出的词里时，列出的词看起来都没有成交",
        "where most of the cost and orders fell to words that are not listed, those listed look as if "
        "nothing sold",
    ),
    _hidden_share,
    on_top=True,
)


def _places_left_out(seen: TableSeen) -> Iterator[Finding]:
    lacks = seen.found.lacks
    if not lacks or not len(seen.facts):
        return
    left_out = Text(
        "、".join(SHOWN_PLACES[name].zh for name in lacks),
        " and ".join(SHOWN_PLACES[name].en for name in lacks),
    )
    widest, again = SHOWN_PLACES[lacks[0]], _rows_again(seen.facts)
    more = Text("", "")
    if again:
        more = Text(
            f"；有 {again:,} 行与前面的行是同一个词，合在一起算",
            f"; {again:,} rows repeat a word of a row before them, and are added to it",
        )
    yield Finding(
        Text(
            f"没有{left_out.zh}列（在一个{widest.zh}里下载的就没有）："
            f"当作同一个{left_out.zh}的词{more.zh}。若不止一个，下载时加上{left_out.zh}列",
            f"there is no column for the {left_out.en}, as in a download from inside one {widest.en}: all "
            f"rows are taken to be of one {left_out.en}{more.en}. If they are of several, add the column to "
            "the download",
        ),
        where=seen.where,
    )


def _rows_again(facts: pd.DataFrame) -> int:
    """How many rows of keywords are of a word that another row of the same day holds already."""
    names = [name for name in (*DATES, *ROW) if name in facts]
    return int(facts.duplicated(names).sum()) if facts["level"].iloc[0] == "keyword" else 0


PLACE_LEFT_OUT: Final = Check(
    "place-left-out",
    "tell",
    Text(
        "若文件其实含几个计划，不同计划里的同一个词会合成一个",
        "if the file holds several campaigns after all, a word that is in two of them would become one",
    ),
    _places_left_out,
    on_top=True,
)


def _unconfirmed(seen: FilesSeen) -> Iterator[Finding]:
    for name in sorted({file.name for file in seen.files if not file.confirmed}, key=str):
        yield Finding(
            Text(
                f"{name.zh}：版式尚未用真实文件核对过；请核对合计，对不对都欢迎告诉我们",
                f"{name.en}: unconfirmed layout, not yet checked against a real file; compare the totals and "
                "tell us "
                "either way",
            )
        )


def _no_rows(seen: FilesSeen) -> Iterator[Finding]:
    for file in seen.files:
        if not file.rows:
            yield Finding(Text("没有数据行", "no rows of figures"), where=file.path.as_posix())


def _undated(seen: FilesSeen) -> Iterator[Finding]:
    for file in seen.files:
        if file.rows and file.time_unit == "undated" and file.role == "report":
            yield Finding(
                Text(
                    "报表里没有日期；用 --period 起..止 说明时间，否则按“每个报表期”计算",
                    "the report has no dates; say them with --period START..END, else figures are per "
                    "reported period",
                ),
                where=file.path.as_posix(),
            )


def _no_orders_column(seen: FilesSeen) -> Iterator[Finding]:
    for file in seen.files:
        if file.role == "report" and file.level != "item" and "conversions" not in file.used.values():
            yield Finding(
                Text(
                    "没有成交（转化）列，能看不能调价：tune 需要它",
                    "it tells nothing of orders (conversions), which `tune` needs to judge words",
                ),
                where=file.path.as_posix(),
            )


def _no_currency(seen: FilesSeen) -> Iterator[Finding]:
    if (seen.facts["currency"] == "").any():
        yield Finding(
            Text(
                "报表没有写货币，金额按同一种货币看待",
                "the report names no currency; its money is taken to be of one currency",
            )
        )


def _lists_without_place(seen: FilesSeen) -> Iterator[Finding]:
    for one in seen.lists:
        if any(
            name in one.rows and (one.rows[name].fillna("") != "").any() for name in (*PLACE, "keyword_id")
        ):
            continue
        yield Finding(
            Text(
                "出价表没有计划和单元，不知道是哪个单元的词，出价未采用；"
                "请在表里加上“计划名称”“单元名称”两列并填满",
                "the list of bids names neither campaign nor ad group, so its words cannot be placed and its "
                "bids are "
                "not used; add the two columns to it and fill them",
            ),
            where=one.path.as_posix(),
        )


LAYOUT_UNCONFIRMED: Final = Check(
    "layout-unconfirmed",
    "tell",
    Text(
        "还没用真实文件核对过的版式，某一列可能与想的不同",
        "in a layout that no real file has confirmed, a column may be another than it seems",
    ),
    _unconfirmed,
)
NO_ROWS: Final = Check(
    "no-rows",
    "tell",
    Text("空报表里的词会像是没有投放", "the words of an empty report would look as if they did not run"),
    _no_rows,
)
NO_DATES: Final = Check(
    "no-dates",
    "tell",
    Text(
        "不知道时间长短，就没有“每周”的花费和收益",
        "without the length of time there is no cost and no gain a week",
    ),
    _undated,
)
NO_ORDERS_COLUMN: Final = Check(
    "no-orders-column",
    "tell",
    Text(
        "没有成交列当作成交为零，每个词都会判成不值得投",
        "orders that are not told would read as none, and every word would be judged worthless",
    ),
    _no_orders_column,
)
NO_CURRENCY: Final = Check(
    "no-currency",
    "tell",
    Text(
        "若其实有几种货币，金额就不能相加，也不能排在一起",
        "if there are several after all, their money can be neither added nor ranked together",
    ),
    _no_currency,
)
LIST_WITHOUT_PLACE: Final = Check(
    "list-without-place",
    "tell",
    Text(
        "同一个词可能在几个单元里各有出价，分不清就会接到别的单元上",
        "a word may have a bid in several ad groups; without its place it would get that of another",
    ),
    _lists_without_place,
)


def _orders_unknown(seen: FilesSeen) -> Iterator[Finding]:
    facts = seen.facts
    known = facts["conversions"].notna() if "conversions" in facts else pd.Series(False, index=facts.index)
    told = known.groupby([facts[name] for name in ONE_WINDOW]).transform("any")
    if told.all():
        return
    row = facts[~told].iloc[0]
    file = next(file for file in seen.files if file.path.as_posix() == row["source_file"])
    base = row["platform"] if row["platform"] in {form.id for form in built_in()} else CANONICAL
    declared = f"id: {base}\nextends: {base}\ncolumns: {{conversions: [?]}}"
    columns = ", ".join((*file.used, *file.ignored))[:300]
    yield Finding(
        Text(
            "报表没有成交（转化）列，没有依据判断词的好坏",
            "the report tells nothing of orders (conversions): nothing says good words from bad",
        ),
        where=f"{file.path.as_posix()}:{file.header_row}",
        found=Text(f"{file.name.zh}，各列：{columns}", f"{file.name.en} of the columns {columns}"),
        expected=Text("一列成交笔数或转化数", "a column of orders or conversions"),
        to_do=Text(
            f"下载时勾上成交（转化）列；若报表里叫别的名字，把下面存为 {base}.yaml，填上列名，"
            f"用 --format {base}.yaml 指定\n{declared}",
            f"add it to the download; if the report names it otherwise, save this as {base}.yaml with the "
            "name filled in, "
            f"and give --format {base}.yaml\n{declared}",
        ),
    )


ORDERS_UNKNOWN: Final = Check(
    "orders-unknown",
    "refuse",
    Text(
        "没有成交就分不出好词坏词：调价和删词都只是猜",
        "without orders nothing says good words from bad, and every change of a bid would be a guess",
    ),
    _orders_unknown,
)
