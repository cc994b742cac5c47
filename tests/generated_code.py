"""Refuses generated code that differs from what the .proto files would generate now."""

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Generates into a temporary folder and compares; 1 if anything differs."""
    protos = sorted(str(path) for path in (ROOT / "proto/verifier/v1").glob("*.proto"))
    with tempfile.TemporaryDirectory() as folder:
        outputs = [f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")]
        subprocess.run(
            [sys.executable, "-m", "grpc_tools.protoc", f"-I{ROOT / 'proto'}", *outputs, *protos],
            check=True,
        )
        fresh = {path.name: path for path in Path(folder, "verifier/v1").iterdir()}
        committed = {path.name: path for path in (ROOT / "verifier/v1").glob("*_pb2*")}
        stale = sorted(
            name
            for name in fresh.keys() | committed.keys()
            if name not in fresh
            or name not in committed
            or not filecmp.cmp(fresh[name], committed[name], shallow=False)
        )
    for name in stale:
        print(f"verifier/v1/{name} is out of date: run `make proto`")  # noqa: T201
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
