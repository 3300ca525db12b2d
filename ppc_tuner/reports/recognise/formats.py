"""Platforms as declarations: the models of formats/*.yaml, and how they are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from babel.numbers import get_currency_precision
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML

from ppc_tuner.columns import FACTS, TEXT_KINDS
from ppc_tuner.declarations import Declared, checked, did_you_mean, read_source
from ppc_tuner.errors import ConfigError
from ppc_tuner.reports.recognise.header import DAYS, telling_names
from ppc_tuner.reports.recognise.upload_formats import Upload
from ppc_tuner.text import Text
from ppc_tuner.yaml_positions import Source

CANONICAL: Final = "canonical"
FORMATS: Final = Path(__file__).parents[1] / "formats"
NAMES: Final = (*FACTS, "level")
PLATFORM_KEYS: Final = ("pack", "bid", "delay", "encodings")
Reason = Literal["package", "smart_bidding", "site_wide", "audience", "negative"]
Role = Literal["report", "bids", "either", "candidates"]
Level = Literal["keyword", "search_term", "item"]


def _as_text(value: Any) -> Any:
    return Text(value, value) if isinstance(value, str) else value


def _known(names: Iterable[str], *, text_only: bool = False) -> None:
    allowed = [n for n in NAMES if not text_only or n == "level" or FACTS[n].kind in TEXT_KINDS]
    for name in names:
        if name not in allowed:
            near = did_you_mean(name, allowed)
            kind = "text column" if text_only else "canonical column"
            raise ValueError(f"{name} is no {kind}; {near}" if near else f"{name} is no {kind}")


def _header_names(value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Names of headers by canonical column. ValueError for a column or a `{mark}` that there is not."""
    _known(value)
    marks = [mark for names in value.values() for name in names for mark in re.findall(r"\{\w*\}", name)]
    strange = next((mark for mark in marks if mark != DAYS), None)
    if strange:
        raise ValueError(f"{strange} stands for nothing; only {DAYS} does")
    return value


TwoLanguages = Annotated[Text, BeforeValidator(_as_text)]


class BidRules(Declared):
    """increment, floor: money in the account's currency. by_device: the platform bids on each device
    apart."""

    increment: float = Field(gt=0)
    floor: float = Field(ge=0)
    by_device: bool
    pausable: bool
    why: TwoLanguages | None = None

    def in_currency(self, currency: str) -> BidRules:
        """The same where no money of the currency (ISO 4217; empty: not known) is smaller than its smallest
        unit (Unicode CLDR): yen and won are whole."""
        smallest = 10.0 ** -get_currency_precision(currency) if currency else 0.0
        if smallest <= self.increment:
            return self
        return self.model_copy(update={"increment": smallest, "floor": max(self.floor, smallest)})


class Delay(Declared):
    """curve: share of the final orders known 1, 2, 3 … days after the click day; drop_days: newest days left
    out."""

    curve: tuple[float, ...] = Field(min_length=1)
    drop_days: int = Field(ge=0, le=30)
    why: TwoLanguages

    @field_validator("curve")
    @classmethod
    def rising(cls, curve: tuple[float, ...]) -> tuple[float, ...]:
        if not all(0 < share <= 1 for share in curve) or list(curve) != sorted(curve):
            raise ValueError("a delay curve rises from above 0 to at most 1")
        return curve


class Platform(Declared):
    """What later stations need to know of a platform. keyword_report: the report that bids are decided on;
    found_at: where on the platform it is downloaded."""

    id: str
    name: Text
    pack: str
    bid: BidRules
    delay: Delay
    keyword_report: Text | None = None
    found_at: Text | None = None


class StatusRule(Declared):
    """A row is live only if none of the `columns` holds one of the words of `paused`; what is neither among
    these nor among those of `live`, where any are given, is told."""

    columns: tuple[str, ...] = Field(min_length=1)
    paused: tuple[str, ...] = Field(min_length=1)
    live: tuple[str, ...] = ()


class Unbiddable(Declared):
    """Rows no bid can reach: where a column of `columns` contains a word of `when`, or none of `unless`."""

    columns: tuple[str, ...] = Field(min_length=1)
    reason: Reason
    when: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @model_validator(mode="after")
    def one_way(self) -> Unbiddable:
        if bool(self.when) == bool(self.unless):
            raise ValueError("give either `when` or `unless`")
        return self


class TotalRows(Declared):
    """Rows that sum up others: a cell of the first `within` columns is, or begins with (label ending in `:`),
    a label. unlisted: labels of those that sum up what the report does not list."""

    labels: tuple[str, ...] = Field(min_length=1)
    unlisted: tuple[str, ...] = ()
    within: int = Field(default=6, ge=1)


class RowKinds(Declared):
    """Sheets that mix kinds of rows: those are facts in which a column of `columns` holds one of `keep`.

    A row of a kind in `parents` (an ad group) lends its bid, in a column of `parent_bid` where that is
    another one, to the rows below it that have none of their own. Rows of a kind in `negatives` are negatives
    that stand already. only: a column, where the sheet has it, and
    what it must hold in rows that are facts. Rows of a kind in `placements` say by how much (a column of
    `increase`) the campaign raises its bids on a placement (a column of `placement`).
    """

    columns: tuple[str, ...] = Field(min_length=1)
    keep: tuple[str, ...] = Field(min_length=1)
    parents: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()
    parent_bid: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    placements: tuple[str, ...] = ()
    placement: tuple[str, ...] = ()
    increase: tuple[str, ...] = ()


class OtherReport(Declared):
    """A report of the platform that holds no words: one that has a column of `by` beside figures, or beside
    none where `without_figures`."""

    name: TwoLanguages
    by: tuple[str, ...] = Field(min_length=1)
    without_figures: bool = False


class Conventions(Declared):
    """How a layout writes things. Given for the platform, and where it differs for the layout."""

    columns: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    stand_ins: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    filled_from: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    unknown: dict[str, tuple[float | str, ...]] = Field(default_factory=dict)
    remarks: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    status: StatusRule | None = None
    unbiddable: tuple[Unbiddable, ...] = ()
    totals: TotalRows | None = None
    rows: RowKinds | None = None
    ctr: tuple[str, ...] = ()
    period: Literal["columns", "activity", "preamble", "name"] | None = None
    percent: Literal["fraction", "percent"] | None = None
    decimal: Literal[".", ","] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    date_formats: tuple[str, ...] = ()

    @field_validator("columns", "stand_ins")
    @classmethod
    def canonical(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return _header_names(value)

    @field_validator("constants", "values")
    @classmethod
    def canonical_text(cls, value: dict[str, Any]) -> dict[str, Any]:
        _known(value, text_only=True)
        return value

    @field_validator("unknown", "parts", "remarks", "filled_from")
    @classmethod
    def canonical_numbers(cls, value: dict[str, Any]) -> dict[str, Any]:
        _known(value)
        return value


class StatusWords(Declared):
    """What the columns of a status are called in a language, and its words for paused and live."""

    columns: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()
    live: tuple[str, ...] = ()


class Language(Declared):
    """How the reports of a platform are written in one more language.

    All of it comes after what the platform and its layouts declare: a name of theirs wins. totals: labels of
    total rows.
    """

    columns: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    status: StatusWords = StatusWords()
    totals: tuple[str, ...] = ()

    @field_validator("columns")
    @classmethod
    def canonical(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return _header_names(value)


class Layout(Conventions):
    """One kind of report of a platform; `required` and `forbidden` columns identify it.

    role: `bids` for a list that holds bids and no figures that count; `either` for a table of bids and
    figures, which is a list of bids beside another report of the platform and level, or without figures;
    `candidates` for a list of words that could be added, as platforms' word tools export them.
    within: required columns of the place that the download leaves out where it was made inside one campaign
    or ad group, the widest first. asks: columns that the report has under a name nobody has seen yet; such a
    file is recognised, and the person is asked to name in a format file those that are not declared by then.
    """

    id: str
    name: TwoLanguages
    level: Level
    role: Role = "report"
    confirmed: bool
    required: tuple[str, ...] = Field(min_length=1)
    forbidden: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def place_is_required(self) -> Layout:
        if not set(self.within) <= set(self.required):
            raise ValueError("`within` names columns that `required` names too")
        return self

    @property
    def always(self) -> tuple[str, ...]:
        """The columns that no download of the layout leaves out."""
        return tuple(name for name in self.required if name not in self.within)

    @field_validator("asks")
    @classmethod
    def canonical_asks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _known(value)
        return value


class Format(Conventions):
    """A platform's file: who it is, how it bids, how late its orders are, and the layouts of its reports.

    found_at: where on the platform its keyword report is downloaded; others: its reports without words;
    candidates: its lists of words to add, which are asked for apart and never taken for a report; uploads:
    what it takes back, the first way that has a line for a change being the one for it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: TwoLanguages
    pack: str
    bid: BidRules
    delay: Delay
    encodings: tuple[str, ...] = ()
    found_at: TwoLanguages | None = None
    others: tuple[OtherReport, ...] = ()
    layouts: tuple[Layout, ...] = Field(min_length=1)
    candidates: tuple[Layout, ...] = ()
    uploads: tuple[Upload, ...] = ()
    languages: dict[str, Language] = Field(default_factory=dict)

    @model_validator(mode="after")
    def identifiable(self) -> Format:
        for layout in (*self.layouts, *self.candidates):
            columns = conventions(self, layout).columns
            missing = [name for name in (*layout.required, *layout.forbidden) if name not in columns]
            if missing:
                raise ValueError(f"layout {layout.id}: no column names are given for {', '.join(missing)}")
        return self

    @cached_property
    def layouts_read(self) -> tuple[tuple[Layout, Conventions], ...]:
        """Every layout with its conventions: put together once, whatever the number of files."""
        return tuple((layout, conventions(self, layout)) for layout in self.layouts)

    @cached_property
    def candidates_read(self) -> tuple[tuple[Layout, Conventions], ...]:
        """The same of the lists of words to add."""
        return tuple((layout, conventions(self, layout)) for layout in self.candidates)

    @cached_property
    def telling(self) -> frozenset[str] | None:
        """Names of which every header of the platform has one, as header.names_of tells them; None where no
        such names are known."""
        each = [telling_names(ways.columns, layout.always) for layout, ways in self.layouts_read]
        return None if None in each else frozenset().union(*(names for names in each if names))

    def platform(self) -> Platform:
        reports = (one.name for one in self.layouts if one.level == "keyword" and one.role == "report")
        return Platform(
            id=self.id,
            name=self.name,
            pack=self.pack,
            bid=self.bid,
            delay=self.delay,
            keyword_report=next(reports, None) if self.id != CANONICAL else None,
            found_at=self.found_at,
        )


def conventions(form: Format, layout: Layout) -> Conventions:
    """The platform's conventions with the layout's own on top: maps are merged by key, all else is
    replaced. Reports (not lists of bids) may be in any of the platform's languages."""
    merged: dict[str, Any] = {}
    for name in Conventions.model_fields:
        general, own = getattr(form, name), getattr(layout, name)
        merged[name] = {**general, **own} if isinstance(own, dict) else (own or general)
    if layout.role == "report" and form.languages:
        _add_languages(merged, tuple(form.languages.values()))
    # Last of all: a column of its own, in any language, goes before what stands in for it.
    merged["columns"] = _joined([merged["columns"], merged["stand_ins"]])
    return Conventions.model_construct(**merged)


def _add_languages(merged: dict[str, Any], languages: Sequence[Language]) -> None:
    """Adds the names of languages to conventions, behind those that are there: no column that the layout has
    not."""
    columns, values = merged["columns"], merged["values"]
    more = _joined([columns, *(language.columns for language in languages)])
    merged["columns"] = {name: more[name] for name in columns}
    merged["values"] = {
        name: _joined([values.get(name, {}), *(language.values.get(name, {}) for language in languages)])
        for name in dict.fromkeys((*values, *(name for language in languages for name in language.values)))
    }
    if merged["totals"] is not None:
        labels = _chained([merged["totals"].labels, *(language.totals for language in languages)])
        merged["totals"] = merged["totals"].model_copy(update={"labels": labels})
    if merged["status"] is not None:
        rules = [merged["status"], *(language.status for language in languages)]
        words = {name: _chained(getattr(rule, name) for rule in rules) for name in StatusRule.model_fields}
        merged["status"] = merged["status"].model_copy(update=words)


def _joined(parts: Iterable[dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """The names of every key, those of the first part first."""
    names: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for key, more in part.items():
            names[key] = (*names.get(key, ()), *more)
    return names


def _chained(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(one for part in parts for one in part)


@cache
def built_in() -> tuple[Format, ...]:
    """The formats that come with the program, by id; what one leaves out is that of the canonical table."""
    contents = {file: _own_content(file) for file in sorted(FORMATS.glob("*.yaml"))}
    needed = _needed(contents[_file_of(CANONICAL)])
    try:
        return tuple(Format.model_validate(needed | content) for content in contents.values())
    except (ValidationError, TypeError):
        general = read_source(_file_of(CANONICAL)).content
        return tuple(_completed(read_source(file), general) for file in contents)


def all_formats(own: Iterable[str | Path | Format] = ()) -> tuple[Format, ...]:
    """The built-in formats and the user's own; one of the user's replaces a built-in one of the same id.

    Raises ConfigError for a file that cannot be read or does not fit the schema.
    """
    given = [form if isinstance(form, Format) else load_format(Path(form)) for form in own]
    chosen = {form.id: form for form in (*built_in(), *given)}
    return tuple(chosen.values())


def load_format(path: Path) -> Format:
    """A user's own format file. `extends: ID` takes everything it leaves out from the built-in format of that
    id; else pack, bid, delay and encodings may be left out: then those of the canonical table apply.

    Raises ConfigError with file, line, what was found and what expected.
    """
    source = read_source(path)
    content = source.content
    if not isinstance(content, dict):
        return checked(source, Format)
    base = _base_of(content, path)
    own = {key: value for key, value in content.items() if key != "extends"}
    if "extends" not in content:
        return _completed(source, base)
    merged = base | own
    for name in ("columns", "stand_ins", "parts", "filled_from", "constants", "values", "unknown", "remarks"):
        if isinstance(own.get(name), dict):
            merged[name] = base.get(name, {}) | own[name]
    if isinstance(own.get("layouts"), list):
        given = {layout.get("id") for layout in own["layouts"] if isinstance(layout, dict)}
        merged["layouts"] = own["layouts"] + [one for one in base["layouts"] if one["id"] not in given]
    if isinstance(own.get("columns"), dict):
        # Under other names nobody has compared the totals with a real file.
        written = own.get("layouts") or []
        merged["layouts"] = [
            one if one in written else one | {"confirmed": False} for one in merged["layouts"]
        ]
    return checked(source, Format, merged)


def _completed(source: Source, general: dict[str, Any]) -> Format:
    """The format of a file, which may leave out what every platform needs."""
    content = source.content
    return checked(source, Format, _needed(general) | content if isinstance(content, dict) else None)


def _file_of(name: str) -> Path:
    return FORMATS / f"{name}.yaml"


def _base_of(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The raw content of the format that a user's file is completed from."""
    name = str(content.get("extends", CANONICAL))
    known = [form.id for form in built_in()]
    if name not in known:
        raise ConfigError(
            Text(f"没有内置格式“{name}”", f"there is no built-in format '{name}'"),
            where=str(path),
            expected=", ".join(known),
            to_do=did_you_mean(name, known),
        )
    return _needed(_own_content(_file_of(CANONICAL))) | _own_content(_file_of(name))


def _own_content(file: Path) -> dict[str, Any]:
    """What one of our own files holds: it may have anchors, and nothing in it does harm."""
    content: dict[str, Any] = YAML(typ="safe").load(file)
    return content


def _needed(general: dict[str, Any]) -> dict[str, Any]:
    """What every platform needs and its file may leave out."""
    return {name: general[name] for name in PLATFORM_KEYS}
