"""Conditions and packs made to do harm or to break the reader: pieces of code, of YAML, of other alphabets.

`harmless_condition` and `harmless_pack` are what must hold of each of them; benchmarks/fuzz_packs.py runs
them longer.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import ppc_tuner
from ppc_tuner.judge import Pack, load_pack, permit, write
from ppc_tuner.judge.conditions import read_condition
from ppc_tuner.rulebook import check_pack

SETTINGS = {"act": 0.9, "objective": "profit", "target_cpa": None}
FRAME = pd.DataFrame(
    {"clicks": [1.0, np.nan], "cost": [0.0, 5.0], "keyword": ["羽绒服", np.nan], "kind": ["head", np.nan]}
)
ROWS = pd.concat([FRAME] * 3, ignore_index=True).assign(
    level="keyword", proposal=["raise", "lower", "delete"] * 2, step_up=0.1, step_down=-0.1, currency="CNY"
)
PIECES = [
    "clicks", "cost", "kind", "keyword", "点击", "花费", "词类", "settings.act", "settings.objective",
    "item.ctr_low", "biddable",
    "10", "1e308", "0", "-1", "5%", "９９", "\"head\"", "'大词'", "“x”", " and ", " or ", " not ", "且", "或",
    " in ", "==", "!=", "<", ">=",
    "＞", "≤", "+", "-", "*", "/", "**", "//", "%", "(", ")", "[", "]", "{", "}", ",", ":", ";", "：", "；",
    "。", "known(", "contains(",
    "abs(", "min(", "max(", "true", "false", "None", "...", ":=", "lambda: ", "await ", "yield ", "for c in ",
    "if ", "else ", "import os",
    "__import__('os').system('touch harmed')", "open('harmed','w')", "eval(", "exec(", "().__class__.__mro__",
    ".__globals__", ".to_csv('harmed')",
    "@", "#", "\\", "\n", "\t", "\x00", "\u202e", "f\"{clicks}\"", "b\"x\"", "9" * 400, "(" * 60, "not " * 60,
    "-" * 80, "𝒄𝒍𝒊𝒄𝒌𝒔", "é", "\U0001f600",
]  # fmt: skip
LINES = [
    "a: &a [x, x]", "b: *a", "<<: *a", "pack: !!python/object/apply:os.system ['touch harmed']",
    "extends: /etc/passwd", "extends: ../x.yaml",
    "extends: [common, common, mine]", "extends: given", "settings: {act: .inf}", "settings: {act: .nan}",
    "settings: []", "settings: {max_step: {value: {}}}",
    "groups: {a: b, b: a}", "groups: {clicks: cost > 1}", "gates: 3", "rules: {}", "rules: [[]]",
    "rules: [{}]", "otherwise: []", "? [a]\n: b",
    "- x", "\tx: 1", "x: |\n  y", "%TAG ! x", "---", "...", "\ufeff", "name: {zh: a}", "[" * 50, "{a: " * 50,
    "pack: 1", "'", '"', "#",
]  # fmt: skip
PACK = """pack: mine
extends: common
groups:
  own: {group}
gates:
  - id: g
    when: {gate}
    forbids: {forbids}
    reason: {{zh: "{zh}", en: b}}
rules:
  - id: r
    when: >-
      {rule}
    action: {action}
    max_step: {step}
    reason: {{zh: a, en: '{en}'}}
{last}
"""
SOUND = ["clicks > 1", "true", "not known(roas)", 'kind == "head" or cost > 1', "item.ctr_low", "own"]
ACTIONS = ["raise", "lower", "delete", "exclude", "watch", "keep", "fix_page"]

conditions = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map(" ".join),
    st.text(max_size=60),
)
reasons = st.one_of(
    st.sampled_from(["{clicks}", "{clicks.__class__}", "{0}", "{", "}", "{clicks!r:>999999999}",
    "{settings.act.x}", "[{roas}", "{clicks:%s}"]),
    st.text(max_size=20),
)  # fmt: skip
packs = st.one_of(
    st.builds(
        PACK.format, group=conditions, gate=conditions, rule=conditions, zh=reasons, en=reasons,
        step=st.sampled_from(["0.1", "10%", "settings.act", "9e999", "[]"]),
        forbids=st.just("[raise]"), action=st.just("lower"), last=st.just(""),
    ),
    # Most of these are right, and have to decide.
    st.builds(
        PACK.format, group=st.sampled_from(SOUND[:-1]), gate=st.sampled_from(SOUND),
        rule=st.sampled_from(SOUND), zh=st.just("{clicks}"), en=st.just("[{roas}]"),
        step=st.just("10%"),
        forbids=st.lists(st.sampled_from(ACTIONS), max_size=5).map(lambda names: f"[{', '.join(names)}]"),
        action=st.sampled_from(ACTIONS),
        last=st.sampled_from(ACTIONS).map(
            lambda action: f"otherwise: {{action: {action}, reason: {{zh: a, en: b}}}}"
        ),
    ),
    st.lists(st.sampled_from([*LINES, *PACK.splitlines()]), max_size=20).map("\n".join),
    st.text(max_size=200),
)  # fmt: skip


INSTALLED = (sys.prefix, sys.base_prefix, str(Path(ppc_tuner.__file__).parent))


class Watch:
    """Notes what the interpreter is asked to open, run or connect to while it is on."""

    FORBIDDEN = (
        "exec",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "subprocess.Popen",
        "socket.connect",
        "ctypes.dlopen",
    )

    def __init__(self) -> None:
        self.on, self.allowed = False, ""
        self.seen: list[str] = []
        sys.addaudithook(self.note)

    def note(self, event: str, given: tuple[object, ...]) -> None:
        if not self.on:
            return
        where = str(getattr(given[0], "co_filename", given[0])) if given else ""
        # Modules that are imported when first needed.
        if event in ("open", "exec") and where.startswith((*INSTALLED, self.allowed)):
            return
        if event in self.FORBIDDEN or event == "open":
            self.seen.append(f"{event} {given!r:.200}")


WATCH = Watch()


def harmless_condition(source: str) -> None:
    """It is refused with a place inside it, or runs to true, false or unknown; nothing is opened or run."""
    WATCH.seen, WATCH.allowed, WATCH.on = [], "nothing may be opened", True
    try:
        condition, faults = read_condition(source, SETTINGS, {})
        truth = condition.run(FRAME) if condition else None
    finally:
        WATCH.on = False
    assert not WATCH.seen, WATCH.seen
    assert (condition is None) == bool(faults)
    assert all(0 <= fault.offset <= max(len(source), 1) and fault.length >= 1 for fault in faults)
    if truth is not None:
        assert not np.any(np.asarray(truth.yes) & np.asarray(truth.no))


def decided_by(pack: Pack) -> pd.DataFrame:
    """The verdicts of ROWS by a pack."""
    return write(ROWS, permit(ROWS, pack), pack)


def harmless_pack(text: str, folder: Path, rules: Path) -> None:
    """Its faults have places in the file (or a base), only packs are opened, and faultless it decides."""
    path = folder / "given.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    lines = text.count("\n") + text.count("\r") + 2
    WATCH.seen, WATCH.allowed, WATCH.on = [], str(folder), True
    try:
        faults = check_pack(path, rules)
        decided = None if faults else decided_by(load_pack(path, rules))
    finally:
        WATCH.on = False
    if decided is not None:
        # Whatever a pack that is right says, every word gets one of the actions.
        assert set(decided["action"]) <= {"raise", "lower", "delete", "watch", "keep"}
    opened = [event for event in WATCH.seen if str(rules) not in event]
    assert not opened, opened
    for fault in faults:
        assert fault.place.line >= 1
        assert fault.place.column >= 1
        assert fault.place.file != str(path) or fault.place.line <= lines
        assert fault.render("zh")
        assert fault.render("en")
    assert not list(folder.glob("*harmed*"))
