"""What the tests of a daemon among enemies share: hostile bytes on its socket (fault_assail), files that are none, and
the watch over it meanwhile: it answers its status, and its own memory (RssAnon) stays bounded."""
import os
import re
import resource
import socket
import subprocess
import threading

OPEN_FILES = 11000                          # ASSAULT_HALF_OPEN, and some


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


# ── the socket ──

def allow_connections():
    """As many open files as the assault's half-open connections take, for it and for the daemons that are started."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard), hard))


def assailed(words, watch, honest_work):
    """fault_assail with these words, and honest work again and again until it has come to its end. What has been done.
    An assault that could not be made is no finding: nothing is known of the daemon then."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as assault:
        rounds = 0
        try:
            while assault.poll() is None:
                honest_work()
                rounds += 1
                watch.look()
        except BaseException:
            assault.kill()
            raise
        said = assault.stdout.read()
    watch.look()
    if assault.returncode != 0:
        raise RuntimeError(f"the assault could not be made: {said}")
    return f"{', '.join(said.splitlines())}; {rounds} honest rounds meanwhile"


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
