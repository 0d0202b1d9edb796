"""Drawing a character: recognisable in every pose, where it was asked to stand, in the light it stands in."""

from itertools import combinations

import numpy as np
import pytest
import skia

from services.image.engines.local.figures import Light, Look, Pose, design_look, draw_figure
from services.image.engines.local.figures.bestiary import SPECIES
from services.image.engines.local.figures.species import HUMAN

FOX = design_look("Rusty", "a russet fox with a white-tipped tail and a green scarf", "storybook")
GIRL = design_look("Elsie", "a girl in a red hood", "storybook")
SIZE, GROUND, HEIGHT = 300, 250.0, 150.0


def drawn(
    look: Look,
    pose: Pose = Pose.STAND,
    *,
    facing: int = 1,
    light: Light | None = None,
    mood: str = "calm",
    seed: int = 0,
) -> tuple[np.ndarray, skia.Rect]:
    """The pixels (height x width x RGBA) of a figure on an empty canvas, and the bounds it reported."""
    surface = skia.Surface(SIZE * 2, SIZE)
    bounds = draw_figure(
        surface.getCanvas(),
        look,
        pose,
        x=SIZE,
        ground=GROUND,
        height=HEIGHT,
        facing=facing,
        light=light or Light(),
        mood=mood,
        seed=seed,
    )
    return surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType).astype(int), bounds


def ink_box(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is at least half opaque."""
    rows, columns = np.nonzero(pixels[:, :, 3] > 127)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def difference(first: np.ndarray, second: np.ndarray) -> float:
    """The share of pixels that differ clearly, of those that either figure covers."""
    covered = (first[:, :, 3] > 127) | (second[:, :, 3] > 127)
    return float((np.abs(first - second).max(axis=2) > 40)[covered].mean())


def test_the_same_look_gives_the_same_pixels() -> None:
    assert np.array_equal(drawn(FOX)[0], drawn(FOX.model_copy())[0])


def test_two_characters_of_a_species_look_different() -> None:
    other = design_look("Ash", "a grey fox with a red hat", "storybook")
    assert difference(drawn(FOX)[0], drawn(other)[0]) > 0.3


@pytest.mark.parametrize("look", [FOX, GIRL], ids=["fox", "girl"])
def test_poses_differ_visibly(look: Look) -> None:
    poses = (Pose.STAND, Pose.SIT, Pose.RUN, Pose.SLEEP, Pose.JUMP, Pose.LOOK_UP, Pose.HOLD)
    pictures = {pose: drawn(look, pose)[0] for pose in poses}
    for first, second in combinations(poses, 2):
        assert difference(pictures[first], pictures[second]) > 0.08, f"{first} looks like {second}"


@pytest.mark.parametrize("body", sorted(SPECIES))
def test_every_body_stands_on_the_ground_at_its_height_in_any_pose(body: str) -> None:
    words = "a man" if body == HUMAN else f"a {SPECIES[body].words[0]}"
    look = design_look("Someone", words, "storybook")
    assert look.body == body
    _, standing = drawn(look)
    assert standing.height() == pytest.approx(HEIGHT, abs=0.01)
    for pose in (Pose.STAND, Pose.SIT, Pose.SLEEP, Pose.RUN, Pose.FLY, Pose.EAT, Pose.JUMP):
        pixels, bounds = drawn(look, pose)
        left, top, right, bottom = ink_box(pixels)
        feet = GROUND if pose is not Pose.JUMP else bounds.bottom()
        assert bottom == pytest.approx(feet, abs=HEIGHT * 0.03), f"{body} {pose} floats or sinks"
        assert bounds.left() - 2 <= left and right <= bounds.right() + 2, f"{body} {pose} leaves its bounds"
        assert bounds.top() - 2 <= top, f"{body} {pose} is taller than its bounds"
        assert (bounds.left() + bounds.right()) / 2 == pytest.approx(SIZE, abs=0.01)


def test_a_jump_leaves_the_ground() -> None:
    assert drawn(FOX, Pose.JUMP)[1].bottom() < GROUND - HEIGHT * 0.1


def test_facing_left_mirrors_the_figure() -> None:
    right, left = drawn(FOX)[0], drawn(FOX, facing=-1)[0]
    assert difference(right, left[:, ::-1]) < 0.03


def test_moods_change_the_face() -> None:
    calm = drawn(GIRL)[0]
    for mood in ("happy", "sad", "angry", "afraid", "surprised", "sly"):
        assert (np.abs(drawn(GIRL, mood=mood)[0] - calm).max(axis=2) > 30).sum() > 25, mood


def test_an_unknown_mood_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="grumpy"):
        drawn(FOX, mood="grumpy")


def test_ambient_light_is_multiplied_onto_the_colours() -> None:
    day, night = drawn(FOX)[0], drawn(FOX, light=Light(ambient=(0.5, 0.5, 1.0)))[0]
    solid = day[:, :, 3] == 255
    assert np.quantile(np.abs(night[solid][:, 0] - day[solid][:, 0] * 0.5), 0.99) <= 2
    assert np.quantile(np.abs(night[solid][:, 2] - day[solid][:, 2]), 0.99) <= 2
    assert ((day[:, :, 3] > 127) != (night[:, :, 3] > 127)).mean() < 0.001


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize("side", [1, -1])
def test_rim_light_brightens_the_edge_on_its_side(side: int, facing: int) -> None:
    dark = Light(ambient=(0.3, 0.3, 0.4))
    rimmed = Light(ambient=(0.3, 0.3, 0.4), rim=(255, 255, 255), rim_side=side)
    gain = (drawn(GIRL, facing=facing, light=rimmed)[0] - drawn(GIRL, facing=facing, light=dark)[0])[
        :, :, :3
    ].sum(axis=2)
    left, right = gain[:, :SIZE].sum(), gain[:, SIZE:].sum()
    assert (right > left * 1.5) if side == 1 else (left > right * 1.5)


def test_a_seed_varies_the_figure_only_a_little() -> None:
    assert 0.0 < difference(drawn(FOX)[0], drawn(FOX, seed=7)[0]) < 0.3


def yellow_share(look: Look, pose: Pose) -> float:
    """The share of a figure's pixels that are clearly yellow."""
    pixels, _ = drawn(look, pose)
    red, green, blue, alpha = (pixels[:, :, channel] for channel in range(4))
    covered = alpha > 127
    return float(((red > 150) & (green > 120) & (blue < 130))[covered].mean())


@pytest.mark.parametrize("pose", [Pose.STAND, Pose.SIT, Pose.TALK, Pose.FLY])
def test_a_waistcoat_covers_the_breast_of_a_bird_and_no_more(pose: Pose) -> None:
    dressed = design_look("crow", "a glossy black crow with a small yellow waistcoat", "storybook")
    bare = design_look("crow", "a glossy black crow", "storybook")
    assert 0.03 < yellow_share(dressed, pose) < 0.3
    assert yellow_share(bare, pose) < 0.01


@pytest.mark.parametrize("species", ["lion", "fox", "bear", "hare", "cat", "horse"])
@pytest.mark.parametrize("pose", [Pose.SLEEP, Pose.LIE])
def test_who_lies_touches_the_ground_along_its_body(species: str, pose: Pose) -> None:
    pixels, _ = drawn(design_look(species, f"a {species}", "storybook"), pose)
    left, _, right, _ = ink_box(pixels)
    wide = right - left
    low = pixels[int(GROUND - HEIGHT * 0.1) : int(GROUND), left:right, 3] > 127
    rear, front = low[:, : wide // 2], low[:, wide // 2 :]
    assert rear.any(axis=0).mean() > 0.4
    assert front.any(axis=0).mean() > 0.4
