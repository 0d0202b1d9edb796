"""A sheet is a picture of its character and carries the Look that every panel is drawn from."""

import numpy as np
import pytest
import skia

from services.image.engines.local.figures import design_look, draw_sheet, look_of_sheet
from storyreel.recipes import SheetRecipe


def recipe(description: str = "a russet fox with a green scarf", take: int = 1) -> SheetRecipe:
    return SheetRecipe(
        engine="local",
        model="local-1",
        tier="low",
        style="storybook",
        name="Rusty",
        description=description,
        take=take,
    )


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return draw_sheet(recipe())


def test_the_look_comes_back_from_the_sheet(sheet: bytes) -> None:
    assert look_of_sheet(sheet) == design_look("Rusty", "a russet fox with a green scarf", "storybook")


def test_a_sheet_is_a_picture_that_shows_the_coat_and_the_scarf(sheet: bytes) -> None:
    image = skia.Image.MakeFromEncoded(sheet)
    assert (image.width(), image.height()) == (1536, 1024)
    pixels = image.toarray(colorType=skia.kRGBA_8888_ColorType)[:, :, :3].astype(int)
    look = look_of_sheet(sheet)
    for colour in (look.coat, look.wears("scarf")):
        assert (np.abs(pixels - np.array(colour)).max(axis=2) < 14).sum() > 2000


def test_another_take_looks_otherwise_but_keeps_what_is_said(sheet: bytes) -> None:
    first, second = look_of_sheet(sheet), look_of_sheet(draw_sheet(recipe(take=2)))
    assert second.grain != first.grain
    assert (second.name, second.coat, second.clothes) == (first.name, first.coat, first.clothes)


def test_a_picture_without_a_look_is_refused() -> None:
    png = bytes(skia.Surface(8, 8).makeImageSnapshot().encodeToData(skia.EncodedImageFormat.kPNG, 100))
    with pytest.raises(ValueError, match="storyreel-look"):
        look_of_sheet(png)


def test_bytes_that_are_no_png_are_refused() -> None:
    with pytest.raises(ValueError, match="not a PNG"):
        look_of_sheet(b"GIF89a")
