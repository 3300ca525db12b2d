"""The settings of a rule pack: what each may hold, how a pack changes those it inherits, and overrides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from unicodedata import normalize

from ppc_tuner.declarations import BothLanguages, Declared, did_you_mean, typing_hint
from ppc_tuner.errors import ConfigError, UsageError
from ppc_tuner.text import Text

SettingValue = float | str | None
SHARE_SAID: Final = Text("0.35 或 35% 表示百分之三十五", "0.35 or 35% for 35 %")


class Setting(Declared):
    value: SettingValue
    unit: str | None = None
    range: tuple[float, float] | None = None
    choices: list[str] | None = None
    # Whether the setting may be left empty.
    optional: bool = False
    advice: str | None = None
    why: BothLanguages | None = None


def inherited_setting(name: str, given: Setting, known: Mapping[str, Setting]) -> Setting:
    """A setting given as a bare value, or without its unit and range, keeps those of the pack it extends.

    ConfigError, without a place: a new setting that has no unit, most often a misspelt old one.
    """
    if name in known:
        changed = given.model_dump(exclude_unset=True) | ({"why": given.why} if given.why else {})
        given = known[name].model_copy(update=changed)
    elif given.unit is None and given.choices is None:
        near = typing_hint(name) or did_you_mean(name, known)
        problem = Text(f"新设置“{name}”没有单位", f"the new setting '{name}' has no unit")
        if near:
            problem = Text(f"没有设置“{name}”", f"there is no setting '{name}'")
        raise ConfigError(problem, expected="" if near else "value, unit, range, why", to_do=near)
    return given.model_copy(update={"value": as_share(given.value, given.unit)})


def as_share(value: Any, unit: str | None) -> Any:
    """A setting of unit share may be written as 35% (0.35)."""
    text = normalize("NFKC", value).strip() if isinstance(value, str) else ""
    if unit != "share" or not text.endswith("%"):
        return value
    number = _as_number(text.removesuffix("%"))
    return number / 100 if isinstance(number, float) else value


def checked_value(name: str, setting: Setting, value: SettingValue) -> SettingValue:
    """The value, where it is of its setting's kind and range; else ConfigError, without a place."""
    expected = _value_fault(setting, value)
    if expected:
        hint = typing_hint(str(value)) or did_you_mean(str(value), setting.choices or ())
        raise ConfigError(_bad_value(name), found=str(value), expected=expected, to_do=hint)
    return value


def _bad_value(name: str) -> Text:
    return Text(f"设置“{name}”的值不行", f"the value of setting '{name}' will not do")


def _value_fault(setting: Setting, value: Any) -> Text | str:
    """What the value should be; empty where it is right."""
    if setting.choices is not None:
        return "" if value in setting.choices else " | ".join(setting.choices)
    if value is None and setting.optional:
        return ""
    unit = SHARE_SAID if setting.unit == "share" else Text(str(setting.unit), str(setting.unit))
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return Text(f"数字（{unit.zh}）", f"a number ({unit.en})")
    if setting.range and not setting.range[0] <= value <= setting.range[1]:
        span = f"{setting.range[0]:g} … {setting.range[1]:g}"
        return Text(f"{span}（{unit.zh}）", f"{span} ({unit.en})")
    return ""


def override(name: str, value: Any, declared: Mapping[str, Setting]) -> SettingValue:
    """The value given in place of a pack's own. UsageError: an unknown setting, a value out of range."""
    if name not in declared:
        near = did_you_mean(name, declared)
        expected = "" if near else ", ".join(sorted(declared))
        raise UsageError(
            Text(f"没有设置“{name}”", f"there is no setting '{name}'"), expected=expected, to_do=near
        )
    setting = declared[name]
    given = _as_number(as_share(value, setting.unit)) if setting.choices is None else str(value)
    fault = _value_fault(setting, given)
    if fault:
        hint = did_you_mean(str(value), setting.choices or ())
        raise UsageError(_bad_value(name), found=str(value), expected=fault, to_do=hint)
    return given


def _as_number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value
