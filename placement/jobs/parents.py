"""A process that ends with the one that started it, even where that one was killed and could say nothing."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def end_with(parent: int) -> None:
    """End this process when its parent, by its process id, is gone: at once on Linux, within a second elsewhere.

    Call it from the main thread of a process that was started by the main thread of its parent.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it went before the line above
            os._exit(1)
    else:
        watch(parent)


def watch(parent: int) -> None:
    """Look every second whether the parent is still there, and end this process when it is not."""
    threading.Thread(target=_look, args=(parent,), daemon=True).start()


def _look(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
