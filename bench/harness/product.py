"""VISTA DR as a client: its daemon, started as an operator does, and asked over its API."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import servers
from .measure import Sample


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """A running daemon with a catalog of its own."""

    def __init__(self, launcher, directory, primary, secondaries, options="", provider="ceph",
                 events="'off'"):
        """primary: (server, bucket); secondaries: a list of them"""
        self.launcher, self.directory = launcher, directory
        self.primary, self.secondaries = primary, secondaries
        self.servers = [primary[0]] + [server for server, _ in secondaries]
        self.options, self.provider, self.events = options, provider, events
        self.process = None
        os.makedirs(directory, exist_ok=True)
        self.secret = os.path.join(directory, "secret")
        with open(os.open(self.secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
            out.write(servers.SECRET + "\n")

    def _config(self):
        def site(server, bucket, provider):
            return (
                f"provider: {provider}, endpoint: \"{server.endpoint}\", region: us-east-1, "
                f"bucket: {bucket}, accessKey: {servers.ACCESS}, secretKeyFile: {self.secret}"
            )

        lines = [
            f"primary: {{{site(*self.primary, self.provider)}, "
            f"scanInterval: 240h, events: {self.events}}}",
            "secondaries:",
        ]
        for number, (server, bucket) in enumerate(self.secondaries, 1):
            lines.append(
                f"  - {{name: copy{number}, {site(server, bucket, 'minio')}, objective: 1h}}"
            )
        self.port, self.admin = _free_port(), _free_port()
        lines += [
            "replicateInterval: 1m",
            f"store: {{path: {self.directory}/catalog}}",
            # Rounds that look at copies again would work beside the peers, too.
            'protection: {verify: {interval: "cron 0 0 4 1 1 ? UTC"}}',
            "drill: {interval: off}",
            "restore: {confirmAbove: {objects: 100000000, bytes: 100 TiB, overwrites: 100000000}}",
            "server:",
            f"  applicationConnectors: [{{type: http, bindHost: 127.0.0.1, port: {self.port}}}]",
            f"  adminConnectors: [{{type: http, bindHost: 127.0.0.1, port: {self.admin}}}]",
            "logging: {level: WARN}",
        ]
        path = os.path.join(self.directory, "config.yml")
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        return path

    def start(self):
        config = self._config()
        environment = {**os.environ, "VISTADR_DAEMON_OPTS": self.options}
        self.log = open(os.path.join(self.directory, "log"), "ab")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [self.launcher, "daemon", config],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        token = os.path.join(self.directory, "catalog", "token")
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the daemon ended, see {self.directory}/log")
            try:
                with open(token, encoding="ascii") as text:
                    self.token = text.read().strip()
                self.status()
                self.ready = time.monotonic() - self.began
                return self
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        raise RuntimeError("the daemon does not answer")

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as e:
            raise RuntimeError(f"{method} {path}: {e.code} {e.read().decode()}") from e

    def status(self):
        return self.ask("GET", "/status")

    def scan(self):
        """Starts a scan, once none runs, and returns its number."""
        while True:
            number = self.scans() + 1
            try:
                self.ask("POST", "/tasks/scan/run")
                return number
            except RuntimeError as e:
                if "already-running" not in str(e):
                    raise
                time.sleep(0.05)

    def scans(self):
        last = self.status()["primary"].get("lastScan")
        return last["number"] if last else 0

    def cpu(self):
        return servers.cpu_seconds(self.process.pid)

    def reset_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w", encoding="ascii") as out:
            out.write("5")

    def peak(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as text:
            for line in text:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def settled(self, scan, pause=0.25, timeout=7200):
        """Waits until a scan with at least this number is complete and nothing is pending."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the daemon ended, see {self.directory}/log")
            status = self.status()
            last = status["primary"].get("lastScan")
            copies = status["secondaries"]
            if any(copy["givenUpObjects"] or copy["missedVersions"] for copy in copies):
                raise RuntimeError(f"versions were given up or missed: {copies}")
            if (
                last
                and last["number"] >= scan
                and not status["primary"]["scanRunning"]
                and all(copy["pending"]["objects"] == 0 for copy in copies)
                and all("recoveryPoint" in copy for copy in copies)
            ):
                return status
            time.sleep(pause)
        raise RuntimeError("the daemon does not come to an end")

    def measured(self, work):
        """Runs `work` and says what it cost this daemon."""
        for server in self.servers:
            server.counts()
        self.reset_peak()
        cpu, began = self.cpu(), time.monotonic()
        work()
        wall = time.monotonic() - began
        return Sample(wall, self.cpu() - cpu, self.peak(), requests(self.servers))

    def pass_over(self):
        """A scan and all that follows from it, measured."""

        def work():
            self.settled(self.scan())

        return self.measured(work)

    def restore(self, at, prefix, **more):
        """A restore in place, measured; the plan included."""

        def work():
            plan = self.ask(
                "POST",
                "/restore-plans",
                {"scope": {"prefixes": [prefix]}, "at": at, **more},
            )
            restore = self.ask(
                "POST",
                "/restores",
                {"planId": plan["id"], "confirm": self.primary[1]},
            )
            while restore["state"] in ("queued", "thawing", "running"):
                restore = self.ask("GET", f"/restores/{restore['id']}?wait=1s")
            if restore["state"] != "completed":
                raise RuntimeError(f"the restore ended as {restore}")

        return self.measured(work)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.log.close()

    def close(self):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def requests(all_servers):
    """Requests by type at all servers, each server counted once."""
    total = {}
    for server in {id(server): server for server in all_servers}.values():
        for name, number in server.counts().items():
            total[name] = total.get(name, 0) + number
    return total
