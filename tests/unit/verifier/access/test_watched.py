"""Files that change while they are watched: good versions count, bad ones change nothing."""

from __future__ import annotations

import threading

import pytest

from verifier.access import WatchedFiles
from verifier.errors import ConfigError


class _Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return _Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def watch(tmp_path, clock, told):
    path = tmp_path / "file"
    path.write_text("one")

    def read():
        try:
            text = path.read_text()
        except OSError as error:
            raise ConfigError(str(error)) from error
        if text.startswith("bad"):
            raise ConfigError(f"is {text}")
        return text

    return path, WatchedFiles([str(path)], read, 5.0, told.append, clock)


def test_a_new_version_counts_at_the_next_look_and_not_before(watch, clock):
    path, files = watch
    path.write_text("another")
    clock.now = 4.9
    assert files.current == "one"
    clock.now = 5.0
    assert files.current == "another"
    assert (files.reloads, files.problems) == (1, 0)


def test_a_version_that_cannot_be_read_changes_nothing_and_is_told_once(watch, clock, told):
    path, files = watch
    path.write_text("bad 1")
    for look in range(1, 4):
        clock.now = 5.0 * look
        assert files.current == "one"
    assert told == ["is bad 1"]
    path.write_text("bad 22")
    clock.now = 20.0
    assert files.current == "one"
    assert told == ["is bad 1", "is bad 22"]
    path.write_text("good")
    clock.now = 25.0
    assert files.current == "good"
    assert (files.reloads, files.problems) == (1, 4)


def test_a_file_that_goes_away_and_comes_back_keeps_the_last_version(watch, clock, told):
    path, files = watch
    path.unlink()
    clock.now = 5.0
    assert files.current == "one"
    assert len(told) == 1
    path.write_text("back again")
    clock.now = 10.0
    assert files.current == "back again"


def test_a_file_moved_into_place_with_the_same_size_and_time_is_seen(watch, clock, tmp_path):
    path, files = watch
    other = tmp_path / "other"
    other.write_text("two")
    import os

    found = path.stat()
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(path)
    clock.now = 5.0
    assert files.current == "two"


def test_a_link_that_is_pointed_elsewhere_is_seen(tmp_path, clock, told):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    link = tmp_path / "data"
    link.symlink_to("one")
    path = tmp_path / "data" / "file"
    files = WatchedFiles([str(path)], path.read_text, 5.0, told.append, clock)
    (tmp_path / "new").symlink_to("two")
    (tmp_path / "new").replace(link)  # as Kubernetes renews a mounted secret
    clock.now = 5.0
    assert files.current == "two"


def test_the_first_version_must_be_good(tmp_path, told):
    def read():
        raise ConfigError("no")

    with pytest.raises(ConfigError, match="no"):
        WatchedFiles([str(tmp_path / "file")], read, 5.0, told.append)


def test_threads_that_ask_at_once_read_it_once(watch, clock):
    path, files = watch
    path.write_text("another")
    clock.now = 5.0
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(files.current)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files.reloads == 1
    assert files.current == "another"
    assert set(seen) <= {"one", "another"}
