"""YAML files that people write (rule packs, platform formats) → checked models; faults said with file:line:column."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from ppc_tuner.errors import ConfigError
from ppc_tuner.text import Text

LARGEST = 1_000_000
Model = TypeVar("Model", bound=BaseModel)


class Declared(BaseModel):
    """A model in which a misspelt key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BothLanguages(Declared):
    """A text that must be given in Chinese and English."""

    zh: str
    en: str

    def as_text(self) -> Text:
        return Text(self.zh, self.en)


def read_yaml(path: Path) -> Any:
    """The file's content as mappings and lists that know their positions; ConfigError where it is no plain YAML."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        problem = Text("文件打不开", "the file cannot be opened")
        raise ConfigError(problem, where=str(path), found=fault.strerror or str(fault)) from None
    if len(raw) > LARGEST:
        problem = Text("文件太大", "the file is too large")
        raise ConfigError(
            problem, where=str(path), found=f"{len(raw):,} bytes", expected=f"≤ {LARGEST:,} bytes"
        )
    try:
        text = raw.decode("utf-8-sig")
        if any(isinstance(event, AliasEvent) for event in YAML().parse(text)):
            problem = Text("不支持 YAML 别名（*）", "YAML aliases (*) are not supported")
            raise ConfigError(problem, where=str(path), to_do=Text("把内容写全", "write the content out"))
        return YAML().load(text)
    except UnicodeDecodeError:
        problem = Text("文件不是 UTF-8 编码", "the file is not UTF-8 text")
        raise ConfigError(problem, where=str(path), to_do=Text("另存为 UTF-8", "save it as UTF-8")) from None
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        problem = Text("YAML 写法不对", "this is not valid YAML")
        raise ConfigError(problem, where=where, found=str(fault.problem or fault.context)) from None
    except (YAMLError, RecursionError, ValueError) as fault:
        raise ConfigError(
            Text("YAML 写法不对", "this is not valid YAML"), where=str(path), found=str(fault)
        ) from None


def read_declaration(path: Path, model: type[Model]) -> tuple[Model, Any]:
    """The checked model and the raw content with its positions (for `position`)."""
    content = read_yaml(path)
    return checked(content, path, model), content


def checked(content: Any, path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate(content)
    except ValidationError as fault:
        # A misspelt key also leaves its right name missing: the wrong key is what helps.
        errors = sorted(fault.errors(), key=lambda error: error["type"] != "extra_forbidden")
        raise _said(errors[0], content, path, model) from None


def _said(error: Any, content: Any, path: Path, model: type[BaseModel]) -> ConfigError:
    place = ".".join(_written_keys(content, error["loc"], error["type"])) or "file"
    where = f"{path}:{position(content, error['loc'])}"
    if error["type"] == "extra_forbidden":
        wrong = str(error["loc"][-1])
        close = get_close_matches(wrong, _field_names(model), n=1)
        hint = Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else ""
        return ConfigError(Text(f"不认识“{place}”", f"'{place}' is not known here"), where=where, to_do=hint)
    found = "" if error["type"] == "missing" else str(error.get("input"))[:80]
    problem = Text(f"“{place}”不对", f"'{place}' is not right")
    return ConfigError(problem, where=where, found=found, expected=error["msg"])


def _written_keys(content: Any, loc: tuple[int | str, ...], kind: str) -> list[str]:
    """The part of a fault's place that stands in the file (pydantic adds the names of alternatives it tried)."""
    keys = []
    for part in loc:
        inside = isinstance(content, dict) and part in content
        inside = inside or (isinstance(content, list) and isinstance(part, int) and part < len(content))
        if inside:
            keys.append(str(part))
            content = content[part]
    return [*keys, str(loc[-1])] if kind == "missing" else keys


def _field_names(model: type[BaseModel]) -> list[str]:
    """All key names that occur in a model and the models inside it."""
    schema = model.model_json_schema()
    models = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for part in models for name in part.get("properties", {})})


def position(content: Any, loc: tuple[int | str, ...]) -> str:
    """line:column (1-based) of a place inside loaded YAML; the nearest known parent where it has none of its own."""
    line, column = 0, 0
    for part in loc:
        marks = getattr(content, "lc", None)
        if marks is None:
            break
        if isinstance(content, dict) and part in content:
            line, column = marks.key(part)
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            line, column = marks.item(part)
        else:
            break
        content = content[part]
    return f"{line + 1}:{column + 1}"
