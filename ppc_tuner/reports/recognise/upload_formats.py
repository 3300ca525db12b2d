"""What a platform takes back, as declared under `uploads:` of formats/*.yaml: a file it imports, or a sheet
to type in from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from pydantic import Field, model_validator

from ppc_tuner.declarations import BothLanguages, Declared, did_you_mean
from ppc_tuner.run_rows import CARRIED

Kind = Literal[
    "bid", "target_bid", "percent", "pause", "target_pause",
    "add", "negative", "campaign_negative", "negative_target",
]  # fmt: skip
Valued = Literal["match", "negative", "state", "what"]
# Of these the platform learns something new; it has no id yet by which it could be taken back.
CREATED: Final = ("add", "negative", "campaign_negative", "negative_target")
# What a cell may stand for besides the columns of a list. bid: the bid to set, in the file that restores
# today's; bid_now: today's in both; state: paused, in the file that restores live; state_now: today's in
# both; text: the word without signs of its match type, of what is created the words to add or to block;
# match, negative, state, what: as `values` call the match type, that of a negative, the state and what is to
# be done; change: in percent; note: that of the person.
MADE: Final = ("bid", "bid_now", "state", "state_now", "text", "match", "negative", "what", "change", "note")
MARK: Final = re.compile(r"\{(\w+)(\??)\}")


class UploadRow(Declared):
    """The line of one kind of change: column → cell. `{name}` stands for a value, which the platform needs to
    find the row, `{name?}` for one that may be blank. undo: cells of the line that takes back what was
    created, where the platform finds it by its text; without them it is taken back by hand.

    words, characters: most that the text may have, phrase_words: of a phrase; forbidden: signs that may not
    be in it; not_first: signs it may not begin with.
    """

    cells: dict[str, str]
    undo: dict[str, str] = Field(default_factory=dict)
    words: int | None = Field(default=None, gt=0)
    phrase_words: int | None = Field(default=None, gt=0)
    characters: int | None = Field(default=None, gt=0)
    forbidden: str = ""
    not_first: str = ""

    def marks(self) -> Iterator[tuple[str, bool]]:
        """What the cells stand for: (name, whether it may be blank)."""
        for cell in (*self.cells.values(), *self.undo.values()):
            for name, blank in MARK.findall(cell):
                yield name, bool(blank)

    @property
    def needed(self) -> tuple[str, ...]:
        """What the platform needs to be told of the row, apart from what is made of it."""
        return tuple(dict.fromkeys(name for name, blank in self.marks() if not blank and name not in MADE))


class Upload(Declared):
    """One way to bring changes to a platform.

    file: csv, xlsx, or work_sheet for people where no file is taken. confirmed: the platform has taken such a
    file. columns: in their order. numbers: columns that hold numbers where the file knows types. first:
    lines before the rows. match_syntax: words may carry the signs of their match type. batch: the line of
    text for each new bid, one block a unit, that the back office's box takes. ids: what to give where a row
    has no ids.
    """

    id: str
    name: BothLanguages
    file: Literal["csv", "xlsx", "work_sheet"]
    confirmed: bool
    columns: tuple[str, ...] = Field(min_length=1)
    rows: dict[Kind, UploadRow] = Field(min_length=1)
    sheet: str = "Sheet1"
    encoding: Literal["utf-8-sig", "utf-8", "utf-16", "gb18030"] = "utf-8-sig"
    separator: Literal[",", "\t"] = ","
    numbers: tuple[str, ...] = ()
    first: tuple[dict[str, str], ...] = ()
    values: dict[Valued, dict[str, str]] = Field(default_factory=dict)
    match_syntax: bool = False
    batch: str = ""
    where: BothLanguages
    ids: BothLanguages | None = None

    def line(self, kind: str) -> UploadRow:
        """The line of a kind of change. KeyError where there is none."""
        return {str(name): row for name, row in self.rows.items()}[kind]

    @model_validator(mode="after")
    def columns_are_known(self) -> Upload:
        known = set(self.columns)
        for line in (*self.first, *(cells for row in self.rows.values() for cells in (row.cells, row.undo))):
            for name in line:
                if name not in known:
                    raise ValueError(f"{name} is none of the columns")
        if not set(self.numbers) <= known:
            raise ValueError("`numbers` names columns that `columns` names too")
        return self

    @model_validator(mode="after")
    def marks_are_known(self) -> Upload:
        allowed = (*CARRIED, *MADE)
        batch = [(name, False) for name, _ in MARK.findall(self.batch)]
        for name, _ in (*(mark for row in self.rows.values() for mark in row.marks()), *batch):
            if name not in allowed:
                near = did_you_mean(name, allowed)
                raise ValueError(f"{{{name}}} stands for nothing" + (f"; {near}" if near else ""))
        return self
