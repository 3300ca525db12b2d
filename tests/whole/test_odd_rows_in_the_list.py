"""What single odd rows, copies and spellings may not do to a list: each is told, and moves nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from accounts import ALL_IN, LAST_DAY, account, settled, word, words

from ppc_tuner import tune
from ppc_tuner.errors import ConfigError, InputError, UsageError
from ppc_tuner.reports import read_reports

WORDS = 14


@pytest.fixture
def shop() -> pd.DataFrame:
    """Daily facts of a shop whose words sell now and then, as an export holds them."""
    random = np.random.default_rng(3)
    parts = [
        word(
            f"鞋 款{number}",
            item_id=str(number % 3),
            conversions=random.poisson(0.4 + number / 10, 28).astype(float),
        )
        for number in range(WORDS)
    ]
    facts = account(*parts).drop(columns="exported_on")
    return facts.assign(revenue=facts["conversions"] * 80.0)


def listed(facts: pd.DataFrame, folder: Path, name: str = "report.csv") -> pd.DataFrame:
    facts.to_csv(folder / name, index=False)
    return by_word(tune(folder / name).actions)


def by_word(actions: pd.DataFrame) -> pd.DataFrame:
    return actions[actions["level"] == "keyword"].set_index("keyword").sort_index()


def notes_of(facts: pd.DataFrame, folder: Path) -> str:
    facts.to_csv(folder / "told.csv", index=False)
    result = tune(folder / "told.csv", lang="en")
    return "\n".join(text for text in result.summary["headline"]["text_en"])


class TestAnAbsurdFigure:
    @pytest.mark.parametrize(
        "slip", [{"revenue": 50_000_000.0, "conversions": 1.0}, {"conversions": 90_000.0}], ids=str
    )
    def test_it_is_told_first_and_moves_nothing_else(self, shop, tmp_path, slip):
        usual = listed(shop, tmp_path)
        at = shop.index[shop["keyword"] == "鞋 款5"][10]
        odd = shop.copy()
        odd.loc[at, list(slip)] = list(slip.values())
        found = listed(odd, tmp_path)
        assert "beyond belief" in notes_of(odd, tmp_path)
        # The row's clicks and cost count; of its orders nothing is known.
        assert (found["action"] == usual["action"]).all()
        assert found["expected_gain"].sum() == pytest.approx(usual["expected_gain"].sum(), rel=0.1, abs=5)
        assert found["cost"].sum() == pytest.approx(usual["cost"].sum())

    def test_a_large_order_is_believed(self, shop, tmp_path):
        at = shop.index[shop["conversions"] > 0][3]
        large = shop.assign(revenue=shop["revenue"].where(shop.index != at, 4000.0))
        assert "beyond belief" not in notes_of(large, tmp_path)
        assert listed(large, tmp_path)["revenue"].sum() == pytest.approx(large["revenue"].sum())

    def test_words_that_always_sell_dear_are_believed(self, shop, tmp_path):
        dear = shop.assign(revenue=shop["revenue"].where(shop["item_id"] != "1", shop["revenue"] * 50_000))
        assert "beyond belief" not in notes_of(dear, tmp_path)


class TestAStrayOldDay:
    @pytest.mark.parametrize("day", ["1900-01-01", "2024-03-01"])
    def test_it_is_told_and_changes_no_figure(self, shop, tmp_path, day):
        usual = listed(shop, tmp_path)
        stray = pd.concat([shop, shop.iloc[[7]].assign(date=pd.Timestamp(day))])
        found = listed(stray, tmp_path)
        assert "long before all other days" in notes_of(stray, tmp_path)
        for name in ("present_orders", "days", "cvr", "weekly_cost"):
            assert found[name].to_numpy() == pytest.approx(usual[name].to_numpy()), name
        assert (found["action"] == usual["action"]).all()

    def test_a_shop_that_rested_is_no_slip(self, shop, tmp_path):
        before = shop.assign(date=shop["date"] - pd.Timedelta(days=200))
        assert "long before" not in notes_of(pd.concat([before, shop]), tmp_path)


def test_nothing_stays_down_where_no_older_days_are():
    """Fourteen days are two periods: there is nothing before both to have fallen from."""
    steady = account(*(word(f"w{n}", 14, item_id=str(n % 3), exported_on=LAST_DAY) for n in range(12)))
    actions = tune(steady).actions
    assert actions["item_cvr_p_stays_down"].isna().all()
    assert "stays-down" not in set(actions["rule"])


def test_an_older_export_given_twice_counts_once(shop, tmp_path):
    """The curve of orders that come late is fitted to what two exports show of the same days."""
    days = shop["date"]
    early = shop[days <= LAST_DAY - pd.Timedelta(days=7)].copy()
    early["conversions"] = np.floor(early["conversions"] * 0.7)
    for name, facts in {"a_20260323": early, "a_20260323 (1)": early, "a_20260405": shop}.items():
        facts.to_csv(tmp_path / f"{name}.csv", index=False)
    paths = sorted(tmp_path.glob("*.csv"))
    once, twice = tune([path for path in paths if "(1)" not in path.name]), tune(paths)
    assert once.runs[0].settled.delay.orders > 20
    assert twice.runs[0].settled.delay == once.runs[0].settled.delay
    for name in ("action", "cvr", "expected_gain"):
        assert twice.actions[name].equals(once.actions[name])


class TestOneSpelling:
    @pytest.mark.parametrize(
        "other", ["鞋\u00a0款3", "鞋 \u200b款3", "\ufeff鞋 款3", "鞋\u3000款３", "鞋  款3"], ids=ascii
    )
    def test_what_nobody_sees_makes_no_other_word(self, shop, tmp_path, other):
        usual = listed(shop, tmp_path)
        every_third = (shop["keyword"] == "鞋 款3") & (shop.index % 3 == 0)
        mixed = shop.assign(keyword=shop["keyword"].mask(every_third, other))
        found = listed(mixed, tmp_path)
        assert found.index.tolist() == usual.index.tolist()
        assert (found["action"] == usual["action"]).all()
        assert any("what nobody sees" in note.en for note in read_reports(tmp_path / "report.csv").notes)

    def test_accents_of_their_own(self, tmp_path, shop):
        mixed = shop.assign(keyword=["café", "cafe\u0301"] * (len(shop) // 2), item_id="1")
        found = listed(mixed.groupby(["date", "keyword"], as_index=False).first(), tmp_path)
        assert len(found) == 1

    def test_what_is_shown_stays_as_the_report_writes_it(self, shop, tmp_path):
        wide = shop.assign(keyword=shop["keyword"].str.replace("款3", "款３"))
        assert "鞋 款３" in listed(wide, tmp_path).index

    def test_signs_that_are_seen_make_words_of_their_own(self, shop, tmp_path):
        squared = shop.assign(keyword=shop["keyword"].replace({"鞋 款3": "鞋 m²", "鞋 款4": "鞋 m2"}))
        assert {"鞋 m²", "鞋 m2"} <= set(listed(squared, tmp_path).index)


class TestOneExportInParts:
    def test_files_that_continue_each_other_were_downloaded_on_one_day(self, shop, tmp_path):
        early = shop["date"] < LAST_DAY - pd.Timedelta(days=9)
        shop[early].to_csv(tmp_path / "a.csv", index=False)
        shop[~early].to_csv(tmp_path / "b.csv", index=False)
        assert {str(file.exported_on.date()) for file in read_reports(tmp_path).files} == {"2026-03-30"}

    def test_an_older_download_of_the_same_days_keeps_its_own(self, shop, tmp_path):
        early = shop[shop["date"] < LAST_DAY - pd.Timedelta(days=9)]
        early.to_csv(tmp_path / "a.csv", index=False)
        shop.to_csv(tmp_path / "b.csv", index=False)
        assert {str(file.exported_on.date()) for file in read_reports(tmp_path).files} == {
            "2026-03-20", "2026-03-30",
        }  # fmt: skip


@pytest.mark.parametrize("day", ["today", "now", "Today", "2099-01-01"])
def test_days_that_are_none(shop, tmp_path, day):
    shop.to_csv(tmp_path / "report.csv", index=False)
    with pytest.raises(UsageError, match="--exported-on"):
        read_reports(tmp_path / "report.csv", exported_on=day)


@pytest.mark.parametrize("cell", ["today", "now"])
def test_a_cell_that_names_no_day_is_no_date(shop, tmp_path, cell):
    dates = shop["date"].dt.strftime("%Y-%m-%d").where(shop.index != 5, cell)
    shop.assign(date=dates).to_csv(tmp_path / "report.csv", index=False)
    with pytest.raises(InputError) as refused:
        read_reports(tmp_path / "report.csv")
    assert cell in str(refused.value.found)


class TestTwoContexts:
    def test_two_margins_of_one_item_are_refused_with_both_places(self, tmp_path):
        for name, margin in {"a": 0.3, "b": 0.5}.items():
            (tmp_path / f"{name}.csv").write_text(f"item_id,margin\n1,{margin}\n", "utf-8")
        with pytest.raises(ConfigError) as refused:
            tune(words(3), context=[tmp_path / "a.csv", tmp_path / "b.csv"])
        assert "a.csv:2" in str(refused.value)
        assert "b.csv:2" in str(refused.value)

    def test_the_same_margin_twice_or_one_of_a_narrower_key_may_stand(self, tmp_path):
        (tmp_path / "a.csv").write_text("item_id,margin\n1,0.3\n", "utf-8")
        (tmp_path / "b.csv").write_text("item_id,margin\n1,30%\n", "utf-8")
        (tmp_path / "c.csv").write_text("item_id,keyword,margin\n1,other0,0.5\n", "utf-8")
        actions = tune(words(3), context=sorted(tmp_path.glob("*.csv"))).actions
        margins = actions[actions["level"] == "keyword"].set_index("keyword")["margin"]
        assert margins.to_dict() == {"other0": 0.5, "other1": 0.3, "other2": 0.3}


def test_bids_of_days_too_old_to_count_teach_nothing():
    """Twelve words whose bids changed two years ago, and never since."""
    old = LAST_DAY - pd.Timedelta(days=700)
    parts = []
    for number in range(12):
        parts.append(word(f"w{number}"))
        parts.append(word(f"w{number}", bid=[1.0] * 14 + [3.0] * 14, clicks=[10.0] * 14 + [30.0] * 14))
        parts[-1]["date"] += old - LAST_DAY
    assert settled(account(*parts).assign(exported_on=ALL_IN)).response.changes == 0
