"""One number turned in a pack changes the list as the Guide sheet says, and nothing else."""

from __future__ import annotations

import openpyxl
import pytest

from ppc_tuner import tune

CONTEXT = (
    "item_id,main_word,stock_days,bounce_rate,margin\n"
    "1,寻常一1,9,,\n2,寻常一2,,80%,\n3,寻常一3,,,0.3\n4,寻常一4,,,\n"
)
# Number, its value and what the Guide says of it, the words whose verdict it changes, and what to.
TURNED = {
    "max_step": ("6%", "0.06", "一周最多调多少", ["好词4"], "raise"),
    "stock_least": ("5", "5", "库存卖不到这么多天的宝贝不加推", ["好词1"], "raise"),
    "bounce_pass": ("90%", "0.9", "跳失率低于它才及格", ["好词2"], "raise"),
    "low_margin": ("31%", "0.31", "毛利率低于它的宝贝不加推", ["好词3"], "keep"),
}  # fmt: skip


@pytest.fixture(scope="module")
def run(shop_of, tmp_path_factory):
    """run(number, value): the result of a pack that extends that of 直通车 and changes this number."""
    folder = tmp_path_factory.mktemp("turned")
    report, context = shop_of("1234"), folder / "items.csv"
    context.write_text(CONTEXT, encoding="utf-8")

    def decided(number=None, value=None):
        pack = folder / "mine.yaml"
        turned = f"settings:\n  {number}: {value}\n" if number else ""
        pack.write_text(f"pack: mine\nextends: zhitongche\n{turned}", encoding="utf-8")
        return tune(report, rules=pack, context=context, lang="zh")

    return decided


@pytest.fixture(scope="module")
def usual(run):
    return verdicts(run())


def verdicts(result):
    words = result.actions[result.actions["level"] == "keyword"]
    return words.set_index("keyword")[["action", "bid_change"]].round(4).sort_index()


@pytest.mark.parametrize("number", TURNED)
def test_it_changes_the_list_as_the_guide_says(run, usual, tmp_path, number):
    value, shown, meaning, words, action = TURNED[number]
    result = run(number, value)
    after = verdicts(result)
    moved = after.index[(after != usual).any(axis=1)]
    assert set(words) <= set(moved) <= {f"好词{item}" for item in "1234"}
    assert set(after.loc[words, "action"]) == {action}
    if number == "max_step":
        assert usual["bid_change"].max() > 0.06 >= after["bid_change"].max() > 0.05
    else:
        assert list(moved) == words
    path = tmp_path / "list.xlsx"
    result.save(path)
    guide = openpyxl.load_workbook(path)["说明"]
    [row] = [
        [str(cell.value) for cell in row if cell.value is not None] for row in guide if row[0].value == number
    ]
    assert row[1] == shown
    assert meaning in row[3]
