"""A line between the program and a server, which can be bad.

    with Relay(server.port) as line:
        line.plan = Plan(down=1000)     # of the connections from now on
        ...                             # the program is given line.port
        line.passed                     # [(bytes up, bytes down)] of each

Up is what the program says, down what it hears.  Where a plan's number of
bytes has passed in that direction the line ends as `end` says: cut (both
sides closed), reset (RST), or silent (nothing passes any more).
"""
import contextlib
import select
import socket
import struct
import threading
from dataclasses import dataclass

CHUNK = 65536


@dataclass
class Plan:
    up: int = None          # bytes that pass, None: all
    down: int = None
    end: str = 'cut'
    segment: int = CHUNK    # bytes that pass at a time
    which: int = None       # only the n-th connection from now on, from 1


class Ended(Exception):
    pass


class Line:
    """One connection."""

    def __init__(self, plan, client, server):
        self.plan = plan
        self.sides = {client: (server, 'up'), server: (client, 'down')}
        self.passed = {'up': 0, 'down': 0}

    def room(self, direction):
        limit = getattr(self.plan, direction)
        return CHUNK if limit is None else limit - self.passed[direction]

    def carry(self, side):
        other, direction = self.sides[side]
        data = side.recv(self.plan.segment)
        if not data:
            raise Ended
        part = data[:max(self.room(direction), 0)]
        other.sendall(part)
        self.passed[direction] += len(part)
        if self.room(direction) <= 0:
            self.end()

    def end(self):
        while self.plan.end == 'silent':    # until somebody hangs up
            for side in select.select(list(self.sides), [], [])[0]:
                if not side.recv(CHUNK):
                    raise Ended
        if self.plan.end == 'reset':
            for side in self.sides:
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                struct.pack('ii', 1, 0))
        raise Ended

    def serve(self):
        for side in self.sides:
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(Ended, OSError):
            while True:
                for side in select.select(list(self.sides), [], [])[0]:
                    self.carry(side)
        for side in self.sides:
            with contextlib.suppress(OSError):
                if self.plan.end != 'reset':
                    side.shutdown(socket.SHUT_RDWR)
            side.close()


class Relay:
    def __init__(self, target):
        self.target, self.plan, self.lines = target, Plan(), []
        self.handlers = []
        self.since_plan = 0

    @property
    def plan(self):
        return self._plan

    @plan.setter
    def plan(self, plan):
        self._plan, self.since_plan = plan, 0

    @property
    def passed(self):
        return [(x.passed['up'], x.passed['down']) for x in self.lines]

    def handle(self, client, plan):
        try:
            server = socket.create_connection(('127.0.0.1', self.target))
        except OSError:
            client.close()
            return
        line = Line(plan, client, server)
        self.lines.append(line)
        line.serve()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.since_plan += 1
            plan = self._plan
            if plan.which not in (None, self.since_plan):
                plan = Plan()
            handler = threading.Thread(target=self.handle,
                                       args=(client, plan), daemon=True)
            self.handlers.append(handler)
            handler.start()

    def settle(self):
        """Wait until all that was sent has arrived; the clients are gone."""
        while self.handlers:
            self.handlers.pop().join()

    def __enter__(self):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *unused):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
