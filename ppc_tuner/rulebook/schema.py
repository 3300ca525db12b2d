"""The JSON Schema of pack files, from which editors complete and check while one types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ppc_tuner.judge import load_pack
from ppc_tuner.judge.packfile import PackFile
from ppc_tuner.judge.settings import Setting
from ppc_tuner.rulebook.checks import shipped_packs


def pack_schema(folder: Path) -> dict[str, Any]:
    """JSON Schema of pack files, with the settings that shipped packs declare and their ranges."""
    schema = PackFile.model_json_schema()
    known: dict[str, Setting] = {}
    for name in shipped_packs(folder):
        known = {**load_pack(name, folder).declared, **known}
    settings = schema["properties"]["settings"]
    full = settings.pop("additionalProperties")
    settings["properties"] = {name: _setting(setting, full) for name, setting in known.items()}
    settings["additionalProperties"] = {"anyOf": [full, _bare()]}
    groups = schema["properties"]["groups"]
    groups["additionalProperties"] = {
        "anyOf": [groups["additionalProperties"], {"type": ["string", "boolean"]}]
    }
    for part in ("Gate", "Rule", "Group"):
        schema["$defs"][part]["properties"]["when"]["type"] = ["string", "boolean"]
    schema["$defs"]["Group"]["required"] = ["when"]
    for part in ("Gate", "Rule", "Outcome", "Detail", "WhatWouldChange"):
        # Of what is inherited only the parts that change are given.
        schema["$defs"][part]["required"] = ["id"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _setting(setting: Setting, full: dict[str, Any]) -> dict[str, Any]:
    said = f"{setting.why.zh}\n{setting.why.en}" if setting.why else ""
    return {"description": said, "anyOf": [full, _bare(setting)]}


def _bare(setting: Setting | None = None) -> dict[str, Any]:
    """What a setting's bare value may be (without braces)."""
    if setting is None:
        return {"type": ["number", "string", "null"]}
    if setting.choices:
        return {"enum": setting.choices}
    number: dict[str, Any] = {"type": "number"}
    if setting.range:
        number |= {"minimum": setting.range[0], "maximum": setting.range[1]}
    percent = [{"type": "string", "pattern": "^ *[0-9.]+ *%$"}] if setting.unit == "share" else []
    return {"anyOf": [number, *percent, *([{"type": "null"}] if setting.optional else [])]}
