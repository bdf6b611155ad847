"""Hostile bytes for a daemon's own socket, over a connection of its own making (libzmq through ctypes) and before any
handshake; and the watch over the daemon meanwhile: it answers its status, and its own memory (RssAnon) stays bounded."""
import ctypes
import ctypes.util
import os
import random
import re
import socket
import threading
import time

DEALER, LINGER, SNDHWM, RCVHWM, RCVTIMEO, SNDTIMEO = 5, 17, 23, 24, 27, 28
PUBLIC, SECRET, SERVER = 48, 49, 50         # ZMQ_CURVE_…KEY
SNDMORE = 2
FRAME_MAX = 256 * 1024                      # MSG_BYTES_MAX


class Harm(Exception):
    """What the attack has done to the daemon."""


# ── the watch ──

class Watch(threading.Thread):
    """`status`: what returns None when the daemon does not answer. `pid` is its process."""

    def __init__(self, pid, status, growth_mb=64):
        super().__init__(daemon=True)
        self.pid, self.status, self.growth_kb = pid, status, growth_mb * 1024
        self.start_kb, self.worst_kb, self.asked, self.wrong, self.over = self.rss(), 0, 0, None, threading.Event()

    def rss(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as lines:
            return int(re.search(r"RssAnon:\s+(\d+)", lines.read()).group(1))

    def run(self):
        while not self.over.is_set() and self.wrong is None:
            try:
                self.worst_kb = max(self.worst_kb, self.rss() - self.start_kb)
                if self.worst_kb > self.growth_kb:
                    self.wrong = f"RssAnon grew by {self.worst_kb} KiB"
                if self.status() is None:
                    self.wrong = "the daemon does not answer its status"
                self.asked += 1
            except (OSError, AttributeError) as gone:
                self.wrong = f"the daemon is gone: {gone}"
            self.over.wait(0.02)

    def look(self):
        if self.wrong is not None:
            raise Harm(self.wrong)

    def end(self):
        self.over.set()
        self.join()
        self.look()


# ── a peer that has a key ──

def keys_of(file):
    with open(file, encoding="utf-8") as lines:
        text = lines.read()
    return tuple(re.search(rf'{name}: "(.{{40}})"', text).group(1).encode() for name in ("public_key", "secret_key"))


def pack(value):
    """msgpack of what a header is made of."""
    if isinstance(value, dict):
        return bytes([0x80 | len(value)]) + b"".join(pack(k) + pack(v) for k, v in value.items())
    if isinstance(value, int):
        return bytes([value]) if value < 128 else b"\xcf" + value.to_bytes(8, "big")
    if isinstance(value, str):
        return b"\xd9" + bytes([len(value)]) + value.encode()
    return b"\xc4" + bytes([len(value)]) + value


class Peer:
    """A DEALER with the key of a principal; what cannot be sent within 0.2 s is let go."""

    def __init__(self, endpoint, own, server, unread=False):
        self.zmq = ctypes.CDLL(ctypes.util.find_library("zmq"))
        for name in ("zmq_ctx_new", "zmq_socket"):
            getattr(self.zmq, name).restype = ctypes.c_void_p
        self.context = ctypes.c_void_p(self.zmq.zmq_ctx_new())
        self.socket = ctypes.c_void_p(self.zmq.zmq_socket(self.context, DEALER))
        for option, key in ((PUBLIC, own[0]), (SECRET, own[1]), (SERVER, server)):
            if self.zmq.zmq_setsockopt(self.socket, option, key, ctypes.c_size_t(len(key))) != 0:
                raise RuntimeError("libzmq does not take the key")
        for option, value in ((LINGER, 0), (SNDHWM, 10000), (SNDTIMEO, 200), (RCVHWM, 1 if unread else 1000)):
            self.zmq.zmq_setsockopt(self.socket, option, ctypes.byref(ctypes.c_int(value)), ctypes.c_size_t(4))
        if self.zmq.zmq_connect(self.socket, endpoint.encode()) != 0:
            raise RuntimeError(f"no connection to {endpoint}")

    def send(self, *frames):
        for i, frame in enumerate(frames):
            self.zmq.zmq_send(self.socket, frame, ctypes.c_size_t(len(frame)), SNDMORE if i + 1 < len(frames) else 0)

    def ask(self, header, body):
        """Whether it is let in: the frames of one answer."""
        self.zmq.zmq_setsockopt(self.socket, RCVTIMEO, ctypes.byref(ctypes.c_int(5000)), ctypes.c_size_t(4))
        self.send(header, body)
        into, frames = ctypes.create_string_buffer(FRAME_MAX), []
        for _ in range(2):
            n = self.zmq.zmq_recv(self.socket, into, ctypes.c_size_t(FRAME_MAX), 0)
            if n < 0:
                raise RuntimeError("a request as it should be gets no answer: the attack would hit nothing")
            frames.append(into.raw[:n])
        return frames

    def close(self):
        self.zmq.zmq_close(self.socket)
        self.zmq.zmq_ctx_term(self.context)


def request(method, number=1):
    return pack({"version": 1, "kind": "request", "id": number, "method": method, "deadline_ms": 1000})


def speak(endpoint, own, server, method, watch):
    """Over a connection that is let in: prefixes, bombs, frames without number, giants, answers that nobody reads."""
    header, body = request(method), b"\x80"
    peer = Peer(endpoint, own, server)
    if b"reply" not in peer.ask(header, body)[0]:
        raise RuntimeError(f"{method} is refused: the attack would not come far")
    for n in range(len(header)):
        peer.send(header[:n], body)
        peer.send(header, header[:n])
    counts = (b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xdc\xff\xff", b"\xde\xff\xff")
    for bomb in counts + (b"\x91" * FRAME_MAX, b"\xdd\x00\x03\xff\xf0" + b"\x80" * (FRAME_MAX - 5)):
        for _ in range(40):
            peer.send(header, bomb)
            peer.send(bomb[:4000], body)
        watch.look()
    for n in (1, 3, 7, 20000):
        peer.send(*[b"x"] * n)
    for _ in range(3):
        peer.send(header, bytes(32 << 20))
        watch.look()
    peer.close()
    deaf = Peer(endpoint, own, server, unread=True)
    for i in range(1, 3001):
        deaf.send(request(method, i), body)
        if i % 100 == 0:
            watch.look()
    time.sleep(1)
    watch.look()
    deaf.close()


# ── before any handshake ──

def shout(path, chance: random.Random, watch, times=600, half_open=800):
    """Noise on the socket file itself, some of it behind a greeting that is right; and connections that say nothing."""
    greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00CURVE" + bytes(47)
    held = []
    for i in range(times + half_open):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(0.2)
        try:
            line.connect(path)
            if i < times:
                line.sendall((greeting if i % 3 == 1 else b"") + chance.randbytes(chance.randrange(4096)))
            elif i % 3 == 0:
                line.sendall(b"\xff\0\0\0")
        except OSError:                     # it may hang up on us
            pass
        if i < times:
            line.close()
        else:
            held.append(line)
        if i % 100 == 0:
            watch.look()
    for line in held:
        line.close()


# ── files ──

def odd_files(folder, prefix, suffix):
    """What is no file that could be read: a link to elsewhere, a pipe, a socket, a folder. Their names."""
    names = [f"{prefix}{kind}{suffix}" for kind in ("link", "loop", "pipe", "socket", "folder")]
    os.symlink("/etc/passwd", f"{folder}/{names[0]}")
    os.symlink(names[1], f"{folder}/{names[1]}")
    os.mkfifo(f"{folder}/{names[2]}")
    here = os.getcwd()
    os.chdir(folder)                        # the path of a socket is short
    try:
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).bind(names[3])
    finally:
        os.chdir(here)
    os.mkdir(f"{folder}/{names[4]}")
    return names
