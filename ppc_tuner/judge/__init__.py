"""Rules in config: the pack, its settings and conditions, and the verdict of every row."""

from ppc_tuner.judge.judgement import Judgement, permit
from ppc_tuner.judge.pack import Pack, load_pack
from ppc_tuner.judge.verdicts import write

__all__ = ["Judgement", "Pack", "load_pack", "permit", "write"]
