"""Rules in config: the pack, its settings and conditions, and the verdict of every row."""

from ppc_tuner.judge.judgement import Judgement, kept_by_gates, permit
from ppc_tuner.judge.pack import Pack, load_pack
from ppc_tuner.judge.verdicts import write

__all__ = ["Judgement", "Pack", "kept_by_gates", "load_pack", "permit", "write"]
