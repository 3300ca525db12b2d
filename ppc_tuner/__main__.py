"""`python -m ppc_tuner`: the command line."""

from __future__ import annotations


def main() -> None:
    """Entry point: an interrupt while modules are loaded is no fault either."""
    try:
        from ppc_tuner.cli import run
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    run()


if __name__ == "__main__":
    main()
