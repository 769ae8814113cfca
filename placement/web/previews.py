"""Files that were sent and wait to be confirmed: what was read of one stays where files are kept, for its sender alone.

The key cannot be guessed, no row of the records knows of it, and what is never confirmed is cleaned away at night.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from placement.domain.errors import NotFound
from placement.web.access import current_actor
from placement.web.extensions import file_store

_KEY = 32


def keep_preview(kind: str, content: Any) -> str:
    """Keep what was read of a file, as values that JSON can hold; return its key."""
    key = uuid4().hex
    kept = {"user": current_actor().user_id, "kind": kind, "content": content}
    file_store().put(key, json.dumps(kept).encode())
    return key


def preview_of(kind: str, key: str) -> Any:
    """Return what was kept. Raises NotFound where it is not there, of another kind, or somebody else's."""
    content = file_store().get(key) if len(key) == _KEY and key.isascii() and key.isalnum() else None
    kept = json.loads(content) if content and content.startswith(b'{"user"') else None
    if kept is None or (kept["user"], kept["kind"]) != (current_actor().user_id, kind):
        raise NotFound("This file is not here any more. Send it again.")
    return kept["content"]


def forget_preview(key: str) -> None:
    """Forget what was kept: it is confirmed."""
    file_store().delete(key)
