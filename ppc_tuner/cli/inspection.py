"""How the files were understood: in words for a person, and as plain data for `--json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from ppc_tuner.columns import COLUMNS, Column
from ppc_tuner.reports.results import (
    MONEY,
    SUMS,
    BidJoin,
    FileReading,
    Reading,
    plain_sums,
    rows_below_header,
    sums_before,
    sums_by_level,
)
from ppc_tuner.text import Lang, Text

SHOWN_ROWS: Final = 10
UNIT: Final = {
    "day": Text("按天", "by day"),
    "summary": Text("汇总", "summary"),
    "undated": Text("没有日期", "no dates"),
}
CONFIRMED: Final = Text("已用真实文件核对", "confirmed with real files")
REPORT_BACK: Final = Text(
    "未确认：还没有用真实文件核对过。请把合计与后台对一下，对或不对都在项目的 issue 里说一声（附表头一行，"
    "不要附数据）",
    "unconfirmed: not yet checked against a real file. Compare the totals with the platform's, and tell the "
    "project's "
    "issue tracker whether they agree (with the header line, without the data)",
)
LEVEL: Final = {
    "keyword": Text("关键词", "keywords"),
    "search_term": Text("搜索词", "search terms"),
    "item": Text("宝贝（没有词，不参与调价）", "items (no keywords: they decide nothing)"),
}
BIDS: Final = Text("出价表（只取出价，不取数据）", "list of bids (its bids are used, its figures are not)")
ORDER: Final = {"dmy": Text("日在前", "day first"), "mdy": Text("月在前", "month first")}
FIGURES: Final = {".": "1,234.5", ",": "1.234,5"}
NONE: Final = Text("无", "none")


def describe(reading: Reading, lang: Lang) -> list[str]:
    """Lines for a person: every file with its layout, rows, sums and columns; what counts of all; notes; what
    was skipped."""
    lines = [line for file in reading.files for line in _file(file, lang)]
    lines += _counted(reading, lang)
    lines += [line for join in reading.bids for line in _join(join, lang)]
    lines += _listed(Text("注意", "Notes"), [note[lang] for note in reading.notes], lang)
    skipped = [f"{one.label}: {one.reason[lang]}" for one in reading.skipped]
    return lines + _listed(Text("跳过", "Skipped"), skipped, lang)


def _file(file: FileReading, lang: Lang) -> list[str]:
    content = file.encoding or _say("Excel 工作簿", "Excel workbook", lang)
    kind = BIDS if file.role == "bids" else LEVEL[file.level]
    return [
        file.path.as_posix(),
        _item("报表", "report", f"{file.name[lang]} ({file.platform}/{file.layout}), {kind[lang]}", lang),
        _item("版式", "layout", (CONFIRMED if file.confirmed else REPORT_BACK)[lang], lang),
        _item("内容", "content", content + (f" [{file.sheet}]" if file.sheet else ""), lang),
        _item("表头", "header", _say(f"第 {file.header_row} 行", f"row {file.header_row}", lang), lang),
        _item("写法", "written", _style(file, lang), lang),
        *([_item("时间", "days", _days(file, lang), lang)] if file.role == "report" else []),
        _item("读到", "rows", _rows(file, lang), lang),
        *_dropped(file, lang),
        *(_sums(file, lang) if file.role == "report" else []),
        *_implausible(file, lang),
        *_columns(file, lang),
        "",
    ]


def _style(file: FileReading, lang: Lang) -> str:
    parts = [
        _say(
            f"数字如 {FIGURES[file.style['decimal']]}", f"figures like {FIGURES[file.style['decimal']]}", lang
        )
    ]
    if file.style["date_order"] and file.time_unit != "undated":
        order = ORDER[file.style["date_order"]]
        parts.append(_say(f"3/4/2026 这样的日期{order.zh}", f"dates like 3/4/2026 {order.en}", lang))
    if file.attribution_days:
        days = ", ".join(f"{one:g}" for one in file.attribution_days)
        parts.append(_say(f"成交按点击后 {days} 天归因", f"orders within {days} days of the click", lang))
    return _say("；", "; ", lang).join(parts)


def _days(file: FileReading, lang: Lang) -> str:
    if file.first_day is None or file.last_day is None:
        return UNIT["undated"][lang]
    downloaded = _downloaded(file, lang)
    return f"{file.first_day:%Y-%m-%d}..{file.last_day:%Y-%m-%d}, {UNIT[file.time_unit][lang]}, {downloaded}"


def _downloaded(file: FileReading, lang: Lang) -> str:
    if file.exported_on is None:
        return _say("下载日不明", "day of download unknown", lang)
    day = f"{file.exported_on:%Y-%m-%d}"
    if not file.assumed_download:
        return _say(f"下载于 {day}", f"downloaded {day}", lang)
    return _say(
        f"下载日按 {day} 算（最后一天的次日；可用 --exported-on 说明）",
        f"taken to be downloaded {day}, the day after its last (say another with --exported-on)",
        lang,
    )


def _rows(file: FileReading, lang: Lang) -> str:
    below, kept = rows_below_header(file), file.rows
    return _say(
        f"表头下 {below:,} 行，采用 {kept:,} 行", f"{below:,} below the header, {kept:,} of them used", lang
    )


def _dropped(file: FileReading, lang: Lang) -> list[str]:
    if not file.dropped:
        return [_item("去掉", "dropped", NONE[lang], lang)]
    said = []
    for one in file.dropped:
        sums = _figures({name: value for name, value in one.sums.items() if value}, "", lang)
        said.append(
            _say(
                f"{one.rows:,} 行{one.reason.zh}，从第 {one.first_row} 行起",
                f"{one.rows:,} × {one.reason.en}, from row {one.first_row}",
                lang,
            )
            + (f" ({sums})" if sums and file.role == "report" else "")
        )
    return [_item("去掉", "dropped", "; ".join(said), lang)]


def _sums(file: FileReading, lang: Lang) -> list[str]:
    before = _figures(sums_before(file), "", lang)
    after = [
        _item(
            "合计", "totals", _figures({name: row[name] for name in SUMS}, str(row["currency"]), lang), lang
        )
        for row in file.totals.to_dict("records")
    ]
    return [_item("全部行之和（含去掉的）", "all rows, the dropped ones too", before, lang), *after]


def _implausible(file: FileReading, lang: Lang) -> list[str]:
    count = len(file.implausible)
    if not count:
        return [_item("可疑", "implausible", NONE[lang], lang)]
    said = _say(f"{count:,} 处，保留并计入", f"{count:,}, kept and counted", lang)
    lines = [
        _say(
            f"    第 {one.source_row} 行：{one.reason.zh}", f"    row {one.source_row}: {one.reason.en}", lang
        )
        for one in file.implausible[:SHOWN_ROWS]
    ]
    return [
        _item("可疑", "implausible", said, lang),
        *lines,
        *(["    …"] if count > SHOWN_ROWS else []),
    ]


def _columns(file: FileReading, lang: Lang) -> list[str]:
    used = [
        f"    {header.strip()} → {_label(name, lang)}{_colon(lang)}"
        + " | ".join(file.samples.get(header, ()))
        for header, name in file.used.items()
    ]
    ignored = ", ".join(header.strip() for header in file.ignored) or NONE[lang]
    return [
        _item("采用的列（各举三格）", "used columns, with three cells each", "", lang).rstrip(),
        *used,
        _item("未用的列", "ignored columns", ignored, lang),
    ]


def _counted(reading: Reading, lang: Lang) -> list[str]:
    lines = [_say("计入：", "Counted:", lang)]
    every = pd.concat([reading.facts, reading.items], ignore_index=True)
    lines += [_group(group, lang) for group in sums_by_level(every)]
    older = sums_by_level(reading.superseded)
    if older:
        lines.append(_say("被更新的报表取代，不计入：", "Covered by a newer export, not counted:", lang))
        lines += [_group(group, lang) for group in older]
    return lines


def _group(group: Mapping[str, Any], lang: Lang) -> str:
    rows = _say(f"{group['rows']:,} 行", f"{group['rows']:,} rows", lang)
    kind = LEVEL[group["level"]][lang].split("（")[0].split(" (")[0]
    return f"  {group['platform']}, {kind}, {rows}: {_figures(group['sums'], group['currency'], lang)}"


def _join(join: BidJoin, lang: Lang) -> list[str]:
    got = join.by_id + join.by_text
    lines = [
        _say(
            f"出价：{join.path.as_posix()}（{join.platform}）的 {join.rows:,} 行词，接上了报表 "
            f"{join.words:,} 个词中的 {got:,} 个"
            f"（按编号 {join.by_id:,}，按单元内的文字 {join.by_text:,}）",
            f"Bids: {join.path.as_posix()} ({join.platform}) has {join.rows:,} rows of words; {got:,} of the "
            f"reports' {join.words:,} words got their bid from it"
            f" ({join.by_id:,} by id, {join.by_text:,} by text within the ad group)",
            lang,
        ),
        _say(
            f"  报表的 {join.campaigns:,} 个计划里有 {join.shared_campaigns:,} 个在表中；表中 "
            f"{join.unused:,} 个词报表里没有",
            f"  {join.shared_campaigns:,} of the reports' {join.campaigns:,} campaigns are in the list; "
            f"{join.unused:,} of its words are in no report",
            lang,
        ),
    ]
    if join.targets:
        lines.append(
            _say(
                f"  其中 {got - join.targets:,} 个是关键词，{join.targets:,} "
                "个是没有匹配方式的自动投放和商品投放",
                f"  {got - join.targets:,} of them are keywords, {join.targets:,} automatic and product "
                "targets, which have no match type",
                lang,
            )
        )
    if join.negatives:
        lines.append(
            _say(
                f"  另有 {join.negatives:,} 行否定词，没有出价",
                f"  {join.negatives:,} more of its rows are negatives, which have no bid",
                lang,
            )
        )
    if join.several:
        lines.append(
            _say(
                f"  {join.several:,} 个词在表中有几个不同的出价（或状态、质量分等），没有采用",
                f"  {join.several:,} words have several bids in the list (or statuses, scores and so on): "
                "none was taken",
                lang,
            )
        )
    if join.unclear:
        lines.append(
            _say(
                f"  {join.unclear:,} 个词没有采用：报表里有同样的词，表里没写是哪个账户、单元或匹配方式的；"
                "在表里补上这一列",
                f"  {join.unclear:,} words got none: the reports hold others like them, and the list does "
                "not say which account,"
                " ad group or match type it means; add that column to it",
                lang,
            )
        )
    return lines


def _listed(title: Text, lines: list[str], lang: Lang) -> list[str]:
    return [f"{title[lang]}{_colon(lang).rstrip()}", *(f"  - {line}" for line in lines)] if lines else []


def _label(name: str, lang: Lang) -> str:
    column: Column | None = COLUMNS.get(name)
    return column.label[lang] if column else name


def _figures(sums: Mapping[str, Any], currency: str, lang: Lang) -> str:
    parts = []
    for name in SUMS:
        value = sums.get(name)
        if value is None or pd.isna(value):
            continue
        figure = f"{value:,.2f}" if name in MONEY or value % 1 else f"{value:,.0f}"
        parts.append(
            f"{COLUMNS[name].label[lang]} {figure}" + (f" {currency}".rstrip() if name in MONEY else "")
        )
    return ", ".join(parts)


def _item(zh: str, en: str, said: str, lang: Lang) -> str:
    return f"  {_say(zh, en, lang)}{_colon(lang)}{said}"


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else ": "


def _say(zh: str, en: str, lang: Lang) -> str:
    return zh if lang == "zh" else en


def accounting(reading: Reading) -> dict[str, Any]:
    """The reading as plain data: files, what counts, what a newer export covers, lists of bids, notes, what
    was skipped.

    Sums are in the currency beside them; those of several currencies are left out. Texts are {zh, en}, days
    ISO dates.
    """
    return {
        "files": [file_accounting(file) for file in reading.files],
        "counted": sums_by_level(pd.concat([reading.facts, reading.items], ignore_index=True)),
        "superseded": sums_by_level(reading.superseded),
        "bids": [_join_data(join) for join in reading.bids],
        "notes": [_both(note) for note in reading.notes],
        "skipped": [{"label": one.label, "reason": _both(one.reason)} for one in reading.skipped],
    }


def file_accounting(file: FileReading) -> dict[str, Any]:
    """One table: rows below its header = rows kept + rows dropped; sums before = totals + sums of what was
    dropped."""
    return {
        "path": file.path.as_posix(),
        "sheet": file.sheet,
        "encoding": file.encoding,
        "platform": file.platform,
        "layout": file.layout,
        "name": _both(file.name),
        "confirmed": file.confirmed,
        "role": file.role,
        "level": file.level,
        "header_row": file.header_row,
        "first_day": _iso_day(file.first_day),
        "last_day": _iso_day(file.last_day),
        "time_unit": file.time_unit,
        "exported_on": _iso_day(file.exported_on),
        "exported_on_assumed": file.assumed_download,
        "attribution_days": list(file.attribution_days),
        "decimal": file.style["decimal"],
        "date_order": file.style["date_order"],
        "rows_below_header": rows_below_header(file),
        "rows": file.rows,
        "dropped": [
            {
                "reason": _both(one.reason),
                "rows": one.rows,
                "first_row": one.first_row,
                "sums": plain_sums(one.sums),
            }
            for one in file.dropped
        ],
        "sums_before": sums_before(file),
        "totals": [
            {
                "currency": str(row["currency"]),
                "rows": int(row["rows"]),
                "sums": plain_sums({name: row[name] for name in SUMS}),
            }
            for row in file.totals.to_dict("records")
        ],
        "used": [
            {"header": header, "column": column, "samples": list(file.samples.get(header, ()))}
            for header, column in file.used.items()
        ],
        "ignored": list(file.ignored),
        "implausible": [{"row": one.source_row, "reason": _both(one.reason)} for one in file.implausible],
    }


def _join_data(join: BidJoin) -> dict[str, Any]:
    return {
        "path": join.path.as_posix(),
        "name": _both(join.name),
        "platform": join.platform,
        "rows": join.rows,
        "words": join.words,
        "joined_by_id": join.by_id,
        "joined_by_text": join.by_text,
        "joined_targets": join.targets,
        "several_bids": join.several,
        "unclear": join.unclear,
        "negatives": join.negatives,
        "not_in_reports": join.unused,
        "campaigns": join.campaigns,
        "campaigns_in_list": join.shared_campaigns,
    }


def _iso_day(day: pd.Timestamp | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
