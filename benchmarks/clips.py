"""Drawing a clip from a panel at 1080p: frames a second on one process."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.report import figure, publish, seconds_of
from services.image.engines.local.panel import draw_panel
from services.video.engines.local import draw_clip
from storyreel.recipes import ClipRecipe, PanelRecipe
from storyreel.storyboard import Setting

FRAMES = 150
RUNS = 5
PANEL = PanelRecipe(
    engine="local",
    model="benchmark",
    tier="low",
    style="storybook",
    text="A fox sat by the river in the forest at night. A sign read “Hollow Creek.”",
    setting=Setting(place="forest", time="night"),
    cast=(),
    width=1920,
    height=1080,
)
CLIP = ClipRecipe(
    engine="local",
    model="benchmark",
    tier="low",
    move="push_in",
    panel="",
    narration="",
    width=1920,
    height=1080,
)


def main() -> None:
    """Runs it."""
    with tempfile.TemporaryDirectory() as folder:
        panel, clip = Path(folder) / "panel.png", Path(folder) / "clip.mp4"
        drawing = [seconds_of(lambda: panel.write_bytes(draw_panel(PANEL, {}))) for _ in range(RUNS)]
        moving = [FRAMES / seconds_of(lambda: draw_clip(CLIP, panel, FRAMES, clip)) for _ in range(RUNS)]
    figures = [figure("panel", "s", drawing), figure("clip", "frames/s", moving)]
    publish("clips", "Panels and clips, 1920x1080", figures)
