"""The contracts: linted, kept compatible with the baseline, and generated code that is current."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storyreel.events import MESSAGES
from storyreel.topics import DEAD_LETTERS, TOPICS

ROOT = Path(__file__).parents[2]
PROTO = ROOT / "proto"
BUF = Path(sys.executable).with_name("buf")


def buf(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BUF, *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A copy of the contracts that a test may spoil."""
    return shutil.copytree(PROTO, tmp_path / "proto")


def spoil(contracts: Path, name: str, old: str, new: str) -> None:
    path = contracts / "storyreel" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_contracts_are_clean_and_compatible_with_the_baseline(contracts: Path) -> None:
    assert buf(contracts, "lint").returncode == 0
    assert buf(contracts, "breaking", "--against", "baseline.binpb").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  // Length in frames.\n  uint32 frames = 2;\n", "", "Previously present field"),
        ("uint32 frames = 2;", "uint64 frames = 2;", "changed type"),
        ("uint32 frames = 2;", "uint32 frame_count = 2;", "changed name"),
    ],
)
def test_a_breaking_change_is_refused(contracts: Path, old: str, new: str, says: str) -> None:
    spoil(contracts, "events/v1/asset.proto", old, new)
    checked = buf(contracts, "breaking", "--against", "baseline.binpb")
    assert checked.returncode != 0
    assert says in checked.stdout


def test_a_name_against_the_style_is_refused(contracts: Path) -> None:
    spoil(contracts, "pricing/v1/pricing.proto", "int64 total_credits = 4", "int64 totalCredits = 4")
    assert buf(contracts, "lint").returncode != 0


def test_every_field_is_commented() -> None:
    bare = [
        f"{path.name}: {line.strip()}"
        for path in PROTO.rglob("*.proto")
        for before, line in zip(
            ["", *path.read_text().splitlines()], path.read_text().splitlines(), strict=False
        )
        if re.match(r"\s+(repeated )?[\w.]+ \w+ = \d+;", line) and not before.strip().startswith("//")
    ]
    assert bare == []


def test_generated_code_is_current() -> None:
    command = [sys.executable, str(ROOT / "tools" / "generate_contracts.py"), "--check"]
    environment = {"PATH": f"{BUF.parent}:/usr/bin:/bin"}
    checked = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert checked.returncode == 0, checked.stderr


def test_every_topic_carries_a_message_and_every_message_has_a_topic() -> None:
    assert {topic.name for topic in TOPICS} == set(MESSAGES) | {DEAD_LETTERS}
