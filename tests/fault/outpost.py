"""outpost: a region's four daemons that stay up, and municipal nodes of it that fall and come back.

A node is given work in rounds: two lists in its folder (one row of each is faulty) and commands by the command line.
Every form of support is a word of its own, so that what has come of it can be told in the region's journal. What was
acknowledged is not said again; what was not is, until it is. At the end of a round everything has to be there once."""
import json
import os
import shutil
import signal
import subprocess
import threading
import time

REGION_ID = "70000000-1233-8000-8021-071500000070"
SERVICES = ["roster", "diagnostics", "programmes", "routes"]
STAFF = "Код;Фамилия;Имя;Дата рождения;Код организации;Должность;Работает с\n"
SUPPORT = "Код работника;Форма;Дата\n"
ROWS = 3                                    # good ones of each list
ENTERED = 2                                 # commands of a round
RESERVE_MB = 4                              # of disk that a node keeps free
CALM = 45                                   # seconds; lists that met a fault are looked at again after half a minute
ENDS = {0: "goes on", 1: "did not open", 70: "ended after a failed commit"}      # common/service/daemon.h


class Violation(Exception):
    pass


def until(wanted, seconds, step=0.05):
    """True when it has come about."""
    end = time.monotonic() + seconds
    while not wanted():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True


class Region:
    def __init__(self, build, source, where):
        self.build, self.source, self.where = build, source, where
        self.outposts, self.days, self.lock, self.over = [], 0, threading.Lock(), False

    def rsnms(self, folder, *words, good=True, timeout="5"):
        env = {**os.environ, "RSNMS_MESSAGES": f"{self.source}/config/messages"}
        done = subprocess.run([f"{self.build}/rsnms", "--config", f"{folder}/rsnms.yaml", "--timeout", timeout, *words], env=env,
                              capture_output=True, text=True, timeout=120, check=False)
        if good and done.returncode != 0:
            raise Violation(f"rsnms {' '.join(words)}: {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def call(self, method, body):
        return json.loads(self.rsnms(self.folder, "call", method, json.dumps(body)).stdout)

    @property
    def folder(self):
        return f"{self.where}/region"

    def start(self):
        self.rsnms(self.where, "init", self.folder, "--profile", f"{self.source}/config/regions/tomsk.yaml")
        self.rsnms(self.folder, "up", *SERVICES)
        above = ""
        for code, kind in (("70", "region"), ("town", "municipality"), ("school", "school")):
            body = {"code": code, "kind": kind, "title": code, **({"parent": above} if above else {"id": REGION_ID})}
            above = self.call("roster.organisation.register", body)["id"]
        row = {"code": "w", "family": "Аверина", "given": "Анна", "born": "1985-04-12", "organisation": "school", "post": "учитель",
               "from": "2015-09-01"}
        self.worker = self.call("roster.worker.record", row)["person"]

    def stop(self):
        """Ends everybody, and from here on nobody starts: where one thread has found a violation, others are still at work."""
        with self.lock:
            self.over = True
        for outpost in self.outposts:
            outpost.kill()
        if os.path.exists(f"{self.folder}/rsnms.yaml"):
            self.rsnms(self.folder, "down", good=False)

    def outpost(self, name, state=None):
        """A node of the town; its store and its folders are put below `state`."""
        made = Outpost(self, name, state)
        with self.lock:
            self.outposts.append(made)
        return made

    def birthday(self):
        """Another one for everybody: who has the same is the same person."""
        with self.lock:
            self.days += 1
            return f"{self.days % 28 + 1:02}.{self.days // 28 % 12 + 1:02}.{1940 + self.days // 336}"

    def journal(self, service, event):
        out = self.rsnms(self.folder, "journal", service, "--event", event).stdout
        return [json.loads(line) for line in out.splitlines()]

    def told(self):
        """What every node of this region has wrought; a Violation when it is not what it was given."""
        found, who = {}, {}
        for entry in self.journal("routes", "routes.support.recorded"):
            form = entry["body"]["form"]
            found.setdefault(form, set()).add((entry["body"]["person"], entry["command"]))
            who[form.split(".")[0]] = entry["who"]
        registered = [entry["who"] for entry in self.journal("roster", "roster.person.registered")]
        for outpost in self.outposts:
            for form, times in outpost.forms.items():
                if len(found.get(form, ())) != times:
                    raise Violation(f"{form}: {len(found.get(form, ()))} effects in the region instead of {times}")
            if outpost.forms and registered.count(who[outpost.name]) != outpost.people:
                raise Violation(f"{outpost.name}: {registered.count(who[outpost.name])} people instead of {outpost.people}")
        if set(found) - {form for outpost in self.outposts for form in outpost.forms}:
            raise Violation("the region knows supports that nobody has entered")
        return sum(len(effects) for effects in found.values()) + len(registered)


class Outpost:
    def __init__(self, region, name, state):
        self.region, self.name, self.folder, self.process = region, name, f"{region.where}/{name}", None
        region.rsnms(region.folder, "node", "init", self.folder, "--municipality", "town", "--name", name)
        self.state = state or f"{self.folder}/state"
        with open(f"{self.folder}/rsnms.yaml", encoding="utf-8") as file:
            config = file.read()
        config = config.replace("data: data", f"data: {self.state}/data").replace("files: files", f"files: {self.state}/files")
        with open(f"{self.folder}/rsnms.yaml", "w", encoding="utf-8") as file:
            file.write(f"{config}reserve_mb: {RESERVE_MB}\n")
        for folder in ("data", "files/drop"):
            os.makedirs(f"{self.state}/{folder}", exist_ok=True)
        self.files, self.round = f"{self.state}/files", 0
        self.forms, self.people, self.refused = {}, 0, 0        # what has to come of it
        self.open, self.known_reports = [], {}

    # ── the process ──────────────────────────────────────────────────────────

    def start(self, program="rsnms-node", **env):
        """True when it listens; False: it has ended, see `process`."""
        endpoint = f"{self.folder}/run/node.endpoint"
        if os.path.exists(endpoint):
            os.remove(endpoint)
        with open(f"{self.folder}/run/node.log", "ab") as log, self.region.lock:
            if self.region.over:
                raise Violation(f"{self.name} is not started: the end has come")
            self.process = subprocess.Popen([f"{self.region.build}/{program}", "--config", f"{self.folder}/rsnms.yaml"],
                                            env={**os.environ, **env}, stdout=log, stderr=log)
        if not until(lambda: os.path.exists(endpoint) or self.process.poll() is not None, 30, 0.01):
            raise Violation(f"{self.name} neither listens nor ends: {self.log()}")
        return self.process.poll() is None

    def must_start(self):
        if not self.start():
            raise Violation(f"{self.name} does not start: {self.process.returncode}: {self.log()}")

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        """Ends it; how it ended."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Violation(f"{self.name} does not end: {self.log()}") from None

    def kill(self):
        if self.process is not None and self.alive():
            self.process.kill()
            self.process.wait()

    def log(self, lines=12):
        with open(f"{self.folder}/run/node.log", encoding="utf-8", errors="replace") as log:
            return "".join(["\n", *("  " + line for line in log.readlines()[-lines:])])

    def memory_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("RssAnon"))

    # ── its work ─────────────────────────────────────────────────────────────

    def rsnms(self, *words, good=True, timeout="5"):
        return self.region.rsnms(self.folder, *words, good=good, timeout=timeout)

    def drop(self, name, text, sync=False):
        """Put into the folder whole, as a file manager does."""
        aside = f"{self.files}/.{name}"
        with open(aside, "w", encoding="utf-8") as file:
            file.write(text)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        os.rename(aside, f"{self.files}/drop/{name}")
        if sync:
            folder = os.open(f"{self.files}/drop", os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)

    def drop_lists(self, sync=False):
        """This round's lists: their rows have to have effects from now on."""
        form = f"{self.name}.{self.round}"
        code = lambda i: f"{self.name}-{self.round}-{i}"
        staff = "".join(f"{code(i)};Новикова;Ольга;{self.region.birthday()};school;учитель;01.09.2020\n" for i in range(ROWS))
        self.drop(f"a-{self.round}.csv", f"{STAFF}{staff}bad;Ivanova;Ольга;01.01.1980;school;учитель;01.09.2020\n", sync)
        support = "".join(f"{code(i)};{form};01.10.2025\n" for i in range(ROWS))
        self.drop(f"b-{self.round}.csv", f"{SUPPORT}{support}nobody;{form};01.10.2025\n", sync)
        self.forms[form] = ROWS
        self.people += ROWS
        self.refused += 1                   # nobody's support, by the region
        return [f"a-{self.round}.csv", f"b-{self.round}.csv"]

    def say(self, timeout="2"):
        """Enters what is still to be entered; what the node has said yes to is not said again."""
        still = []
        for form in self.open:
            body = json.dumps({"person": self.region.worker, "form": form, "day": "2025-10-02"}, ensure_ascii=False)
            done = self.rsnms("node", "enter", "routes.support.record", body, good=False, timeout=timeout)
            if done.returncode != 0:
                still.append(form)
        self.open = still
        return not still

    def give(self, sync=False):
        self.round += 1
        self.open += [f"{self.name}.{self.round}.{i}" for i in range(ENTERED)]
        self.forms.update({form: 1 for form in self.open})
        return self.drop_lists(sync)

    def status(self, timeout="2"):
        done = self.rsnms("--json", "node", "status", good=False, timeout=timeout)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def dropped(self):
        return [name for name in os.listdir(f"{self.files}/drop") if name.endswith(".csv") and name[:2] in ("a-", "b-")]

    def settled(self):
        if self.dropped():
            return False
        status = self.status()
        if status is not None and status["copy"] != "live":
            raise Violation(f"{self.name} is {status['copy']}: {self.log()}")
        return status is not None and status["waiting"] == 0

    def settle(self, seconds=CALM):
        """Runs without a fault: everything that was given has to come to its end."""
        if not until(lambda: self.say() or not self.alive(), seconds) or not self.alive():
            raise Violation(f"{self.name} does not take what is entered: {self.log()}")
        if not until(lambda: self.settled() or not self.alive(), seconds, 0.2) or not self.alive():
            raise Violation(f"{self.name} has not come to an end: {self.dropped()} in the folder, {self.status()}: {self.log()}")

    def check(self):
        """The queue's own count, and the reports of this round as those of the first one."""
        status = self.status() or {}
        wanted = {"accepted": sum(self.forms.values()) + self.people, "refused": self.refused, "conflicts": 0, "waiting": 0, "copy": "live"}
        if {key: status.get(key) for key in wanted} != wanted:
            raise Violation(f"{self.name}: the queue says {({key: status.get(key) for key in wanted})} and not {wanted}")
        for kind in ("a", "b"):
            try:
                with open(f"{self.files}/reports/{kind}-{self.round}.csv", encoding="utf-8") as file:
                    report = file.read()
            except FileNotFoundError:
                raise Violation(f"{self.name}: {kind}-{self.round}.csv has gone, and there is no report of it") from None
            if report != self.known_reports.setdefault(kind, report):
                raise Violation(f"{self.name}: the report of {kind}-{self.round}.csv says\n{report}and not\n{self.known_reports[kind]}")

    def first_round(self):
        """Undisturbed: what the reports of all others have to say."""
        self.must_start()
        self.give()
        self.settle()
        self.check()
        if self.stop() != 0:
            raise Violation(f"{self.name} ended with {self.process.returncode}")

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
