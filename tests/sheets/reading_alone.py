"""Reads one file in a process of its own, and says what came of it, how long it took and how much memory that was."""

import json
import resource
import sys
import time
from pathlib import Path

from placement.domain.errors import UnusableFile
from placement.sheets.formats import read_sheet

path, name = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
content = Path(path).read_bytes()
begun = time.process_time()
try:
    said = f"{len(read_sheet(content, name=name).rows)} rows were read"
except UnusableFile as error:
    said = str(error)
took = time.process_time() - begun
status = Path("/proc/self/status").read_text()  # what `getrusage` says counts the process that started this one too
most = int(status.split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps({"said": said, "seconds": round(took, 2), "megabytes": most}))
