"""What the figures were measured on and with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from placement import __version__

CPU_FACTS = Path("/proc/cpuinfo")


def machine() -> dict[str, Any]:
    """Return the processor, its cores, and the memory in whole gibibytes."""
    lines = CPU_FACTS.read_text(encoding="utf-8").splitlines() if CPU_FACTS.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
    }


def versions() -> dict[str, str]:
    """Return the versions of what was measured and of what it was measured against."""
    packages = {name: version(name) for name in ("ortools", "numpy", "highspy")}
    return {"placement": __version__, "python": platform.python_version(), **packages}
