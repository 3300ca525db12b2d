"""A sentence in the product's two languages, and what counts as a word in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Lang = Literal["zh", "en"]

# A character of Chinese, Japanese or Korean, or a run of other letters and digits.
TOKEN: Final = r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and English; `text["zh"]` or `text["en"]` picks one."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.en
