"""Models of a rule pack's file. Editors complete from their JSON Schema (`ppc-tuner rules schema`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from ppc_tuner.declarations import BothLanguages, Declared
from ppc_tuner.judge.settings import Setting

Action = Literal[
    "raise", "lower", "delete", "add", "exclude", "watch", "keep", "fix_picture", "fix_page", "fix_data"
]
# What a gate may forbid. `keep` is what remains if all else is forbidden, so it cannot be.
Held = Literal["raise", "lower", "delete", "add", "exclude", "watch", "fix_picture", "fix_page", "fix_data"]
Level = Literal["keyword", "group", "search_term", "fragment", "item"]
WORDS: Final[tuple[Level, ...]] = ("keyword", "search_term")
# Rows that stand for many words or terms: a rule is for them only where it names them.
POOLED: Final[tuple[Level, ...]] = ("group", "fragment")
# Outcomes of the engine, and the verdicts for which it says what would change them.
OUTCOME_IDS: Final = (
    "below-increment", "budget-spent", "spend-held", "moved-with-group", "same-money",
    "wrong-deletes", "learning",
)  # fmt: skip
CHANGE_IDS: Final = ("raise", "lower", "delete", "add", "exclude", "watch", "watch_price", "keep")
# Sections whose texts are shown with a reason.
BehindReasons = Literal["details", "what_would_change"]
# Sections that must hold each of these ids and may hold no others.
CLOSED_IDS: Final = {"outcomes": OUTCOME_IDS, "what_would_change": CHANGE_IDS}
# Only keywords have bids, alone or together, only search terms and what they have in common can be excluded,
# only search terms added, and only items are fixed.
LEVELS: Final[dict[str, tuple[Level, ...]]] = {
    "raise": ("keyword", "group"), "lower": ("keyword", "group"),
    "delete": ("keyword",), "add": ("search_term",), "exclude": ("search_term", "fragment"),
    "watch": WORDS, "keep": WORDS,
    "fix_picture": ("item",), "fix_page": ("item",), "fix_data": ("item",),
}  # fmt: skip
# For rules that name no level.
USUAL_LEVELS: Final = {
    action: tuple(one for one in levels if one not in POOLED) for action, levels in LEVELS.items()
}
# `when: true` reads as a truth value in YAML.
When = Annotated[
    str,
    BeforeValidator(lambda given: str(given).lower() if isinstance(given, bool) else given),
    Field(description='条件，如 clicks >= 10 and kind == "head" · a condition over columns and settings'),
]
Id = Annotated[
    str, Field(pattern=r"^[^\s,]+$", description="名字，没有空格 · a name of its own, without blanks")
]
Reason = Annotated[
    BothLanguages,
    Field(
        description="理由，{列名} 处填数字，[ ] 里的内容在数字未知时省略，[条件 ? 内容] 只在条件成立时说 · "
        "{column} is filled in; [ ] is left out where unknown, [condition ? text] where it does not hold"
    ),
]
Why = Annotated[
    BothLanguages | None,
    Field(description="做什么、为什么、什么时候会错 · what it does, why, when it would be wrong"),
]
Advice = Annotated[
    str | None,
    Field(description="经验编号，如 A4 · the point of advice it carries out, see docs/advice.md"),
]
FromWhere = Annotated[
    BothLanguages | None,
    Field(description="没有经验编号时的出处 · where it comes from, if from no point of advice"),
]
Enabled = Annotated[
    bool,
    Field(description="false 关掉它（也可关掉继承来的） · false switches it off, an inherited one too"),
]


def _written_out(key: str) -> Callable[[Any], Any]:
    """Expands a bare value to a mapping with that one key: `max_step: 0.1` to `max_step: {value: 0.1}`."""
    return lambda given: given if isinstance(given, dict | Declared) else {key: given}


class Gate(Declared):
    """关卡：条件成立时不许做某些动作 · while its condition holds, the actions it forbids are not taken."""

    id: Id
    when: When
    forbids: list[Held] = Field(min_length=1, description="不许的动作 · the actions it forbids")
    alone: bool = Field(
        False,
        description="只拦单独动的词，不拦跟着一组一起动的 · "
        "holds back a word moved by itself, not one that moves with its group",
    )
    reason: Reason
    beside: Reason | None = Field(
        None,
        description="词仍有别的动作时，附在那条理由后面的短句；默认用 reason · "
        "said behind the reason of the action that is left; default: the reason itself",
    )
    enabled: Enabled = True
    advice: Advice = None
    source: FromWhere = None
    why: Why = None


class Decision(Declared):
    """What rules and `otherwise` share."""

    id: Id
    reason: Reason
    advice: Advice = None
    source: FromWhere = None
    why: Why = None


class Rule(Decision):
    """规则：第一条成立的说了算 · the first one whose condition holds decides."""

    when: When
    action: Action = Field(description="动作 · what is done")
    level: list[Level] | None = Field(
        None,
        description="对什么行，默认动作能用的都算，group（一组词）、fragment（词根）要写明 · "
        "for which rows; default: all that the action goes with, but group and fragment, which must be named",
    )
    max_step: str | float | None = Field(
        default=None,
        description="最多调多少：0.1、10% 或 settings.NAME · the largest change: 0.1, 10% or settings.NAME",
    )
    # For rules about whether there is anything to tune at all.
    first: bool = Field(
        False,
        description="排在扩展它的规则包的规则之前 · stays ahead of the rules of packs that extend this one",
    )
    leaves_out: list[BehindReasons] = Field(
        default_factory=list,
        description="不写的内容：没有数字能改变这个结论 · "
        "not written beside its reason: no figure could change the verdict",
    )
    learn: bool = Field(
        False,
        description="观察的词可为学习小幅提价 · words that it watches may be raised a little to learn",
    )
    enabled: Enabled = True


class Otherwise(Decision):
    """没有规则说话时的动作 · what is decided where no rule speaks."""

    id: Id = "otherwise"
    action: Literal["keep", "watch"] = Field(description="动作 · what is done")


class Outcome(Declared):
    """引擎自己的结论，在规则之后 · what the engine itself decides or adds after the rules."""

    id: Id = Field(
        description="引擎的名字，不能自己起 · one of the engine's own names",
        json_schema_extra={"enum": [*OUTCOME_IDS]},
    )
    reason: Reason
    advice: Advice = None
    source: FromWhere = None
    why: Why = None


class Detail(Declared):
    """“为什么这么多”里的一个数字，未知时省略 · a figure behind the reason, said in `details` where known."""

    id: Id
    reason: Reason


class WhatWouldChange(Declared):
    """什么会改变结论，每种动作一句 · what would change a verdict, a sentence for each action."""

    id: Id = Field(
        description="动作；watch_price 是再多点击也看不出来的观察 · "
        "the action; watch_price: watched, but more clicks will not tell",
        json_schema_extra={"enum": [*CHANGE_IDS]},
    )
    reason: Reason


class Group(Declared):
    """有名字的条件，可在条件里直接用 · a named condition, usable by its name in conditions."""

    when: When
    why: Why = None


class PackFile(Declared):
    """规则包 · a rule pack of ppc_tuner."""

    pack: str = Field(description="规则包的名字 · the pack's name")
    extends: str | list[str] | None = Field(
        None,
        description="在哪些规则包之上；platform 表示报表平台自己的 · "
        "the pack(s) it builds on; platform: that of the report's platform",
    )
    name: BothLanguages | None = None
    why: Why = None
    settings: dict[str, Annotated[Setting, BeforeValidator(_written_out("value"))]] = Field(
        default_factory=dict, description="想调的数字 · the numbers to turn"
    )
    groups: dict[str, Annotated[Group, BeforeValidator(_written_out("when"))]] = Field(
        default_factory=dict, description="有名字的条件 · named conditions"
    )
    gates: list[Gate] = Field(default_factory=list, description="关卡 · gates")
    rules: list[Rule] = Field(
        default_factory=list, description="规则，第一条成立的说了算 · the first match decides"
    )
    otherwise: Otherwise | None = Field(
        None, description="没有规则说话时 · where no rule speaks; it must not hold a condition"
    )
    outcomes: list[Outcome] = Field(
        default_factory=list,
        description="引擎自己的结论和理由 · what the engine decides or adds by itself, and its reasons",
    )
    details: list[Detail] = Field(
        default_factory=list,
        description="理由背后的数字，写在“细节”列 · the figures behind a reason, in the column details",
    )
    what_would_change: list[WhatWouldChange] = Field(
        default_factory=list, description="什么会改变结论 · what would change a verdict"
    )
