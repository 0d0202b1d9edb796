"""Where the camera looks: inside the panel, never abruptly, and in the direction its move is named for."""

from __future__ import annotations

import numpy as np
import pytest

from services.video.engines.local.camera import CLOSEST_ZOOM, Scene, ease, plan_move
from storyreel.moves import MOVES

SCENES = [Scene(1.0, 1.0), Scene(1.2, 1.0), Scene(1.0, 1.25), Scene(1.03, 1.0)]


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("seconds", [0.1, 3.0, 7.5, 15.0])
def test_the_camera_never_looks_past_the_panel_and_never_comes_too_close(
    name: str, scene: Scene, seconds: float
) -> None:
    move = plan_move(name, scene, seconds)
    for progress in np.linspace(0, 1, 41):
        view = move.view(progress)
        assert 1.0 <= view.zoom <= CLOSEST_ZOOM + 1e-9
        assert abs(view.x) + 0.5 / view.zoom <= scene.width / 2 + 1e-9
        assert abs(view.y) + 0.5 / view.zoom <= scene.height / 2 + 1e-9


@pytest.mark.parametrize("name", MOVES)
def test_every_move_moves(name: str) -> None:
    move = plan_move(name, Scene(1.0, 1.0), 4.0)
    assert move.start != move.end


def test_moves_go_where_their_names_say() -> None:
    moves = {name: plan_move(name, Scene(1.0, 1.0), 5.0) for name in MOVES}
    assert moves["push_in"].end.zoom > moves["push_in"].start.zoom
    assert moves["pull_out"].end.zoom < moves["pull_out"].start.zoom
    assert moves["pan_left"].end.x < moves["pan_left"].start.x
    assert moves["pan_right"].end.x > moves["pan_right"].start.x
    assert moves["tilt_up"].end.y < moves["tilt_up"].start.y
    assert moves["tilt_down"].end.y > moves["tilt_down"].start.y


def test_a_wide_panel_is_panned_without_coming_closer() -> None:
    assert plan_move("pan_left", Scene(1.2, 1.0), 5.0).start.zoom == 1.0


def test_easing_starts_and_ends_at_rest_and_never_turns_back() -> None:
    eased = np.array([ease(progress) for progress in np.linspace(0, 1, 1001)])
    speed = np.diff(eased) * 1000
    assert (eased[0], eased[500], eased[-1]) == (0.0, pytest.approx(0.5), 1.0)
    assert speed[0] < 0.01 and speed[-1] < 0.01
    assert (speed >= 0).all() and speed.max() < 1.5
    assert np.abs(np.diff(speed)).max() < 0.01


def test_an_unknown_move_is_refused_with_the_moves_there_are() -> None:
    with pytest.raises(ValueError, match=r"'whip'.*push_in.*drift"):
        plan_move("whip", Scene(1.0, 1.0), 4.0)
