"""The sentences of the summary: what to know first, counts, dates, assumptions."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.live import is_live, takes_bids
from ppc_tuner.reports import Reading
from ppc_tuner.summary.budgets import budget_said, limited_said
from ppc_tuner.summary.last_time import last_time_said
from ppc_tuner.summary.run import Run
from ppc_tuner.summary.smart import smart_said
from ppc_tuner.summary.spend import not_held_said, spend_said, what_if_said
from ppc_tuner.summary.totals import acted_on
from ppc_tuner.text import Text


def texts(lines: Sequence[Text]) -> pd.DataFrame:
    """Sentences as a frame: text_zh, text_en."""
    return pd.DataFrame({"text_zh": [line.zh for line in lines], "text_en": [line.en for line in lines]})


def skipped_files(reading: Reading) -> list[Text]:
    """A sentence for each file that was left out, and why."""
    return [
        Text(f"跳过 {file.label}：{file.reason.zh}", f"skipped {file.label}: {file.reason.en}")
        for file in reading.skipped
    ]


def odd_rows(reading: Reading) -> list[Text]:
    """One warning where rows contradict themselves: they are counted, but somebody should look at them."""
    count = sum(len(file.implausible) for file in reading.files)
    if not count:
        return []
    first = next(file for file in reading.files if file.implausible)
    row = first.implausible[0]
    where = f"{first.path.name}:{row.source_row}"
    return [
        Text(
            f"有 {count:,} 行数据自相矛盾，仍计入，请核对（{where}：{row.reason.zh}）；用 inspect 查看",
            f"{count:,} {'row contradicts itself' if count == 1 else 'rows contradict themselves'};"
            f" counted all the same, please check ({where}: {row.reason.en}); inspect lists them",
        )
    ]


def headline(runs: Sequence[Run]) -> list[Text]:
    """What search terms alone cannot tell, all warnings, then for each account counts, what its spend pays
    for, smart bidding, budgets and dates."""
    lines = list(dict.fromkeys(text for run in runs for text in _only_terms(run)))
    lines += [text for run in runs for text in run.warnings]
    for run in runs:
        lines += [
            *last_time_said(run),
            *_not_yet(run),
            *_counts(run),
            *_margins_said(run),
            *not_held_said(run),
            *spend_said(run),
            *what_if_said(run),
            *smart_said(run),
            *_paused_said(run),
            *budget_said(run),
            *limited_said(run),
            *_dates(run),
        ]
    return lines


def _not_yet(run: Run) -> list[Text]:
    """Where every order lies on days that do not count as evidence yet: that they will, and from when."""
    rows = run.spending
    reported, last = float(rows["conversions"].sum()), rows["last_day"].max()
    if not reported > 0 or rows["counted_conversions"].sum() > 0:
        return []
    when = Text("", "")
    if not pd.isna(last):
        day = last + pd.Timedelta(days=run.platform.delay.drop_days + 1)
        when = Text(
            f"；{day:%Y-%m-%d} 或以后下载的报表里它们就算数",
            f"; in a report downloaded on {day:%Y-%m-%d} or later they count",
        )
    return [
        Text(
            f"报表里的 {reported:,.6g} 笔成交都在还不能作依据的日子里（太新，数字还会变，或在活动中）："
            f"现在判断不了{when.zh}",
            f"the {reported:,.6g} orders of this report lie on days that are no evidence yet (too new, so "
            f"that figures still change, or in an event): nothing can be judged now{when.en}",
        )
    ]


def _paused_said(run: Run) -> list[Text]:
    """Paused words spent money in the report and will spend none next week."""
    rows = run.spending
    paused = rows[~is_live(rows) & rows["cost"].gt(0)]
    if paused.empty:
        return []
    spent, whole = paused["cost"].sum(), rows["cost"].sum()
    return [
        Text(
            f"花费 {whole:,.2f} 里有 {spent:,.2f} 是已暂停的 {len(paused):,} 个词花的："
            "它们下周不再花钱，每周花费因此比报表低",
            f"of the cost of {whole:,.2f}, {spent:,.2f} is that of {len(paused):,} paused "
            f"{'word' if len(paused) == 1 else 'words'}: they spend nothing next week, "
            "so less is spent a week",
        )
    ]


def _only_terms(run: Run) -> list[Text]:
    """Where only search terms were given: what they cannot tell, and which report does."""
    if not run.words["level"].eq("search_term").all():
        return []
    report, place = run.platform.keyword_report, run.platform.found_at
    named = report or Text("关键词报表", "keyword report")
    at = Text(f"（{place.zh}）", f" ({place.en})") if place else Text("", "")
    return [
        Text(
            f"只给了搜索词，它们没有自己的出价：这里只看哪些该加词、哪些该加否词。"
            f"要调价，请把{named.zh}{at.zh}一起给进来",
            "only search terms were given, which have no bids of their own: this list only says which of "
            f"them to add or exclude. For bids give the {named.en}{at.en} as well",
        )
    ]


def name_of(run: Run) -> Text:
    """The account, or its platform where none is named."""
    return Text(run.account or run.platform.name.zh, run.account or run.platform.name.en)


def to_mend(run: Run) -> Text:
    """How many items are to be mended; nothing for none."""
    count = len(run.items)
    if not count:
        return Text("", "")
    return Text(f"，要改的宝贝 {count:,} 个", f", {count:,} {'item' if count == 1 else 'items'} to mend")


def gaining(run: Run) -> pd.DataFrame:
    """The rows whose gains add up to that of the list: those of the first level, and what they move with."""
    return pd.concat([run.spending[acted_on(run.spending)], run.groups, _of_the_list(run)])


def _of_the_list(run: Run) -> pd.DataFrame:
    """The fragments, where only search terms were given: beside keywords their money is that of keywords."""
    return run.fragments if run.spending["level"].eq("search_term").all() else run.fragments.iloc[:0]


def _counts(run: Run) -> list[Text]:
    """How many words there are, how many of them to act on, and what that is expected to earn; then the same
    of search terms, where they stand beside keywords."""
    rows = run.spending
    acts = acted_on(rows)
    acted, watched = rows[acts], rows["action"].eq("watch") & ~acts
    unseen = int((watched & (rows["bid_basis"] == "none")).sum())
    seen = int(watched.sum()) - unseen
    who, mend = name_of(run), to_mend(run)
    idle = (
        Text(f"（另有 {unseen:,} 个没有点击）", f" ({unseen:,} more have no click yet)")
        if unseen
        else Text("", "")
    )
    if rows["level"].eq("search_term").all():
        noun = Text("个搜索词", "search term" if len(rows) == 1 else "search terms")
    else:
        noun = Text("个词", "word" if len(rows) == 1 else "words")
    together = _together(acted, run.groups)
    stopped = _stopped(_of_the_list(run))
    gain = gain_said(gaining(run), run)
    fixed = int((rows["level"].eq("keyword").to_numpy() & is_live(rows) & ~takes_bids(rows)).sum())
    if fixed:
        noun = Text(
            f"{noun.zh}（{fixed:,} 个没有自己的出价，不能调）",
            f"{noun.en} ({fixed:,} without a bid of their own, which cannot be moved)",
        )
    line = Text(
        f"{who.zh}：{len(rows):,} {noun.zh}，要调整 {len(acted):,} 个{together.zh}{stopped.zh}{mend.zh}，"
        f"观察 {seen:,} 个{idle.zh}，其余保持{gain.zh}",
        f"{who.en}: {len(rows):,} {noun.en}, {len(acted):,} to act on{together.en}{stopped.en}{mend.en}, "
        f"{seen:,} to watch{idle.en}, the rest stay{gain.en}",
    )
    return [line, *_terms_beside(run)]


def _margins_said(run: Run) -> list[Text]:
    """The margin and the refund rate that bids are tuned by, once for all rows; nothing where unknown."""
    rows = run.spending
    margins, refunds = rows["margin"].dropna(), rows["refund_rate"].dropna()
    # What a report has taken off itself is not taken off again.
    refunds = refunds[(refunds > 0) & ~rows["net_basis"].reindex(refunds.index)]
    if margins.empty:
        return []
    low, high = 1 / margins.max(), 1 / margins.min()
    even = Text(f"保本投产 {low:.2f}", f"break-even ROAS {low:.2f}")
    if f"{low:.2f}" != f"{high:.2f}":
        even = Text(f"保本投产 {low:.2f}–{high:.2f}", f"break-even ROAS {low:.2f} to {high:.2f}")
    refund = Text("", "")
    if len(refunds):
        taken = _span(refunds)
        refund = Text(f"，已扣退款率 {taken.zh}", f"; refunds of {taken.en} are taken off")
    share = _span(margins)
    return [
        Text(
            f"毛利率 {share.zh}（{even.zh}）{refund.zh}",
            f"Margin {share.en} ({even.en}){refund.en}",
        )
    ]


def _span(shares: pd.Series) -> Text:
    """A share, or the lowest and the highest where they differ."""
    low, high = f"{shares.min():.1%}", f"{shares.max():.1%}"
    return Text(low, low) if low == high else Text(f"{low}–{high}", f"{low} to {high}")


def _terms_beside(run: Run) -> list[Text]:
    """The search terms beside keywords: their money is that of the keywords, so no gain is added."""
    words = run.words
    terms = words[words["level"].eq("search_term") & words["level"].ne(run.spending["level"].iloc[0])]
    if terms.empty:
        return []
    fragments = run.fragments
    excluded = pd.concat([terms[terms["action"].eq("exclude")], fragments])
    added = int(terms["action"].eq("add").sum())
    saved = gain_said(excluded, run)
    apart = (
        Text("；和关键词是同一笔钱，不再相加", "; it is the money of the keywords, so nothing is added up")
        if saved.en
        else Text("", "")
    )
    pooled = _pooled(fragments)
    new = Text(f"；加词 {added:,} 个", f"; {added:,} to add") if added else Text("", "")
    return [
        Text(
            f"其中的搜索词 {len(terms):,} 个，加否词 {len(excluded):,} 个{pooled.zh}{saved.zh}"
            f"{apart.zh}{new.zh}",
            f"of their search terms, {len(terms):,} in all, {len(excluded):,} to exclude{pooled.en}{saved.en}"
            f"{apart.en}{new.en}",
        )
    ]


def _pooled(fragments: pd.DataFrame) -> Text:
    """How many of the negatives are fragments; nothing where none is."""
    if fragments.empty:
        return Text("", "")
    terms = int(fragments["terms_blocked"].sum())
    return Text(
        f"（其中 {len(fragments):,} 个是词根，一起挡掉 {terms:,} 个搜索词）",
        f" ({len(fragments):,} of them {'a fragment' if len(fragments) == 1 else 'fragments'} that "
        f"{'stops' if len(fragments) == 1 else 'stop'} {terms:,} search terms)",
    )


def _stopped(fragments: pd.DataFrame) -> Text:
    """The negatives that stop several terms at once, beside the terms to act on; nothing for none."""
    if fragments.empty:
        return Text("", "")
    terms = int(fragments["terms_blocked"].sum())
    return Text(
        f"，另有 {len(fragments):,} 个词根否词一起挡掉 {terms:,} 个",
        f", {len(fragments):,} negative {'phrase' if len(fragments) == 1 else 'phrases'} for {terms:,} more",
    )


def _dated(run: Run) -> bool:
    return bool(run.words["days"].notna().any())


def _together(acted: pd.DataFrame, groups: pd.DataFrame) -> Text:
    """How many of the words to act on move with a group; nothing where none does."""
    count, number = int(acted["moved_with"].notna().sum()), len(groups)
    if not count:
        return Text("", "")
    return Text(
        f"（其中 {count:,} 个小词并作 {number:,} 组，整组一起调）",
        f" ({count:,} small words among them as {number:,} {'group' if number == 1 else 'groups'})",
    )


def gain_said(acted: pd.DataFrame, run: Run) -> Text:
    """What accepting everything is expected to bring; nothing where neither profit nor sales are known."""
    if acted["expected_gain"].notna().sum() == 0:
        return Text("", "")
    currency = run.currency
    span = Text("一周", "a week") if _dated(run) else Text("一个报表期", "per reported period")
    by_profit = acted["gain_unit"].eq("profit")
    said = [
        *(_profit_said(acted[by_profit], currency) if by_profit.any() else ()),
        *(_sales_said(acted[~by_profit], currency) if not by_profit.all() else ()),
    ]
    return Text(
        f"；全部采纳，预计{span.zh}{'、'.join(text.zh for text in said)}",
        f"; if all is accepted, {', '.join(text.en for text in said)} {span.en} are expected",
    )


def _profit_said(acted: pd.DataFrame, currency: str) -> list[Text]:
    gain = acted["expected_gain"].sum()
    return [
        Text(f"利润 {gain:+,.0f} {currency}".rstrip(), f"{gain:+,.0f} {currency}".rstrip() + " of profit")
    ]


def _sales_said(acted: pd.DataFrame, currency: str) -> list[Text]:
    """Words of unknown margin: cost and sales, as what a sale leaves is not known."""
    cost, sold = acted["cost_change"].sum(), acted["revenue_change"].sum()
    said = [Text(f"花费 {cost:+,.0f} {currency}".rstrip(), f"{cost:+,.0f} {currency}".rstrip() + " of cost")]
    if acted["gain_unit"].eq("revenue").any():
        return [
            *said,
            Text(
                f"成交额 {sold:+,.0f} {currency}".rstrip(),
                f"{sold:+,.0f} {currency}".rstrip() + " of revenue",
            ),
        ]
    orders = acted["conversions_change"].sum()
    return [*said, Text(f"成交 {orders:+,.1f} 笔", f"{orders:+,.1f} orders")]


def _dates(run: Run) -> list[Text]:
    start, first, last, before, _ = run.periods
    if pd.isna(last):
        return [
            Text(
                "报表没有日期：收益按一个报表期计，用 --period 给出日期",
                "The report holds no dates: gains are per reported period; --period dates it",
            )
        ]
    span = Text(
        f"数据 {start:%Y-%m-%d} 至 {last:%Y-%m-%d}",
        f"Figures from {start:%Y-%m-%d} to {last:%Y-%m-%d}",
    )
    if start >= first:
        return [span]
    until = first - pd.Timedelta(days=1)
    return [
        Text(
            f"{span.zh}；本期 {first:%m-%d} 至 {last:%m-%d}，上期 {before:%m-%d} 至 {until:%m-%d}",
            f"{span.en}; this period {first:%m-%d} to {last:%m-%d}, "
            f"the one before {before:%m-%d} to {until:%m-%d}",
        )
    ]


def _delay_said(run: Run) -> Text:
    """What share of a week-old click's orders is taken to be reported, and how that is known."""
    curve, drop = run.settled.delay.curve, run.platform.delay.drop_days
    share = curve[min(6, len(curve) - 1)] if curve else 1.0
    source = Text("平台默认曲线", "the platform's default curve")
    if run.settled.delay.orders:
        orders = run.settled.delay.orders
        source = Text(
            f"由重叠报表里的 {orders:,.0f} 笔成交估出",
            f"fitted to {orders:,.0f} orders seen in overlapping exports",
        )
    day = run.facts["exported_on"].max()
    told = (
        Text("", "")
        if pd.isna(day)
        else Text(f"；报表按 {day:%Y-%m-%d} 下载计", f"; the reports count as downloaded {day:%Y-%m-%d}")
    )
    return Text(
        f"{run.platform.name.zh}：点击 7 天后约有 {share:.0%} 的成交已回传（{source.zh}），"
        f"最新 {drop} 天不计{told.zh}",
        f"{run.platform.name.en}: 7 days after a click some {share:.0%} of its orders are reported "
        f"({source.en}); the newest {drop} days are not counted{told.en}",
    )


def _price_said(run: Run) -> list[Text]:
    """What one more click is taken to cost, on which every bid depends, and how that is known."""
    settings, basis, shade = (
        run.pack.settings,
        set(run.rows["bid_basis"].dropna()),
        run.settled.response.shade,
    )
    source = Text(f"shade {shade:.2f}", f"shade {shade:.2f}")
    if run.settled.response.changes:
        changes = run.settled.response.changes
        source = Text(
            f"shade {shade:.2f}，由账户自己的 {changes} 次出价变化学出",
            f"shade {shade:.2f}, learnt from {changes} bid changes of the account",
        )
    lines = []
    if "given" in basis:
        factor, doubt = 1 / (1 - shade), settings["bid_doubt"]
        lines.append(
            Text(
                f"再多一个点击的花费按出价 × {factor:.2f} 算"
                f"（{source.zh}：出价越高，每个点击都变贵），怀疑 ±{doubt:.0%}",
                f"one more click is taken to add {factor:.2f} × the bid to the cost "
                f"({source.en}: a higher bid makes every click dearer), give or take {doubt:.0%}",
            )
        )
    if "cpc" in basis:
        factor, doubt = 1 / (1 - shade) / settings["cpc_per_bid"], settings["cpc_doubt"]
        lines.append(
            Text(
                f"没有出价时，再多一个点击的花费按平均点击花费 × {factor:.2f} 算"
                f"（{source.zh}，cpc_per_bid），怀疑 ±{doubt:.0%}",
                f"where no bid is known, one more click is taken to add {factor:.2f} × the CPC to the cost "
                f"({source.en}, cpc_per_bid), give or take {doubt:.0%}",
            )
        )
    return lines


def _prior_said(run: Run) -> list[Text]:
    """Which prior the account's data chose and how much better it predicts; nothing for the plain one."""
    prior = run.settled.prior
    power, gain = prior.lean, prior.gain
    said = {
        "price": Text(
            f"价格也是证据：没成交前，转化率按价格的 {power:g} 次方估计（留一法每词对数似然 +{gain:.3f}）",
            f"price is evidence too: before a word has sold, its conversion rate goes with price^{power:g} "
            f"(leave-one-out log likelihood +{gain:.3f} a word)",
        ),
        "features": Text(
            f"没成交前，转化率按词的文字、词类、价格、点击率、收藏加购估计，力度 {power:g}"
            f"（留一法每词对数似然 +{gain:.3f}）",
            "before a word has sold, its conversion rate is judged by its text, kind, price, "
            f"click-through, favourites and carts, to the power {power:g} "
            f"(leave-one-out log likelihood +{gain:.3f} a word)",
        ),
    }
    return [said[prior.source]] if prior.source in said else []


def assumptions(runs: Sequence[Run]) -> list[Text]:
    """What had to be assumed in all runs, each assumption once."""
    lines: list[Text] = []
    for run in runs:
        lines += [text for text in run.assumptions if text not in lines]
        told = _delay_said(run)
        lines += [told] if told not in lines else []
        lines += [*_price_said(run), *_prior_said(run)]
    lines.append(
        Text("出价指溢价和时段折扣之前的出价", "bids are meant before bid adjustments and dayparting")
    )
    return lines
