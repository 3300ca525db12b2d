"""Partial parse: the valid parts of a faulty pack file, so that all its faults are reported at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from ppc_tuner.judge.packfile import PackFile

SECTIONS: Final = ("settings", "groups", "gates", "rules", "outcomes", "details", "what_would_change")
# Begins the id that is given to a part whose own is missing or wrong.
STAND_IN: Final = "?"


def what_is_sound(content: Any) -> PackFile | None:
    """The model of the valid parts of the content; None if nothing is valid."""
    if not isinstance(content, dict):
        return None
    for _ in range(3):
        try:
            return PackFile.model_validate(content)
        except ValidationError as fault:
            content = _without(content, [error["loc"] for error in fault.errors()])
    return None


def _without(content: dict[str, Any], wrong: Sequence[tuple[int | str, ...]]) -> dict[str, Any]:
    """The content without its wrong keys; a clause keeps its valid ones, so that these are checked too."""
    kept = {"pack": "?", **content}
    for section in {loc[0] for loc in wrong}:
        bad = {loc[1] for loc in wrong if loc[0] == section and len(loc) > 1}
        inner = kept.get(str(section))
        if section not in SECTIONS or not bad:
            kept.pop(str(section), None)
        elif isinstance(inner, dict):
            kept[str(section)] = {key: value for key, value in inner.items() if key not in bad}
        elif isinstance(inner, list):
            keys = {
                number: {loc[2] for loc in wrong if loc[:2] == (section, number) and len(loc) > 2}
                for number in bad
            }
            kept[str(section)] = [
                _mended(one, number, str(section), keys[number]) if number in bad else one
                for number, one in enumerate(inner)
            ]
    return {"pack": "?", **kept}


def _mended(clause: Any, number: int, section: str, wrong: set[int | str]) -> dict[str, Any]:
    """The clause with wrong and missing keys replaced by harmless ones."""
    given = clause if isinstance(clause, dict) and wrong else {}
    kept = {key: value for key, value in given.items() if key not in wrong}
    action = "fix_data" if kept.get("level") == ["item"] else "keep"
    harmless: dict[str, Any] = {"id": f"{STAND_IN}{number}", "reason": {"zh": "", "en": ""}}
    decides: dict[str, dict[str, Any]] = {
        "gates": {"when": "true", "forbids": ["raise"]},
        "rules": {"when": "true", "action": action},
    }
    return harmless | decides.get(section, {}) | kept
