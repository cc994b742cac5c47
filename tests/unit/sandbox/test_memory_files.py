"""Files in memory: sealed ones nobody changes, and how much is read of the others."""

import os

import pytest

from sandbox import memory_files


@pytest.fixture
def file():
    """Makes files with a content; they are closed with the test."""
    made = []

    def make(content=b"", *, sealed=False):
        descriptor = memory_files.sealed("t", content) if sealed else memory_files.empty("t")
        made.append(descriptor)
        if not sealed:
            os.write(descriptor, content)
        return descriptor

    yield make
    for descriptor in made:
        os.close(descriptor)


@pytest.mark.parametrize("content", [b"", b"x", b"\0\xff\n", b"ab" * 3_000_000])
def test_a_sealed_file_is_read_from_its_beginning(file, content):
    descriptor = file(content, sealed=True)
    with open(descriptor, "rb", closefd=False) as reading:
        assert reading.read() == content


def test_nobody_changes_a_sealed_file(file):
    descriptor = file(b"abc", sealed=True)
    for change in (
        lambda: os.write(descriptor, b"x"),
        lambda: os.pwrite(descriptor, b"x", 0),
        lambda: os.ftruncate(descriptor, 1),
        lambda: os.ftruncate(descriptor, 9),
    ):
        with pytest.raises(PermissionError):
            change()
    again = os.open(f"/proc/self/fd/{descriptor}", os.O_RDWR | os.O_CLOEXEC)
    try:
        with pytest.raises(PermissionError):
            os.write(again, b"x")
    finally:
        os.close(again)
    assert os.pread(descriptor, 9, 0) == b"abc"


@pytest.mark.parametrize("sealed", [False, True])
def test_files_are_not_inherited(file, sealed):
    assert not os.get_inheritable(file(b"", sealed=sealed))


@pytest.mark.parametrize(
    ("content", "limit", "read"),
    [
        (b"", 4, (b"", False)),
        (b"", 0, (b"", False)),
        (b"abc", 4, (b"abc", False)),
        (b"abcd", 4, (b"abcd", False)),
        (b"abcde", 4, (b"abcd", True)),
        (b"abcde", 0, (b"", True)),
    ],
)
def test_the_beginning_says_whether_there_is_more(file, content, limit, read):
    assert memory_files.beginning(file(content), limit) == read


@pytest.mark.parametrize(
    ("content", "kept", "limit", "read"),
    [
        (b"", 3, 4, (b"", False)),
        (b"ab", 3, 4, (b"ab", False)),
        (b"abcd", 3, 4, (b"bcd", False)),
        (b"abcde", 3, 4, (b"cde", True)),
    ],
)
def test_the_end_is_the_last_bytes(file, content, kept, limit, read):
    assert memory_files.end(file(content), kept, limit) == read


def test_a_position_left_somewhere_says_nothing(file):
    """A program shares the position of its output with us, and may move it."""
    descriptor = file(b"abc")
    os.lseek(descriptor, 2, os.SEEK_SET)
    assert memory_files.beginning(descriptor, 9) == (b"abc", False)
    assert memory_files.end(descriptor, 2, 9) == (b"bc", False)


def test_a_hole_is_read_no_further_than_asked(file):
    descriptor = file(b"")
    os.ftruncate(descriptor, 1 << 40)
    assert memory_files.beginning(descriptor, 5) == (bytes(5), True)
    assert memory_files.end(descriptor, 5, 9) == (bytes(5), True)
