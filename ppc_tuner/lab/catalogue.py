"""A catalogue laid out as an account: items, and words bought in campaigns and ad groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, permutations, product

import numpy as np
import pandas as pd

from ppc_tuner.errors import UsageError
from ppc_tuner.lab.wordlists import ONE_OF, Catalogue, Line
from ppc_tuner.text import Text

LINE_FIGURES = ("price", "margin", "refund_rate", "cvr", "ctr", "demand", "peak", "swing")
BRAND_WORDS = 3  # other firms' brands that one item's ad group buys


@dataclass(frozen=True, slots=True)
class Stock:
    """items: one row per item; words: one row per word bought, in the order in which it was added."""

    items: pd.DataFrame
    words: pd.DataFrame


def stock(catalogue: Catalogue, *, words: int, items: int | None = None, seed: int = 0) -> Stock:
    """The account of the first `items` lines of a catalogue with about equally many words each.

    items (items × [item_id, item, main_word, price, margin, refund_rate, cvr, ctr, demand, peak, swing]):
    money in the catalogue's currency, the rest as in `Line`. words (words × [campaign_id, campaign,
    ad_group_id, ad_group, item_id, keyword_id, keyword, match_type, kind, biddable]): one ad group per
    item, two items to a campaign. Raises UsageError when the catalogue has too few lines or too few words.
    """
    lines = _some_lines(catalogue, items)
    rng = np.random.default_rng([seed, 101])
    counts = [len(part) for part in np.array_split(np.arange(words), len(lines))]
    parts = [_line_words(line, catalogue, count, rng) for line, count in zip(lines, counts, strict=True)]
    frame = pd.concat(
        [part.assign(item_id=item_id(number), number=number) for number, part in enumerate(parts)],
        ignore_index=True,
    )
    return Stock(items_frame(lines), number_words(_in_ad_groups(frame, lines)))


def items_frame(lines: tuple[Line, ...]) -> pd.DataFrame:
    """One row per line: item_id, item (title), main_word and the line's figures."""
    frame = pd.DataFrame({name: [getattr(line, name) for line in lines] for name in LINE_FIGURES})
    frame.insert(0, "item_id", [item_id(number) for number in range(len(lines))])
    frame.insert(1, "item", [line.title for line in lines])
    frame.insert(2, "main_word", [line.main for line in lines])
    return frame


def item_id(number: int) -> str:
    """The id of the item with this number in the catalogue."""
    return str(845_301_447_209 + 1_730_046_911 * number)


def campaign_id(number: int) -> str:
    """The id of the campaign with this number."""
    return str(81_831_404_144 + 2_600_713 * number)


def ad_group_id(number: int) -> str:
    """The id of the ad group with this number."""
    return str(2_918_450_117 + 310_019 * number)


def number_words(words: pd.DataFrame) -> pd.DataFrame:
    """The same words with keyword_id 1, 2, 3 … on a 13-digit base, in row order."""
    numbers = np.arange(len(words), dtype=np.int64) * 1_009 + 2_460_118_300_551
    return words.assign(keyword_id=pd.Series(numbers, index=words.index).astype("str"))


def _some_lines(catalogue: Catalogue, items: int | None) -> tuple[Line, ...]:
    wanted = len(catalogue.lines) if items is None else items
    if not 1 <= wanted <= len(catalogue.lines):
        raise UsageError(
            Text("模拟市场的宝贝数超出范围", "the simulated market has no such number of items"),
            found=str(wanted),
            expected=f"1 … {len(catalogue.lines)}",
            to_do=Text("改用范围内的宝贝数", "use a number within that range"),
        )
    return catalogue.lines[:wanted]


def _line_words(line: Line, catalogue: Catalogue, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """`count` words of one item: head, core, some brand and other words, the rest long-tail."""
    brands = rng.choice(len(catalogue.brands), size=min(BRAND_WORDS, len(catalogue.brands)), replace=False)
    fixed = [
        (line.head, "head"),
        (line.main, "core"),
        *((catalogue.brands[index] + catalogue.joiner + line.main, "brand") for index in sorted(brands)),
        *((word, "other") for word in line.others),
    ][:count]
    tail = _long_tail(line, catalogue.joiner, count - len(fixed), rng)
    rows = fixed + [(word, "long_tail") for word in tail]
    return pd.DataFrame(rows, columns=["keyword", "kind"])


def _long_tail(line: Line, joiner: str, count: int, rng: np.random.Generator) -> list[str]:
    """Main word plus attributes: single ones first (they are searched most), then pairs, then longer ones."""
    single = [line.main + joiner + end for end in line.suffixes]
    single += [begin + joiner + line.main for begin in line.prefixes]
    pairs = [
        begin + joiner + line.main + joiner + end
        for begin, end in product(line.prefixes, line.suffixes)
        if _go_together(begin, end)
    ]
    pairs += [
        line.main + joiner + joiner.join(ends)
        for ends in permutations(line.suffixes, 2)
        if _go_together(*ends)
    ]
    longer = (
        line.main + joiner + joiner.join(ends)
        for ends in permutations(line.suffixes, 3)
        if _go_together(*ends)
    )
    mixed = [pairs[index] for index in rng.permutation(len(pairs))]
    words = list(dict.fromkeys(single + mixed))
    words += islice(longer, max(count - len(words), 0))
    if len(words) < count:
        raise UsageError(
            Text("模拟市场的词不够", "the simulated market has too few words"),
            found=str(len(words)),
            expected=f"≥ {count}",
            to_do=Text("减少词数或增加宝贝数", "ask for fewer words or more items"),
        )
    return words[:count]


def _go_together(*attributes: str) -> bool:
    """No attribute twice, and none that contradicts another."""
    clash = any(len(group.intersection(attributes)) > 1 for group in ONE_OF)
    return not clash and all(one not in two for one, two in permutations(attributes, 2))


def _in_ad_groups(words: pd.DataFrame, lines: tuple[Line, ...]) -> pd.DataFrame:
    number = words["number"].to_numpy()
    main = np.array([line.main for line in lines], dtype=object)
    groups = pd.DataFrame(
        {
            "campaign_id": [campaign_id(value // 2) for value in range(len(lines))],
            "campaign": [f"{main[value // 2 * 2]}-{value // 2 + 1:02d}" for value in range(len(lines))],
            "ad_group_id": [ad_group_id(value) for value in range(len(lines))],
            "ad_group": [f"{line.main}_{value + 1:02d}" for value, line in enumerate(lines)],
        }
    )
    placed = pd.concat([groups.iloc[number].reset_index(drop=True), words.drop(columns="number")], axis=1)
    return placed.assign(match_type=pd.Series(np.nan, index=placed.index, dtype="str"), biddable=True)
