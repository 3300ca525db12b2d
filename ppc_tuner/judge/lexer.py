"""A normalising lexer: what people type in a condition → what the parser reads, with original positions.

Full-width signs and digits of a Chinese keyboard, ≥ ≤ ≠ × ÷, curly quotes, 且 或 非 and percentages (30%)
are read as intended; quoted texts are left alone. A sign that means nothing here is refused with what to
type instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from ppc_tuner.text import Text

TOKEN: Final = re.compile(
    r"""(?P<blank>\s+)
    |(?P<text>["“”＂][^"“”＂]*["“”＂]|['‘’＇][^'‘’＇]*['‘’＇])
    |(?P<money>[¥￥$€£]\s*(?=\d))
    |(?P<thousands>\d{1,3}(?:[,，]\d{3})+(?![\d,，]))
    |(?P<number>\d+(?:[.．]\d+)?(?:[eEｅＥ][+-]?\d+)?)(?P<unit>\s*(?:万|千|百|元|块|次|个|天|笔|倍|单|分))?(?P<percent>\s*[%％])?
    |(?P<joint>并且|而且|且|或者|或)
    |(?P<word>[^\W\d且或][^\W且或]*)
    |(?P<comparison>[<>=!＜＞＝！≥≤≠]+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
SIGNS: Final = dict(
    zip(
        "（）＋－＊／×÷，、．［］【】≥≤≠＜＞＝！",
        [*"()+-*/*/,,.[][]", ">=", "<=", "!=", *"<>=!"],
        strict=True,
    )
)
ALLOWED: Final = "()+-*/,.[]"
COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")
MEANT: Final = {
    "=": "==",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "===": "==",
    "!": "not",
    "!==": "!=",
    "><": "!=",
}
WORDS: Final = {
    "且": "and", "并且": "and", "而且": "and", "和": "and",
    "或": "or", "或者": "or", "非": "not", "不": "not",
    "AND": "and", "OR": "or", "NOT": "not", "And": "and", "Or": "or", "Not": "not", "IN": "in", "In": "in",
    "真": "true", "假": "false", "TRUE": "true", "FALSE": "false", "True": "true", "False": "false",
}  # fmt: skip
INSTEAD: Final = {"&": "and", "|": "or", "；": "and", ";": "and", "：": ",", "。": ".", "^": "*"}


class ConditionError(Exception):
    """A fault of a condition: `offset` (0-based) and `length` in characters, what is wrong, what to write."""

    def __init__(self, offset: int, problem: Text, to_do: Text | str = "", length: int = 1) -> None:
        super().__init__(problem.en)
        self.offset, self.problem, self.to_do, self.length = offset, problem, to_do, length


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text`: one line for the parser; `places`: the original offset of each of its characters; `percents`:
    the original offsets of percentages."""

    text: str
    places: tuple[int, ...]
    percents: frozenset[int]

    def offset(self, at: int) -> int:
        """The original offset of the parser's at-th character; the end of the original if it lies beyond."""
        if not self.places:
            return 0
        return self.places[at] if at < len(self.places) else self.places[-1] + 1


def normalised(source: str) -> Normalised:
    """The condition as the parser reads it. ConditionError: a sign that has no meaning here."""
    text, places, percents = "", [], set()
    for token in TOKEN.finditer(source):
        in_list = text.count("[") > text.count("]")
        written = _written(token, in_list)
        if token["percent"]:
            percents.add(token.start())
        text += written
        # A token that became longer or shorter still points at where it began, as far as the original goes.
        places += [min(token.start() + number, token.end()) for number in range(len(written))]
    return Normalised(text, tuple(places), frozenset(percents))


def _written(token: re.Match[str], in_list: bool) -> str:
    given, kind = token.group(), token.lastgroup
    if kind == "thousands" and in_list:
        # 100,200 in a list are two numbers.
        return normalize("NFKC", given)
    _refuse_sum(token)
    if kind == "blank":
        return " "
    if kind == "text":
        return repr(given[1:-1])
    if token["number"]:
        number = normalize("NFKC", token["number"])
        # The blank keeps a word that follows directly apart from the number.
        return f"{float(number) / 100!r} " if token["percent"] else f"{number} "
    if kind == "joint":
        return f" {WORDS[given]} "
    if kind == "word":
        return WORDS.get(given, normalize("NFKC", given))
    if kind == "comparison":
        return _comparison(token)
    return _sign(token)


def _refuse_sum(token: re.Match[str]) -> None:
    """ConditionError for amounts with a unit, a currency sign, or commas at the thousands."""
    if token["money"]:
        problem = Text("金额前不写货币符号", "no sign of money before a number")
        raise ConditionError(token.start(), problem, Text("只写数字", "write the number alone"))
    if token["thousands"]:
        problem = Text("数字里不要逗号", "no commas inside a number")
        plain = normalize("NFKC", token["thousands"]).replace(",", "")
        raise ConditionError(
            token.start(), problem, Text(f"写成 {plain}", f"write {plain}"), len(token.group())
        )
    if token["unit"]:
        unit = token["unit"].strip()
        number = float(normalize("NFKC", token["number"])) * {"万": 10_000, "千": 1_000, "百": 100}.get(
            unit, 1
        )
        problem = Text(f"数字后面不写“{unit}”", f"no '{unit}' behind a number")
        to_do = Text(f"写成 {number:.10g}", f"write {number:.10g}")
        raise ConditionError(token.start(), problem, to_do, len(token.group()))


def _comparison(token: re.Match[str]) -> str:
    given = "".join(SIGNS.get(letter, letter) for letter in token.group())
    if given in COMPARISONS:
        return given
    meant = MEANT.get(given)
    problem = Text(f"“{token.group()}”不是比较符号", f"'{token.group()}' does not compare")
    to_do: Text | str = " ".join(COMPARISONS)
    if meant:
        to_do = Text(f"写成 {meant}", f"write {meant}")
    raise ConditionError(token.start(), problem, to_do, len(token.group()))


def _sign(token: re.Match[str]) -> str:
    given = token.group()
    sign: str = SIGNS.get(given, given)
    if sign in ALLOWED:
        return sign
    if given in "\"“”＂'‘’＇":
        problem = Text("引号不成对", "this quote has no partner")
        raise ConditionError(token.start(), problem, Text("前后都要引号", "put quotes on both sides"))
    if given in "%％":
        problem = Text("% 只能跟在数字后面", "% can only follow a number")
        raise ConditionError(token.start(), problem, "ctr_raw < 2%")
    meant = INSTEAD.get(given, "")
    problem = Text(f"条件里不能用“{given}”", f"'{given}' is not allowed in a condition")
    raise ConditionError(token.start(), problem, Text(f"写成 {meant}", f"write {meant}") if meant else "")
