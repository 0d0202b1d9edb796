"""The local illustrator's figures: characters that are recognisably the same in every shot and pose."""

from services.image.engines.local.figures.design import design_look
from services.image.engines.local.figures.figure import draw_figure, is_bird, natural_height, seat_on
from services.image.engines.local.figures.look import Light, Look, Pose
from services.image.engines.local.figures.sheet import draw_sheet, look_of_sheet

__all__ = [
    "Light",
    "Look",
    "Pose",
    "design_look",
    "draw_figure",
    "draw_sheet",
    "is_bird",
    "look_of_sheet",
    "natural_height",
    "seat_on",
]
