"""What a story declares about itself: in its front matter, or in the request that brings it, which wins."""

from __future__ import annotations

from storyreel.storyboard import Frozen


class DeclaredCharacter(Frozen):
    """A character as its author declares it. `voice` None: one is chosen."""

    name: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    voice: str | None = None


class StoryOptions(Frozen):
    """None, or no characters: not declared. `narrator` is the name of a voice."""

    title: str | None = None
    style: str | None = None
    aspect: str | None = None
    narrator: str | None = None
    characters: tuple[DeclaredCharacter, ...] = ()

    def overridden_by(self, other: StoryOptions) -> StoryOptions:
        """These options, with everything that `other` declares in their place."""
        declared = {name: value for name, value in other if value}
        return self.model_copy(update=declared)
