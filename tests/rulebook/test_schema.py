"""The JSON Schema from which editors complete: right, content with shipped packs, not with broken ones."""

from __future__ import annotations

import copy

import pytest
from ruamel.yaml import YAML

from ppc_tuner.locations import rules_folder
from ppc_tuner.rulebook import pack_schema, shipped_packs

jsonschema = pytest.importorskip("jsonschema")
MINE = {
    "pack": "mine",
    "extends": ["platform", "cautious"],
    "settings": {"max_step": "8%", "act": 0.9, "own": {"value": 3, "unit": "days"}},
    "groups": {"thin": "margin < 25%"},
    "rules": [{"id": "too-dear", "enabled": False}],
    "outcomes": [{"id": "learning", "reason": {"zh": "学", "en": "to learn"}}],
    "what_would_change": [{"id": "keep", "reason": {"zh": "变", "en": "moves"}}],
    "otherwise": {"action": "watch", "reason": {"zh": "看", "en": "see"}},
}


@pytest.fixture(scope="module")
def validator():
    schema = pack_schema(rules_folder())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", shipped_packs(rules_folder()))
def test_every_shipped_pack_is_right(validator, name):
    content = YAML(typ="safe").load(rules_folder() / f"{name}.yaml")
    assert [error.message for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["settings", "max_step"], 5),
        (["settings", "objective"], "proft"),
        (["rules", 0, "enabeld"], False),
        (["rules", 0, "action"], "raze"),
        (["rules", 0, "leaves_out"], ["reasons"]),
        (["outcomes", 0, "id"], "lerning"),
        (["outcomes", 0, "action"], "keep"),
        (["what_would_change", 0, "id"], "stay"),
        (["otherwise", "action"], "raise"),
        (["gates"], [{"id": "g", "forbids": ["keep"]}]),
        (["extnds"], "common"),
    ],
)
def test_a_slip_is_marked_while_it_is_typed(validator, path, value):
    assert not list(validator.iter_errors(MINE))
    wrong = copy.deepcopy(MINE)
    inner = wrong
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    assert list(validator.iter_errors(wrong))
