"""The run in figures: what was read, what it adds up to, what the list would do. Frames only; sheets give them a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ppc_tuner.columns import ACTIONS, ITEM_ACTIONS
from ppc_tuner.evidence import Completeness
from ppc_tuner.judge import Pack
from ppc_tuner.reports import FileReading, Platform, Reading
from ppc_tuner.text import Text
from ppc_tuner.windows import first_and_last_day, period_bounds

ACCOUNT = ["platform", "account", "currency"]
SUMS = ["impressions", "clicks", "cost", "conversions", "revenue"]
PERIOD_MEASURES = [
    "impressions",
    "clicks",
    "ctr_raw",
    "cost",
    "cpc_raw",
    "conversions",
    "cvr_raw",
    "revenue",
    "roas",
]
BURNERS = 20
# From this typical change of target on the account as a whole is off, not its words.
OVERALL = 0.3
EIGHTY = float(ndtri(0.9))


@dataclass(frozen=True, slots=True)
class Run:
    """One account in one currency, decided: its rows with their verdicts and what had to be assumed."""

    platform: Platform
    account: str
    currency: str
    pack: Pack
    facts: pd.DataFrame
    rows: pd.DataFrame
    warnings: tuple[Text, ...]
    assumptions: tuple[Text, ...]
    delay: Completeness


def summary_of(
    runs: Sequence[Run], reading: Reading, actions: pd.DataFrame, warnings: Sequence[Text] = ()
) -> dict[str, pd.DataFrame]:
    """The frames of the summary by name; texts in *_zh and *_en columns, one row per account where figures are kept apart."""
    words = actions[~actions["action"].isin(ITEM_ACTIONS)]
    return {
        "headline": texts([*warnings, *_headline(runs)]),
        "files": pd.DataFrame([_file_row(file) for file in reading.files]),
        "totals": _totals(runs),
        "periods": pd.concat([_periods(run) for run in runs], ignore_index=True),
        "by_action": _by_action(actions),
        "forecast": pd.concat([forecast(run) for run in runs], ignore_index=True),
        "by_campaign": subtotals(words, ["campaign"]),
        "by_item": subtotals(words, ["item_id", "item"]),
        "burners": _burners(words),
        "burners_total": _burners_total(words),
        "period_unit": pd.DataFrame({"unit": ["week" if words["days"].notna().any() else "period"]}),
        "assumptions": texts(
            [*_assumptions(runs), *reading.notes, *(_skipped(path, why) for path, why in _left_out(reading))]
        ),
        "rules": _rules(runs, actions),
        "settings": _settings(runs),
        "platforms": _platforms(runs),
    }


def texts(lines: Sequence[Text]) -> pd.DataFrame:
    return pd.DataFrame({"text_zh": [line.zh for line in lines], "text_en": [line.en for line in lines]})


def _left_out(reading: Reading) -> list[tuple[str, Text]]:
    return [(skipped.label, skipped.reason) for skipped in reading.skipped]


def _skipped(path: str, why: Text) -> Text:
    return Text(f"跳过 {path}：{why.zh}", f"skipped {path}: {why.en}")


def figures(frame: pd.DataFrame) -> pd.DataFrame:
    """Sums of a frame with the ratios that follow from them."""
    out = frame.copy(deep=False)
    for name, top, bottom in (
        ("ctr_raw", "clicks", "impressions"), ("cpc_raw", "cost", "clicks"), ("cvr_raw", "conversions", "clicks"),
        ("roas", "revenue", "cost"),
    ):  # fmt: skip
        if top in out and bottom in out:
            out[name] = out[top] / out[bottom].where(out[bottom] > 0)
    return out


def _sums(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Sums by keys; a key that the frame has not is empty."""
    named = frame.assign(**{key: frame[key].fillna("") if key in frame else "" for key in keys})
    known = [name for name in SUMS if name in frame]
    grouped = named.groupby(list(keys), sort=False)
    return grouped[known].sum(min_count=1).join(grouped.size().rename("words")).reset_index()


def _totals(runs: Sequence[Run]) -> pd.DataFrame:
    """What the files hold, what of it is too old to be looked at or was refunded, and what the list holds.

    source: files − older − settled = list. "settled" is revenue taken off as refunds (or net, direct, presale).
    """
    keys = [*ACCOUNT, "level"]
    parts = []
    for run in runs:
        words = run.rows[~run.rows["action"].isin(ITEM_ACTIONS)]
        listed, files = _sums(words, keys).set_index(keys), _sums(run.facts, keys).set_index(keys)
        files["words"] = listed["words"]
        older = _sums(run.facts[~looked_at(run)], keys).set_index(keys).reindex(files.index, fill_value=0.0)
        # Sums of cents differ in the last binary digits.
        settled = files.sub(older).sub(listed).reindex(columns=files.columns).round(6).assign(words=0)
        older["words"] = 0
        named = {"files": files, "older": older, "settled": settled, "list": listed}
        kept = [
            name for name in named if name in ("files", "list") or named[name].abs().gt(0.004).any(axis=None)
        ]
        parts += [named[name].assign(source=name).reset_index() for name in kept]
    return figures(pd.concat(parts, ignore_index=True))


def looked_at(run: Run) -> pd.Series:
    """Which facts are within the days looked back on."""
    _, end = first_and_last_day(run.facts)
    last = end.groupby(run.facts["level"]).transform("max")
    return end.isna() | (end > last - pd.Timedelta(days=int(run.pack.settings["lookback_days"])))


def _periods(run: Run) -> pd.DataFrame:
    """This period against the one before: one row per measure, with the change as a share."""
    words = run.rows[
        ~run.rows["action"].isin(ITEM_ACTIONS) & (run.rows["level"] == run.rows["level"].iloc[0])
    ]
    sides = {}
    for side, prefix in (("this", "period_"), ("before", "before_")):
        known = {
            name: words[f"{prefix}{name}"].sum(min_count=1) for name in SUMS if f"{prefix}{name}" in words
        }
        sides[side] = figures(pd.DataFrame([known])).iloc[0]
    frame = pd.DataFrame(sides).reindex(PERIOD_MEASURES)
    frame["change"] = frame["this"] / frame["before"].where(frame["before"] > 0) - 1
    return frame.rename_axis("measure").reset_index().assign(**_account_of(run))


def _account_of(run: Run) -> dict[str, str]:
    return {"platform": run.platform.id, "account": run.account, "currency": run.currency}


def _by_action(actions: pd.DataFrame) -> pd.DataFrame:
    keys = [*ACCOUNT, "action"]
    named = actions.assign(**{key: actions[key].fillna("") if key in actions else "" for key in ACCOUNT})
    money = [name for name in ("weekly_cost", "money_at_stake", "expected_gain") if name in actions]
    frame = (
        figures(_sums(named, keys))
        .set_index(keys)
        .join(named.groupby(keys)[money].sum(min_count=1))
        .reset_index()
    )
    return frame.sort_values("action", key=lambda names: names.map(list(ACTIONS).index), kind="stable")


def forecast(run: Run) -> pd.DataFrame:
    """If every recommendation is accepted: a week of cost, clicks, orders, revenue and ROAS, with 80 % ranges.

    Orders and revenue are those the week's clicks bring in the end. The range holds the chance of a week (clicks and
    orders as dispersed as the report's days are), how unsure each word's rate is, and an effect of the changes that is
    known to half its size; normal approximation of the sums. Per reported period where the report holds no dates.
    """
    rows = run.rows[~run.rows["action"].isin(ITEM_ACTIONS)]
    rows = rows[rows["level"] == rows["level"].iloc[0]]
    more_clicks, more_cost = rows["clicks_change"].fillna(0), rows["cost_change"].fillna(0)
    now = _week(rows, rows["weekly_clicks"], rows["weekly_cost"])
    after = _week(rows, rows["weekly_clicks"] + more_clicks, rows["weekly_cost"] + more_cost)
    spread = _spreads(rows, now, after, _dispersion(run))
    frame = pd.DataFrame(
        {"measure": list(now), "now": list(now.values()), "expected": [after[name] for name in now]}
    )
    frame["low"] = [max(after[name] - EIGHTY * spread[name], 0) for name in now]
    frame["high"] = [after[name] + EIGHTY * spread[name] for name in now]
    return frame.assign(**_account_of(run))


def _week(rows: pd.DataFrame, clicks: pd.Series, cost: pd.Series) -> dict[str, float]:
    week = {
        "cost": float(cost.sum()), "clicks": float(clicks.sum()), "conversions": float((clicks * rows["cvr"]).sum()),
        "revenue": float((clicks * rows["rpc"]).sum(min_count=1)),
    }  # fmt: skip
    return week | {"roas": week["revenue"] / week["cost"] if week["cost"] > 0 else np.nan}


def _dispersion(run: Run) -> float:
    """Variance of the account's daily clicks as a multiple of their mean; 1 (Poisson) where there are no days."""
    if "date" not in run.facts or run.facts["date"].nunique() < 14:
        return 1.0
    facts = run.facts[run.facts["level"] == run.facts["level"].iloc[0]]
    daily = facts.groupby("date")["clicks"].sum()
    return max(float(daily.var() / daily.mean()), 1.0) if daily.mean() > 0 else 1.0


def _spreads(
    rows: pd.DataFrame, now: dict[str, float], after: dict[str, float], dispersion: float
) -> dict[str, float]:
    """Standard deviations of the week's sums."""
    effect = {name: (after[name] - now[name]) / 2 for name in after}
    clicks = float(np.hypot(np.sqrt(dispersion * max(after["clicks"], 0)), effect["clicks"]))
    share = clicks / max(after["clicks"], 1e-9)
    half_width = (rows["cvr_high80"] - rows["cvr_low80"]) / (2 * EIGHTY)
    rates = float(((rows["weekly_clicks"] * half_width) ** 2).sum())
    orders = float(np.sqrt(after["conversions"] + rates + (share * after["conversions"]) ** 2))
    order_share = orders / max(after["conversions"], 1e-9)
    return {
        "cost": float(np.hypot(share * after["cost"], effect["cost"])), "clicks": clicks, "conversions": orders,
        "revenue": order_share * after["revenue"], "roas": order_share * after["roas"],
    }  # fmt: skip


def subtotals(words: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Sums, ratios, rows acted on and expected gain by account and `names`; empty where the report has none of them."""
    names = [name for name in names if name in words and words[name].notna().any()]
    if not names:
        return pd.DataFrame()
    keys = [*ACCOUNT, *names]
    named = words.assign(
        **{key: words[key].fillna("") if key in words else "" for key in keys},
        acted=~words["action"].isin(["keep", "watch"]),
        moved_gain=words["expected_gain"].where(words["bid_change"] != 0),
    )
    frame = figures(_sums(named, keys)).set_index(keys)
    grouped = named.groupby(keys)
    frame["acted"] = grouped["acted"].sum().astype(float)
    frame["expected_gain"] = grouped["moved_gain"].sum(min_count=1)
    if "revenue" in frame and frame["revenue"].notna().any():
        frame["break_even_roas"] = 1 / grouped["margin"].mean()
    return frame.reset_index().sort_values(["currency", "cost"], ascending=[True, False], kind="stable")


def _burning(words: pd.DataFrame) -> pd.DataFrame:
    """Live words that spent without a single order."""
    live = words["status"].ne("paused") if "status" in words else True
    return words[(words["conversions"] == 0) & (words["cost"] > 0) & live].assign(
        currency=words["currency"].fillna("") if "currency" in words else ""
    )


def _burners(words: pd.DataFrame) -> pd.DataFrame:
    """Those of them that spent most, per currency."""
    burning = _burning(words).sort_values("cost", ascending=False, kind="stable")
    names = [
        "currency", "campaign", "ad_group", "item", "keyword", "match_type", "search_term", "clicks", "cost", "p_profitable",
        "action", "status",
    ]  # fmt: skip
    return burning.groupby("currency").head(BURNERS)[[name for name in names if name in burning]]


def _burners_total(words: pd.DataFrame) -> pd.DataFrame:
    """How many there are in all, and what they spent, per currency."""
    return _burning(words).groupby("currency")["cost"].agg(words="size", cost="sum").reset_index()


def _rules(runs: Sequence[Run], actions: pd.DataFrame) -> pd.DataFrame:
    """Every rule and gate of the packs used, in plain words, and how many rows it decided."""
    decided = actions["rule"].value_counts()
    listed: dict[str, dict[str, Any]] = {}
    for run in runs:
        for clause in (*run.pack.gates, *run.pack.rules):
            why = clause.declared.why
            listed.setdefault(
                clause.id,
                {
                    "rule": clause.id, "advice": clause.advice, "action": getattr(clause.declared, "action", "gate"),
                    "text_zh": why.zh if why else "", "text_en": why.en if why else "",
                    "words": float(decided.get(clause.id, 0)), "condition": clause.condition.source,
                },
            )  # fmt: skip
    return pd.DataFrame(list(listed.values()))


def _platforms(runs: Sequence[Run]) -> pd.DataFrame:
    names = {run.platform.id: run.platform.name for run in runs}
    return pd.DataFrame(
        [{"platform": key, "name_zh": name.zh, "name_en": name.en} for key, name in names.items()]
    )


def _settings(runs: Sequence[Run]) -> pd.DataFrame:
    listed: dict[str, dict[str, Any]] = {}
    for run in runs:
        for name, setting in run.pack.declared.items():
            why = setting.why
            value = run.pack.settings[name]
            listed[name] = {
                "name": name, "value": "" if value is None else str(value), "unit": setting.unit or " | ".join(setting.choices or []),
                "text_zh": why.zh if why else "", "text_en": why.en if why else "", "advice": setting.advice or "",
            }  # fmt: skip
    return pd.DataFrame(list(listed.values()))


def _file_row(file: FileReading) -> dict[str, object]:
    note = Text("", "") if file.confirmed else Text("版式未经真实文件确认", "unconfirmed layout")
    return {
        "source_file": file.path.name, "platform": file.platform, "layout_zh": file.name.zh, "layout_en": file.name.en,
        "encoding": file.encoding, "rows": float(file.rows), "first_day": file.first_day, "last_day": file.last_day,
        "dropped": float(sum(part.rows for part in file.dropped)), "implausible": float(len(file.implausible)),
        "note_zh": note.zh, "note_en": note.en,
    }  # fmt: skip


def _headline(runs: Sequence[Run]) -> list[Text]:
    """What has to be known before anything else, then one line of counts and one of dates per account."""
    lines = [text for run in runs for text in run.warnings]
    for run in runs:
        lines += [_counts(run), *_dates(run), *_overall(run)]
    return lines


def _counts(run: Run) -> Text:
    items = run.rows[run.rows["action"].isin(ITEM_ACTIONS)]
    rows = run.rows[~run.rows["action"].isin(ITEM_ACTIONS)]
    acted = rows[~rows["action"].isin(["keep", "watch"])]
    watched = rows["action"] == "watch"
    unseen = int((watched & (rows["bid_basis"] == "none")).sum())
    seen = int(watched.sum()) - unseen
    who = Text(run.account or run.platform.name.zh, run.account or run.platform.name.en)
    noun = Text("个词", "words") if (rows["level"] == "keyword").any() else Text("个搜索词", "search terms")
    mend = (
        Text(f"，要改的宝贝 {len(items)} 个", f", {len(items)} items to mend") if len(items) else Text("", "")
    )
    idle = (
        Text(f"（另有 {unseen:,} 个没有点击）", f" ({unseen:,} more have no click yet)")
        if unseen
        else Text("", "")
    )
    gain = _gain_text(acted, dated=bool(rows["days"].notna().any()), currency=run.currency)
    return Text(
        f"{who.zh}：{len(rows):,} {noun.zh}，要调整 {len(acted):,} 个{mend.zh}，观察 {seen:,} 个{idle.zh}，其余保持{gain.zh}",
        f"{who.en}: {len(rows):,} {noun.en}, {len(acted):,} to act on{mend.en}, {seen:,} to watch{idle.en}, the rest stay{gain.en}",
    )


def _overall(run: Run) -> list[Text]:
    """Where the account as a whole lies off its target, one sentence says so; no list of single words could."""
    rows = run.rows[
        (run.rows["level"] == "keyword") & run.rows["target_change"].notna() & (run.rows["weekly_cost"] > 0)
    ]
    if rows.empty:
        return []
    order = rows.sort_values("target_change")
    weight = order["weekly_cost"].cumsum() / order["weekly_cost"].sum()
    typical = float(order["target_change"].iloc[int(np.searchsorted(weight.to_numpy(), 0.5))])
    if -OVERALL < typical < OVERALL:
        return []
    word = Text("偏高", "high") if typical < 0 else Text("偏低", "low")
    return [
        Text(
            f"整个账户的出价相对目标{word.zh}：按花费加权，一半的花费在目标变化 {typical:+.0%} 以外的词上。先核对毛利率和目标，再考虑整体调整",
            f"bids are {word.en} as a whole: weighted by cost, the middle word's target is {typical:+.0%} from today's bid. Check margin and"
            " objective first, then consider moving all bids together",
        )
    ]


def _gain_text(acted: pd.DataFrame, dated: bool, currency: str) -> Text:
    """What accepting all is expected to earn; nothing where the report holds no revenue to say so."""
    if acted["expected_gain"].notna().sum() == 0:
        return Text("", "")
    gain = acted["expected_gain"].sum()
    span = Text("一周", "a week") if dated else Text("一个报表期", "per reported period")
    return Text(
        f"；全部采纳，预计{span.zh}多赚 {gain:,.0f} {currency}",
        f"; expected gain {gain:,.0f} {currency} {span.en} if all is accepted",
    )


def _dates(run: Run) -> list[Text]:
    start, end = first_and_last_day(run.facts)
    first, last, before = period_bounds(start, end, int(run.pack.settings["period_days"]))
    if pd.isna(last):
        return [
            Text(
                "报表没有日期：收益按一个报表期计，用 --period 给出日期",
                "The report holds no dates: gains are per reported period; --period dates it",
            )
        ]
    span = Text(
        f"数据 {start.min():%Y-%m-%d} 至 {last:%Y-%m-%d}",
        f"Figures from {start.min():%Y-%m-%d} to {last:%Y-%m-%d}",
    )
    if start.min() >= first:
        return [span]
    until = first - pd.Timedelta(days=1)
    return [
        Text(
            f"{span.zh}；本期 {first:%m-%d} 至 {last:%m-%d}，上期 {before:%m-%d} 至 {until:%m-%d}",
            f"{span.en}; this period {first:%m-%d} to {last:%m-%d}, the one before {before:%m-%d} to {until:%m-%d}",
        )
    ]


def _delay_said(run: Run) -> Text:
    """How complete the orders of a week-old click are taken to be, and where that comes from."""
    curve, drop = run.delay.curve, run.platform.delay.drop_days
    share = curve[min(6, len(curve) - 1)] if curve else 1.0
    source = Text("平台默认曲线", "the platform's default curve")
    if run.delay.orders:
        orders = run.delay.orders
        source = Text(
            f"由重叠报表里的 {orders:,.0f} 笔成交估出",
            f"fitted to {orders:,.0f} orders seen in overlapping exports",
        )
    return Text(
        f"{run.platform.name.zh}：点击 7 天后约有 {share:.0%} 的成交已回传（{source.zh}），最新 {drop} 天不计",
        f"{run.platform.name.en}: 7 days after a click some {share:.0%} of its orders are reported ({source.en});"
        f" the newest {drop} days are not counted",
    )


def _price_said(run: Run) -> list[Text]:
    """What one more click is taken to cost, which moves every bid."""
    settings, basis = run.pack.settings, set(run.rows["bid_basis"].dropna())
    lines = []
    if "given" in basis:
        factor = 1 / (1 - settings["shade"])
        lines.append(
            Text(
                f"再多一个点击的花费按出价 × {factor:.2f} 算（shade {settings['shade']:g}：出价越高，每个点击都变贵），怀疑 ±{settings['bid_doubt']:.0%}",
                f"one more click is taken to add {factor:.2f} × the bid to the cost (shade {settings['shade']:g}: a higher bid makes every click dearer), give or take {settings['bid_doubt']:.0%}",
            )
        )
    if "cpc" in basis:
        factor = 1 / (1 - settings["shade"]) / settings["cpc_per_bid"]
        lines.append(
            Text(
                f"没有出价时，再多一个点击的花费按平均点击花费 × {factor:.2f} 算（shade、cpc_per_bid），怀疑 ±{settings['cpc_doubt']:.0%}",
                f"where no bid is known, one more click is taken to add {factor:.2f} × the CPC to the cost (shade, cpc_per_bid), give or take {settings['cpc_doubt']:.0%}",
            )
        )
    return lines


def _prior_said(run: Run) -> list[Text]:
    """Which prior the account's own data chose, and how much better it predicts."""
    first = run.rows.iloc[0]
    power, gain = first["prior_lean"], first["prior_gain"]
    said = {
        "price": Text(
            f"价格也是证据：没成交前，转化率按价格的 {power:g} 次方估计（留一法每词对数似然 +{gain:.3f}）",
            f"price is evidence too: before a word has sold, its conversion rate goes with price^{power:g} (leave-one-out log likelihood +{gain:.3f} a word)",
        ),
        "features": Text(
            f"没成交前，转化率按词的文字、词类、价格、点击率、收藏加购估计，力度 {power:g}（留一法每词对数似然 +{gain:.3f}）",
            f"before a word has sold, its conversion rate is judged by its text, kind, price, click-through, favourites and carts, to the power {power:g} (leave-one-out log likelihood +{gain:.3f} a word)",
        ),
    }
    source = str(first["prior_source"])
    return [said[source]] if source in said else []


def _assumptions(runs: Sequence[Run]) -> list[Text]:
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
