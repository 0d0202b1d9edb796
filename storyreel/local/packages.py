"""Which system package brings a library, and the command that installs it here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

_APT: Final = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"}
_DNF: Final = {"libGL.so.1": "libglvnd-glx", "libEGL.so.1": "libglvnd-egl"}
_OS_RELEASE: Final = Path("/etc/os-release")


def install_command(library: str, os_release: Path = _OS_RELEASE) -> str:
    """The command that installs `library`, one of libGL.so.1 and libEGL.so.1, on this system."""
    family = _family(_read(os_release)) if os_release.exists() else None
    if family == "apt":
        return f"sudo apt-get install -y {_APT[library]}"
    if family == "dnf":
        return f"sudo dnf install -y {_DNF[library]}"
    return f"Install the package that brings {library} (Mesa or libglvnd)."


def _family(release: Mapping[str, str]) -> str | None:
    names = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if names & {"debian", "ubuntu"}:
        return "apt"
    if names & {"fedora", "rhel", "centos"}:
        return "dnf"
    return None


def _read(os_release: Path) -> dict[str, str]:
    """/etc/os-release: NAME=value lines, values sometimes quoted (freedesktop.org, os-release(5))."""
    pairs = (line.partition("=") for line in os_release.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
