"""The peers, each at the settings that measured best for it."""

import os
import re
import shutil
import subprocess

from . import servers
from .measure import run


def _version(command, pattern):
    try:
        out = subprocess.run(command, capture_output=True, text=True, timeout=60)
        found = re.search(pattern, out.stdout + out.stderr)
        return found.group(1) if found else "?"
    except (OSError, subprocess.TimeoutExpired):
        return "?"


class Rclone:
    """`rclone copy` with 32 transfers at once (128 at a distance), no head requests, entity tags
    compared instead of times, single-part uploads and a garbage collector that runs seldom."""

    copies = lists = True
    at_once = 32

    def __init__(self, program, name, fast_list=False):
        self.program, self.fast_list = program, fast_list
        self.version = _version([program, "version"], r"rclone v(\S+)")
        self.name = name + (" --fast-list" if fast_list else "")

    def environment(self, **remotes):
        # rclone before 1.66 does not start with a CA bundle of the SDK's.
        environment = {k: v for k, v in os.environ.items() if k != "AWS_CA_BUNDLE"}
        environment |= {"GOGC": "400", "RCLONE_CONFIG": "/dev/null"}
        for name, server in remotes.items():
            prefix = f"RCLONE_CONFIG_{name.upper()}_"
            environment |= {
                prefix + "TYPE": "s3",
                prefix + "PROVIDER": "Minio",
                prefix + "ENDPOINT": server.endpoint,
                prefix + "ACCESS_KEY_ID": servers.ACCESS,
                prefix + "SECRET_ACCESS_KEY": servers.SECRET,
                prefix + "REGION": "us-east-1",
            }
        return environment

    def copy(self, source, target, log, timeout, multipart=False):
        """source, target: (server, bucket or bucket/prefix)"""
        command = [self.program, "copy", "a:" + source[1], "b:" + target[1]]
        at_once = str(self.at_once)
        command += ["--transfers", at_once, "--checkers", at_once, "--checksum", "--retries", "1"]
        command += ["--s3-no-check-bucket", "--s3-no-head", "--s3-no-head-object"]
        command += ["--buffer-size", "0", "--stats", "0"]
        if not multipart:
            command += ["--s3-upload-cutoff", "5G", "--multi-thread-streams", "0"]
        if self.fast_list:
            command.append("--fast-list")
        return run(command, self.environment(a=source[0], b=target[0]), log, timeout)


class Mc:
    """`mc mirror`, which chooses its concurrency itself."""

    copies = lists = True
    at_once = 32

    def __init__(self, program):
        self.program, self.name = program, "mc mirror"
        self.version = _version([program, "--version"], r"version (\S+)")

    def copy(self, source, target, log, timeout, multipart=False):
        def host(server):
            return f"http://{servers.ACCESS}:{servers.SECRET}@{server.host}:{server.port}"

        environment = {**os.environ, "MC_HOST_a": host(source[0]), "MC_HOST_b": host(target[0])}
        command = [self.program, "--config-dir", os.path.dirname(log) + "/mc", "--quiet", "mirror"]
        command += ["--overwrite", "--max-workers", str(self.at_once), "a/" + source[1], "b/" + target[1]]
        return run(command, environment, log, timeout)


class Juicefs:
    """`juicefs sync` with as many threads."""

    copies = lists = True
    at_once = 32

    def __init__(self, program):
        self.program, self.name = program, "juicefs sync"
        self.version = _version([program, "version"], r"version (\S+)")

    def copy(self, source, target, log, timeout, multipart=False):
        def place(server, path):
            return (
                f"minio://{servers.ACCESS}:{servers.SECRET}@{server.host}:{server.port}/{path}/"
            )

        command = [self.program, "sync", "--threads", str(self.at_once), "--list-threads", "4", "--no-https"]
        command += ["--update", place(*source), place(*target)]
        return run(command, dict(os.environ), log, timeout)


class AwsCli:
    """`aws s3 sync`. It cannot copy from one endpoint to another, so it only compares."""

    copies, lists = False, True

    def __init__(self, program):
        self.program, self.name = program, "aws s3 sync"
        self.version = _version([program, "--version"], r"aws-cli/(\S+)")

    def copy(self, source, target, log, timeout, multipart=False):
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": servers.ACCESS,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
        command = [self.program, "s3", "sync", "--only-show-errors", "--size-only"]
        command += ["--endpoint-url", source[0].endpoint]
        command += [f"s3://{source[1]}", f"s3://{target[1]}"]
        return run(command, environment, log, timeout)


class S5cmd:
    """`s5cmd sync`. Like the AWS CLI it copies within one endpoint only."""

    copies, lists = False, True

    def __init__(self, program):
        self.program, self.name = program, "s5cmd sync"
        self.version = _version([program, "version"], r"(v\S+)")

    def copy(self, source, target, log, timeout, multipart=False):
        environment = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": servers.ACCESS,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET,
            "AWS_REGION": "us-east-1",
        }
        command = [self.program, "--endpoint-url", source[0].endpoint, "--numworkers", "32"]
        command += ["sync", "--size-only", f"s3://{source[1]}/*", f"s3://{target[1]}/"]
        return run(command, environment, log, timeout)


def find(directory):
    """The peers that are there, and the names of those that are not."""
    path = directory + os.pathsep + os.environ.get("PATH", "")
    built = os.path.join(directory, "rclone")
    found, absent = [], []
    if os.access(built, os.X_OK):
        found += [Rclone(built, "rclone"), Rclone(built, "rclone", fast_list=True)]
    else:
        absent.append("rclone (newest)")
    packaged = shutil.which("rclone", path=os.environ.get("PATH", ""))
    if packaged:
        older = Rclone(packaged, "rclone")
        older.name = f"rclone {older.version}"
        found.append(older)
    for name, kind in (("mc", Mc), ("juicefs", Juicefs), ("aws", AwsCli), ("s5cmd", S5cmd)):
        program = shutil.which(name, path=path)
        if program:
            found.append(kind(program))
        else:
            absent.append(name)
    return found, absent
