"""Reasons: sentences with figures, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.judge.reasons import ReasonError, compile_reason

SETTINGS = {"act": 0.9, "objective": "profit", "target_cpa": None}
FRAME = pd.DataFrame(
    {
        "clicks": [1234.0, np.nan], "cost": [1234.5, 0.0], "ctr_raw": [0.0234, np.inf],
        "kind": ["long_tail", np.nan],
        "bid_change": [-0.15, 0.2], "roas": [2.857, np.nan], "ctr_score": [61.7, np.nan],
        "keyword": ["=1+1", np.nan],
        "currency": "CNY", "item_ctr_ratio": [0.5, np.nan],
    }
)  # fmt: skip


def written(source, lang="en", frame=FRAME):
    return compile_reason(source, SETTINGS).render(frame, lang).tolist()


def test_each_kind_of_column_is_written_its_own_way():
    text = "{clicks} | {cost} | {ctr_raw} | {bid_change} | {roas} | {ctr_score} | {keyword}"
    assert written(text)[0] == "1,234 | ¥1,234.50 | 2.3% | -15% | 2.86 | 62 | =1+1"


def test_what_is_not_known_is_a_dash():
    assert written("{clicks} {ctr_raw} {roas} {ctr_score} {keyword} {kind} {position}")[1] == "– – – – – – –"


def test_a_format_may_be_said():
    assert written("{ctr_raw:percent2} {clicks:number} {cost:count}")[0] == "2.34% 1,234.0 1,234"


@pytest.mark.parametrize(
    ("currency", "money"),
    [
        ("CNY", "¥1,234.50"),
        ("USD", "$1,234.50"),
        ("EUR", "€1,234.50"),
        ("CHF", "1,234.50 CHF"),
        ("", "1,234.50"),
    ],
)
def test_money_bears_its_currency(currency, money):
    assert written("{cost}", frame=FRAME.assign(currency=currency))[0] == money


def test_money_without_a_currency_column_is_a_bare_number():
    assert written("{cost}", frame=FRAME.drop(columns="currency"))[0] == "1,234.50"


def test_kinds_are_named_in_the_readers_language():
    assert (written("{kind}", "zh")[0], written("{kind}", "en")[0]) == ("长尾词", "long-tail word")


def test_settings_and_item_figures():
    assert written("{settings.act:percent} {settings.target_cpa:money} {item.ctr_ratio}")[0] == "90.0% – 0.50"


def test_braces_that_are_meant_are_doubled():
    assert written("{{clicks}} 100 %")[0] == "{clicks} 100 %"


def test_no_rows():
    assert written("{clicks} {kind} {cost}", frame=FRAME.iloc[:0]) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{clcks}", "did you mean 'clicks'?"),
        ("{settings.atc}", "did you mean 'settings.act'?"),
        ("{item.ctr_rato}", "did you mean"),
        ("{}", ""),
        ("{0}", ""),
        ("{clicks", ""),
        ("clicks}", ""),
        ("{clicks!r}", "percent"),
        ("{clicks:>10}", "percent"),
        ("{clicks.__class__}", ""),
        ("{clicks[0]}", ""),
        ("{keyword:money}", ""),
        ("{main_word:number}", ""),
        ("{kind:percent}", ""),
        ("{settings.objective:percent}", ""),
    ],
)
def test_what_cannot_be_written_is_refused(source, said):
    with pytest.raises(ReasonError) as caught:
        compile_reason(source, SETTINGS)
    hint = caught.value.to_do
    assert said in (hint if isinstance(hint, str) else hint["en"])
    assert caught.value.problem["zh"]


def test_a_text_setting_is_written_as_text():
    assert written("{settings.objective}")[0] == "profit"
