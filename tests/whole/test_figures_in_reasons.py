"""Every figure in a reason is that of its row, whatever the pack and the account."""

from __future__ import annotations

import re

import numpy as np
import pytest

from ppc_tuner.judge import load_pack
from ppc_tuner.judge.reasons import BREATH, breath
from ppc_tuner.locations import rules_folder
from tests.characterisation.characterise import names, tuned

NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
LANGS = ("zh", "en")


def written_in(text: str) -> list[str]:
    """The numbers of a sentence as they stand there; month and day of a season are none."""
    return NUMBER.findall(re.sub(r"\d\d-\d\d", "", text))


def could_be(number: str, values: np.ndarray) -> bool:
    """Whether a number as written is one of the values, as a share, for a hundred, or for one."""
    said = float(number.replace(",", ""))
    half = 0.5 * 10 ** -len(number.partition(".")[2]) + 1e-9
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.concatenate([values, 100 * values, 1 / values, [100.0]])
    return bool((np.abs(np.abs(shown) - said) <= half).any())


@pytest.fixture(scope="module")
def named() -> dict[str, set[str]]:
    """The columns that the texts of each rule, gate and outcome of any pack name."""
    columns: dict[str, set[str]] = {}
    for path in rules_folder().glob("*.yaml"):
        pack = load_pack(path, rules_folder())
        for clause in (*pack.gates, *pack.rules, *pack.outcomes.values()):
            texts = [*clause.reason.values(), *getattr(clause, "beside", {}).values()]
            columns.setdefault(clause.id, set()).update(*(text.columns for text in texts))
    return columns


@pytest.fixture(scope="module")
def of_settings() -> np.ndarray:
    settings = load_pack("zhitongche", rules_folder()).settings.values()
    return np.array([value for value in settings if isinstance(value, int | float)], dtype=float)


@pytest.mark.parametrize("account", names())
def test_every_figure_is_that_of_its_row_and_no_reason_takes_two_breaths(account, named, of_settings):
    actions = tuned(account).actions
    actions = actions[actions["reason_en"].notna()]
    for lang in LANGS:
        longest = actions[f"reason_{lang}"].map(lambda text, lang=lang: breath(text, lang)).max()
        assert longest <= BREATH[lang]
    wrong, checked = [], 0
    for _, row in actions.groupby(["rule", "action"]).head(4).iterrows():
        told = [row["rule"], *str(row["gated_by"]).split(), "same-money", "learning"]
        columns = {column for one in told for column in named[one]} & set(actions)
        values = [row[name] for name in columns if isinstance(row[name], int | float)]
        values = np.concatenate([np.array(values, dtype=float), of_settings])
        for lang in LANGS:
            numbers = written_in(row[f"reason_{lang}"])
            checked += len(numbers)
            bad = [number for number in numbers if not could_be(number, values)]
            wrong += [f"{row['rule']}: {bad} in {row[f'reason_{lang}']}"] if bad else []
    assert wrong == []
    assert checked
