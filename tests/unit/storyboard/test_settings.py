"""Where and when shots play: a setting holds until the text changes it."""

from __future__ import annotations

import pytest

from services.gateway.storyboard import make_storyboard

PAD = "with a long and heavy bag of bread upon his back"
CARRIED: list[tuple[list[str], list[str]]] = [
    # sentences that are shots of their own, and the place/time/weather of each
    (["In the forest he walked", "Then he sat"], ["forest/None/None", "forest/None/None"]),
    (["At night he walked in the rain", "Then he sat"], ["None/night/rain", "None/night/rain"]),
    (["In the forest he walked", "He came to a river"], ["forest/None/None", "river/None/None"]),
    (["At dusk in the snow he walked", "The next morning he sat"], ["None/dusk/snow", "None/dawn/None"]),
    (["At dusk in the snow he walked", "Three days later he sat"], ["None/dusk/snow", "None/day/None"]),
    (["At night in rain he walked", "The rain stopped, and he sat"], ["None/night/rain", "None/night/clear"]),
    (["At night he walked", "“I like a morning in the forest,” he said"], ["None/night/None"] * 2),
]  # fmt: skip


@pytest.mark.parametrize(("sentences", "settings"), CARRIED)
def test_a_setting_holds_until_the_text_changes_it(sentences: list[str], settings: list[str]) -> None:
    assert _settings("\n\n".join(f"{sentence} {PAD}." for sentence in sentences)) == settings


def test_a_new_scene_keeps_the_place_and_forgets_time_and_weather() -> None:
    script = "At night, in the rain, he came to a castle.\n\n***\n\nHe slept."
    assert _settings(script) == ["castle/night/rain", "castle/None/None"]


SEASONS: list[tuple[list[str], list[str | None]]] = [
    (["One winter he walked", "Then he sat"], ["winter", "winter"]),
    (["In summer he walked", "In autumn he sat", "Then he slept"], ["summer", "autumn", "autumn"]),
    (["Snow fell, and he walked", "The next morning he sat"], ["winter", "winter"]),
    (["In summer he walked", "Three months later he sat"], ["summer", None]),
    (["In summer he walked", "“I like the winter,” he said"], ["summer", "summer"]),
    (["In summer he walked", "***", "Then he sat"], ["summer", "summer"]),
]


@pytest.mark.parametrize(("sentences", "seasons"), SEASONS)
def test_a_season_holds_until_the_text_changes_it(sentences: list[str], seasons: list[str | None]) -> None:
    parts = [part if part == "***" else f"{part} {PAD}." for part in sentences]
    shots = make_storyboard("\n\n".join(parts)).shots
    assert [shot.setting.season for shot in shots] == seasons


def test_a_heading_sets_the_scene_and_is_not_narrated() -> None:
    script = "In the forest he slept.\n\n## The harbour, at dawn\n\nHe woke."
    assert _settings(script) == ["forest/None/None", "beach/dawn/None"]
    assert "harbour" not in " ".join(shot.text for shot in make_storyboard(script).shots)


def test_a_one_word_edit_changes_the_setting_until_the_text_changes_it_again() -> None:
    parts = ["In the forest he walked", "Then he sat", "At the river he slept", "Then he woke"]
    before, after = (
        _settings("\n\n".join(f"{part} {PAD}." for part in parts).replace("forest", place))
        for place in ("forest", "city")
    )
    assert [a != b for a, b in zip(before, after, strict=True)] == [True, True, False, False]


def _settings(script: str) -> list[str]:
    settings = [shot.setting for shot in make_storyboard(script).shots]
    return [f"{setting.place}/{setting.time}/{setting.weather}" for setting in settings]
