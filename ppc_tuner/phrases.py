"""The words and phrases that texts are made of: what a negative phrase would match, never a part of a word.

Where words are spaced a phrase is a word or two neighbouring ones ("car" is in "red car", not in "card").
Chinese and Japanese have no spaces: there it is two or three neighbouring characters, as platforms match
negative phrases of these languages by their characters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ppc_tuner.identity import folded

Numbers = NDArray[np.int64]

_UNSPACED: Final = "\u3040-\u30ff\u3400-\u9fff"
# A character of an unspaced language; a word, with signs inside it ("t-shirt", "wi-fi"); any other sign.
UNIT: Final = rf"([{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’&.-][^\W_{_UNSPACED}]+)*|[^\w])"
SIGN, CHARACTER, SPACED = 0, 1, 2
# Words of which every space parts two, without other signs: most texts, and split at once.
SIMPLE: Final = r"[a-z0-9]+(?:[ '&.-][a-z0-9]+)*"
# Shorter ones ("2", "x") mean too many things.
SHORTEST_WORD: Final = 2
# Amazon's number of a product is one search term, and part of no other.
PRODUCT: Final = r"b0[0-9a-z]{8}"
# Words that say nothing of what is wanted; a phrase of nothing else is none.
FUNCTION_WORDS: Final = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "it", "its", "my",
        "of", "on", "or", "so", "that", "the", "this", "to", "with", "you", "your", "der", "die",
        "das", "den", "dem", "des", "ein", "eine", "einer", "einen", "fur", "für", "im", "mit",
        "und", "von", "zu", "zum", "zur", "le", "la", "les", "un", "une", "du", "de", "d", "et",
        "en", "pour", "avec", "sur", "au", "aux", "dans", "el", "los", "las", "una", "unos", "unas",
        "con", "para", "por", "y", "del", "al", "il", "lo", "gli", "i", "uno", "da", "di", "della",
        "dei", "delle", "nel", "nella", "per", "su", "e", "ed", "o", "os", "um", "uma", "do", "dos",
        "com", "no", "na", "em", "の", "に", "を", "は", "が", "で", "と", "的", "了", "和", "与",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrases:
    """Which phrases each of n texts holds: pairs of `text` (position) and `phrase` (number), each once.

    `names`: the phrases by number; `units`: of how many words or characters each is made; `same`: the number
    of each text (n,), equal texts having the same.
    """

    text: Numbers
    phrase: Numbers
    names: NDArray[np.object_]
    units: Numbers
    same: Numbers

    def only(self, wanted: NDArray[np.bool_]) -> Phrases:
        """The pairs of these phrases (one flag a phrase), which keep their numbers."""
        kept = wanted[self.phrase]
        return replace(self, text=self.text[kept], phrase=self.phrase[kept])

    def held_in(self, texts: pd.Series) -> NDArray[np.bool_]:
        """Whether each phrase is in any of these texts (one flag a phrase)."""
        others = phrases_of(texts.dropna(), 1)
        return np.isin(self.names, others.names)


def phrases_of(texts: pd.Series, fewest: int) -> Phrases:
    """The phrases of n texts, in any case and width; only those in at least `fewest` different texts."""
    codes, different = pd.factorize(folded(texts.astype("str")).fillna(""))
    where, unit, words = units_of(pd.Series(different, dtype="str"))
    kind = np.where(words.str.fullmatch(f"[{_UNSPACED}]"), CHARACTER, SPACED)
    kind = np.where(words.str.fullmatch(r"[^\w]"), SIGN, kind)
    found = _Found(words, kind, fewest)
    found.take(where, unit[:, None], found.means_something[unit] & (found.length[unit] >= SHORTEST_WORD))
    # Signs between words do not part a phrase; between characters they do.
    plain = kind[unit] != SIGN
    spaced = (where[plain], unit[plain])
    found.take(*_neighbours(*spaced, kind, SPACED, 2, found.means_something))
    for count in (2, 3):
        found.take(*_neighbours(where, unit, kind, CHARACTER, count, found.means_something))
    return found.phrases(codes.astype(np.int64))


def units_of(texts: pd.Series) -> tuple[Numbers, Numbers, pd.Series]:
    """The words, characters and signs of n texts in their order within each text: the text of each
    (position), its number, and the units by number."""
    simple = texts.str.fullmatch(SIMPLE).to_numpy(dtype=bool)
    parted = [pc.split_pattern(pa.array(texts[simple].to_numpy(dtype=object), pa.string()), " ")]
    parted.append(pa.array(texts[~simple].str.findall(UNIT).tolist(), pa.list_(pa.string())))
    units = pa.concat_arrays([one.flatten() for one in parted]).dictionary_encode()
    size = np.concatenate([np.asarray(pc.list_value_length(one)) for one in parted])
    at = np.concatenate([np.flatnonzero(simple), np.flatnonzero(~simple)])
    where = np.repeat(at, size.astype(np.int64))
    words = pd.Series(units.dictionary.to_pylist(), dtype="str")
    return where.astype(np.int64), np.asarray(units.indices, dtype=np.int64), words


def _neighbours(
    where: Numbers,
    unit: Numbers,
    kind: NDArray[np.int64],
    wanted: int,
    count: int,
    means_something: NDArray[np.bool_],
) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Runs of `count` units of one kind: the text of each, its units (runs × count), and which to keep."""
    size = max(len(unit) - count + 1, 0)
    runs = np.column_stack([unit[at : at + size] for at in range(count)])
    last = where[count - 1 : count - 1 + size]
    together = (where[:size] == last) & (kind[runs] == wanted).all(axis=1)
    # "for dogs" is "dogs" once more: both ends must say something.
    ends = means_something[runs[:, 0]] & means_something[runs[:, -1]] if size else together
    return where[:size], runs, together & ends


class _Found:
    """The phrases of different texts, kind by kind."""

    def __init__(self, words: pd.Series, kind: NDArray[np.int64], fewest: int) -> None:
        self.words, self.kind, self.fewest = words, kind, fewest
        self.length = words.str.len().to_numpy(dtype=np.int64)
        product = words.str.fullmatch(PRODUCT).to_numpy(dtype=bool)
        empty = words.isin(FUNCTION_WORDS).to_numpy(dtype=bool)
        self.means_something = (kind != SIGN) & ~empty & ~product
        self.parts: list[tuple[Numbers, Numbers, NDArray[np.object_], int]] = []

    def take(self, where: Numbers, runs: Numbers, kept: NDArray[np.bool_]) -> None:
        """Take the kept runs of units as phrases that enough texts hold; single characters are none."""
        count = runs.shape[1]
        if count == 1:
            kept = kept & (self.kind[runs[:, 0]] == SPACED)
        where, runs = where[kept], runs[kept]
        code = np.zeros(len(runs), dtype=np.int64)
        for column in range(count):
            # Renumbered at each step, so that products stay small.
            code = pd.factorize(code * len(self.words) + runs[:, column])[0].astype(np.int64)
            # A phrase is in no more texts than what it begins with is anywhere.
            common = (np.bincount(code, minlength=1) >= self.fewest)[code]
            where, runs, code = where[common], runs[common], code[common]
        size = int(where.max(initial=0)) + 1
        pair = np.unique(code * size + where)
        code, where, first = pair // size, pair % size, _first_of(code)
        kept = (np.bincount(code, minlength=1) >= self.fewest)[code]
        number, held = pd.factorize(code[kept])
        names = self._spelt(runs[first[held]])
        self.parts.append((where[kept], number.astype(np.int64), names, count))

    def _spelt(self, runs: Numbers) -> NDArray[np.object_]:
        """The text of each phrase (phrases × units)."""
        spelt = self.words.to_numpy(dtype=object)[runs]
        between = " " if len(runs) and self.kind[runs[0, 0]] == SPACED else ""
        names = pd.Series(spelt[:, 0], dtype=object)
        for column in range(1, runs.shape[1]):
            names = names + between + pd.Series(spelt[:, column], dtype=object)
        return names.to_numpy(dtype=object)

    def phrases(self, codes: Numbers) -> Phrases:
        """All that was taken, of the n texts of which `codes` says which different text each is."""
        before = np.cumsum([0, *(len(names) for _, _, names, _ in self.parts)])
        held = np.concatenate([where for where, _, _, _ in self.parts])
        phrase = np.concatenate(
            [number + start for (_, number, _, _), start in zip(self.parts, before, strict=False)]
        )
        names = np.concatenate([names for _, _, names, _ in self.parts])
        units = np.concatenate([np.full(len(names), count) for _, _, names, count in self.parts])
        order = np.argsort(held, kind="stable")
        # Of each text the stretch of pairs that its different text has.
        size = np.bincount(held, minlength=int(codes.max(initial=-1)) + 1)
        start, of_text = np.cumsum(size) - size, size[codes]
        text = np.repeat(np.arange(len(codes)), of_text)
        inside = np.arange(len(text)) - np.repeat(np.cumsum(of_text) - of_text, of_text)
        pair = order[np.repeat(start[codes], of_text) + inside]
        return Phrases(text.astype(np.int64), phrase[pair], names, units.astype(np.int64), codes)


def _first_of(code: Numbers) -> Numbers:
    """Where each number stands first, by number; 0 for numbers that are not there."""
    first = np.zeros(int(code.max(initial=-1)) + 1, dtype=np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]
    return first
