"""What the page says beside the columns' names; {0}, {1} … stand for figures that its script puts in."""

from __future__ import annotations

from typing import Final

from ppc_tuner.sheets.at_a_glance import APPLY_TO_BID, COST_OF_ORDER, LABELS
from ppc_tuner.sheets.front import BEFORE, LEAKS
from ppc_tuner.sheets.labels import DELETED
from ppc_tuner.sheets.summary_sheet import ASSUMPTIONS, FORECAST, FORECAST_OF_PERIOD, KNOW
from ppc_tuner.text import Text
from ppc_tuner.values import NO, YES

TITLE: Final = Text("关键词操作报告", "Keyword actions")

TEXTS: Final[dict[str, Text]] = {
    "title": TITLE,
    # Above everything.
    "account": Text("账户", "Account"),
    "language": Text("语言", "Language"),
    "dark": Text("深色", "Dark"),
    "light": Text("浅色", "Light"),
    "theme": Text("颜色", "Colours"),
    "save": Text("保存决定", "Save decisions"),
    "save_count": Text("保存决定（{0}）", "Save decisions ({0})"),
    "saved": Text(
        "已保存 {0} 个决定。上传：ppc-tuner upload decisions.json",
        "{0} decisions saved. To upload them: ppc-tuner upload decisions.json",
    ),
    "to_the_list": Text("跳到操作清单", "Skip to the actions"),
    # The front.
    "front": Text("总览", "Summary"),
    "before": BEFORE,
    "moves": Text("最值得做的五件事", "The moves worth most"),
    "forecast": FORECAST,
    "forecast_of_period": FORECAST_OF_PERIOD,
    "now": Text("现在", "Now"),
    "expected": Text("预计", "Expected"),
    "range80": Text("80% 区间", "80 % range"),
    "leaks": LEAKS,
    "lost": Text("亏掉", "Lost"),
    "know": KNOW,
    "assumptions": ASSUMPTIONS,
    # Charts.
    "charts": Text("图表", "Charts"),
    "by_day": Text("每天的花费与投产", "Spend and ROAS by day"),
    "by_day_said": Text(
        "柱是花费，线是投产；红线是保本投产 {0}。成交额与清单同口径。",
        "Bars are spend, the line is ROAS; red is break-even, {0}. Revenue counts as in the list.",
    ),
    "by_day_plain": Text(
        "柱是花费，线是投产。成交额与清单同口径。",
        "Bars are spend, the line is ROAS. Revenue counts as in the list.",
    ),
    "orders_by_day": Text("每天的花费与成交", "Spend and orders by day"),
    "orders_by_day_said": Text("柱是花费，线是成交笔数。", "Bars are spend, the line is orders."),
    "event": Text("活动", "event"),
    "break_even": Text("保本", "break-even"),
    "campaigns": Text("各计划：花费与投产", "Campaigns: spend and ROAS"),
    "campaigns_said": Text(
        "越靠右花得越多，越高回得越多；圆的大小是成交额。红色的没到保本（虚线，{0}）。",
        "Further right spends more, higher returns more; the circle is the revenue. Red is below break-even "
        "(dashed, {0}).",
    ),
    "campaigns_unknown": Text(
        "越靠右花得越多，越高回得越多；圆的大小是成交额。没有毛利率，保本不知道。",
        "Further right spends more, higher returns more; the circle is the revenue. Break-even is not known "
        "without margins.",
    ),
    "last_money": Text("最后一块钱花在哪里最值", "Where the last money earns most"),
    "last_money_said": Text(
        "花费最多的 {0} 个词：再多花 1，约带来多少成交额。竖线是门槛；没过线的，钱挪到别处更值。",
        "The {0} words with the most spend: revenue that one more unit of money brings. The mark is the bar; "
        "short of it the money is worth more elsewhere.",
    ),
    "last_money_orders": Text(
        "花费最多的 {0} 个词：再多花 1，约带来多少笔成交。",
        "The {0} words with the most spend: orders that one more unit of money brings.",
    ),
    "bar": Text("门槛", "bar"),
    # The table.
    "actions": Text("操作清单", "Actions"),
    "search": Text("搜索", "Search"),
    "search_hint": Text("词、计划、单元、宝贝", "word, campaign, group, item"),
    "shown": Text("显示", "Show"),
    "to_act": Text("要操作的（{0}）", "to act on ({0})"),
    "every_row": Text("全部（{0}）", "all ({0})"),
    "undecided": Text("还没决定的", "not decided yet"),
    "decided": Text("已决定的", "decided"),
    "any_action": Text("全部动作", "any action"),
    "any_campaign": Text("全部计划", "any campaign"),
    "count": Text("{0} / {1} 行", "{0} of {1} rows"),
    "none": Text(
        "没有符合的行。清空搜索和筛选再看。", "No row fits. Clear the search and the filters."
    ),
    "nothing_to_do": Text(
        "没有需要调整的词：出价都合适，或数据还不够。",
        "Nothing to change: all is on target, or the evidence is still thin.",
    ),
    "left_out": Text(
        "另有 {0} 个不用动的词没有列在这里；全部词在工作簿和 csv 里。",
        "{0} more words that stay as they are do not stand here; the workbook and the csv hold all.",
    ),
    "accept_shown": Text("采纳显示的 {0} 行", "Accept the {0} shown"),
    "decision": Text("决定", "Decision"),
    "accept": Text("采纳", "Accept"),
    "reject": Text("拒绝", "Reject"),
    "change": Text("改价", "Change"),
    "with_group": Text("随组", "with group"),
    "open_row": Text("打开详情：{0}", "Open {0}"),
    "word": LABELS["shown_word"],
    "place": LABELS["shown_place"],
    "bid": LABELS["shown_bid"],
    "bid_unknown": APPLY_TO_BID,
    "return": LABELS["shown_return"],
    "return_orders": COST_OF_ORDER,
    "gain": Text("周增利（80% 区间）", "Gain a week (80 % range)"),
    "gain_of_period": Text("报表期增利（80% 区间）", "Gain per period (80 % range)"),
    "reason": Text("理由", "Reason"),
    "ctr_short": Text("点击率", "CTR"),
    "cpc_short": Text("花费", "CPC"),
    "cvr_short": Text("转化", "CVR"),
    "roi_short": Text("回报", "ROI"),
    "stopped": DELETED,
    "yes": YES,
    "no": NO,
    # The panel of a row.
    "close": Text("关闭", "Close"),
    "previous": Text("上一行", "Previous row"),
    "next": Text("下一行", "Next row"),
    "decide": Text("你的决定", "Your decision"),
    "final_bid": Text("最终出价", "Final bid"),
    "note": Text("备注", "Note"),
    "note_hint": Text("为什么这样决定（可不填）", "why you decide so (optional)"),
    "bid_wrong": Text("请填一个不小于 0 的数字", "enter a number, 0 or more"),
    "follows_group": Text(
        "这个词跟着它的组一起调：请在“{0}”那一行决定。",
        "This word moves with its group: decide on the row of “{0}”.",
    ),
    "nothing_to_decide": Text("这一行不动，没有要决定的。", "This row stays as it is; nothing to decide."),
    "why": Text("为什么这么多", "Why this much"),
    "would_change": Text("什么会改变结论", "What would change it"),
    "alternatives": Text(
        "证据比较过的做法（规则和预算之前）", "What the evidence weighed, before rules and budgets"
    ),
    "worth_title": Text("一次点击值多少，再买花多少", "What a click is worth, and what the next one costs"),
    "worth_said": Text(
        "圆点：一次点击估计值 {0}（80% 区间 {1}）；竖线：与之相比的现价 {2}。",
        "The dot: a click is worth about {0} (80 % range {1}). The stroke: the price to compare, {2}.",
    ),
    "move": Text("做法", "Move"),
    "by": Text("幅度", "By"),
    "brings": Text("一周预计增利", "Gain a week"),
    "brings_in_period": Text("报表期预计增利", "Gain per period"),
    "chance": Text("有利的把握", "Chance that it helps"),
    "own": Text("自身数据", "Its own data"),
    "with_peers": Text("结合同类词的估计", "With its peers"),
    "score": Text("得分", "Score"),
    "own_and_peers": Text("自身数据与同类词", "Its own data against its peers"),
    "own_weight": Text(
        "估计里自身数据占 {0}，其余看同类词；横线是 80% 区间，圆点是估计，竖线是自身数据。",
        "Its own data carry {0} of the estimate, its peers the rest. The bar is the 80 % range, the dot the "
        "estimate, the stroke its own figure.",
    ),
    "weeks": Text("每周的花费与投产", "Spend and ROAS by week"),
    "weeks_orders": Text("每周的花费与成交", "Spend and orders by week"),
    "week_to": Text("截至 {0} 的一周", "week to {0}"),
    "rules": Text("规则怎样走到这一步", "How the rules came to this"),
    "decided_by": Text("由它决定", "it decided"),
    "also": Text("也符合", "also matched"),
    "held_back": Text("拦下", "held back"),
    "figures": Text("数据", "Figures"),
    "period": Text("本期", "This period"),
    "period_before": Text("上期", "The one before"),
    "members": Text("一起调的词（{0}）", "The words that move together ({0})"),
    "more_members": Text("另有 {0} 个词", "{0} more words"),
    # Print and foot.
    "top_rows": Text(
        "最重要的 {0} 行（共 {1} 行要操作）", "The {0} rows that matter most (of {1} to act on)"
    ),
    "foot": Text(
        "由 ppc_tuner 于 {0} 写出。页面不联网，数据只在这个文件里。",
        "Written by ppc_tuner on {0}. The page loads nothing; all its data are in this file.",
    ),
}  # fmt: skip
