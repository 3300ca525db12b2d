"""Rules in config: the pack, its settings and conditions, and the verdict of every row."""

from ppc_tuner.judge.outlook import with_outlook
from ppc_tuner.judge.pack import Pack, load_pack
from ppc_tuner.judge.told import with_told
from ppc_tuner.judge.verdicts import with_verdicts

__all__ = ["Pack", "load_pack", "with_outlook", "with_told", "with_verdicts"]
