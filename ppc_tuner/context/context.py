"""Context: what people know beside the report, as read from their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ppc_tuner.context.cells import texts
from ppc_tuner.context.keyed import keyed_tables, refuse_contradictions, specificity
from ppc_tuner.context.negatives import negatives_of
from ppc_tuner.context.reading import RawTable, read_tables
from ppc_tuner.context.remembered import Memory
from ppc_tuner.context.unkeyed import BUDGETS_OF, CREATIVES, EVENTS, TARGETS_BY_DAY, empty, together


@dataclass(frozen=True, slots=True)
class Context:
    """What people know beside the report; every part may be empty.

    `tables`: frames with some of layout.KEYS and some of layout.VALUES (index = row of the file), least
    specific first. A frame without a key holds for the whole shop. `sources`: the file (and sheet) of each,
    where they come from files.

    - brand_words: words that mark another firm's brand
    - own_brands: words that mark the own brand
    - negatives: text, match (exact, phrase, broad), campaign, ad_group (empty: everywhere), as compared
    - events: day, item_id (empty: all items), event
    - targets: date, target_revenue (money), target_orders (count) of that day
    - budgets: campaign, weekly_budget, daily_budget (money), limited (flag)
    - creatives: campaign | ad_group | item_id, creative_kind, creative, date, impressions, clicks
    - memory: what earlier lists and decisions tell
    """

    tables: tuple[pd.DataFrame, ...] = ()
    brand_words: tuple[str, ...] = ()
    own_brands: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    negatives: pd.DataFrame = field(default_factory=lambda: negatives_of([]))
    events: pd.DataFrame = field(default_factory=lambda: empty(EVENTS))
    targets: pd.DataFrame = field(default_factory=lambda: empty(TARGETS_BY_DAY))
    budgets: pd.DataFrame = field(default_factory=lambda: empty(BUDGETS_OF))
    creatives: pd.DataFrame = field(default_factory=lambda: empty(CREATIVES))
    memory: Memory = field(default_factory=Memory.nothing)

    def gives(self, *names: str) -> bool:
        """Whether a table gives any of these values."""
        return any(name in table and table[name].notna().any() for table in self.tables for name in names)


def read_context(paths: Sequence[Path]) -> Context:
    """The context of these files and folders; ConfigError (file, sheet, row) where a table cannot be used."""
    raw = list(read_tables(paths))
    keyed = [
        part for table in raw if table.kind in ("keyed", "protected_words") for part in keyed_tables(table)
    ]
    keyed.sort(key=lambda part: specificity(part[0]))
    refuse_contradictions(keyed)
    return Context(
        tuple(table for table, _ in keyed),
        _words(raw, "brand_words", "brand_word"),
        _words(raw, "own_brands", "own_brand_word"),
        tuple(source for _, source in keyed),
        negatives=negatives_of(raw),
        events=together("events", raw, EVENTS),
        targets=together("targets", raw, TARGETS_BY_DAY),
        budgets=together("budgets", raw, BUDGETS_OF),
        creatives=together("creatives", raw, CREATIVES),
    )


def _words(raw: Sequence[RawTable], kind: str, name: str) -> tuple[str, ...]:
    """The words of all lists of a kind, in the column `name`, each once."""
    lists = [texts(table.frame[name], name, table.place).dropna() for table in raw if table.kind == kind]
    return tuple(dict.fromkeys(word for words in lists for word in words))
