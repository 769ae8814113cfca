"""Where the bytes of files are kept: one port, and a folder behind it. Object storage would stand behind the same."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

FILES = "files"
"""The folder of a home in which they stand."""


class FileStore(Protocol):
    """Keeps bytes under keys. A key is made by us: letters and digits, never anything that somebody typed."""

    def put(self, key: str, content: bytes) -> None:
        """Keep bytes so that they are there after a power cut. Raises OSError."""

    def get(self, key: str) -> bytes | None:
        """Return what is kept under a key, None where there is nothing."""

    def delete(self, key: str) -> None:
        """Forget a key; one that is not there is forgotten already."""

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """Yield every key and since when it is there."""


class FolderStore:
    """A folder with a file a key; each is written beside its place and moved there whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Write a file, and wait until the disk has it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=self._folder, prefix=".half-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(half).replace(self._path(key))
        except BaseException:
            with suppress(OSError):
                Path(half).unlink()
            raise
        self._sync()

    def get(self, key: str) -> bytes | None:
        """Read a file."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Delete a file."""
        self._path(key).unlink(missing_ok=True)

    def kept(self) -> Iterator[tuple[str, datetime]]:
        """Yield every file, those that were left half written too."""
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):
                yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def _path(self, key: str) -> Path:
        if not key.replace(".half-", "").replace("_", "").isalnum():
            raise ValueError("A key is letters and digits")
        return self._folder / key

    def _sync(self) -> None:
        """Let the disk have the folder's own entry too."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
