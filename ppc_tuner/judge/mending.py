"""What is right in a pack file that is partly wrong, so that all its faults are found at once and not one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from ppc_tuner.judge.packfile import PackFile

SECTIONS: Final = ("settings", "groups", "gates", "rules", "outcomes", "context_reasons", "what_would_change")
# The id of a part whose own is missing or wrong begins with this.
STAND_IN: Final = "?"


def what_is_sound(content: Any) -> PackFile | None:
    """The model of what is right in the content; None where nothing is."""
    if not isinstance(content, dict):
        return None
    for _ in range(3):
        try:
            return PackFile.model_validate(content)
        except ValidationError as fault:
            content = _without(content, [error["loc"] for error in fault.errors()])
    return None


def _without(content: dict[str, Any], wrong: Sequence[tuple[int | str, ...]]) -> dict[str, Any]:
    """The content without what is wrong in it; a clause keeps what is right, so that the rest of it is looked at too."""
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
    """The clause with what is wrong or missing replaced by something harmless."""
    given = clause if isinstance(clause, dict) and wrong else {}
    kept = {key: value for key, value in given.items() if key not in wrong}
    action = "fix_data" if kept.get("level") == ["item"] else "keep"
    harmless: dict[str, Any] = {"id": f"{STAND_IN}{number}", "reason": {"zh": "", "en": ""}}
    decides: dict[str, dict[str, Any]] = {
        "gates": {"when": "true", "forbids": ["raise"]},
        "rules": {"when": "true", "action": action},
    }
    return harmless | decides.get(section, {}) | kept
