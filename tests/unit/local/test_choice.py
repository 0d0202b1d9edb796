"""Which servers a state folder is on: chosen once, remembered, never mixed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from storyreel.local.choice import ServerChoice, keep_choice, kept_choice, make_choice
from storyreel.local.errors import LocalError
from storyreel.local.servers import GivenServers, RealServers
from storyreel.local.state import StateFolder

CLUSTER = ServerChoice(kind="real", brokers=3)


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    state = StateFolder(tmp_path / "state")
    state.prepare()
    return state


def test_a_folder_goes_on_with_what_it_was_made_with(folder: StateFolder) -> None:
    assert make_choice(folder, None, None, None) == ServerChoice(kind="embedded")
    keep_choice(folder, CLUSTER)
    assert make_choice(folder, None, None, None) == CLUSTER
    keep_choice(folder, CLUSTER)


@pytest.mark.parametrize(
    "other", [ServerChoice(), ServerChoice(kind="real"), ServerChoice(kind="given")], ids=str
)
def test_a_folder_is_refused_on_other_servers(folder: StateFolder, other: ServerChoice) -> None:
    keep_choice(folder, CLUSTER)
    with pytest.raises(LocalError, match=r"made on real servers with 3 brokers, so .*STORYREEL_STATE"):
        keep_choice(folder, other)
    assert kept_choice(folder) == CLUSTER


def test_a_folder_from_before_there_was_a_choice_is_on_the_embedded_servers(folder: StateFolder) -> None:
    (folder.root / "broker").mkdir()
    with pytest.raises(LocalError, match="made on embedded servers"):
        keep_choice(folder, CLUSTER)


@pytest.mark.parametrize(
    ("kind", "brokers", "mongo_url", "said"),
    [
        ("real", 2, None, "2 brokers are not possible: choose 1 or 3"),
        (None, 3, None, "add --servers real"),
        ("given", 3, None, "add --servers real"),
        ("embedded", None, "mongodb://db", "goes with --servers real"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    folder: StateFolder, kind: str | None, brokers: int | None, mongo_url: str | None, said: str
) -> None:
    with pytest.raises(LocalError, match=said):
        make_choice(folder, kind, brokers, mongo_url)  # type: ignore[arg-type]


def test_a_password_in_a_url_is_readable_by_its_owner_alone(folder: StateFolder) -> None:
    keep_choice(folder, ServerChoice(kind="real", mongo_url="mongodb://me:secret@db"))
    assert stat.S_IMODE((folder.root / "servers.json").stat().st_mode) == 0o600


def test_the_arguments_of_a_choice_make_it_again(folder: StateFolder) -> None:
    choice = ServerChoice(kind="real", brokers=3, mongo_url="mongodb://db")
    words = choice.arguments
    options = dict(zip(words[::2], words[1::2], strict=True))
    again = make_choice(folder, "real", int(options["--brokers"]), options["--mongo-url"])
    assert (options["--servers"], again) == ("real", choice)


def test_given_servers_need_their_variables(folder: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GivenServers.NEEDED:
        monkeypatch.setenv(name, "x")
    monkeypatch.delenv("STORYREEL_MONGO_URL")
    with pytest.raises(LocalError, match=r"^To run on given servers, set STORYREEL_MONGO_URL\.$"):
        GivenServers(folder.root, ServerChoice(kind="given")).require_programs()


def test_a_cluster_has_a_port_for_each_broker_and_each_controller(folder: StateFolder) -> None:
    names = RealServers(folder.root, CLUSTER).port_names
    assert len(names) == len(set(names)) == 8
    assert (
        "database"
        not in RealServers(folder.root, ServerChoice(kind="real", mongo_url="mongodb://db")).port_names
    )
