"""A story's storyboard: the characters, and the shots in order. The gateway makes it from a script."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """Data that crosses a boundary: immutable, and nothing in it that is not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Character(Frozen):
    """A named person or creature. `voice` is the name of a voice, as engines list them."""

    name: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    voice: str = "narrator"


class Setting(Frozen):
    """Where and when a shot plays, in the words of `storyreel.reading`; None where nothing says."""

    place: str | None = None
    time: str | None = None
    weather: str | None = None
    season: str | None = None


class Speech(Frozen):
    """A run of words spoken by one voice. `speaker` is a character's name, None for the narrator."""

    text: str
    voice: str = "narrator"
    speaker: str | None = None


class Shot(Frozen):
    """One beat of a story: what is said, where it plays, and who is in it (names of characters)."""

    number: int = Field(ge=1)
    speech: tuple[Speech, ...]
    setting: Setting = Setting()
    cast: tuple[str, ...] = ()
    move: str = "push_in"

    @property
    def text(self) -> str:
        """Everything that is said in the shot, as the script has it."""
        return " ".join(part.text for part in self.speech)


class Storyboard(Frozen):
    """A story, ready to be planned."""

    title: str
    style: str = "storybook"
    aspect: str = "16:9"
    characters: tuple[Character, ...] = ()
    shots: tuple[Shot, ...]

    def character(self, name: str) -> Character:
        """The character of that name. Raises KeyError."""
        for character in self.characters:
            if character.name == name:
                return character
        raise KeyError(name)
