"""Builds and runs programs that are no Python: compilers, interpreters, binaries.

Everything here happens after confinement: a compiler reads hostile text like any program.
"""

from __future__ import annotations

import io
import os
from typing import Any, Final

_SOURCE_MODE: Final = 0o644
_TOO_LARGE: Final = 1
_MAX_PRODUCT: Final = 48 * 1024**2  # bytes; whoever asked keeps no more than 64 MiB


def build(payload: dict[str, Any], artifact: int) -> int:
    """Writes the source, runs the compiler, and hands its product over.

    Args:
        payload: "files" by name with their text, "command" the compiler's, "product" the names of
            the files or folders to hand over, "environment".
        artifact: descriptor to write the product to: a tar archive, or one file if "single".

    Returns:
        The compiler's exit code; its words are on the standard error. Failure, too, where the
        product is more than anybody keeps.
    """
    import shutil  # noqa: PLC0415 - the zygote stays small: every fork copies what it holds
    import subprocess  # noqa: PLC0415
    import tarfile  # noqa: PLC0415

    _write(payload["files"])
    done = subprocess.run(payload["command"], env=payload["environment"], stdout=2, check=False)  # noqa: S603
    if done.returncode != 0:
        return done.returncode if done.returncode > 0 else 128 - done.returncode
    size = _size(payload["product"])
    if size > _MAX_PRODUCT:
        os.write(2, b"the compiled program is too large: %d bytes\n" % size)
        return _TOO_LARGE
    with open(artifact, "wb") as out:
        if payload["single"]:
            with open(payload["product"], "rb") as product:
                shutil.copyfileobj(product, out)
        else:
            with tarfile.open(fileobj=out, mode="w|") as archive:
                archive.add(payload["product"])
    return 0


def _size(path: str) -> int:
    """Bytes of a file, or of the files in a folder."""
    if not os.path.isdir(path):
        return os.stat(path).st_size
    return sum(
        os.lstat(os.path.join(folder, name)).st_size
        for folder, _, names in os.walk(path)
        for name in names
    )


def run(payload: dict[str, Any], descriptors: list[int]) -> int:
    """Becomes the program.

    Args:
        payload: "files" to write first, "command", "environment", "single": whether the artifact
            is the program itself rather than an archive of its files.
        descriptors: of the artifact, if there is one.
    """
    _write(payload["files"])
    if descriptors and payload["single"]:
        artifact = descriptors[0]
        os.set_inheritable(artifact, False)
        os.execve(artifact, payload["command"], payload["environment"])  # noqa: S606
    if descriptors:
        import tarfile  # noqa: PLC0415 - as above

        # Where the file is read is shared with every other run of the program, so each says it.
        content = os.pread(descriptors[0], os.fstat(descriptors[0]).st_size, 0)
        os.close(descriptors[0])
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(".")  # noqa: S202 - powerless, in the program's own scratch
    os.execve(payload["command"][0], payload["command"], payload["environment"])  # noqa: S606


def _write(files: dict[str, str]) -> None:
    for name, text in files.items():
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _SOURCE_MODE)
        with open(descriptor, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
            file.write(text)
