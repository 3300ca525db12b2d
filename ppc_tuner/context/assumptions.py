"""What had to be assumed because nobody told it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.context.context import Context
from ppc_tuner.settings import Settings
from ppc_tuner.text import Text

# What is not looked at while these values are not given.
UNTOLD: Final = (
    (("stock_days",), Text("库存（不知道谁快卖完）", "stock (what is about to sell out is not known)")),
    (
        ("bounce_rate", "visit_depth"),
        Text("页面数据（不判断先调页面还是先推）", "page figures (page before traffic is not judged)"),
    ),
    (("bad_review", "copycat"), Text("差评和盗图", "bad reviews and copies")),
    (
        ("season_from",),
        Text("季节（不知道是不是推早了）", "seasons (an early item is not told from a bad one)"),
    ),
    (
        ("market_ctr", "market_cvr"),
        Text("同行水平（只和店里的词比）", "benchmarks (words are compared with the shop's own)"),
    ),
    (
        ("launch_date",),
        Text("上线日期（不区分培养期）", "launch dates (young campaigns are treated like old ones)"),
    ),
    (("role",), Text("主推宝贝", "main items")),
    (("protected",), Text("保护词", "protected words")),
)


def assumptions(
    figures: pd.DataFrame, given: pd.DataFrame, context: Context, settings: Settings
) -> list[Text]:
    """One line for each default that moves figures, one for all that is not looked at.

    `figures`, `given`: n decision rows each, `given` as it was before the defaults stood in.
    """
    bare = int(given["margin"].isna().sum())
    has_revenue = "revenue" in figures and bool(figures["revenue"].notna().any())
    untold = bool((given["refund_rate"].isna() & ~figures["net_basis"]).any())
    return [
        *(_margin(bare, settings.margin) if bare and has_revenue and settings.margin else ()),
        *(_refunds() if untold and not settings.refund_rate else ()),
        *_lists(given, context),
        *_untold(context),
    ]


def _margin(bare: int, margin: float) -> list[Text]:
    return [
        Text(
            f"毛利率：{bare:,} 行没有给，按设置 {margin:.0%} 算（保本投产比 {1 / margin:.2f}）；"
            "用 --context items.csv 给出",
            f"margin: not given for {bare:,} rows, taken as {margin:.0%} (break-even ROAS {1 / margin:.2f});"
            " give --context items.csv",
        )
    ]


def _refunds() -> list[Text]:
    return [Text("退款率：没有给，按 0 算", "refund rate: not given, taken as 0")]


def _lists(given: pd.DataFrame, context: Context) -> list[Text]:
    lines = []
    if not context.brand_words:
        lines.append(
            Text(
                "没有给品牌词表，不识别别家品牌词",
                "no list of brand words was given: no word is taken for another firm's brand",
            )
        )
    if "main_word_given" not in given or given["main_word_given"].isna().any():
        lines.append(
            Text(
                "主词没有给，按宝贝标题和流量猜测，见“主推词”列",
                "main words not given are guessed from title and traffic; see the column Main word",
            )
        )
    return lines


def _untold(context: Context) -> list[Text]:
    missing = [said for names, said in UNTOLD if not context.gives(*names)]
    if context.events.empty:
        missing.append(Text("活动日（每天都当作平常日）", "events (every day is taken as an ordinary one)"))
    if not context.own_brands:
        missing.append(Text("自家品牌词", "words of the own brand"))
    if context.targets.empty:
        missing.append(Text("目标", "targets"))
    if not missing:
        return []
    return [
        Text(
            "没有给，因此没有看："
            + "、".join(said.zh for said in missing)
            + "。用 ppc-tuner context template 得到可填的表",
            "not given, and so not looked at: "
            + "; ".join(said.en for said in missing)
            + ". ppc-tuner context template writes the tables to fill in",
        )
    ]
