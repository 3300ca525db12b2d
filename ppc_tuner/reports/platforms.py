"""The platforms of a set of facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ppc_tuner.reports.formats import CANONICAL, Format, Platform
from ppc_tuner.text import Text


def platforms_of(ids: Iterable[str], formats: Sequence[Format]) -> dict[str, Platform]:
    """Each platform id with its declaration; one that nobody has declared bids and waits as the canonical format says."""
    known = {form.id: form.platform() for form in formats}
    general = known[CANONICAL]
    return {
        name: known.get(name) or general.model_copy(update={"id": name, "name": Text(name, name)})
        for name in sorted(set(ids))
    }
