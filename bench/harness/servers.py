"""The S3 servers that a benchmark runs against."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.parse

ACCESS = "benchaccess"
SECRET = "benchsecret0123456789"


class Stub:
    """One process of bench/stub: an S3 server that costs as little CPU as it can."""

    kind = "stub"

    def __init__(self, program, name):
        self.name = name
        self.process = subprocess.Popen(
            [program, "-listen", "127.0.0.1:0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "GOMAXPROCS": "2"},
            text=True,
        )
        host, port = self.process.stdout.readline().strip().rsplit(":", 1)
        self.host, self.port = host, int(port)
        self.endpoint = f"http://{self.host}:{self.port}"

    def ask(self, command, **parameters):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=600)
        try:
            query = urllib.parse.urlencode(parameters)
            connection.request("GET", f"/_stub/{command}?{query}")
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"stub {self.name}: {command} {parameters}: {body.decode()}")
            return json.loads(body)
        finally:
            connection.close()

    def create(self, bucket, versioned=True):
        self.ask("create", bucket=bucket, versioned="1" if versioned else "0")

    def counts(self):
        """Requests by type since the last call."""
        return self.ask("counts")

    def delay(self, milliseconds):
        self.ask("delay", us=int(milliseconds * 1000))

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Minio:
    """A real MinIO on a disk of its own, to see what is left of a ratio behind a real server."""

    kind = "minio"

    def __init__(self, program, directory):
        self.directory = directory
        os.makedirs(directory, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.host = "127.0.0.1"
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [program, "server", "--quiet", "--address", f"127.0.0.1:{self.port}", directory],
            env={
                **os.environ,
                "MINIO_ROOT_USER": ACCESS,
                "MINIO_ROOT_PASSWORD": SECRET,
                "MINIO_BROWSER": "off",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await_ready()

    def _await_ready(self):
        deadline = time.time() + 60
        while time.time() < deadline:
            try:
                connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
                connection.request("GET", "/minio/health/ready")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise RuntimeError("MinIO does not become ready")

    def counts(self):
        return {}

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def cpu_seconds(pid):
    """User and system CPU of a process so far, without its children."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
