"""A folder in which other programs leave files: nothing half-written is read, and nothing twice."""

import asyncio
import os

import pytest

from agent.adapters import folder as folder_module
from agent.adapters.folder import Folder, watch
from drivers.files.file import MAX_BYTES
from tests.fakes.van import until


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

    assert [("a.tjf", b"{  ")] == folder.settled()


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
    watching = asyncio.create_task(watch(tmp_path, lambda *given: found.append(given)))
    (tmp_path / "a.tjf").write_text("{}")

    await until(lambda: found)
    watching.cancel()
    assert [("a.tjf", b"{}")] == found


async def test_without_a_folder_nothing_is_looked_for():
    assert await watch(None, print) is None
