"""A filesystem of its own on a loop image: to be cut off in mid-work (xfs), or to be filled by somebody else's file
and freed again (ext4, small).

    with Disk("/tmp/where", kind="xfs") as disk:        # mounted on disk.point
        disk.cut(); disk.unmount(); disk.mount()        # the power is gone, and comes back
        disk.fill(leave=1 << 20); disk.free()

Unmountable is raised where nothing can be mounted or made: the test is skipped then (77), with its reason. Whatever
way the block is left, the mount and the image go."""
import fcntl
import os
import struct
import subprocess
import time

SKIP = 77
SIZE_MB = {"xfs": 320, "ext4": 64}          # mkfs.xfs takes no less than 300
MAKE = {"xfs": ("mkfs.xfs", "-q"), "ext4": ("mkfs.ext4", "-q", "-m", "0")}
GOING_DOWN, NO_LOG_FLUSH = 0x8004587d, 2    # XFS_IOC_GOINGDOWN, XFS_FSOP_GOING_FLAGS_NOLOGFLUSH


class Unmountable(Exception):
    pass


def run(*command, check=True):
    try:
        return subprocess.run(command, check=check, capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise Unmountable(f"{missing.filename} is not installed") from missing


class Disk:
    def __init__(self, where, kind="xfs", megabytes=None):
        """`where`: a folder that is there; the image and the mount point are made in it."""
        self.kind, self.image, self.point = kind, os.path.join(where, "image"), os.path.join(where, "disk")
        self.ballast = os.path.join(self.point, "ballast")
        os.mkdir(self.point)
        with open(self.image, "wb") as image:
            image.truncate((megabytes or SIZE_MB[kind]) << 20)
        run(*MAKE[kind], self.image)

    def __enter__(self):
        self.mount()
        return self

    def __exit__(self, *_):
        self.close()

    def mount(self):
        mounted = run("mount", "-o", "loop", self.image, self.point, check=False)
        if mounted.returncode != 0:
            raise Unmountable(f"loop mounts are not allowed here: {mounted.stderr.strip()}")

    def unmount(self):
        """Waits for those who still have a file open; in the end without them."""
        for _ in range(100):
            if run("umount", self.point, check=False).returncode == 0:
                return
            time.sleep(0.05)
        run("umount", "-l", self.point)

    def close(self):
        if os.path.ismount(self.point):
            self.unmount()
        if os.path.exists(self.image):
            os.remove(self.image)

    # ── power (xfs) ──

    def cut(self):
        """Nothing that is not on the disk gets there any more; at once, so that a cut can be aimed."""
        fd = os.open(self.point, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, GOING_DOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(fd)

    def sync(self):
        """All that was written so far is on the disk."""
        run("sync", "-f", self.point)

    def power_again(self):
        """After a cut: what was safe is there. Nobody may have a file open."""
        self.unmount()
        self.mount()

    # ── room (ext4) ──

    def room(self):
        """Bytes that are free."""
        of = os.statvfs(self.point)
        return of.f_bavail * of.f_frsize

    def fill(self, leave=0):
        """Somebody else's file takes all but `leave` bytes; called again, it grows or shrinks."""
        fd = os.open(self.ballast, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            size = os.fstat(fd).st_size
            if self.room() < leave:
                size = max(0, size - (leave - self.room()))
                os.ftruncate(fd, size)
            part = 1 << 20
            while part >= 512:              # the last blocks, too: what a file takes is more than its bytes
                try:
                    while self.room() >= leave + part:
                        os.posix_fallocate(fd, size, part)
                        size += part
                except OSError:             # ENOSPC
                    pass
                part //= 2
            os.fsync(fd)
        finally:
            os.close(fd)

    def free(self):
        if os.path.exists(self.ballast):
            os.remove(self.ballast)
        os.sync()
