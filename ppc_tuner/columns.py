"""The canonical columns: name, kind (hence unit), the trade's term in both languages, meaning, source.

Every frame of the program is made of these columns and no others. A group is what one station makes: it hands
on these columns, a row for each decision row, and nothing else; no name changes its meaning on the way. Kinds
and units: text · id (text that looks like a number) · date · flag (true/false) · count (≥ 0, may be
fractional) · money (in the row's currency) · share (0.05 = 5 %) · change (signed share, 0.1 = +10 %) · ratio
(times) · score (0–100) · number (no unit) · days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ppc_tuner.text import Text

Kind = Literal[
    "text", "id", "date", "flag", "count", "money", "share", "change", "ratio", "score", "number", "days"
]
TEXT_KINDS: Final = ("text", "id")
NUMBER_KINDS: Final = ("count", "money", "number", "share")


Station = Literal["reports", "windows", "context", "kinds", "evidence", "bids", "judge", "account", "person"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, the `station` that makes it, and its `source`.

    The source is what it is read or computed from, with the advice point or paper behind it.
    """

    name: str
    kind: Kind
    label: Text
    meaning: Text
    station: Station
    source: str


def _columns(
    station: Station,
    source: str,
    *rows: tuple[str, Kind, str, str, str, str],
    but: Mapping[str, str] | None = None,
) -> dict[str, Column]:
    """The columns of one station by name; `but`: the sources of those that do not share `source`.

    A row holds name, kind, label and meaning in Chinese and English.
    """
    sources = but or {}
    return {
        name: Column(name, kind, Text(zh, en), Text(more_zh, more_en), station, sources.get(name, source))
        for name, kind, zh, en, more_zh, more_en in rows
    }


def _handed_on(station: Station, source: str, names: Sequence[str]) -> dict[str, Column]:
    """Columns of the report that a station hands on: the same thing, summed over days or as of today."""
    return {name: replace(FACTS[name], station=station, source=source) for name in names}


# What a report says, a row for each day (or period) and keyword. Columns may be absent.
FACTS: Final = _columns(
    "reports", "the export",
    ("date", "date", "日期", "Date", "这一行数据的日期", "the day of the row"),
    ("period_start", "date", "开始日期", "From", "汇总行的第一天", "first day of a summary row"),
    ("period_end", "date", "结束日期", "To", "汇总行的最后一天", "last day of a summary row"),
    ("platform", "text", "平台", "Platform", "广告平台", "the ad platform"),
    ("account", "text", "账户", "Account", "店铺或广告账户", "shop or ad account"),
    ("campaign_id", "id", "计划ID", "Campaign id", "计划的编号", "the platform's id of the campaign"),
    ("campaign", "text", "计划", "Campaign", "推广计划名称", "campaign name"),
    ("ad_group_id", "id", "单元ID", "Ad group id", "推广单元的编号", "the platform's id of the ad group"),
    ("ad_group", "text", "单元", "Ad group", "推广单元名称", "ad group name"),
    ("item_id", "id", "宝贝ID", "Item id", "宝贝或商品编号", "id of the item sold"),
    ("item", "text", "宝贝", "Item", "宝贝标题", "title of the item sold"),
    ("keyword_id", "id", "词ID", "Keyword id", "平台给关键词的编号", "the platform's id of the keyword"),
    ("keyword", "text", "关键词", "Keyword", "买的词，原样照抄", "the word bought, exactly as in the report"),
    ("match_type", "text", "匹配方式", "Match type", "exact 精确、phrase 短语、broad 广泛，或平台自己的说法", "exact, phrase, broad, or the platform's own"),
    ("device", "text", "设备", "Device", "电脑、手机等", "computer, mobile and so on"),
    ("channel", "text", "场景", "Channel", "推广场景或流量来源，分开看，不混算", "scene or source of traffic; never pooled with another"),
    ("currency", "text", "货币", "Currency", "金额的货币", "currency of the money columns"),
    ("attribution_days", "number", "归因天数", "Attribution days", "点击后几天内的成交算在这次点击上", "days after the click in which an order is counted"),
    ("exported_on", "date", "导出日期", "Exported on", "报表下载的日期", "the day the report was downloaded"),
    ("source_file", "text", "来源文件", "Source file", "数据来自哪个文件", "the file the row came from"),
    ("source_row", "number", "来源行", "Source row", "在该文件里的行号", "line or row number in that file"),
    ("search_term", "text", "搜索词", "Search term", "买家实际搜的词", "what the customer typed"),
    ("term_status", "text", "已添加/已排除", "Added/Excluded", "搜索词是否已加为关键词（added）或否定词（excluded）", "whether the search term is already a keyword (added) or a negative (excluded)"),
    ("status", "text", "状态", "Status", "live 推广中，paused 暂停；空为未知", "live or paused; empty when the report does not say"),
    ("biddable", "flag", "可出价", "Biddable", "能否对这个词单独出价；空为能", "whether the row carries a bid of its own; empty means yes"),
    ("unbiddable_as", "text", "不可出价原因", "Not biddable as", "package 词包、smart_bidding 智能出价、site_wide 全站推广、audience 人群、negative 否定词", "package, smart_bidding, site_wide, audience or negative"),
    ("impressions", "count", "展现", "Impressions", "展现量", "times shown"),
    ("clicks", "count", "点击", "Clicks", "点击量", "times clicked"),
    ("cost", "money", "花费", "Cost", "点击花费", "money spent"),
    ("conversions", "count", "成交笔数", "Orders", "总成交笔数", "orders (conversions)"),
    ("revenue", "money", "成交金额", "Revenue", "总成交金额，退款前", "total before refunds"),
    ("bid", "money", "出价", "Bid", "导出当天的关键词出价，溢价和时段折扣之前", "keyword bid on the day of export, before adjustments"),
    ("quality_score", "number", "质量分", "Quality score", "平台给的质量分", "the platform's quality score"),
    ("position", "number", "展现排名", "Position", "平均展现排名", "average position shown"),
    ("impression_share", "share", "展现份额", "Impression share", "得到的展现占可得展现的比例", "share of the impressions it could have had that it got"),
    ("favourites", "count", "收藏", "Favourites", "总收藏数", "times added to favourites"),
    ("add_to_carts", "count", "加购", "Add-to-carts", "总购物车数", "times added to the cart"),
    ("orders_placed", "count", "拍下", "Orders placed", "拍下订单笔数", "orders placed, paid or not"),
    ("direct_conversions", "count", "直接成交笔数", "Direct orders", "直接成交笔数", "orders of the item clicked"),
    ("indirect_conversions", "count", "间接成交笔数", "Indirect orders", "间接成交笔数", "orders of other items"),
    ("direct_revenue", "money", "直接成交金额", "Direct revenue", "直接成交金额", "revenue of the item clicked"),
    ("indirect_revenue", "money", "间接成交金额", "Indirect revenue", "间接成交金额", "revenue of other items"),
    ("presale_conversions", "count", "预售成交笔数", "Presale orders", "总预售成交笔数", "orders placed in a presale"),
    ("presale_revenue", "money", "预售成交金额", "Presale revenue", "总预售成交金额", "revenue of presale orders"),
    ("net_revenue", "money", "净成交金额", "Net revenue", "退款后的成交金额", "revenue after refunds"),
    ("new_customers", "count", "成交新客", "New customers", "成交新客数", "customers who bought for the first time"),
    ("market_cpc", "money", "市场均价", "Market CPC", "平台给的市场平均点击花费", "the platform's average price of a click"),
    ("market_ctr", "share", "市场点击率", "Market CTR", "平台给的市场点击率", "the platform's average click-through rate"),
    ("market_cvr", "share", "市场转化率", "Market CVR", "平台给的市场转化率", "the platform's average conversion rate"),
    ("searches", "count", "搜索热度", "Searches", "选词表给的搜索量或指数，只在同一张表里互相比较", "searches or their index as a word tool gives them; compared within one list only"),
    but={
        "platform": "the format that recognised the file",
        "attribution_days": "the export, else the format, else the setting",
        "exported_on": "an option, else the file's name, else the last day + 1",
        "biddable": "the format's word list of targets",
        "unbiddable_as": "the format's word list of targets",
    },
)  # fmt: skip

# Keys, names and sums of a decision row over the days looked back on.
FIGURES: Final = _handed_on("windows", "the last that the report says", (
    "platform", "account", "currency", "channel", "campaign_id", "campaign", "ad_group_id", "ad_group",
    "item_id", "item", "keyword_id", "keyword", "match_type", "search_term", "device", "attribution_days",
    "term_status",
)) | _handed_on("windows", "sums over the days looked back on; orders and revenue as context settles them", (
    "impressions", "clicks", "cost", "conversions", "revenue", "favourites", "add_to_carts", "orders_placed",
    "direct_conversions", "indirect_conversions", "direct_revenue", "indirect_revenue", "presale_conversions",
    "presale_revenue", "new_customers", "position",
)) | _handed_on("windows", "impressions of the recent days ÷ those it could have had", (
    "impression_share",
)) | _columns(
    "windows", "sums over the days that count",
    ("level", "text", "层级", "Level", "keyword 关键词、group 一组词、search_term 搜索词、fragment 词根、item 宝贝", "keyword, group, search_term, fragment or item"),
    ("first_day", "date", "首日", "First day", "该词有数据的第一天", "first day with figures"),
    ("last_day", "date", "末日", "Last day", "数据的最后一天", "last day of the figures"),
    ("days", "days", "天数", "Days", "该词在看的时间里有数据的天数；空为报表没有日期", "days from the word's first figures to the last day; empty if undated"),
    ("completeness", "share", "成交完整度", "Completeness", "这些点击的成交已回传的比例", "share of the orders of these clicks that has been reported by now"),
    ("exposure", "count", "折算点击", "Mature clicks", "点击 × 成交完整度", "clicks × completeness: what the orders are compared with"),
    ("counted_impressions", "count", "计入展现", "Impressions counted", "除去最新未满天数的展现", "impressions without the newest, still incomplete days"),
    ("counted_clicks", "count", "计入点击", "Clicks counted", "除去最新未满天数的点击", "clicks without the newest days"),
    ("counted_cost", "money", "计入花费", "Cost counted", "除去最新未满天数的花费", "cost without the newest days"),
    ("counted_conversions", "count", "计入成交", "Orders counted", "除去最新未满天数的成交笔数", "orders without the newest days"),
    ("counted_revenue", "money", "计入成交额", "Revenue counted", "除去最新未满天数的成交金额", "revenue without the newest days"),
    ("counted_bid", "money", "计入平均出价", "Bid counted", "计入点击的平均出价", "mean bid over the clicks counted"),
    ("bid_before", "money", "期初出价", "First bid", "在看的时间里最早的出价", "the earliest known bid of the days looked back on"),
    ("net_basis", "flag", "净成交口径", "Net basis", "成交金额已扣退款", "whether the revenue is already net of refunds"),
    ("event_days", "days", "活动天数", "Event days", "看的时间里因活动不计的天数", "days left out of the evidence because of an event"),
    ("period_impressions", "count", "本期展现", "Impressions, this period", "最近一期的展现", "impressions of the latest period"),
    ("period_clicks", "count", "本期点击", "Clicks, this period", "最近一期的点击", "clicks of the latest period"),
    ("period_cost", "money", "本期花费", "Cost, this period", "最近一期的花费", "cost of the latest period"),
    ("period_conversions", "count", "本期成交笔数", "Orders, this period", "最近一期的成交笔数", "orders of the latest period"),
    ("period_revenue", "money", "本期成交金额", "Revenue, this period", "最近一期的成交金额", "revenue of the latest period"),
    ("period_exposure", "count", "本期折算点击", "Mature clicks, this period", "本期点击 × 成交完整度", "clicks × completeness of the latest period"),
    ("period_ctr", "share", "本期点击率", "CTR, this period", "本期点击 ÷ 展现", "clicks / impressions of the latest period"),
    ("period_roas", "ratio", "本期投产比", "ROAS, this period", "本期成交金额 ÷ 花费", "revenue / cost of the latest period"),
    ("before_impressions", "count", "上期展现", "Impressions, period before", "上一期的展现", "impressions of the period before"),
    ("before_clicks", "count", "上期点击", "Clicks, period before", "上一期的点击", "clicks of the period before"),
    ("before_cost", "money", "上期花费", "Cost, period before", "上一期的花费", "cost of the period before"),
    ("before_conversions", "count", "上期成交笔数", "Orders, period before", "上一期的成交笔数", "orders of the period before"),
    ("before_revenue", "money", "上期成交金额", "Revenue, period before", "上一期的成交金额", "revenue of the period before"),
    ("before_exposure", "count", "上期折算点击", "Mature clicks, period before", "上期点击 × 成交完整度", "clicks × completeness of the period before"),
    ("older_conversions", "count", "更早成交笔数", "Orders, older days", "两期之前、计入天数里的成交笔数", "orders of the days counted that lie before both periods"),
    ("older_exposure", "count", "更早折算点击", "Mature clicks, older days", "两期之前、计入天数里的点击 × 成交完整度", "clicks × completeness of the days counted that lie before both periods"),
    ("before_ctr", "share", "上期点击率", "CTR, period before", "上期点击 ÷ 展现", "clicks / impressions of the period before"),
    ("before_roas", "ratio", "上期投产比", "ROAS, period before", "上期成交金额 ÷ 花费", "revenue / cost of the period before"),
    ("weekly_impressions", "count", "每周展现", "Impressions a week", "按最近的节奏，一周的展现", "impressions a week at the recent pace"),
    ("weekly_clicks", "count", "每周点击", "Clicks a week", "按最近的节奏，一周的点击；报表没有日期时为一个报表期", "clicks a week at the recent pace; per reported period if undated"),
    ("weekly_cost", "money", "每周花费", "Cost a week", "按最近的节奏，一周的花费", "cost a week at the recent pace"),
    ("pace_bid", "money", "近期平均出价", "Recent bid", "最近节奏期内按点击加权的平均出价", "mean bid over the clicks of the recent pace"),
    but={
        "level": "what the layout of the export is of", "event_days": "days of events (A27)",
        "net_basis": "the export (net_revenue)",
        "completeness": "Chapelle 2014; Mack 1993", "exposure": "clicks × completeness (Chapelle 2014)",
    },
)  # fmt: skip

# The one figure that does not mean what it does in the export: there the total, here what counts of it.
FIGURES["revenue"] = replace(
    FIGURES["revenue"],
    meaning=Text(
        "净成交额：有净成交用净成交，否则扣除退款率",
        "net: net revenue where reported, else less the refund rate",
    ),
    source="the export and the refund rate, settled by context (A20)",
)

# How a word stands today, by the report and context tables, and what its orders leave.
STANDING: Final = _handed_on("context", "the report, else a word list; benchmarks from tables go first", (
    "status", "biddable", "unbiddable_as", "bid", "quality_score", "market_cpc", "market_ctr", "market_cvr",
)) | _columns(
    "context", "context tables, else the setting",
    ("margin", "share", "毛利率", "Margin", "净成交额扣除货品、佣金、运费后剩下的比例", "share of net revenue left after goods, commission and freight"),
    ("refund_rate", "share", "退款率", "Refund rate", "成交金额中退款的比例", "share of revenue refunded"),
    ("break_even_roas", "ratio", "保本投产比", "Break-even ROAS", "1 ÷ 毛利率", "1 / margin"),
    ("value_per_conversion", "money", "每单价值", "Value per order", "没有成交金额时，一单值多少钱", "what an order is worth where the report has no revenue"),
    ("main_word_given", "text", "给定主词", "Main word given", "表里给的主推词", "main word from a context table"),
    ("kind_given", "text", "给定词类", "Kind given", "表里给的词类", "kind of word from a context table"),
    but={"break_even_roas": "1 / margin (A20)"},
)  # fmt: skip

# What no report tells, given in context tables or worked out from them. All may be unknown.
CONTEXT: Final = _columns(
    "context", "context tables",
    ("category", "text", "类目", "Category", "宝贝所属类目", "category of the item"),
    ("page_group", "text", "页面组", "Page group", "共用一套详情页的宝贝", "items that share one page"),
    ("price", "money", "售价", "Price", "实际成交的单价", "price at which it sells"),
    ("unit_cost", "money", "单件成本", "Unit cost", "一单的货品、包装和运费", "goods, packing and freight of one order"),
    ("fee_rate", "share", "费率", "Fee rate", "佣金、支付等占售价的比例", "commission and payment fees as a share of the price"),
    ("margin_given", "share", "给定毛利率", "Margin given", "由表给出的毛利率；空为用了设置里的默认值", "margin from a context table; empty where the setting's default is used"),
    ("refund_given", "share", "给定退款率", "Refund rate given", "由表给出并扣掉的退款率", "refund rate from a context table, taken off the revenue"),
    ("order_value_given", "money", "给定每单价值", "Order value given", "报表没有成交金额，由表给出的一单价值", "what an order is worth, from a context table, where the report has no revenue"),
    ("placed_given", "count", "预售拍下", "Presale orders counted", "预售宝贝按拍下算的成交笔数", "orders placed of an item on presale, which count as its orders"),
    ("stock_days", "days", "库存天数", "Days of stock", "按现在的卖法，库存还能卖几天", "days until the item sells out at today's pace"),
    ("role", "text", "宝贝角色", "Role", "main 主推、new 新品、normal 普通", "main, new or normal"),
    ("launch_date", "date", "上线日期", "Launched on", "宝贝上架或计划开始的日期", "day on which the item or campaign started"),
    ("age", "days", "上线天数", "Age", "到数据最后一天已上线多少天", "days from the launch to the last day of the figures"),
    ("presale", "flag", "预售中", "Presale", "付款转化不作数，看拍下", "orders are placed now and paid later"),
    ("bad_review", "flag", "有差评", "Bad review", "首屏有未处理的差评", "a bad review stands unanswered on the page"),
    ("copycat", "flag", "被盗图", "Copied", "有店铺盗图或抄款，还没处理", "a copy of it is on sale and not dealt with"),
    ("season_from", "text", "季节开始", "Season from", "每年的月-日", "month-day, every year"),
    ("season_to", "text", "季节结束", "Season to", "每年的月-日", "month-day, every year"),
    ("season", "text", "季节", "Season", "early 未到季、in 当季、over 过季", "early, in or over"),
    ("bounce_rate", "share", "跳失率", "Bounce rate", "只看一页就走的访客比例", "share of visitors who leave after one page"),
    ("visit_depth", "number", "访问深度", "Visit depth", "人均访问页面数", "pages a visitor looks at"),
    ("page_aov", "money", "宝贝客单价", "Item's order value", "买这个宝贝的人平均花多少", "average order of those who buy the item"),
    ("shop_aov", "money", "店铺客单价", "Shop's order value", "全店平均每单金额", "average order of the whole shop"),
    ("returning_share", "share", "回头客占比", "Returning visitors", "访客里回头客的比例", "share of visitors who have been here before"),
    ("page_grade", "text", "页面评级", "Page grade", "good 好、pass 及格、fail 不及格", "good, pass or fail"),
    ("protected", "flag", "保护词", "Protected", "不许删的词", "a word that must never be deleted"),
    ("targeting", "flag", "定向开着", "Targeting on", "计划里开着定向推广", "targeting is switched on in the campaign"),
    ("smart_bidding", "flag", "智能出价", "Smart bidding", "平台自动出价的计划", "the platform sets the bids of the campaign"),
    ("bid_given", "money", "词表出价", "Bid from the list", "报表没有出价，由词表给出", "bid from a word list, where the report has none"),
    ("blocked_now", "text", "已有否词", "Blocked by", "已有的否词里挡住它的那一个", "the negative that stands already and blocks it"),
    ("never_shown", "flag", "从未展现", "Never shown", "在投但一次展现都没有", "live without a single impression"),
    but={
        "age": "launch_date and the last day", "season": "season_from, season_to and the last day (A13)",
        "page_grade": "pass marks (A15)",
        "never_shown": "a word list and no impression", "blocked_now": "the list of negatives", "placed_given": "orders placed (A19)",
    },
)  # fmt: skip
# What the ledger tells of each row; columns are there where it remembers something.
REMEMBERED: Final = _columns(
    "context", "the ledger: earlier lists, and what a person decided in them (A28)",
    ("rejected_action", "text", "拒绝过", "Rejected", "最近一次决定里被拒绝的动作", "the action that the last decision on it rejected"),
    ("rejected_on", "text", "拒绝日期", "Rejected on", "那份清单的日期", "the day of the list in which it was rejected"),
    ("rejected_weeks", "number", "拒绝后几周", "Weeks since rejected", "从那份清单的数据到今天的数据，几周", "weeks from the figures of that list to those of this one"),
    ("rejected_clicks", "count", "拒绝时的点击", "Clicks when rejected", "拒绝时看到的点击", "clicks that the rejected list had seen"),
    ("bid_changed", "change", "上次调价", "Last change of bid", "现在的出价比上一个不同的出价变了多少", "by how much the bid differs from the last one that was another"),
    ("days_since_change", "days", "调价几天了", "Days since the change", "最后一份还是原出价的清单到现在，最多几天", "days since the last list that showed the other bid: the change came then or later"),
    ("last_done", "text", "上次结果", "Last time", "applied 已执行、differently 改成别的、not_applied 没执行、rejected 拒绝、accepted 采纳、elsewhere 没建议却变了", "what became of the last proposal: applied, differently, not_applied, rejected, accepted, or elsewhere where a bid changed without one"),
    ("last_list_on", "date", "上一份清单", "Last list", "上一份清单的日期", "the day of the last list that this row was in"),
    ("promised_gain", "money", "上次预计周增利", "Gain promised", "上一份清单给它的预计周增利", "the expected gain a week in that list"),
)  # fmt: skip
GIVEN: Final = STANDING | CONTEXT | REMEMBERED

# What kind of word each is, relative to the main word of its item.
WORD_KINDS: Final = _columns(
    "kinds", "the words of the item and their clicks (A5)",
    ("ad_key", "text", "所属广告", "Ad", "宝贝；不知道宝贝时为单元或计划", "the item, else the ad group or campaign, that the word belongs to"),
    ("main_word", "text", "主推词", "Main word", "该宝贝的主词，给定或猜测", "the item's main word, given or guessed"),
    ("kind", "text", "词类", "Kind", "head 大词、core 主词、long_tail 长尾词、brand 品牌词、other 其他", "head, core, long_tail, brand or other, relative to the item's main word"),
    ("own_brand", "flag", "自家品牌词", "Own brand", "词里有自家品牌", "the word holds the own brand"),
    ("traffic_share", "share", "流量占比", "Traffic share", "占该宝贝点击的比例", "share of the item's clicks"),
    ("word_rank", "number", "计划内排名", "Rank in campaign", "按主词优先、再按点击在计划里的名次", "place in its campaign: main words first, then by clicks"),
    but={
        "word_rank": "main words first, then clicks (A7)", "own_brand": "the list of own brands",
        "ad_key": "item, else ad group; channels apart (A12)",
    },
)  # fmt: skip

# What the figures are worth. `ctr`, `cvr`, … are posterior means; `*_raw` are the report's own sums divided.
ESTIMATES: Final = _columns(
    "evidence", "hierarchical Gamma-Poisson shrinkage (evidence.rates, evidence.values)",
    ("present_clicks", "count", "折合当前点击", "Present clicks", "折算点击，按各周整体转化高低和新旧折成当前的点击", "mature clicks in terms of the present: event weeks and old weeks count as far as they tell of today"),
    ("present_orders", "count", "折合当前成交", "Present orders", "计入成交，按新旧打折", "orders counted, older ones less where words change"),
    ("ctr_raw", "share", "点击率", "CTR", "点击 ÷ 展现", "clicks / impressions"),
    ("cpc_raw", "money", "平均点击花费", "CPC", "花费 ÷ 点击", "cost / clicks"),
    ("cvr_raw", "share", "转化率", "CVR", "成交笔数 ÷ 点击", "orders / clicks"),
    ("aov_raw", "money", "客单价", "AOV", "成交金额 ÷ 成交笔数", "revenue / orders"),
    ("rpc_raw", "money", "点击产出", "RPC", "成交金额 ÷ 点击", "revenue / clicks"),
    ("roas", "ratio", "投入产出比", "ROAS", "成交金额 ÷ 花费", "revenue / cost"),
    ("roi", "change", "投资回报率", "ROI", "毛利率 × 成交金额 ÷ 花费 − 1", "margin × revenue / cost − 1"),
    ("ctr", "share", "估计点击率", "CTR, estimated", "结合同类词后的估计", "posterior mean, given its peers"),
    ("ctr_low80", "share", "点击率下限80%", "CTR, low 80%", "80% 区间下限", "lower end of the 80 % interval"),
    ("ctr_high80", "share", "点击率上限80%", "CTR, high 80%", "80% 区间上限", "upper end of the 80 % interval"),
    ("ctr_low90", "share", "点击率下限90%", "CTR, low 90%", "90% 区间下限", "lower end of the 90 % interval"),
    ("ctr_high90", "share", "点击率上限90%", "CTR, high 90%", "90% 区间上限", "upper end of the 90 % interval"),
    ("cvr", "share", "估计转化率", "CVR, estimated", "结合同类词后的估计", "posterior mean, given its peers"),
    ("cvr_low80", "share", "转化率下限80%", "CVR, low 80%", "80% 区间下限", "lower end of the 80 % interval"),
    ("cvr_high80", "share", "转化率上限80%", "CVR, high 80%", "80% 区间上限", "upper end of the 80 % interval"),
    ("cvr_low90", "share", "转化率下限90%", "CVR, low 90%", "90% 区间下限", "lower end of the 90 % interval"),
    ("cvr_high90", "share", "转化率上限90%", "CVR, high 90%", "90% 区间上限", "upper end of the 90 % interval"),
    ("own_weight", "share", "自身数据占比", "Own weight", "转化率估计里自身数据占的分量，其余看同类词", "how much of the conversion estimate rests on the word's own clicks; the rest on its peers"),
    ("orders_usual", "count", "应有成交", "Usual orders", "按账户平均转化率，这些点击应带来的成交笔数", "orders that the word's clicks would bring at the account's rate"),
    ("aov", "money", "估计客单价", "AOV, estimated", "结合同类词后的估计", "posterior mean, given its peers"),
    ("aov_low80", "money", "客单价下限80%", "AOV, low 80%", "80% 区间下限", "lower end of the 80 % interval"),
    ("aov_high80", "money", "客单价上限80%", "AOV, high 80%", "80% 区间上限", "upper end of the 80 % interval"),
    ("aov_low90", "money", "客单价下限90%", "AOV, low 90%", "90% 区间下限", "lower end of the 90 % interval"),
    ("aov_high90", "money", "客单价上限90%", "AOV, high 90%", "90% 区间上限", "upper end of the 90 % interval"),
    ("rpc", "money", "估计点击产出", "RPC, estimated", "估计转化率 × 估计客单价", "estimated revenue per click"),
    ("rpc_low80", "money", "点击产出下限80%", "RPC, low 80%", "80% 区间下限", "lower end of the 80 % interval"),
    ("rpc_high80", "money", "点击产出上限80%", "RPC, high 80%", "80% 区间上限", "upper end of the 80 % interval"),
    ("rpc_low90", "money", "点击产出下限90%", "RPC, low 90%", "90% 区间下限", "lower end of the 90 % interval"),
    ("rpc_high90", "money", "点击产出上限90%", "RPC, high 90%", "90% 区间上限", "upper end of the 90 % interval"),
    ("value_per_click", "money", "点击价值", "Value per click", "毛利率 × 点击产出 + 流量价值", "margin × RPC + traffic_worth"),
    ("value_low80", "money", "点击价值下限80%", "Value per click, low 80%", "80% 区间下限", "lower end of the 80 % interval"),
    ("value_high80", "money", "点击价值上限80%", "Value per click, high 80%", "80% 区间上限", "upper end of the 80 % interval"),
    ("value_low90", "money", "点击价值下限90%", "Value per click, low 90%", "90% 区间下限", "lower end of the 90 % interval"),
    ("value_high90", "money", "点击价值上限90%", "Value per click, high 90%", "90% 区间上限", "upper end of the 90 % interval"),
    ("value_shape", "number", "价值确定度", "Value certainty", "点击价值的 Gamma 形状参数，越大越确定", "Gamma shape of the value per click's posterior: 1 / squared coefficient of variation"),
    ("cpc", "money", "预计点击花费", "CPC, expected", "结合同类词后的平均点击花费", "expected cost per click, given its peers"),
    ("bid_adjustment", "ratio", "溢价倍数", "Bid multiplied by", "点击花费高于出价时，溢价（资源位、人群、时段、动态竞价）大约把出价放大几倍；空为没有", "where clicks cost more than the bid: about how many times placement, audience or dynamic bidding multiply it; empty for none"),
    ("p_profitable", "share", "盈利把握", "P(profitable)", "点击价值高于点击花费的概率", "chance that a click is worth more than it costs"),
    ("ctr_score", "score", "点击率分", "CTR score", "真实点击率高于随机同类词的概率 × 100；没数据为 50", "chance in percent that its CTR beats a random peer's; 50 without data"),
    ("cpc_score", "score", "点击花费分", "CPC score", "点击花费低于随机同类词（或市场价）的概率 × 100", "chance in percent that its CPC is below a random peer's, or the market's"),
    ("cvr_score", "score", "转化率分", "CVR score", "真实转化率高于随机同类词（价格相当）的概率 × 100；没数据为 50", "chance in percent that its CVR beats that of a random peer of like price; 50 without data"),
    but={
        "present_clicks": "West & Harrison 1997; Ibrahim & Chen 2000",
        "present_orders": "West & Harrison 1997; Ibrahim & Chen 2000",
        **dict.fromkeys(
            ("ctr_raw", "cpc_raw", "cvr_raw", "aov_raw", "rpc_raw", "roas", "roi"),
            "sums of the report, divided",
        ),
    },
)  # fmt: skip

# The same keyword bought in several places of one channel: which place should have it.
COMPETING: Final = _columns(
    "evidence", "profit of an impression, normal posterior (A2)",
    ("places", "count", "同词投放处", "Places", "这个词为同一个宝贝在几处同时投；不知道宝贝时，同一计划里几处", "places in which the same word is bought for the same item, or within one campaign where items are not known"),
    ("best_place", "text", "该由谁投", "Best place", "每次展现预计赚得最多的计划和单元", "campaign and ad group with the highest expected profit per impression"),
    ("impression_profit", "money", "千次展现利润", "Profit per 1,000 impressions", "点击率 ×（点击价值 − 点击花费）× 1000；不知道毛利率时点击价值按门槛算", "CTR × (value per click − CPC) × 1,000; where no margin is known a click counts what it may cost under the objective"),
    ("p_beaten", "share", "不如它处的把握", "P(beaten)", "在最好的那处投更赚的概率；两处的点击按账户平均都够一单才算", "chance that the best of the other places earns more per impression; told where the clicks of both would bring an order at the account's rate"),
)  # fmt: skip

# What a whole ad (item, else ad group) shows. In rule packs these are written item.NAME.
ITEMS: Final = _columns(
    "evidence", "the words of the ad together (A3)",
    ("item_words", "count", "宝贝词数", "Item's words", "该宝贝的词数", "words of the item"),
    ("item_ctr_low", "flag", "整体点击率低", "Item CTR low", "该宝贝大部分词的点击率一起偏低", "most of the item's words are low in CTR together"),
    ("item_low_share", "share", "偏低词的展现占比", "Impressions on low words", "点击率偏低的词占该宝贝展现的比例", "share of the item's impressions on words whose CTR is low"),
    ("item_ctr_ratio", "ratio", "点击率对同类", "Item CTR vs peers", "该宝贝点击 ÷ 同词类在别的宝贝下应有的点击", "the item's clicks / clicks the same kinds of words would get elsewhere"),
    ("item_ctr_p_low", "share", "整体偏低把握", "P(item CTR low)", "该宝贝点击率真的低于同类的概率", "chance that the item's CTR truly lies below its peers'"),
    ("item_cvr_now", "share", "宝贝本期转化率", "Item CVR, this period", "宝贝本期转化率，已计未回传的成交", "the item's conversion rate of this period, orders to come included"),
    ("item_cvr_before", "share", "宝贝此前转化率", "Item CVR, before", "宝贝在本期以前的转化率", "the item's conversion rate before this period"),
    ("item_cvr_others", "ratio", "其他宝贝转化变化", "Others' CVR, change", "同期其他宝贝的转化率是此前的几倍", "conversion rate of the other items, this period against before (times)"),
    ("item_cvr_p_up", "share", "转化上升把握", "P(item CVR up)", "除去其他宝贝的变化，转化率真的升了一截的概率", "chance that its conversion rate truly rose by the trend_change or more, beyond the others' change"),
    ("item_cvr_p_down", "share", "转化下降把握", "P(item CVR down)", "除去其他宝贝的变化，转化率真的降了一截的概率", "chance that its conversion rate truly fell by the trend_change or more, beyond the others' change"),
    ("item_cvr_p_stays_down", "share", "一直没回来的把握", "P(item CVR stays down)", "最近两期都比更早低一截的概率", "chance that the last two periods lie below the days before by the trend_change or more"),
    ("item_value_score", "score", "宝贝访客价值分", "Item value score", "该宝贝每次点击的价值高于店内其他宝贝的概率 × 100", "chance in percent that a click on it is worth more than one on the other items"),
    but={
        **dict.fromkeys(
            (
                "item_cvr_now", "item_cvr_before", "item_cvr_others",
                "item_cvr_p_up", "item_cvr_p_down", "item_cvr_p_stays_down",
            ),
            "orders of both periods (A16)",
        ),
        "item_value_score": "margin × CVR × AOV against the other ads (A18)",
    },
)  # fmt: skip

# What a bid should be, and what evidence proposes before any rule has spoken.
TARGETS: Final = _columns(
    "bids", "value per click against the price of the next one (Varian 2009)",
    ("bid_basis", "text", "出价依据", "Bid basis", "given 报表有出价、cpc 用平均点击花费代替、none 都没有", "given: the bid is known; cpc: average CPC stands in; none: neither"),
    ("cpc_now", "money", "现点击花费", "CPC now", "出价未知时，用来定方向的平均点击花费", "where no bid is known, the average CPC that stands in"),
    ("target_bid", "money", "目标出价", "Target bid", "值得出的价", "the bid worth paying"),
    ("cpc_target", "money", "目标点击花费", "Target CPC", "出价未知时，值得付的点击花费", "where no bid is known, the CPC worth paying"),
    ("price_now", "money", "现价", "Price now", "与应付价格相比的现价：利润目标看多买一次点击的成本，比率目标看平均点击花费；预算有限时再 ÷ 预算倍数", "what the worth is compared with: the next click's cost (profit) or the CPC (ratio objectives), over the budget multiplier"),
    ("next_click_cost", "money", "边际点击成本", "Cost of the next click", "现在多买一次点击要花的钱", "what one more click costs at today's bid"),
    ("price_doubt", "share", "现价存疑", "Doubt of the price", "对边际点击成本这一模型的怀疑（标准差）", "how unsure the cost of the next click is (standard deviation)"),
    ("bar_roas", "ratio", "投产门槛", "ROAS bar", "保本投产比；不知道毛利率时，花掉的最后一块钱要带来的成交额", "break-even ROAS; where the margin is not known, the revenue that the last money spent must bring"),
    ("bar_cpa", "money", "成交成本门槛", "CPA bar", "没有成交金额时，最后一单最多花多少", "without revenue, what the last order may cost"),
    ("sold_at_margin", "ratio", "边际投产", "Marginal ROAS", "再多花一块钱约带来的成交额（没有成交金额时为笔数）", "revenue (orders, without revenue) that one more unit of money brings"),
    ("gain_unit", "text", "增利单位", "Unit of the gain", "profit 利润、revenue 成交额、orders 成交笔数：预计周增利按什么算", "what the expected gain is in: profit, revenue or orders"),
    ("roi_score", "score", "回报分", "ROI score", "盈利把握 × 100；不知道毛利率时为投产比高于门槛的概率 × 100", "chance in percent that the word is profitable; where no margin is known, that its ROAS beats the bar (without revenue: its cost per order the account's)"),
    ("worth", "money", "应付价格", "Worth of a click", "按目标，一次点击最多值多少", "what a click may cost under the objective"),
    ("generous_worth", "money", "最多值", "Worth at the most", "删词、否词时，一次点击最多算值多少：不知道毛利率时按宽松的毛利率算", "what a click counts for deletes and negatives: where no margin is known, at a generous one"),
    ("order_worth", "money", "一单的价值", "Worth of an order", "按目标，一单最多值多少广告费", "what an order may cost under the objective"),
    ("lowest_share", "share", "最低可投", "Lowest worth running", "低于现价这个比例的出价不值得投", "share of today's bid below which the word is not worth running"),
    ("target_change", "change", "目标变化", "Target change", "目标价 ÷ 现价 − 1", "target / present − 1"),
    ("click_elasticity", "number", "点击弹性", "Click elasticity", "出价变 1%，点击变百分之几", "percent more clicks for one percent more bid"),
    ("p_raise", "share", "应提价把握", "P(raise)", "最佳出价高于现价的概率", "chance that the best bid lies above today's"),
    ("p_lower", "share", "应降价把握", "P(lower)", "最佳出价低于现价的概率", "chance that the best bid lies below today's"),
    ("p_in_band", "share", "已到位把握", "P(on target)", "最佳出价就在现价附近的概率", "chance that the best bid lies within the band around today's"),
    ("p_not_worth", "share", "不值得投把握", "P(not worth running)", "任何值得投的出价都不赚钱的概率；搜索词没有自己的出价：一次点击不值它花的钱的概率", "chance that no bid worth running pays; for a search term, which has no bid of its own, that a click is worth less than it costs"),
    ("step_up", "change", "可提幅度", "Step up", "证据支持的提价幅度", "raise that the evidence supports"),
    ("step_down", "change", "可降幅度", "Step down", "证据支持的降价幅度", "cut that the evidence supports (negative)"),
    ("p_step_up", "share", "提价有利把握", "P(raise helps)", "按此幅度提价对目标有利的概率", "chance that this raise improves the objective"),
    ("p_step_down", "share", "降价有利把握", "P(cut helps)", "按此幅度降价对目标有利的概率", "chance that this cut improves the objective"),
    ("gain_up", "money", "提价收益", "Gain of raising", "按此幅度提价，一周预计多赚；预算有限时花费按 1 ÷ 预算倍数 计", "expected profit a week from this raise; under a budget cost counts 1 / budget multiplier times"),
    ("gain_down", "money", "降价收益", "Gain of lowering", "按此幅度降价，一周预计多赚；预算有限时花费按 1 ÷ 预算倍数 计", "expected profit a week from this cut; under a budget cost counts 1 / budget multiplier times"),
    ("gain_delete", "money", "删词收益", "Gain of deleting", "删掉后一周预计省下的净额", "expected profit a week from pausing the word"),
    ("now_clicks", "count", "不动时每周点击", "Clicks a week as is", "按今天的出价、平常的一周预计的点击", "clicks expected in an ordinary week at today's bid"),
    ("now_cost", "money", "不动时每周花费", "Cost a week as is", "按今天的出价、平常的一周预计的花费", "cost expected in an ordinary week at today's bid"),
    ("cpc_elasticity", "number", "点击花费弹性", "CPC elasticity", "出价变 1%，平均点击花费变百分之几", "by how many percent CPC moves when the bid moves by one"),
    ("proposal", "text", "证据建议", "Proposal", "规则之前，证据本身建议的动作", "what the evidence alone proposes: raise, lower, delete (a search term: exclude), add or none"),
    ("cvr_even", "share", "保本转化率", "Break-even CVR", "一次点击的价值正好等于现价的转化率", "conversion rate at which a click is worth just what it costs now"),
    ("cvr_lowest", "share", "最低可投转化率", "Lowest CVR worth running", "最低可投出价下保本的转化率", "conversion rate at which the lowest bid worth running breaks even"),
    ("own_keyword", "flag", "本身是关键词", "Own keyword", "搜索词就是所在单元自己的精确匹配词", "the search term is bought in its ad group as an exact keyword of the same text"),
    ("keyword_change", "change", "所属词调幅", "Keyword's change", "买到这个搜索词的关键词这次的调幅；−1 为删除", "change of the bid of the keyword that the search term was bought by; −1: it is deleted"),
    ("p_earns", "share", "赚钱把握", "P(earns)", "搜索词的一次点击值得比它花的钱多的概率", "chance that a click of the search term is worth more than it costs"),
    ("start_bid", "money", "起始出价", "Starting bid", "搜索词加为关键词时的起始出价", "the bid at which the search term would start as a keyword of its own"),
    ("start_change", "change", "起始调幅", "Starting bid against today's", "起始出价比现在买到它的出价高多少", "starting bid against the bid that the search term is bought with today"),
    ("add_place", "text", "加到哪里", "Added in", "搜索词若加为关键词：ad_group 它所在的单元、other 另选单元（自动投放的单元放不了关键词）", "where the search term would be added: ad_group, its own; other: another one, as automatic targeting holds no keywords"),
    ("block_places", "count", "加后需否处", "Places to block it", "加为关键词之后，要在几个单元里把它精确否掉，免得自己抢自己", "in how many ad groups it is to be blocked as exact once it is added, so that one place bids for it"),
    ("blocked_by", "text", "被词根挡掉", "Stopped by", "挡掉这个搜索词的否定词根", "the negative phrase of this list that stops the search term"),
    ("budget_limited", "flag", "预算受限", "Budget-limited", "该计划每天花到日限额", "the campaign hits its daily limit"),
    ("budget_multiplier", "share", "预算倍数", "Budget multiplier", "预算有限时，目标价只到没有预算限制时的这个比例；空为预算不限制它", "where a budget binds, the target as a share of what it would be without; empty where none does"),
    ("budget_cut", "flag", "预算降价", "Cut for the budget", "证据本身不够降价，因花费超预算才降", "lowered because more is spent than the budget, not on evidence alone"),
    but={
        **dict.fromkeys(
            ("budget_multiplier", "budget_cut"), "one multiplier on all bids (Feldman et al. 2007)"
        ),
        "budget_limited": "budgets table and the cost of the last week",
        "own_keyword": "the keywords given, else the keyword of the term's own row",
        "keyword_change": "the moves of the keywords",
        **dict.fromkeys(("p_earns", "start_bid", "start_change", "add_place", "block_places"), "the term's own orders (A25)"),
        "blocked_by": "fragments of search terms (bids.fragments)",
        "click_elasticity": "the account's own bid changes",
        "bar_roas": "the spend held (bids.sales)", "bar_cpa": "the spend held (bids.sales)",
        "cpc_elasticity": "the account's own bid changes", "p_not_worth": "posterior of the best bid",
    },
)  # fmt: skip

# The same for a whole account and so in no row; rules may name them like columns.
OF_THE_ACCOUNT: Final = _columns(
    "account", "settings and the account's cost a week",
    ("p_needed", "share", "所需把握", "Chance needed", "把握达到多少才动", "the chance that a change helps needed to act"),
    ("least_gain", "money", "最低周收益", "Least gain", "一周至少多赚这么多才值得动手", "the smallest gain a week that is worth the work"),
    ("account_orders", "count", "账户应有成交", "Account's usual orders", "整个账户的点击按平常的转化率应带来的成交笔数", "orders that all clicks of the account would bring at the usual rate"),
)  # fmt: skip

# What is done once rules have spoken and budgets are kept, and what it is expected to bring.
MOVES: Final = _columns(
    "bids", "the step that rules permit, in whole increments, and its effect (bids.effects)",
    ("new_bid", "money", "新出价", "New bid", "建议的新出价；删词和出价未知时为空", "the bid to set; empty for delete and where no bid is known"),
    ("bid_change", "change", "调幅", "Change", "出价的变化比例，0.1 表示 +10%", "change of the bid as a share: 0.1 is +10 %"),
    ("confidence", "share", "把握", "Confidence", "这个动作对的概率", "chance that the action is right"),
    ("money_at_stake", "money", "涉及金额", "Money at stake", "每周花费 × 调幅；删词、否词和加词为每周花费", "weekly cost × |change|; weekly cost for delete, exclude and add"),
    ("expected_gain", "money", "预计周增利", "Expected gain a week", "照做后一周利润的预计变化；不知道毛利率时，为花费不变多出的成交额或笔数", "expected change of profit a week; where no margin is known, of revenue or orders at the same spend"),
    ("gain_low", "money", "增利下限", "Gain, low", "80% 区间下限", "lower end of its 80 % interval"),
    ("gain_high", "money", "增利上限", "Gain, high", "80% 区间上限", "upper end of its 80 % interval"),
    ("clicks_change", "count", "周点击变化", "Clicks change", "一周点击的预计变化", "expected change of clicks a week"),
    ("cost_change", "money", "周花费变化", "Cost change", "一周花费的预计变化", "expected change of cost a week"),
    ("conversions_change", "count", "周成交变化", "Orders change", "一周成交笔数的预计变化", "expected change of orders a week"),
    ("revenue_change", "money", "周成交额变化", "Revenue change", "一周成交金额的预计变化", "expected change of revenue a week"),
    ("clicks_needed", "count", "还需点击", "Clicks needed", "再来多少点击，动作有一半机会改变", "further clicks until the action has an even chance to change"),
    ("learn_cost", "money", "学习花费", "Cost of learning", "只为学习提价，一周预计多花的钱", "expected extra cost a week of a raise made only to learn"),
    ("watch_bid", "money", "观察出价", "Bid while watched", "观察期间的出价", "the bid at which a watched word runs on"),
    ("new_match", "text", "新匹配方式", "New match", "加词或否词用的匹配方式：exact 精确、phrase 短语、target 商品定向", "how the word is added or blocked: exact, phrase, or target (a product)"),
    ("new_place", "text", "新位置", "New place", "加在或否在哪一层：ad_group 单元、campaign 计划、account 账户、other 另选单元", "where it is added or blocked: ad_group, campaign, account, or other (another ad group)"),
    ("moved_with", "text", "同组调整", "Moved with", "跟着哪一组一起调；收益、把握和金额只写在组那一行", "the group it moves with; gain, chance and money stand in the group's row alone"),
    ("look_again", "date", "再看日期", "Look again", "按这个出价的量，还需的点击大约到这天够；空为一年内都不够", "the day by which the clicks it still needs will have come at that bid; empty where a year would not do"),
    but={
        **dict.fromkeys(("new_match", "new_place"), "search terms (bids.terms, bids.fragments)"),
        "learn_cost": "value of learning (Li, Mahdian & McAfee 2010)",
        "moved_with": "pooled evidence of small words (bids.groups)",
    },
)  # fmt: skip

# What only the row of a group has: small words that move as one.
OF_GROUPS: Final = _columns(
    "bids", "pooled evidence of small words (bids.groups)",
    ("group_level", "text", "整组范围", "Group of", "ad_group 单元、item 宝贝、campaign 计划、account 账户", "ad_group, item, campaign or account"),
    ("group_name", "text", "组名", "Group", "该单元、宝贝、计划或账户的名称", "what the ad group, item, campaign or account is called"),
    ("group_words", "count", "一起调的词", "Words moved", "一起调的词数", "how many words move together"),
)  # fmt: skip

# What only the row of a fragment has: a word or phrase to exclude, pooled over the search terms that hold it.
OF_FRAGMENTS: Final = _columns(
    "bids", "search terms pooled by the words they hold (bids.fragments)",
    ("fragment", "text", "词根", "Fragment", "多个搜索词里共有的词或短语", "a word or phrase that several search terms hold"),
    ("terms_blocked", "count", "挡掉的搜索词", "Terms blocked", "加上这个否词会挡掉报表里几个搜索词", "search terms of the report that the negative would have blocked"),
    ("orders_blocked", "count", "挡掉的成交", "Orders blocked", "这些搜索词在报表里的成交笔数：必须是 0", "orders of the report that it would have blocked: none"),
    ("orders_due", "count", "该有的成交", "Orders due", "按同计划、同单元的转化率，这些点击本该成交几笔", "orders that these clicks would have brought at the rates of their places and keywords"),
    ("due_elsewhere", "count", "别处该有的成交", "Orders due elsewhere", "账户其他地方含这个词根的点击本该成交几笔；空为只凭这里的数据", "orders that clicks on the fragment elsewhere in the account would have brought; empty where its own place tells enough"),
    ("sold_elsewhere", "count", "别处的成交", "Orders elsewhere", "账户其他地方含这个词根的点击成交了几笔", "orders that clicks on the fragment elsewhere in the account brought"),
)  # fmt: skip

# What only the row of a candidate has: a word that a list proposes, and that nobody has bought yet.
OF_CANDIDATES: Final = _columns(
    "bids", "lists of words to add (bids.candidates)",
    ("candidate_from", "text", "选词表", "Candidate from", "这个词来自哪张选词表；它还没有点击，值多少是预计的", "the list that proposes the word; it has no clicks yet, so its worth is predicted"),
    ("market_price", "money", "市场价", "Market price", "判断用的一次点击的价格：选词表的价，没有就是同类词的", "price of a click that it is judged at: that of the list, else that of its peers"),
)  # fmt: skip

# The list: one verdict for every decision row.
VERDICTS: Final = _columns(
    "judge", "the rule pack",
    ("action", "text", "动作", "Action", "提价、降价、删词、观察、保持，加词、加否词，或换图", "raise, lower, delete, watch, keep; add and exclude for search terms; fix_* for items"),
    ("rule", "text", "规则", "Rule", "决定该动作的规则", "the rule that decided"),
    ("advice", "text", "依据", "Advice point", "规则依据的调价经验编号", "the tuning advice the rule follows"),
    ("reason_zh", "text", "理由", "Reason (zh)", "一句话理由，带数字", "the reason with its figures, in Chinese"),
    ("reason_en", "text", "理由（英文）", "Reason", "英文理由", "the reason with its figures, in English"),
    ("details_zh", "text", "细节", "Details (zh)", "为什么这么多：理由背后的估计、把握和资料表数字", "why this much: the estimates, chances and context figures behind the reason, in Chinese"),
    ("details_en", "text", "细节（英文）", "Details", "英文", "why this much: the estimates, chances and context figures behind the reason"),
    ("matched", "text", "命中规则", "Matched", "所有符合的规则，按先后；第一条没被拦下的说了算", "all rules that matched, in order; the first one not held back decides"),
    ("unjudged", "text", "无法判断的规则", "Not judged", "缺少数据、判断不了的规则（排在作决定的规则之前）", "rules ahead of the deciding one that could not be judged: a figure they need is unknown"),
    ("gated_by", "text", "被拦下", "Gated by", "拦下动作的关卡", "gates that held an action back"),
    ("would_change_zh", "text", "什么会改变结论", "Would change it (zh)", "出现什么情况结论会变", "what would change the verdict, in Chinese"),
    ("would_change_en", "text", "什么会改变结论（英文）", "Would change it", "英文", "what would change the verdict, in English"),
)  # fmt: skip

# What a person fills in.
FILLED_IN: Final = _columns(
    "person", "the list",
    ("decision", "text", "决定", "Decision", "由人填写：采纳、拒绝、改价", "for the person: accept, reject or change"),
    ("final_bid", "money", "最终出价", "Final bid", "由人填写", "for the person: the bid in the end"),
    ("note", "text", "备注", "Note", "由人填写：为什么这样决定", "for the person: why it was decided so"),
)  # fmt: skip
# Known only after rules have spoken: no condition and no reason of a rule may name them.
DECIDED: Final = MOVES | VERDICTS | FILLED_IN

# A decision row of the list, station by station.
LIST_GROUPS: Final = {
    "figures": FIGURES, "given": GIVEN, "kinds": WORD_KINDS, "worth": ESTIMATES, "competing": COMPETING,
    "items": ITEMS, "targets": TARGETS, "moves": MOVES, "verdicts": VERDICTS,
}  # fmt: skip
COLUMNS: Final = (
    FACTS
    | FIGURES
    | GIVEN
    | WORD_KINDS
    | ESTIMATES
    | COMPETING
    | ITEMS
    | TARGETS
    | OF_THE_ACCOUNT
    | OF_GROUPS
    | OF_FRAGMENTS
    | OF_CANDIDATES
    | DECIDED
)
# What rules for groups may name: figures are those of the words whose evidence is pooled, those of a week of
# the words that move.
GROUP_ROWS: Final = (
    *OF_GROUPS, "level", "platform", "account", "currency", "channel", "campaign_id", "campaign",
    "ad_group_id", "ad_group", "item_id", "item", "device", "last_day", "days",
    "impressions", "clicks", "cost", "conversions", "revenue", "orders_usual", "roas", "cpc_raw",
    "weekly_impressions", "weekly_clicks", "weekly_cost", "cpc", "cvr", "rpc", "value_per_click",
    "value_low80", "value_high80", "value_shape", "worth", "price_now", "price_doubt", "target_change",
    "click_elasticity", "cpc_elasticity", "now_clicks", "now_cost", "p_raise", "p_lower", "step_up",
    "step_down", "p_step_up", "p_step_down", "gain_up", "gain_down", "gain_delete", "proposal", "gain_unit",
    "bar_roas", "bar_cpa", "rpc_low80", "rpc_high80", "cvr_low80", "cvr_high80",
)  # fmt: skip

# What rules for fragments may name: figures are those of the search terms that it would block.
FRAGMENT_ROWS: Final = (
    *OF_FRAGMENTS, "level", "platform", "account", "currency", "campaign_id", "campaign", "ad_group_id",
    "ad_group", "last_day", "days", "impressions", "clicks", "cost", "conversions", "weekly_impressions",
    "weekly_clicks", "weekly_cost", "worth", "price_now", "now_clicks", "now_cost", "p_not_worth",
    "gain_delete", "gain_unit", "proposal", "new_match", "new_place", *REMEMBERED,
)  # fmt: skip

# The columns promised to users of csv, parquet and json, in this order; the rest follow.
LIST_FIRST: Final = (
    "level", "platform", "account", "currency", "campaign_id", "campaign", "ad_group_id", "ad_group",
    "item_id", "item", "keyword_id", "keyword", "match_type", "search_term", "device", "channel",
    "action", "rule", "advice", "reason_zh", "reason_en",
    "bid_basis", "bid", "new_bid", "bid_change", "cpc_now", "cpc_target", "confidence", "money_at_stake",
    "expected_gain", "gain_low", "gain_high", "ctr_score", "cpc_score", "cvr_score", "roi_score",
)  # fmt: skip

ACTIONS: Final[dict[str, Text]] = {
    "fix_picture": Text("换图", "Fix picture"),
    "fix_page": Text("改页面", "Fix page"),
    "fix_data": Text("查数据", "Fix data"),
    "raise": Text("提价", "Raise"),
    "lower": Text("降价", "Lower"),
    "delete": Text("删词", "Delete"),
    "add": Text("加词", "Add"),
    "exclude": Text("加否词", "Exclude"),
    "watch": Text("观察", "Watch"),
    "keep": Text("保持", "Keep"),
}
ITEM_ACTIONS: Final = ("fix_picture", "fix_page", "fix_data")
REMOVALS: Final = ("delete", "exclude")

KINDS: Final[dict[str, Text]] = {
    "head": Text("大词", "head word"),
    "core": Text("主词", "main word"),
    "long_tail": Text("长尾词", "long-tail word"),
    "brand": Text("品牌词", "brand word"),
    "other": Text("其他词", "other word"),
}

ROLES: Final[dict[str, Text]] = {
    "main": Text("主推", "main"),
    "new": Text("新品", "new"),
    "normal": Text("普通", "normal"),
}
SEASONS: Final[dict[str, Text]] = {
    "early": Text("未到季", "too early"),
    "in": Text("当季", "in season"),
    "over": Text("过季", "over"),
}
PAGE_GRADES: Final[dict[str, Text]] = {
    "good": Text("好", "good"),
    "pass": Text("及格", "pass"),
    "fail": Text("不及格", "fail"),
}
