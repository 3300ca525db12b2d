"""A sentence in the product's two languages, what counts as a word in them, and what must be made visible."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Lang = Literal["zh", "en"]

# A character of Chinese, Japanese or Korean, or a run of other letters and digits.
TOKEN: Final = r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)"

# Control characters (terminals obey some of them), characters that reverse the direction of reading, and
# characters without width, with which one word can look like another. Line breaks and tabs are harmless;
# Arabic and Hebrew marks stay.
UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]"
)


def visible(text: str) -> str:
    """The text as it may be shown, with invisible characters spelt out, such as <U+202E>."""
    return UNSEEN.sub(lambda hit: f"<U+{ord(hit[0]):04X}>", text)


def visible_json(json: str) -> str:
    """The same JSON with invisible characters in its strings escaped."""
    return UNSEEN.sub(lambda hit: f"\\u{ord(hit[0]):04x}", json)


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and English; `text["zh"]` or `text["en"]` picks one."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    __iter__ = None  # else Python would index on by 0, 1, 2 … for ever

    def __str__(self) -> str:
        return self.en
