"""What the site (mkdocs.yml) leaves out of a page: the link to its other language, which the header has already."""

from __future__ import annotations

import re
from typing import Any

LINK_TO_THE_OTHER_LANGUAGE = re.compile(r"^\[(?:中文|English)\]\([\w-]+(?:\.zh)?\.md\)\n", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The page's text without the line that links to its other language."""
    return LINK_TO_THE_OTHER_LANGUAGE.sub("", markdown, count=1)
