"""`python -m ppc_tuner`: the command line."""

from ppc_tuner.cli import run

run()
