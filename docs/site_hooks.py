"""What the site (mkdocs.yml) changes in a page: its header links to the other language, so the page need not;
and a line that ends in Chinese is joined to the next without a space."""

from __future__ import annotations

import re
from typing import Any

LINK_TO_THE_OTHER_LANGUAGE = re.compile(r"^\[(?:中文|English)\]\([\w-]+(?:\.zh)?\.md\)\n", re.MULTILINE)
FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
BETWEEN_CHINESE = re.compile(
    r"(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef”])\n {0,3}(?=[\u3400-\u9fff（“《])"
)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page's text as the site shows it."""
    parts = FENCE.split(LINK_TO_THE_OTHER_LANGUAGE.sub("", markdown, count=1))
    # Every second part is a block of code.
    return "".join(part if number % 2 else BETWEEN_CHINESE.sub("", part) for number, part in enumerate(parts))
