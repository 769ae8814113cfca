"""gunicorn's settings: `gunicorn -c python:placement.web.serving.settings wsgi:app`.

`flask start` hands over a socket that it has bound itself; another supervisor gives `--bind`.
"""

from __future__ import annotations

import os
from typing import Any

from placement.jobs.parents import end_with
from placement.jobs.supervising import end_with_supervisor

worker_class = "placement.web.serving.worker.PatientWorker"
workers = 2
threads = 12  # a writer that waits for another's lock holds one: readers need the rest
# A proxy that keeps a connection longer than we do sends a request into one that we are closing, and its user reads
# 502. nginx keeps them for 60 seconds, as most do.
keepalive = 75
graceful_timeout = 10
preload_app = True  # made once, and a worker that died is there again as fast as it can be forked
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def on_starting(_server: Any) -> None:
    """Let gunicorn's master end with the supervisor that started it, if one did."""
    end_with_supervisor()


def post_fork(_server: Any, worker: Any) -> None:
    """Let a worker end with its master: a killed master would leave it holding the port."""
    end_with(worker.ppid)
