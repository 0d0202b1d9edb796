"""What is wrong with a script is said in one sentence: what, which value, what to do."""

from __future__ import annotations

import pytest

from services.gateway.storyboard import (
    CharacterError,
    DeclaredCharacter,
    EmptyStoryError,
    FrontMatterError,
    MarkdownError,
    StoryError,
    StoryOptions,
    TooLongError,
    UnreadableError,
    decode_script,
    make_storyboard,
)
from services.gateway.storyboard.limits import MAX_CHARACTERS, MAX_SCRIPT_BYTES, MAX_SHOTS

REFUSED: list[tuple[str, type[StoryError], str]] = [
    ("", EmptyStoryError, "the script is empty"),
    (" \n\t\n", EmptyStoryError, "the script is empty"),
    ("\ufeff", EmptyStoryError, "the script is empty"),
    ("# Only a title\n\n## And a heading", EmptyStoryError, "no words to narrate"),
    ("---\ntitle: Nothing\n---\n", EmptyStoryError, "no words to narrate"),
    ("… — … !", EmptyStoryError, "no words to narrate"),
    ("A fox.\nA c\x00row.", UnreadableError, "line 2 .* control character U\\+0000"),
    ("A \x1b[31mred fox.", UnreadableError, "U\\+001B"),
    ("A \ud800 fox.", UnreadableError, "U\\+D800"),
    ("x " * (MAX_SCRIPT_BYTES // 2 + 500), TooLongError, "201 KB long and at most 200 KB"),
    (
        "A fox walked down the long and winding road to the sea, and sang.\n\n" * 201,
        TooLongError,
        "makes 201 shots",
    ),
    ("A fox.\n\n```python\nprint()\n```", MarkdownError, "line 3 .* block of code"),
    ("---\ntitle: x\n---\n\nA fox.\n\n~~~\ncode\n~~~", MarkdownError, "line 7 .* block of code"),
    (">" * 30 + " deep", MarkdownError, "too deeply"),
    ("---\ntitle: The Fox: a story\n---\nA fox.", FrontMatterError, "line 2 .* is not YAML"),
    ("---\ntitle: x\n  style: [\n---\nA fox.", FrontMatterError, "line [34] .* is not YAML"),
    ("---\ntitle: x\nA fox.", FrontMatterError, "line 1 is never closed"),
    ("---\n[a, b]\n---\nA fox.", FrontMatterError, "lines of `key: value`"),
    ("---\ntitel: x\n---\nA fox.", FrontMatterError, "unknown key 'titel'; did you mean 'title'"),
    ("---\nzzz: x\n---\nA fox.", FrontMatterError, "unknown key 'zzz'; choose one of title, style"),
    ("---\ntitle: x\ntitle: y\n---\nA fox.", FrontMatterError, "line 3 .* 'title' a second time"),
    ("---\ntitle: &a x\nstyle: *a\n---\nA fox.", FrontMatterError, "line 2 .* reference"),
    ("---\ntitle: [x]\n---\nA fox.", FrontMatterError, "title of the front matter is a list"),
    ("---\ntitle: " + "x" * 201 + "\n---\nA fox.", FrontMatterError, "title .* 201 characters long"),
    ("---\ntitle: " + "[" * 1000 + "\n---\nA fox.", FrontMatterError, "nests too deeply"),
    ("---\naspect: 16:8\n---\nA fox.", FrontMatterError, "unknown aspect '16:8'; did you mean '16:9'"),
    ("---\nnarrator: womann\n---\nA fox.", FrontMatterError, "narrator .* 'womann'; did you mean 'woman'"),
    ("---\ncharacters: fox\n---\nA fox.", FrontMatterError, "characters is 'fox'"),
    ("---\ncharacters: [{voice: man}]\n---\nA fox.", CharacterError, "character 1 has no name"),
    (
        "---\ncharacters: [{name: Al, voice: x9}]\n---\nA fox.",
        FrontMatterError,
        "'Al' has an unknown voice 'x9'",
    ),
    (
        "---\ncharacters: [{name: Al, colour: red}]\n---\nA fox.",
        FrontMatterError,
        "'Al' has an unknown key 'colour'",
    ),
    ("---\ncharacters: [{name: Al}, {name: al}]\n---\nA fox.", CharacterError, "'al' is declared twice"),
    (
        "---\ncharacters: {Al: a man, The Al: a man}\n---\nA fox.",
        CharacterError,
        "'The Al' is declared twice",
    ),
    (
        "---\ncharacters: [{name: Al, aliases: [Bo]}, {name: Bo}]\n---\nA fox.",
        CharacterError,
        "'Bo' is an alias of 'Al' but also names 'Bo'",
    ),
    (
        "---\ncharacters: [{name: Al, aliases: [Cy]}, {name: Bo, aliases: [cy]}]\n---\nA fox.",
        CharacterError,
        "'cy' is an alias of 'Bo' but also names 'Al'",
    ),
    (
        "---\ncharacters: [{name: Al, aliases: [[x]]}]\n---\nA fox.",
        CharacterError,
        "aliases of character 'Al'",
    ),
]


@pytest.mark.parametrize(("script", "error", "message"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_script_is_refused_with_its_reason(script: str, error: type[StoryError], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        make_storyboard(script)
    assert "\n" not in str(caught.value)


def test_a_story_has_at_most_forty_characters() -> None:
    crowd = tuple(DeclaredCharacter(name=f"Villager {n}") for n in range(MAX_CHARACTERS + 1))
    with pytest.raises(CharacterError, match="41 characters and at most 40"):
        make_storyboard("They danced.", StoryOptions(characters=crowd))
    assert (
        len(make_storyboard("They danced.", StoryOptions(characters=crowd[1:])).characters) == MAX_CHARACTERS
    )


def test_a_story_may_have_two_hundred_shots() -> None:
    script = "A fox walked down the long and winding road to the sea, and sang.\n\n" * MAX_SHOTS
    assert len(make_storyboard(script).shots) == MAX_SHOTS


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"A f\xffx.", UnreadableError, "byte 3 is 0xff"),
        ("Ein Löwe.".encode("latin-1"), UnreadableError, "not UTF-8 text: byte 5 is 0xf6"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", UnreadableError, "not UTF-8"),
        (b"PK\x03\x04\x00\x00", UnreadableError, "control character U\\+0003"),
        (b"", EmptyStoryError, "empty"),
        (b"x" * (MAX_SCRIPT_BYTES + 1), TooLongError, "200 KB"),
    ],
)
def test_bytes_that_are_no_script_are_refused(data: bytes, error: type[StoryError], message: str) -> None:
    with pytest.raises(error, match=message):
        decode_script(data)


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble() -> None:
    script = decode_script("\ufeffA fox.\r\n\r\nA löwe.".encode())
    assert script == "A fox.\n\nA löwe."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (StoryOptions(aspect="3:1"), "unknown aspect '3:1'"),
        (StoryOptions(narrator="nobody"), "unknown voice 'nobody'"),
        (StoryOptions(title="x" * 300), "the title is 300 characters long"),
        (StoryOptions(style="x" * 300), "the style is 300 characters long"),
    ],
)
def test_options_of_the_request_are_held_to_the_same_rules(options: StoryOptions, message: str) -> None:
    with pytest.raises(FrontMatterError, match=message):
        make_storyboard("A fox.", options)
