"""What the requests of a copy cost a client that does nothing else: wrk, a load generator in C."""

import os
import shutil

from .measure import Sample, run
from .product import requests

# What a signed request has beside its bytes: the length of the headers is part of the cost.
_HEADERS = """
wrk.headers["x-amz-date"] = "20260101T000000Z"
wrk.headers["x-amz-content-sha256"] = string.rep("0", 64)
wrk.headers["authorization"] = "AWS4-HMAC-SHA256 Credential=AAAAAAAAAAAAAAAAAAAA/20260101/us-east-1/s3/aws4_request, " ..
  "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" .. string.rep("0", 64)
"""
_PUT = """
wrk.method = "PUT"
wrk.headers["content-md5"] = "{md5}"
wrk.body = string.rep("x", {size})
"""
SECONDS = 4


class Floor:
    """GETs from the source, then PUTs to the target, as fast as they go."""

    name = "wrk, the same GETs and PUTs"

    def __init__(self, program, directory):
        self.program, self.directory = program, directory

    @staticmethod
    def found(tools, directory):
        program = shutil.which("wrk", path=tools + os.pathsep + os.environ.get("PATH", ""))
        return Floor(program, directory) if program else None

    def cost(self, source, target, size, count, log):
        """The sample that `count` objects of a size come to."""
        source.create("floor")
        source.ask("put", bucket="floor", key="k", size=size)
        target.create("floor", versioned=False)
        read = self._run(source, _HEADERS, log, count)
        write = self._run(target, _HEADERS + _PUT.format(md5="A" * 22 + "==", size=size), log, count)
        return Sample(read.wall + write.wall, read.cpu + write.cpu, max(read.rss, write.rss), {})

    def _run(self, server, script, log, count):
        path = os.path.join(self.directory, "wrk.lua")
        with open(path, "w", encoding="ascii") as file:
            file.write(script)
        server.counts()
        command = [self.program, "-t", "1", "-c", "32", "-d", f"{SECONDS}s", "-s", path]
        sample = run([*command, f"{server.endpoint}/floor/k"], dict(os.environ), log, 60)
        done = sum(requests([server]).values())
        return Sample(sample.wall * count / done, sample.cpu * count / done, sample.rss, {})
