"""The federal gateway as a test drives it: a region of real daemons in a folder, of which the gateway is started with
a fault and without, and the states to begin from. What has to hold is in federal_ways.py."""
import ctypes
import ctypes.util
import json
import os
import shutil
import signal
import subprocess
import time
import uuid

OTHERS = ["roster", "diagnostics", "programmes", "routes", "indicators"]
RESERVE_MB = 4


class Violation(Exception):
    pass


def new_id():
    """A command's id: version 7, the time first."""
    b = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    b[6] = b[6] & 15 | 0x70
    b[8] = b[8] & 63 | 0x80
    return str(uuid.UUID(bytes=bytes(b)))


class Gate:
    def __init__(self, args, where, place=None, parts=("data", "files")):
        """`place`: where these parts of the gateway are (a disk to be cut or filled); None: with the region's."""
        self.args, self.where, self.place, self.parts, self.daemon = args, where, place, parts, None
        self.patience = 25                  # seconds that until() waits
        self.config = f"{where}/rsnms.yaml"
        self.files, self.data = f"{where}/files/federal", f"{where}/data/federal"
        self.fall = None                    # (point, act) → what was seen after the first and after the second fall

    def rsnms(self, *words, good=True):
        done = subprocess.run([f"{self.args.build}/rsnms", "--config", self.config, "--timeout", "5", *words], capture_output=True,
                              text=True, timeout=120, check=False)
        if good and done.returncode != 0:
            raise Violation(f"rsnms {' '.join(words)}: {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def put_in_place(self):
        """After `rsnms init`, before the first start."""
        for name, at in (("data", self.data), ("files", self.files)):
            os.makedirs(os.path.dirname(at), exist_ok=True)
            if name in self.parts:
                os.makedirs(f"{self.place}/{name}", exist_ok=True)
                os.symlink(f"{self.place}/{name}", at)
        with open(self.config, "a", encoding="utf-8") as config:
            config.write(f"reserve_mb: {RESERVE_MB}\n")        # of a disk as small as this

    def start(self, point=None, **more):
        """`point`: (failpoint, n) where it dies. `more`: of its environment."""
        env = {k: v for k, v in os.environ.items() if k != "RSNMS_FAILPOINT"} | more
        if point:
            env["RSNMS_FAILPOINT"] = f"{point[0]}:{point[1]}"
        with open(f"{self.where}/federal.log", "ab") as log:
            self.daemon = subprocess.Popen([f"{self.args.build}/rsnms-federal", "--config", self.config], env=env, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while self.daemon.poll() is None and time.monotonic() < until:
            if self.status() is not None:
                return
            time.sleep(0.02)
        if self.daemon.poll() is None:
            raise Violation("federal does not answer")

    def status(self):
        """None: it does not answer."""
        done = self.rsnms("call", "federal.service.status", good=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def killed(self, seconds=20):
        """True when the failpoint was reached within that time."""
        try:
            code = self.daemon.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        if code != -signal.SIGKILL:
            raise Violation(f"federal ended with {code}")
        return True

    def stop(self, dying=False):
        """`dying`: its failpoint may still strike."""
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            if self.daemon.wait(60) not in ((0, -signal.SIGKILL) if dying else (0,)):
                raise Violation(f"federal ended with {self.daemon.returncode}")
        self.daemon = None

    def kill(self):
        if self.daemon is not None and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait()
        self.daemon = None

    @staticmethod
    def rows(done):
        return json.loads(done.stdout).get("rows", [])

    def passport(self):
        rows = self.rows(self.rsnms("call", "federal.passport.list"))
        return rows[0] if rows else None

    def until(self, what, wanted):
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            passport = self.passport()
            if passport is not None and wanted(passport):
                return passport
            time.sleep(0.05)
        raise Violation(f"{what} has not come about: {json.dumps(self.passport(), ensure_ascii=False)[:400]}")

    def filled(self, passport):
        return all(b.get("filled") == passport["fill"] for b in passport["blocks"] if b["number"] in (2, 7))

    def seen(self):
        """Every file of the gateway but those that are being written: path → bytes."""
        found = {}
        for folder, _, names in os.walk(self.files):
            for name in names:
                if not name.startswith("."):
                    with open(f"{folder}/{name}", "rb") as file:
                        found[os.path.relpath(f"{folder}/{name}", self.files)] = file.read()
        return found

    def events(self, name):
        return [json.loads(line) for line in self.rsnms("journal", "federal", "--event", name).stdout.splitlines()]

    def save(self, name):
        for part, at in (("data", self.data), ("files", self.files)):
            shutil.copytree(at, f"{self.where}/saved-{name}/{part}", dirs_exist_ok=True)

    def load(self, name):
        for part, at in (("data", self.data), ("files", self.files)):
            for there in os.scandir(at):    # it may be a link to another disk: what is in it goes
                if there.is_dir(follow_symlinks=False):
                    shutil.rmtree(there.path)
                else:
                    os.remove(there.path)
            shutil.copytree(f"{self.where}/saved-{name}/{part}", at, dirs_exist_ok=True)

    def verified(self):
        self.stop()
        self.rsnms("verify", "federal")
        self.rsnms("rebuild", "federal")

    def drop(self, content, name):
        """Carried into the inbox: the signature first, as docs/passport.md asks."""
        for suffix in (".sig", ""):
            shutil.copy(f"{content}{suffix}", f"{self.files}/inbox/{name}{suffix}")

    def sign(self, text, name):
        """A letter of the operator's, ready to be dropped: `name` and its signature, by libsodium itself, so that what
        signs here is not what checks there."""
        sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
        with open(f"{self.where}/operator.sign", "rb") as file:
            seed = file.read()
        message = text.encode()
        public, secret, signature = (ctypes.create_string_buffer(n) for n in (32, 64, 64))
        if sodium.crypto_sign_seed_keypair(public, secret, seed) != 0 or \
                sodium.crypto_sign_detached(signature, None, message, ctypes.c_ulonglong(len(message)), secret) != 0:
            raise RuntimeError("libsodium does not sign")
        for suffix, content in (("", message), (".sig", signature.raw)):
            with open(f"{self.where}/{name}{suffix}", "wb") as file:
                file.write(content)

    def log(self, lines=15):
        with open(f"{self.where}/federal.log", encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    def close(self):
        """Whatever state it is in: no daemon and no folder is left."""
        self.kill()
        if os.path.exists(self.config):
            self.rsnms("down", good=False)
        shutil.rmtree(self.where, ignore_errors=True)


def prepare(gate):
    """Three places to begin from: nothing, an approved passport, one that was sent."""
    gate.rsnms("init", gate.where, "--profile", f"{gate.args.source}/config/regions/tomsk.yaml")
    gate.rsnms("federal", "key", f"{gate.where}/operator.sign")
    shutil.copy(f"{gate.where}/operator.sign.pub", f"{gate.where}/keys/operator.pub")
    if gate.place is not None:
        gate.put_in_place()
    gate.rsnms("up", *OTHERS)
    gate.start()
    gate.stop()
    gate.save("nothing")
    gate.start()
    gate.rsnms("federal", "open", "2023")
    passport = gate.until("the filling", gate.filled)
    gate.whole = {b["number"]: (b["cells"], b.get("gaps", 0)) for b in passport["blocks"]}
    gate.rsnms("federal", "submit", "2023")
    gate.rsnms("federal", "approve", "2023")
    gate.id = passport["id"]
    gate.stop()
    gate.save("approved")
    gate.start()
    gate.rsnms("backup", "federal", "before")
    gate.backup = next(folder for folder, _, _ in os.walk(gate.where) if folder.endswith("/before/federal"))
    gate.rsnms("federal", "submit", "2023", good=False)         # an entry more: the restored journal will say that it is one
    gate.rsnms("federal", "send", "2023")
    passport = gate.until("the package", lambda p: "package" in p)
    gate.name, gate.sending = passport["name"], passport["sending"]
    package = f"{gate.files}/outbox/{gate.name}.json"
    gate.rsnms("federal", "reply", package, "--key", f"{gate.where}/operator.sign", "--return", "Уточнить", "--day",
               passport["sent"], "--out", f"{gate.where}/receipt.json")
    with open(f"{gate.where}/receipt.json", encoding="utf-8") as file:
        other = json.load(file)
    other["package"] = "passport-of-nobody"
    gate.sign(json.dumps(other), "other.json")
    gate.stop()
    gate.save("sent")
