"""Conditions that can never hold, and conditions that others leave nothing to."""

from __future__ import annotations

import pytest

from ppc_tuner.judge.conditions import compile_condition
from ppc_tuner.judge.satisfiability import can_hold, covers

SETTINGS = {"act": 0.9, "objective": "profit", "target_cpa": None}


def tree(source):
    return compile_condition(source, SETTINGS).tree


@pytest.mark.parametrize(
    "source",
    [
        "false", "1 > 2", "clicks > 5 and clicks < 3", "clicks > 5 and clicks <= 5",
        "clicks > 5 and not clicks > 5", "5 < clicks < 3",
        "2 * clicks > 10 and clicks <= 5", "clicks - cost > 3 and cost > clicks",
        "cost / clicks > 3 and cost / clicks < 2",
        "clicks == 3 and clicks != 3", "clicks in [1, 2] and clicks > 2", "ctr_score > 100", "margin < 0",
        "p_raise > 110%",
        'kind == "head" and kind == "core"', 'kind != "head" and kind in ["head"]',
        'kind not in ["head", "core", "long_tail", "brand", "other"]',
        "biddable and not biddable", "biddable == false and biddable", "known(roas) and not known(roas)",
        "not known(roas) and roas > 1",
        "clicks > settings.act and clicks < settings.act", "settings.act > 0.95 and settings.act < 0.9",
        'contains("abc", "x")',
    ],
)  # fmt: skip
def test_can_never_hold(source):
    assert not can_hold(tree(source))


@pytest.mark.parametrize(
    "source",
    [
        "true", "clicks >= 5 and clicks <= 5", "clicks > 5 or clicks < 3", "clicks > cost and cost > 3",
        "ctr_score >= 100", "not known(roas)",
        "known(roas) and roas > 1", 'settings.objective == "target_cpa"', "clicks > settings.target_cpa",
        'kind in ["head", "core"] and kind != "core"',
        'contains(keyword, "a") and not contains(keyword, "b")', "cost * clicks > 3 and cost / clicks < 2",
        "not (clicks > 5 and clicks < 3)",
        "roi < 0 and target_change > 1",
        # Settings can be turned, so what one holds today decides nothing.
        "settings.act > 0.95", "settings.act > 0.95 and clicks > 1", "clicks > 5 and clicks < settings.act",
    ],
)  # fmt: skip
def test_can_hold(source):
    assert can_hold(tree(source))


@pytest.mark.parametrize(
    ("wider", "narrower", "expected"),
    [
        ("true", "clicks > 1", True),
        ("clicks > 3", "clicks > 5", True),
        ("clicks > 3", "clicks > 5 and cost > 1", True),
        ("clicks > 5", "clicks > 3", False),
        ("clicks > 3 and cost > 1", "clicks > 5", False),
        ('kind in ["head", "core"]', 'kind == "head" and clicks > 1', True),
        ("known(clicks)", "clicks > 3", True),
        # On a row without clicks neither side of the first is true.
        ("clicks > 5 or clicks <= 5", "cost > 1", False),
        ("clicks > 5 or clicks <= 5", "clicks != 0", True),
        ("not known(roas)", "cost > 1", False),
        ("clicks > settings.act", "clicks > settings.act and cost > 1", True),
        ("clicks > settings.act", "clicks > 5", False),
        ("clicks > 3", "clicks > 5 or cost > 9", False),
    ],
)
def test_covers(wider, narrower, expected):
    assert covers(tree(wider), tree(narrower)) is expected


def test_only_what_needs_no_figure_always_holds():
    assert covers(tree("true or clicks > 1"), tree("true"))
    assert not covers(tree("clicks >= 0"), tree("true"))


def test_what_has_too_many_ways_counts_as_possible():
    many = " and ".join(f"(clicks > {n} or cost > {n} or roas > {n})" for n in range(10))
    assert can_hold(tree(f"({many}) and clicks < 0 and cost < 0 and roas < 0"))
