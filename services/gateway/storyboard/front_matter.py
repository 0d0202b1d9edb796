"""Front matter: YAML to what a story declares. Every scalar is read as the text it is written as, so that
`aspect: 16:9` is no number; nothing unknown, doubled or empty is let through."""

from __future__ import annotations

from typing import Any, Final

import yaml

from services.gateway.storyboard.choices import check_aspect, check_length, check_voice, suggestion
from services.gateway.storyboard.errors import CharacterError, FrontMatterError
from services.gateway.storyboard.limits import (
    MAX_ALIASES,
    MAX_DESCRIPTION_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_STYLE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
)
from services.gateway.storyboard.options import DeclaredCharacter, StoryOptions

STORY_KEYS: Final = ("title", "style", "aspect", "narrator", "characters")
CHARACTER_KEYS: Final = ("name", "aliases", "description", "voice")


class _PlainLoader(yaml.BaseLoader):
    """YAML without references, which can grow without bound, and without doubled keys, which lose words."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FrontMatterError(
                f"line {event.start_mark.line + 1} of the front matter uses a YAML reference (& or *); "
                "write the value out, or put it in quotes"
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise FrontMatterError(f"line {line} of the front matter has a key that is no plain word")
            if key.value in seen:
                raise FrontMatterError(
                    f"line {line} of the front matter declares {key.value!r} a second time; keep one of them"
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_front_matter(text: str) -> StoryOptions:
    """What the front matter `text` declares.

    Raises FrontMatterError naming the line or key that is wrong, and CharacterError for a bad character.
    """
    declared = _load(text)
    if not declared:
        return StoryOptions()
    if not isinstance(declared, dict):
        raise FrontMatterError("the front matter is not a list of keys; write it as lines of `key: value`")
    _check_keys(declared, STORY_KEYS, "the front matter")
    aspect = _text(declared, "aspect", "the front matter")
    narrator = _text(declared, "narrator", "the front matter")
    return StoryOptions(
        title=_text(declared, "title", "the front matter", MAX_TITLE_CHARACTERS),
        style=_text(declared, "style", "the front matter", MAX_STYLE_CHARACTERS),
        aspect=check_aspect(aspect) if aspect else None,
        narrator=check_voice(narrator, "the narrator") if narrator else None,
        characters=_characters(declared.get("characters")),
    )


def _load(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1} of the front matter" if mark else "the front matter"
        raise FrontMatterError(
            f"{where} is not YAML ({error.problem}); write it as `key: value`, and put text that holds "
            "a colon in quotes"
        ) from error
    except yaml.YAMLError as error:
        raise FrontMatterError(f"the front matter is not YAML: {error}") from error
    except RecursionError as error:
        raise FrontMatterError("the front matter nests too deeply; a story needs two levels") from error


def _characters(value: Any) -> tuple[DeclaredCharacter, ...]:
    """The characters, written as a list of mappings, or as a mapping of name to mapping or description."""
    if not value:
        return ()
    if isinstance(value, dict):
        entries = [_named_entry(name, entry) for name, entry in value.items()]
    elif isinstance(value, list):
        entries = value
    else:
        raise FrontMatterError(
            f"characters is {value!r}, but must be a list, or a mapping of names to descriptions"
        )
    return tuple(_character(entry, number) for number, entry in enumerate(entries, start=1))


def _named_entry(name: str, entry: Any) -> Any:
    if not entry or isinstance(entry, str):
        return {"name": name, "description": entry or ""}
    if isinstance(entry, dict) and "name" not in entry:
        return {"name": name, **entry}
    raise CharacterError(
        f"character {name!r} must be a description, or a mapping of {', '.join(CHARACTER_KEYS[1:])}"
    )


def _character(entry: Any, number: int) -> DeclaredCharacter:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, dict):
        raise CharacterError(f"character {number} is {entry!r}, but must be a mapping with a name")
    where = f"character {entry['name']!r}" if isinstance(entry.get("name"), str) else f"character {number}"
    _check_keys(entry, CHARACTER_KEYS, where)
    name = _text(entry, "name", where, MAX_NAME_CHARACTERS)
    if not name:
        raise CharacterError(f"character {number} has no name; give it one")
    voice = _text(entry, "voice", where)
    return DeclaredCharacter(
        name=name,
        aliases=_aliases(entry.get("aliases"), where),
        description=_text(entry, "description", where, MAX_DESCRIPTION_CHARACTERS) or "",
        voice=check_voice(voice, where) if voice else None,
    )


def _aliases(value: Any, where: str) -> tuple[str, ...]:
    """The aliases, written as a list, or as one text with commas."""
    aliases = value.split(",") if isinstance(value, str) else value or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise CharacterError(f"the aliases of {where} must be a list of names")
    if len(aliases) > MAX_ALIASES:
        raise CharacterError(f"{where} has {len(aliases)} aliases and at most {MAX_ALIASES} are allowed")
    names = (" ".join(alias.split()) for alias in aliases)
    return tuple(check_length(name, MAX_NAME_CHARACTERS, f"an alias of {where}") for name in names if name)


def _text(mapping: dict[str, Any], key: str, where: str, longest: int = MAX_NAME_CHARACTERS) -> str | None:
    value = mapping.get(key)
    if not value:
        return None
    if not isinstance(value, str):
        kind = "a list" if isinstance(value, list) else "a mapping"
        raise FrontMatterError(f"{key} of {where} is {kind}, but must be text")
    return check_length(" ".join(value.split()), longest, f"{key} of {where}")


def _check_keys(mapping: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in mapping:
        if key not in known:
            raise FrontMatterError(f"{where} has an unknown key {key!r}; {suggestion(key, known)}")
