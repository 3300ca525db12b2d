"""YAML that people write (rule packs, platform formats) → checked models; faults carry file:line:column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent

from ppc_tuner.errors import ConfigError
from ppc_tuner.text import Text
from ppc_tuner.yaml_positions import Fault, Source

LARGEST, DEEPEST = 250_000, 20
HALF: Final = dict(zip("：，［］｛｝【】", ":,[]{}[]", strict=True))
# Only next to Latin letters and digits: within Chinese sentences these signs are correct.
WIDE: Final = re.compile(r"[A-Za-z0-9_\]})]\s*[：，]|[［］｛｝【】]")
MAPPING: Final = Text("“名字: 值”的行", "lines of `name: value`")
LIST: Final = Text("列表，如 [raise, delete]", "a list, such as [raise, delete]")
SHAPES: Final = {
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "model_attributes_type": MAPPING,
    "list_type": LIST,
    "tuple_type": LIST,
    "string_type": Text("文字", "text"),
    "float_type": Text("数字或文字", "a number or text"),
    "float_parsing": Text("数字", "a number"),
    "bool_type": Text("true 或 false", "true or false"),
    "bool_parsing": Text("true 或 false", "true or false"),
    "too_short": Text("至少写一个", "at least one"),
}
# For these the message points at the key, not at its value.
ON_KEY: Final = ("extra_forbidden", "missing")
Model = TypeVar("Model", bound=BaseModel)


class Declared(BaseModel):
    """A frozen model that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BothLanguages(Declared):
    """A text given in both Chinese and English."""

    zh: str
    en: str

    def as_text(self) -> Text:
        """The same pair as a `Text`."""
        return Text(self.zh, self.en)


def read_source(path: Path) -> Source:
    """The file's text and its content as mappings and lists.

    ConfigError if it cannot be opened, is not UTF-8 or not valid YAML. Aliases, anchors and tags are
    refused, and so are large or deeply nested files, so that a pack cannot exhaust the machine.
    """
    try:
        # A device has no end, and a pipe may never begin.
        if path.exists() and not path.is_file():
            raise _no_file(path)
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as fault:
        raise ConfigError(
            Text("文件打不开", "the file cannot be opened"),
            where=str(path),
            found=fault.strerror or str(fault),
            to_do=Text("检查路径、文件名和权限", "check the path, the name and the permissions"),
        ) from None
    if len(raw) > LARGEST:
        problem = Text("文件太大", "the file is too large")
        raise ConfigError(
            problem, where=str(path), found=f"> {LARGEST:,} bytes", expected=f"≤ {LARGEST:,} bytes"
        )
    try:
        text = raw.decode("utf-8-sig")
        return Source(path, text, _content(text, path))
    except UnicodeDecodeError:
        problem = Text("文件不是 UTF-8 编码", "the file is not UTF-8 text")
        raise ConfigError(problem, where=str(path), to_do=Text("另存为 UTF-8", "save it as UTF-8")) from None
    except MarkedYAMLError as fault:
        raise _grammar(fault, text, path) from None
    except (YAMLError, RecursionError, ValueError, OverflowError) as fault:
        raise ConfigError(
            Text("YAML 写法不对", "this is not valid YAML"), where=str(path), found=str(fault)[:80]
        ) from None


def _no_file(path: Path) -> ConfigError:
    is_folder = path.is_dir()
    return ConfigError(
        Text("这不是普通文件", "this is no ordinary file"),
        where=str(path),
        found=Text("文件夹", "a folder") if is_folder else Text("设备或管道", "a device or a pipe"),
        expected=Text("YAML 文件", "a YAML file"),
        to_do=Text("请给出里面的文件", "name the file in it")
        if is_folder
        else Text("先把内容存成文件，再给出那个文件", "save its content to a file, and name that"),
    )


def _content(text: str, path: Path) -> Any:
    try:
        return _harmless(text, path, YAML(typ="safe"))
    except YAMLError:
        # The parser in C reads many times as fast; the other says what is wrong in words, and where.
        return _harmless(text, path, YAML())


def _harmless(text: str, path: Path, yaml: YAML) -> Any:
    # First of all: what is built from aliases or deep nesting could exhaust the machine.
    _refuse_tricks(text, path, yaml)
    return yaml.load(text)


def _refuse_tricks(text: str, path: Path, yaml: YAML) -> None:
    """ConfigError, with its position, for an alias, a tag, or nesting deeper than any pack needs."""
    depth = 0
    for event in yaml.parse(text):
        opens = isinstance(event, CollectionStartEvent)
        depth += opens - isinstance(event, CollectionEndEvent)
        trick = None
        if isinstance(event, AliasEvent):
            trick = Text("不支持 YAML 别名（*）", "YAML aliases (*) are not supported")
        elif getattr(event, "anchor", None) is not None:
            trick = Text("不支持 YAML 锚点（&）", "YAML anchors (&) are not supported")
        elif isinstance(event, CollectionStartEvent | ScalarEvent) and event.tag is not None:
            trick = Text("不支持 YAML 标签（!）", "YAML tags (!) are not supported")
        elif depth > DEEPEST:
            trick = Text("嵌套太深", "this is nested too deeply")
        if trick is not None:
            mark = event.start_mark
            where = f"{path}:{mark.line + 1}:{mark.column + 1}"
            line = text.splitlines()[mark.line].strip()[:80]
            to_do = Text("把内容直接写出来", "write the content out plainly")
            raise ConfigError(trick, where=where, found=line, to_do=to_do)


def checked(source: Source, model: type[Model], completed: Any = None) -> Model:
    """The model of a file's content, or of `completed`, the same content with its gaps filled in.

    ConfigError with file:line:column of the first fault; a misspelt key is reported before anything else.
    """
    content = source.content
    try:
        return model.model_validate(content if completed is None else completed)
    except ValidationError as fault:
        # A misspelt key also leaves its correct name missing; naming the misspelt one is what helps.
        error = min(fault.errors(), key=lambda error: error["type"] != "extra_forbidden")
        said = explained(error, content, model, source.path.name)
        said.where = source.place(written_keys(content, error["loc"]), key=True).where
        raise said from None


def faults_in(content: Any, source: Source, model: type[BaseModel]) -> list[Fault]:
    """Every fault of `content` (the source's own, or with inherited keys filled in) as a `model`."""
    try:
        model.model_validate(content)
    except ValidationError as fault:
        errors = fault.errors()
        misspelt = {error["loc"][:-1] for error in errors if error["type"] == "extra_forbidden"}
        faults: dict[str, Fault] = {}
        for error in errors:
            if error["type"] == "missing" and error["loc"][:-1] in misspelt:
                continue
            place = source.place(written_keys(content, error["loc"]), key=error["type"] in ON_KEY)
            # One value can fail in several ways, but one message is enough.
            faults.setdefault(place.where, Fault(place, explained(error, content, model, source.path.name)))
        return list(faults.values())
    return []


def explained(error: Any, content: Any, model: type[BaseModel], whole: str) -> ConfigError:
    """A pydantic error as a message: what was found, expected, and what to do. `whole`: the file's name."""
    keys = _by_name(content, written_keys(content, error["loc"]))
    if error["type"] == "extra_forbidden":
        return _unknown_key(str(error["loc"][-1]), keys, model)
    if error["type"] == "missing":
        return _missing_key(str(error["loc"][-1]), keys, whole)
    place = ".".join(keys)
    problem = Text(f"“{place}”不对", f"'{place}' is not right")
    if not place:
        problem = Text("文件内容不是“名字: 值”的行", "the file does not hold lines of `name: value`")
    given = error.get("input")
    shown = "" if isinstance(given, dict | list) else str(given)[:80]
    found = Text("空", "nothing") if given is None else shown
    if error["type"] == "literal_error":
        choices = [choice for choice in str(error["ctx"]["expected"]).split("'")[1::2] if choice]
        return ConfigError(
            problem,
            found=found,
            expected=" | ".join(choices),
            to_do=typing_hint(str(given)) or did_you_mean(str(given), choices),
        )
    expected = SHAPES.get(error["type"], error["msg"].removeprefix("Value error, "))
    return ConfigError(problem, found=found, expected=expected, to_do=typing_hint(str(given)))


def _by_name(content: Any, keys: list[int | str]) -> list[str]:
    """The keys, with list members called by their id if they have one: my-rule.action, not rules.0.action."""
    named: list[str] = []
    for key in keys:
        content = content[key]
        called = content.get("id") if isinstance(key, int) and isinstance(content, dict) else None
        named = [str(called)] if isinstance(called, str) else [*named, str(key)]
    return named


def _unknown_key(wrong: str, keys: list[str], model: type[BaseModel]) -> ConfigError:
    place = ".".join(keys)
    names = _field_names(model)
    belongs_elsewhere = Text("删去：它属于别的层级", "take it out: it belongs to another part of the file")
    hint = belongs_elsewhere if wrong in names else typing_hint(wrong) or did_you_mean(wrong, names)
    return ConfigError(Text(f"不认识“{place}”", f"'{place}' is not known here"), to_do=hint)


def _missing_key(name: str, keys: list[str], whole: str) -> ConfigError:
    place = ".".join(keys) or whole
    problem = Text(f"“{place}”里缺少“{name}”", f"'{name}' is missing in '{place}'")
    return ConfigError(problem, to_do=Text(f"补上 {name}: …", f"add {name}: …"))


def did_you_mean(wrong: str, known: Iterable[str]) -> Text | str:
    """The suggestion for a misspelt name; empty if nothing is close."""
    close = get_close_matches(wrong, list(known), n=1)
    return Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else ""


def typing_hint(text: str) -> Text | str:
    """What to type instead of full-width signs that a Chinese keyboard puts in the place of YAML's own."""
    wide = WIDE.search(text)
    if not wide:
        return ""
    sign = wide.group().strip()[-1]
    return Text(
        f"全角“{sign}”改成半角“{HALF[sign]}”", f"type the half-width '{HALF[sign]}' instead of '{sign}'"
    )


def _grammar(fault: MarkedYAMLError, text: str, path: Path) -> ConfigError:
    mark = fault.problem_mark or fault.context_mark
    where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
    lines = text.splitlines()
    # The mistake is often on the line before the one where the parser notices it.
    near = lines[max(mark.line - 1, 0) : mark.line + 1] if mark else []
    said = str(fault.problem or fault.context)
    shown = next((line for line in near if WIDE.search(line)), near[-1] if near else "")
    problem, to_do = Text("YAML 写法不对", "this is not valid YAML"), typing_hint("\n".join(near))
    if any("\t" in line[: len(line) - len(line.lstrip())] for line in near) or "'\\t'" in said:
        to_do = Text("缩进用空格，不能用制表符（Tab）", "indent with spaces, not with tabs")
    elif not to_do:
        to_do = Text(
            "检查这一行和上一行：缩进是否对齐，冒号后是否有空格，括号和引号是否成对",
            "look at this line and the one above: indentation in line, a space after the colon, "
            "brackets and quotes closed",
        )
    return ConfigError(problem, where=where, found=shown.strip()[:80] or said, to_do=to_do)


def written_keys(content: Any, loc: tuple[int | str, ...]) -> list[int | str]:
    """The part of a pydantic location that exists in the file: pydantic adds the alternatives it tried."""
    keys: list[int | str] = []
    for part in loc:
        inside = isinstance(content, dict) and part in content
        inside = inside or (isinstance(content, list) and isinstance(part, int) and part < len(content))
        if inside:
            keys.append(part)
            content = content[part]
    return keys


def _field_names(model: type[BaseModel]) -> list[str]:
    """All key names that occur in a model and the models inside it."""
    schema = model.model_json_schema()
    models = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for part in models for name in part.get("properties", {})})
