"""The only writer of action, rule and reason: from what rules permit, what bids did, and the pack's texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.identity import row_numbers
from ppc_tuner.judge.judgement import Judgement, Mask, Numbers
from ppc_tuner.judge.outcomes import EngineOutcome
from ppc_tuner.judge.pack import LANGS, Clause, Pack
from ppc_tuner.judge.packfile import POOLED
from ppc_tuner.judge.reasons import BREATH, Template, breath, said_behind
from ppc_tuner.text import Lang

# How one sentence follows another.
BESIDE: Final[Mapping[Lang, str]] = {"zh": "；", "en": "; "}
# Removals beyond the bound on wrong ones: what the rules permit without removal stands instead.
REFUSED: Final = "wrong-deletes"
# A watched word whose verdict no number of clicks would change.
NO_CLICKS_TELL: Final = "watch_price"
# A word that moves with its group: it has no verdict of its own.
WITH_GROUP: Final = "moved-with-group"
SAID: Final = ("reason", "details")
COLUMNS: Final = ("action", "rule", "advice", *(f"{part}_{lang}" for part in SAID for lang in LANGS))


def write(
    rows: pd.DataFrame, judgement: Judgement, pack: Pack, outcomes: Mapping[str, Mask] | None = None
) -> pd.DataFrame:
    """The columns of columns.VERDICTS, n rows.

    `rows`: n decision rows of one level with targets and moves, n groups or fragments, or n item rows.
    `judgement`: what the pack says of them. `outcomes`: id → mask (n,) of where bids did less or more than
    permitted (bids.Allocation). An item row that no rule decides has no action; words always have one.
    """
    done = outcomes or {}
    nowhere = np.zeros(len(rows), dtype=bool)
    refused = done.get(REFUSED, nowhere)
    verdict = _Verdict(rows)
    verdict.by_rules(judgement, np.where(refused, judgement.following, judgement.decided))
    words = ~rows["level"].isin(["item", *POOLED]).to_numpy()
    verdict.texts["action"][words & pd.isna(verdict.texts["action"])] = "keep"
    verdict.by_gates(judgement, ~refused)
    replaced = nowhere
    for outcome in (one for one in pack.outcomes.values() if one.kind == "replaces"):
        at = done.get(outcome.id, nowhere)
        verdict.replaced(outcome, at)
        replaced = replaced | at
    verdict.with_details(pack, ~rows["level"].eq("item").to_numpy() & ~replaced)
    for outcome in (one for one in pack.outcomes.values() if one.kind == "beside" and one.id != REFUSED):
        verdict.beside(outcome.reason, done.get(outcome.id, nowhere))
    written = verdict.frame()
    marks = _marks(rows, judgement, {name: at for name, at in done.items() if name in GATED})
    return pd.concat([written, marks, _what_would_change(rows, written, pack)], axis=1)


# Outcomes that held something back, as gates do.
GATED: Final = (REFUSED, "budget-spent", "spend-held")


class _Verdict:
    """The texts of n verdicts, clause by clause, in arrays: columns of text are slow to change in parts."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.texts = {name: np.full(len(rows), np.nan, dtype=object) for name in COLUMNS}
        for lang in LANGS:
            self.texts[f"details_{lang}"][:] = ""
        # A reason takes one "because"; what else there is to say stands in the details.
        self.has_because = np.zeros(len(rows), dtype=bool)

    def frame(self) -> pd.DataFrame:
        index = self.rows.index
        for lang in LANGS:
            details = self.texts[f"details_{lang}"]
            details[:] = [text.removeprefix(BESIDE[lang]) for text in details]
        return pd.DataFrame({name: pd.Series(text, index, dtype="str") for name, text in self.texts.items()})

    def by_rules(self, judgement: Judgement, decided: Numbers) -> None:
        for number in np.unique(decided[decided >= 0]):
            rule, at = judgement.rules[number], decided == number
            self.texts["action"][at] = rule.action
            self._says(rule, at)

    def by_gates(self, judgement: Judgement, spoken: Mask) -> None:
        """A gate is the reason where it stopped an action and the word just stays; else it follows it."""
        held = judgement.held
        first = np.where(held.any(axis=1), held.argmax(axis=1), -1) if held.size else np.full(len(held), -1)
        stays = self.texts["action"] == "keep"
        spoken = spoken & ~pd.isna(self.texts["action"])
        for number, gate in enumerate(judgement.gates):
            here = (first == number) & spoken
            self._says(gate, here & stays)
            self.beside(gate.beside, here & ~stays)

    def replaced(self, outcome: EngineOutcome, at: Mask) -> None:
        moved = np.isin(self.texts["action"].astype(str), ("raise", "lower"))
        if outcome.action:
            self.texts["action"][at & moved] = outcome.action
        if outcome.id == WITH_GROUP and at.any():
            up = self.rows["bid_change"].to_numpy(dtype=float) > 0
            self.texts["action"][at] = np.where(up, "raise", "lower")[at]
        self._says(outcome, at)

    def with_details(self, pack: Pack, spoken: Mask) -> None:
        """Write the figures behind a verdict, where they could change it."""
        at = spoken & ~self._ruled_by(pack.rules_without("details"))
        for lang in LANGS:
            texts = [one.reason[lang] for one in pack.details.values()]
            self._add(f"details_{lang}", said_behind(texts, BESIDE[lang]), at, lang)

    def beside(self, reason: Mapping[Lang, Template], at: Mask) -> None:
        """Say a text behind the reason; in the details where there is a "because" already, or no breath."""
        if not at.any():
            return
        more = {lang: BESIDE[lang] + _rendered(reason[lang], self.rows, at, lang) for lang in LANGS}
        fits = ~self.has_because[at]
        for lang in LANGS:
            whole = self.texts[f"reason_{lang}"][at] + more[lang]
            fits &= np.array([breath(text, lang) <= BREATH[lang] for text in whole], dtype=bool)
        places = np.flatnonzero(at)
        for lang in LANGS:
            self.texts[f"reason_{lang}"][places[fits]] += more[lang][fits]
            self.texts[f"details_{lang}"][places[~fits]] += more[lang][~fits]
        self.has_because[places[fits]] = True

    def _ruled_by(self, ids: frozenset[str]) -> Mask:
        return np.isin(self.texts["rule"].astype(str), list(ids))

    def _says(self, clause: Clause | EngineOutcome, at: Mask) -> None:
        if not at.any():
            return
        self.texts["rule"][at], self.texts["advice"][at] = clause.id, clause.advice
        for lang in LANGS:
            self.texts[f"reason_{lang}"][at] = _rendered(clause.reason[lang], self.rows, at, lang)

    def _add(self, column: str, template: Template, at: Mask, lang: Lang, separator: str = "") -> None:
        if at.any() and template.segments:
            self.texts[column][at] += separator + _rendered(template, self.rows, at, lang)


def _rendered(template: Template, rows: pd.DataFrame, at: Mask, lang: Lang) -> NDArray[Any]:
    """What the template says of the marked rows, from only the columns that it names."""
    named = {"currency"} | template.columns
    names = [name for name in map(str, rows) if name in named]
    # Sentences are dear to write and long to hold: of rows that say the same one is written.
    number = row_numbers(rows.loc[at, names], names)
    _, first = np.unique(number, return_index=True)
    said: NDArray[Any] = template.render(rows.loc[at, names].iloc[first], lang).to_numpy(dtype=object)
    return said[number]


def _marks(rows: pd.DataFrame, judgement: Judgement, held: Mapping[str, Mask]) -> pd.DataFrame:
    """matched, unjudged and gated_by: ids of rules, and of gates and outcomes that held something back."""
    rules, gates = ([clause.id for clause in clauses] for clauses in (judgement.rules, judgement.gates))
    by_outcome = np.column_stack([judgement.held, *held.values()]) if held else judgement.held
    marks = {
        "matched": _joined(judgement.matched, rules),
        "unjudged": _joined(judgement.unjudged, rules),
        "gated_by": _joined(by_outcome, [*gates, *held]),
    }
    return pd.DataFrame(marks, index=rows.index, dtype="str")


def _joined(marks: Mask, names: Sequence[str]) -> NDArray[Any]:
    """The marked names of each row, separated by spaces; each distinct pattern of marks is written once."""
    if not len(names) or not len(marks):
        return np.full(len(marks), "", dtype=object)
    codes = np.zeros(len(marks), dtype=np.int64)
    for column in range(len(names)):
        # Renumbering after each column keeps the codes below twice the number of rows.
        codes, _ = pd.factorize(codes * 2 + marks[:, column])
    _, first = np.unique(codes, return_index=True)
    written = np.array([" ".join(np.asarray(names)[marks[row]]) for row in first], dtype=object)
    return written[codes]


def _what_would_change(rows: pd.DataFrame, verdict: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """would_change_zh and would_change_en; nothing for rows that no bid moves (items).

    Empty where no figure could change the verdict (paused, no bid).
    """
    if "clicks_needed" not in rows:
        return pd.DataFrame(index=rows.index)
    said = {lang: np.full(len(rows), "", dtype=object) for lang in LANGS}
    stuck = (verdict["action"] == "watch") & rows["clicks_needed"].isna()
    action = verdict["action"].mask(stuck, NO_CLICKS_TELL)
    without = pack.rules_without("what_would_change") | {WITH_GROUP}
    silent = verdict["rule"].isin(without) | rows["cvr_even"].isna()
    for name, sentence in pack.what_would_change.items():
        at = ((action == name) & ~silent).to_numpy(dtype=bool)
        for lang in LANGS if at.any() else ():
            said[lang][at] = _rendered(sentence.reason[lang], rows, at, lang)
    return pd.DataFrame(
        {f"would_change_{lang}": pd.Series(text, rows.index, dtype="str") for lang, text in said.items()}
    )
