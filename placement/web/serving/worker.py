"""A gunicorn worker whose threads wait for nobody: a request gets one when all of it is here, and health has its own.

gunicorn's own worker gives a thread to whoever has connected. As many clients that send half a request, on purpose or
over a bad line, stop the site for everybody; and a full house looks dead to whoever asks for its health. Here the loop
that watches the connections reads each request, head and body, and only a whole one takes a thread.
"""

from __future__ import annotations

import contextlib
import errno
import re
import selectors
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_END = b"\r\n\r\n"
MOST_HEAD = 64 * 1024
MOST_BODY = 13 * 1024 * 1024  # the application refuses more than 12 MB, and needs only the head for that
MOST_HELD = 64 * 1024 * 1024  # of all requests of one worker that are not whole yet
SECONDS = 15.0  # for a whole request, from its connection or the end of the one before it
BYTES_A_SECOND = 32 * 1024  # and for long ones more time, down to this pace
SEND_SECONDS = 30  # for a client that does not take its answer
HEALTH = (b"GET /health/", b"HEAD /health/")
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*(?=\r\n)")
WAITS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)")
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


def missing(heard: bytes | bytearray) -> int:
    """Return how many bytes of a request are still to come, as far as its beginning tells: 0 if it can be handed over.

    One that is too long, or says no length, is handed over by its head alone: the application refuses it.
    """
    end = heard.find(HEAD_END)
    if end < 0:
        return 0 if len(heard) > MOST_HEAD else 1
    found = LENGTH.search(bytes(heard[: end + 2]).lower())
    body = int(found.group(1)) if found else 0
    return 0 if body > MOST_BODY else max(0, end + len(HEAD_END) + body - len(heard))


class Talk(TConn):
    """One connection and what it has said of its next request."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.heard = bytearray()
        self.told_to_go_on = False


class PatientWorker(ThreadWorker):
    """gunicorn's threaded worker, with requests read before they take a thread."""

    def init_process(self) -> None:
        """Make the threads that answer for the health of the process, whatever the others wait for."""
        self.aside = ThreadPoolExecutor(max_workers=2)
        self.held = 0
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a new connection and wait for its request."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        self._wait_for(Talk(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Talk, client: socket.socket) -> None:
        """Hear the next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for(conn)
        self.on_pending_socket_readable(conn, client)

    def on_pending_socket_readable(self, conn: Talk, client: socket.socket) -> None:
        """Hear some more of a request, and hand it to a thread when it is whole."""
        try:
            more = client.recv(256 * 1024)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            more = b""
        self._hear(conn, more)
        if not more or self.held > MOST_HELD:
            self._drop(conn)
            return
        self._go_on(conn)

    def enqueue_req(self, conn: Talk) -> None:
        """Take what gunicorn has read beyond the end of a request as the beginning of the next one."""
        conn.sock.setblocking(False)
        self._wait_for(conn)
        self._hear(conn, conn.parser.unreader.take_buffered())
        self._go_on(conn)

    def murder_pending(self) -> None:
        """Close the connections whose request did not come in time."""
        now = time.monotonic()
        for conn in [each for each in self.pending_conns if each.timeout <= now or not (self.alive or each.heard)]:
            if conn.heard:
                with contextlib.suppress(OSError):
                    conn.sock.send(TOO_SLOW)
            self._drop(conn)

    def _wait_for(self, conn: Talk) -> None:
        conn.heard, conn.told_to_go_on = bytearray(), False
        conn.timeout = time.monotonic() + SECONDS
        self.pending_conns.append(conn)
        hear = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, hear)

    def _hear(self, conn: Talk, more: bytes) -> None:
        conn.heard += more
        self.held += len(more)

    def _go_on(self, conn: Talk) -> None:
        """Hand a whole request to a thread; of another, give a long body its time and say that it may come."""
        left = missing(conn.heard)
        if left == 0:
            self._leave(conn)
            conn.init()
            conn.parser.unreader.unread(bytes(conn.heard))
            self._work(conn)
        elif left > 1 and not conn.told_to_go_on:
            conn.told_to_go_on = True
            conn.timeout += left / BYTES_A_SECOND
            if WAITS.search(bytes(conn.heard[:MOST_HEAD]).lower()):
                with contextlib.suppress(OSError):
                    conn.sock.send(GO_ON)

    def _work(self, conn: Talk) -> None:
        pool = self.aside if conn.heard.startswith(HEALTH) else self.tpool
        conn.heard = bytearray()
        done = pool.submit(self.handle, conn)
        done.add_done_callback(lambda answered: self.method_queue.defer(self.finish_request, conn, answered))

    def _leave(self, conn: Talk) -> None:
        self.pending_conns.remove(conn)
        self.held -= len(conn.heard)
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Talk) -> None:
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()
