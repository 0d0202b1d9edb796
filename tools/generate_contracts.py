"""Generates `storyreel/contracts` from `proto/`; with --check says whether what is committed is current."""

from __future__ import annotations

import argparse
import filecmp
import re
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
CONTRACTS = ROOT / "storyreel" / "contracts"
IMPORTED_MODULE = re.compile(r"\bstoryreel\.(events|pricing|engines)\.v1(?= import|\.\w+_pb2)")
"""A Python module as generated code names it; names of messages and methods on the wire do not match."""


def generate(target: Path) -> None:
    """Writes the generated packages into the folder `target`."""
    with tempfile.TemporaryDirectory() as scratch:
        sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
        status = protoc.main(
            [
                "protoc",
                f"-I{PROTO}",
                f"-I{files('grpc_tools') / '_proto'}",
                f"--python_out={scratch}",
                f"--mypy_out=quiet:{scratch}",
                f"--grpc_python_out={scratch}",
                f"--mypy_grpc_out=quiet:{scratch}",
                *sources,
            ]
        )
        if status:
            raise SystemExit(status)
        produced = Path(scratch) / "storyreel"
        for path in sorted([*produced.rglob("*.py"), *produced.rglob("*.pyi")]):
            # The contracts live one level below the package that the proto files name.
            text = IMPORTED_MODULE.sub(r"storyreel.contracts.\1.v1", path.read_text())
            path.write_text(text)
        for module in produced.rglob("*_pb2_grpc.py"):
            if "class " not in module.read_text():  # a file without a service
                module.unlink()
                module.with_suffix(".pyi").unlink()
        for folder in [produced, *(path for path in produced.rglob("*") if path.is_dir())]:
            (folder / "__init__.py").write_text('"""Generated from proto/ by `make proto`; not edited."""\n')
        shutil.copytree(produced, target, dirs_exist_ok=True)


def differences(left: Path, right: Path) -> list[str]:
    """Names of files that differ between the two trees or stand in one only."""
    names = {
        str(path.relative_to(tree))
        for tree in (left, right)
        for path in tree.rglob("*.py*")
        if path.suffix in {".py", ".pyi"}
    }
    return sorted(
        name
        for name in names
        if not ((left / name).exists() and (right / name).exists())
        or not filecmp.cmp(left / name, right / name, shallow=False)
    )


def main() -> None:
    """Generates, or checks with --check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where the committed code is not current")
    if not parser.parse_args().check:
        shutil.rmtree(CONTRACTS, ignore_errors=True)
        generate(CONTRACTS)
        return
    with tempfile.TemporaryDirectory() as fresh:
        generate(Path(fresh))
        stale = differences(Path(fresh), CONTRACTS)
    if stale:
        sys.exit(f"contracts are not current ({', '.join(stale)}): run `make proto`")


if __name__ == "__main__":
    main()
