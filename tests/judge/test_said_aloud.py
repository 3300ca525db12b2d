"""Reasons are such as a person would say aloud: short, whatever the figures, whatever is said behind them."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import COLUMNS
from ppc_tuner.judge import load_pack, permit, write
from ppc_tuner.judge.reasons import compile_reason
from ppc_tuner.values import CLOSED

PACKS = ("common", "zhitongche", "google_ads", "amazon_ads", "baidu", "cautious", "growth")
MOST = {"zh": 50, "en": 25}
ROWS = 400
# The largest figure of a kind that is drawn, and how much smaller the smallest is (powers of ten).
LARGEST = {"count": (30_000, 5), "days": (400, 2), "money": (20_000, 5), "share": (1, 3), "change": (1, 2)}
OTHERS = (60, 3)


def length(text: str, lang: str) -> int:
    """Words of English, signs of Chinese without blanks."""
    return len(re.findall(r"\S*\w\S*", text)) if lang == "en" else len(re.sub(r"\s", "", text))


@pytest.fixture(scope="module")
def drawn() -> pd.DataFrame:
    """Rows in which every column has a value, large and small."""
    random = np.random.default_rng(7)
    columns: dict[str, object] = {}
    for name, column in COLUMNS.items():
        values = list(CLOSED.get(name, {"羽绒服男冬季加厚新款 / long name of a place": 0}))
        if column.kind in ("text", "id"):
            columns[name] = random.choice(values, ROWS)
        elif column.kind == "flag":
            columns[name] = pd.array(random.random(ROWS) < 0.5, dtype="boolean")
        elif column.kind == "date":
            columns[name] = pd.Timestamp("2026-09-01")
        else:
            most, powers = LARGEST.get(column.kind, OTHERS)
            columns[name] = np.round(most * 10 ** (-powers * random.random(ROWS)), 4)
    rows = pd.DataFrame(columns)
    # Nothing at all is a case of its own.
    rows.loc[random.random(ROWS) < 0.2, ["conversions", "roas", "revenue"]] = 0.0
    rows["conversions"] /= 10
    rows["sold_at_margin"], rows["bar_roas"] = rows["sold_at_margin"] / 3, rows["bar_roas"] / 3
    rows["bid_change"] *= random.choice([-1, 1], ROWS)
    rows["gain_unit"] = random.choice(["profit", "revenue", "orders"], ROWS)
    return rows.assign(season_from="09-01", currency=random.choice(["CNY", "INR"]))


@pytest.mark.parametrize(("name", "lang"), [*product(PACKS, MOST)])
def test_no_clause_of_any_pack_is_longer_than_a_breath_whatever_its_figures(drawn, rules_folder, name, lang):
    pack = load_pack(name, rules_folder, platform="common")
    long = []
    for clause in (*pack.rules, *pack.gates, *pack.outcomes.values()):
        said = clause.reason[lang].render(drawn, lang)
        over = said.index[said.map(lambda text: length(text, lang)) > MOST[lang]]
        long += [f"{clause.id}: {said[at]}" for at in over[:1]]
    assert long == []


def test_what_is_said_behind_a_reason_fits_into_the_breath_or_goes_to_the_details(drawn, rules_folder):
    pack = load_pack("common", rules_folder)
    # What only a protected word would be deleted for is cut; the figures grow from row to row.
    figures = ["clicks", "cost", "conversions", "bar_roas", "sold_at_margin", "bid_change", "clicks_change"]
    usual = {"level": "keyword", "proposal": "delete", "step_down": -0.3, "currency": "CNY", "roas": 0.0}
    rows = drawn[figures].assign(**usual, protected=True, gain_unit="revenue")
    verdicts = write(rows, permit(rows, pack), pack, {"same-money": np.full(len(rows), True)})
    assert verdicts["action"].eq("lower").all()
    for lang, behind in (("en", "protected, so not deleted"), ("zh", "保护词，所以不删")):
        said = verdicts[f"reason_{lang}"].str.endswith(behind)
        assert said.any()
        assert (said ^ verdicts[f"details_{lang}"].str.contains(behind)).all()
        lengths = verdicts[f"reason_{lang}"].map(lambda text, lang=lang: length(text, lang))
        assert lengths.max() <= MOST[lang]
    # There is room for one thing behind a reason: the second is never said in it.
    protected = verdicts[verdicts["reason_en"].str.contains("protected")]
    assert protected["details_en"].str.contains("buys").all()


@pytest.mark.parametrize(
    ("clicks", "said"), [(0.0, "no clicks"), (1.0, "1 click"), (1.5, "1.5 clicks"), (1234.0, "1,234 clicks")]
)
def test_a_figure_goes_with_its_noun(clicks, said):
    rows = pd.DataFrame({"clicks": [clicks]})
    assert compile_reason("{clicks:click|clicks}", {}).render(rows, "en").tolist() == [said]


def test_a_part_is_said_where_its_condition_holds():
    rows = pd.DataFrame({"roas": [0.5, 3.0, np.nan], "clicks": [4.0, 5.0, 6.0]})
    text = "{clicks}[roas < 1 ? : it loses, {roas}][roas >= 1 ? : it pays]"
    assert compile_reason(text, {}).render(rows, "en").tolist() == ["4: it loses, 0.50", "5: it pays", "6"]


def test_what_the_last_hundred_bring_and_what_the_last_order_costs():
    rows = pd.DataFrame({"sold_at_margin": [1.4, 0.02, 0.0], "currency": "CNY"})
    text = "the last {100:money0} brings {sold_at_margin:per100}[, {sold_at_margin:each} for one]"
    assert compile_reason(text, {}).render(rows, "en").tolist() == [
        "the last ¥100 brings ¥140, ¥1 for one",
        "the last ¥100 brings ¥2, ¥50 for one",
        "the last ¥100 brings ¥0",
    ]


def test_a_long_name_is_cut_and_a_step_has_no_sign():
    rows = pd.DataFrame({"best_place": ["羽绒服主推计划二零二六", "plan"], "bid_change": [-0.4, 0.2]})
    said = compile_reason("{best_place:short} {bid_change:step}", {}).render(rows, "en").tolist()
    assert said == ["羽绒服主推计划二零… 40%", "plan 20%"]
