"""A sentence in the product's two languages, and what counts as a word in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Lang = Literal["zh", "en"]

# A character of Chinese, Japanese or Korean, or a run of other letters and digits.
TOKEN: Final = r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)"

# Control characters (a terminal obeys some of them), marks that turn the direction of reading around, and signs without
# width: with them a word can look like another. Line breaks and tabs are harmless; marks of Arabic and Hebrew stay.
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """The text as it may be shown: what cannot be seen is spelt out, such as <U+202E>."""
    return UNSEEN.sub(lambda hit: f"<U+{ord(hit[0]):04X}>", text)


def visible_json(json: str) -> str:
    """The same JSON with what cannot be seen in its strings escaped."""
    return UNSEEN.sub(lambda hit: f"\\u{ord(hit[0]):04x}", json)


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and English; `text["zh"]` or `text["en"]` picks one."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en
