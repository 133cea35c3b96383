"""A folder in which other programs leave files: nothing half-written is read, and nothing twice."""

import asyncio
import os
import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from agent.adapters import folder as folder_module
from agent.adapters.folder import Folder, watch
from drivers.files.file import MAX_BYTES
from tests.agent.test_importing import MAPPING, TABLE
from tests.fakes.van import until, van


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def names(folder):
    return [name for name, _ in folder.settled()]


def test_a_file_is_given_once_after_two_looks_at_which_it_was_the_same(folder, tmp_path):
    (tmp_path / "a.tjf").write_text("{}")

    assert [[], ["a.tjf"], [], []] == [names(folder) for _ in range(4)]


def test_a_file_that_still_grows_is_not_read(folder, tmp_path):
    for length in range(3):
        (tmp_path / "a.tjf").write_text("{" + " " * length)
        assert [] == names(folder)

    assert [("a.tjf", b"{  ")] == list(folder.settled())


def test_a_file_that_changes_without_growing_is_not_read(folder, tmp_path):
    for moment in range(3):
        (tmp_path / "a.tjf").write_text("{}")
        os.utime(tmp_path / "a.tjf", (moment, moment))
        assert [] == names(folder)


def test_a_file_that_was_changed_is_given_again(folder, tmp_path):
    (tmp_path / "a.tjf").write_text("{}")
    assert [[], ["a.tjf"]] == [names(folder) for _ in range(2)]
    (tmp_path / "a.tjf").write_text("{ }")

    assert [[], ["a.tjf"], []] == [names(folder) for _ in range(3)]


def test_a_mapping_comes_before_the_files_it_is_for_and_has_them_read_again(folder, tmp_path):
    (tmp_path / "a.csv").write_text("1")
    assert [[], ["a.csv"], []] == [names(folder) for _ in range(3)]
    (tmp_path / "z.toml").write_text("x")

    assert [[], ["z.toml", "a.csv"], []] == [names(folder) for _ in range(3)]


def test_what_is_no_file_of_measurements_is_left_alone(folder, tmp_path):
    (tmp_path / "a.exe").write_text("x")
    (tmp_path / "b.tjf").mkdir()
    (tmp_path / "c.tjf").symlink_to(tmp_path / "gone")

    assert [[], [], []] == [names(folder) for _ in range(3)]


def test_of_a_file_that_is_too_large_no_more_is_read_than_it_takes_to_know(folder, tmp_path):
    (tmp_path / "a.tjf").write_bytes(b" " * (MAX_BYTES + 500))
    folder.settled()

    [(_, body)] = folder.settled()
    assert MAX_BYTES + 1 == len(body)


def test_a_folder_that_is_not_there_is_waited_for(tmp_path):
    folder = Folder(tmp_path / "later")
    assert [] == names(folder)
    (tmp_path / "later").mkdir()
    (tmp_path / "later/a.tjf").write_text("{}")

    assert [[], ["a.tjf"]] == [names(folder) for _ in range(2)]


async def test_what_settles_is_handed_over_by_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "LOOK_EVERY", 0.01)
    found = []

    async def take(*given):
        found.append(given)

    watching = asyncio.create_task(watch(tmp_path, take))
    (tmp_path / "a.tjf").write_text("{}")

    await until(lambda: found)
    watching.cancel()
    assert [("a.tjf", b"{}")] == found


async def test_whatever_one_file_does_the_others_are_handed_over_and_it_is_told(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(folder_module, "LOOK_EVERY", 0.01)
    found = []

    async def take(name, _):
        if name == "a.tjf":
            raise re.error("redefinition of group name 'd'")
        found.append(name)

    (tmp_path / "a.tjf").write_text("{}")
    (tmp_path / "b.tjf").write_text("{}")
    with capture_logs() as told:
        watching = asyncio.create_task(watch(tmp_path, take))
        await until(lambda: found)
        (tmp_path / "c.tjf").write_text("{}")
        await until(lambda: len(found) == 2)
    assert not watching.done()
    watching.cancel()

    assert ["b.tjf", "c.tjf"] == found
    assert ["'a.tjf'"] == [each["file"] for each in told if each["log_level"] == "error"]


async def test_without_a_folder_nothing_is_looked_for():
    async def take(*_):
        raise AssertionError

    assert await watch(None, take) is None


async def test_what_is_kept_of_a_folder_is_read_with_the_mapping_beside_it(tmp_path, store, clock):
    (tmp_path / "analyser.csv").write_bytes(TABLE)
    (tmp_path / "z.toml").write_bytes(MAPPING)
    folder = Folder(tmp_path)
    names(folder)
    async with van(store, clock) as here:
        for name, body in folder.settled():
            await here.files.found(name, body)

        assert [("analyser.csv", "z.toml")] == [
            (each.name, each.mapping) for each in here.files.recent()
        ]


# --- entries that are not as they should be ---------------------------------------------------------


def test_an_entry_that_cannot_be_looked_at_does_not_hide_the_others(folder, tmp_path, monkeypatch):
    for name in ("a.tjf", "b.tjf", "c.tjf"):
        (tmp_path / name).write_text("{}")
    lstat = Path.lstat

    def failing(path):
        if path.name == "a.tjf":
            raise PermissionError(13, "Permission denied")
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", failing)
    with capture_logs() as told:
        assert [[], ["b.tjf", "c.tjf"], []] == [names(folder) for _ in range(3)]
    warned = [each["file"] for each in told if each["log_level"] == "warning"]
    assert ["'a.tjf'"] == warned


def test_a_file_that_may_not_be_read_does_not_hide_the_others_and_is_told_once(
    folder, tmp_path, monkeypatch
):
    for name in ("a.tjf", "b.tjf"):
        (tmp_path / name).write_text("{}")
    body = folder_module._body

    def failing(path, look):
        if path.name == "a.tjf":
            raise PermissionError(13, "Permission denied")
        return body(path, look)

    monkeypatch.setattr(folder_module, "_body", failing)
    with capture_logs() as told:
        assert [[], ["b.tjf"], [], []] == [names(folder) for _ in range(4)]
    assert ["'a.tjf'"] == [each["file"] for each in told if each["log_level"] == "warning"]
    monkeypatch.undo()
    assert ["a.tjf"] == names(folder)


def test_of_too_many_files_the_newest_are_read_and_that_is_told_once(
    folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(folder_module, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.tjf").write_text("{}")
        os.utime(tmp_path / f"{number}.tjf", (100 + number, 100 + number))
    (tmp_path / "z.toml").write_text("x")
    os.utime(tmp_path / "z.toml", (1, 1))

    with capture_logs() as told:
        assert [[], ["z.toml", "3.tjf", "4.tjf"], []] == [names(folder) for _ in range(3)]
    assert [6] == [each["files"] for each in told if each["log_level"] == "warning"]


def test_other_files_do_not_count(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.bak").write_text("{}")
    (tmp_path / "x.tjf").write_text("{}")

    with capture_logs() as told:
        assert [[], ["x.tjf"]] == [names(folder) for _ in range(2)]
    assert [] == told


def test_a_link_is_not_followed_so_that_no_refusal_quotes_another_place(folder, tmp_path):
    secret = tmp_path / "agent.env"
    secret.write_text("PASSWORD=hunter2")
    (tmp_path / "a.csv").symlink_to(secret)

    assert [[], [], []] == [names(folder) for _ in range(3)]


def test_a_link_put_in_the_place_of_a_file_after_the_look_is_not_followed(folder, tmp_path):
    (tmp_path / "a.csv").write_text("5")
    (tmp_path / "secret").write_text("6")
    folder.settled()
    due = folder.settled()
    (tmp_path / "a.csv").unlink()
    (tmp_path / "a.csv").symlink_to(tmp_path / "secret")

    assert [] == list(due)


def test_a_pipe_put_in_the_place_of_a_file_after_the_look_is_not_waited_for(folder, tmp_path):
    (tmp_path / "a.csv").write_text("")
    folder.settled()
    due = folder.settled()
    (tmp_path / "a.csv").unlink()
    os.mkfifo(tmp_path / "a.csv")

    assert [] == list(due)


def test_a_file_that_changes_between_the_look_and_the_read_is_left_for_later(folder, tmp_path):
    (tmp_path / "a.csv").write_text("5.20\n6.10\n")
    folder.settled()
    due = folder.settled()
    (tmp_path / "a.csv").write_text("5.2")

    assert [] == list(due)
    assert [[], [("a.csv", b"5.2")]] == [list(folder.settled()) for _ in range(2)]


def test_a_file_that_grows_while_it_is_read_is_left_for_later(folder, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"5.2")
    folder.settled()
    due = folder.settled()
    fdopen = os.fdopen

    def growing(*how):
        with path.open("ab") as more:
            more.write(b"0\n6.10\n")
        return fdopen(*how)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", growing)
        assert [] == list(due)
    assert [[], [("a.csv", b"5.20\n6.10\n")]] == [list(folder.settled()) for _ in range(2)]


def test_files_are_read_one_at_a_time(folder, tmp_path, monkeypatch):
    for name in ("a.tjf", "b.tjf"):
        (tmp_path / name).write_text("{}")
    read = []
    body = folder_module._body
    monkeypatch.setattr(
        folder_module, "_body", lambda path, look: read.append(path.name) or body(path, look)
    )
    folder.settled()
    due = folder.settled()

    assert [] == read
    next(due)
    assert 1 == len(read)
