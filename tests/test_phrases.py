"""Words and phrases as negatives match them: whole words, and neighbouring characters where there are no
spaces."""

from __future__ import annotations

import pandas as pd
import pytest

from ppc_tuner.phrases import phrases_of


def held(text: str) -> set[str]:
    found = phrases_of(pd.Series([text], dtype="str"), 1)
    return set(found.names[found.phrase])


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Green  Card", {"green", "card", "green card"}),
        ("free T-shirt", {"free", "t-shirt", "free t-shirt"}),
        # "for dogs" says no more than "dogs", and a single digit too little.
        ("beds for 2 dogs", {"beds", "dogs", "2 dogs"}),
        ("羽绒服男", {"羽绒", "绒服", "服男", "羽绒服", "绒服男"}),
        # What a space parts is no phrase; words between characters are words.
        ("男装 免费", {"男装", "免费"}),
        ("iphone15手机壳", {"iphone15", "手机", "机壳", "手机壳"}),
        ("ＦＲＥＥ　tent", {"free", "tent", "free tent"}),
        # Amazon's number of a product is part of nothing.
        ("b0d7zvmxlm", set()),
        ("- + &", set()),
        ("", set()),
    ],
)
def test_a_text_holds_whole_words_and_neighbouring_characters(text: str, phrases: set[str]) -> None:
    assert held(text) == phrases


def test_a_word_is_never_found_inside_another() -> None:
    found = phrases_of(pd.Series(["car seat", "green card", "product test", "pro kit"], dtype="str"), 2)
    assert found.names.tolist() == []


def test_only_phrases_of_several_different_texts_are_kept() -> None:
    texts = pd.Series(["free tent", "Free Tent", "free mat", None, "red mat"], dtype="str")
    found = phrases_of(texts, 2)
    pairs = pd.DataFrame({"text": found.text, "phrase": found.names[found.phrase]})
    # One text twice is one text, and both its rows hold the phrase.
    assert pairs.groupby("phrase")["text"].agg(sorted).to_dict() == {"free": [0, 1, 2], "mat": [2, 4]}


def test_which_of_them_other_texts_hold() -> None:
    found = phrases_of(pd.Series(["free tent", "free mat", "camp tent"], dtype="str"), 1)
    names = found.names[found.held_in(pd.Series(["tents for free"], dtype="str"))]
    assert names.tolist() == ["free"]
