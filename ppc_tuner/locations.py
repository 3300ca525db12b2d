"""The folders of rule packs and sample data: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def rules_folder() -> Path:
    """The folder of the shipped rule packs."""
    return _folder("rules")


def sample_folder() -> Path:
    """The folder of the synthetic sample exports."""
    return _folder("sample_data")
