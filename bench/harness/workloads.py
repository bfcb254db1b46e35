"""The workloads. Each one records samples; what they mean is in bench/README.md."""

import itertools
import os
import time

from .measure import Sample, run
from .product import Daemon, requests

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


class Bench:
    """What all workloads share."""

    def __init__(self, sizes, rounds, source, target, peers, floor, launcher, directory, report):
        self.sizes, self.rounds = sizes, rounds
        self.source, self.target = source, target
        self.peers, self.floor, self.launcher = peers, floor, launcher
        self.directory, self.report = directory, report
        self.log = os.path.join(directory, "clients.log")
        self.daemons = []
        self.broken = set()

    def daemon(self, name, primary, secondaries, **more):
        made = Daemon(self.launcher, os.path.join(self.directory, name), primary, secondaries, **more)
        self.daemons.append(made)
        return made.start()

    def close(self, *daemons):
        for daemon in daemons:
            daemon.close()
            self.daemons.remove(daemon)

    def each_peer(self, wanted, work):
        """Runs `work` for each peer that can do it; one that fails is left out from then on."""
        for peer in self.peers:
            if wanted(peer) and (peer.name, self.report.current) not in self.broken:
                try:
                    work(peer)
                except RuntimeError as e:
                    self.broken.add((peer.name, self.report.current))
                    self.report.remark(f"{peer.name} left out: {e}")

    def peer_copy(self, peer, source, target, timeout=3600, **more):
        self.source.counts(), self.target.counts()
        sample = peer.copy(source, target, self.log, timeout, **more)
        sample.requests = requests([self.source, self.target])
        self.report.add(peer.name, sample)
        return sample

    def same(self, source, target):
        """Whether two places hold the same keys, sizes and entity tags."""
        one = source[0].ask("digest", bucket=source[1], prefix=source[2] if source[2:] else "")
        two = target[0].ask("digest", bucket=target[1], prefix=target[2] if target[2:] else "")
        if one != two:
            raise RuntimeError(f"{source[1]} has {one}, {target[1]} has {two}")

    def say(self, text):
        self.report.say(text)


# A daemon is warm when a pass gets no cheaper any more: the compiler works for the first minutes.
WARM_PASSES_AT_MOST = 15
WARM_WITHIN = 0.03


def warm_up(one_pass):
    """Passes until two in a row save less than WARM_WITHIN of the cheapest so far."""
    cheapest, steady = None, 0
    for _ in range(WARM_PASSES_AT_MOST):
        cpu = one_pass().cpu
        steady = steady + 1 if cheapest is not None and cpu > cheapest * (1 - WARM_WITHIN) else 0
        cheapest = cpu if cheapest is None else min(cheapest, cpu)
        if steady == 2:
            break


def copies(bench, count, size, layout="tree", cold=True, floor=False):
    """New objects: ours in a fresh process with an empty catalog, ours warm, each peer, and a load
    generator that only makes the requests. The warm daemon lists all that earlier passes brought,
    too, so that a pass without anything new comes before."""
    source, target = bench.source, bench.target
    source.create("data")
    source.ask("fill", bucket="data", count=count, size=size, layout=layout)
    source.create("live")
    target.create("live")
    live = bench.daemon("live", (source, "live"), [(target, "live")])

    def more(prefix):
        source.ask("fill", bucket="live", prefix=prefix, count=count, size=size, layout=layout)
        return live.pass_over()

    passes = itertools.count()
    warm_up(lambda: more(f"w{next(passes):02}/"))
    for number in range(bench.rounds):
        bench.report.add("vistadr, nothing new", live.pass_over())
        bench.report.add("vistadr warm", more(f"x{number:02}/"))
        bench.same((source, "live"), (target, "live"))
        if cold:
            bench.report.add("vistadr cold", _cold(bench, "data"))
        bench.each_peer(lambda peer: peer.copies, lambda peer: _peer_copies(bench, peer))
        if floor and bench.floor:
            bench.report.add(bench.floor.name, bench.floor.cost(source, target, size, count, bench.log))
        bench.report.show(number + 1)
    bench.close(live)


def _cold(bench, bucket):
    source, target = bench.source, bench.target
    target.create("cold")
    source.counts(), target.counts()
    began = time.monotonic()
    daemon = bench.daemon("cold", (source, bucket), [(target, "cold")])
    daemon.settled(1)
    sample = Sample(
        time.monotonic() - began, daemon.cpu(), daemon.peak(), requests([source, target])
    )
    bench.close(daemon)
    bench.same((source, bucket), (target, "cold"))
    return sample


def _peer_copies(bench, peer):
    bench.target.create("peer")
    bench.peer_copy(peer, (bench.source, "data"), (bench.target, "peer"))
    bench.same((bench.source, "data"), (bench.target, "peer"))


def small(bench):
    copies(bench, bench.sizes["small"], 4 * KIB, floor=True)


def medium(bench):
    copies(bench, bench.sizes["medium"], MIB, floor=True)


def large(bench):
    copies(bench, bench.sizes["large"], 256 * MIB, layout="flat", cold=False)


def huge(bench):
    copies(bench, 1, bench.sizes["huge"], layout="flat", cold=False)


def mixed(bench):
    copies(bench, bench.sizes["mixed"], 0, layout="vista", cold=False)


def latency(bench):
    """20 ms on every request, at both sides. More at once is best for all there; ours finds out."""
    for server in (bench.source, bench.target):
        server.delay(20)
    for peer in bench.peers:
        peer.at_once = 128
    try:
        copies(bench, bench.sizes["latency"], 4 * KIB, cold=False)
    finally:
        for peer in bench.peers:
            peer.at_once = 32
        for server in (bench.source, bench.target):
            server.delay(0)


def unchanged(bench):
    """A pass over a bucket in which nothing changed, and over one in which one key in a hundred
    did. Only the daemon that follows a bucket has a catalog of it; the peers list both sides."""
    source, target, count = bench.source, bench.target, bench.sizes["listed"]
    source.create("big")
    source.ask("fill", bucket="big", count=count, size=4 * KIB)
    target.create("big")
    bench.report.begin("unchanged-first", f"first copy of {count:,} objects of 4 KiB", count)
    daemon = bench.daemon("big", (source, "big"), [(target, "big")])
    began = time.monotonic()
    daemon.settled(1)
    bench.report.add(
        "vistadr cold",
        Sample(time.monotonic() - began, daemon.cpu(), daemon.peak(), requests([source, target])),
    )
    for server, bucket in ((source, "peers"), (target, "peers"), (source, "same")):
        server.create(bucket)
        server.ask("fill", bucket=bucket, count=count, size=4 * KIB)

    bench.report.begin("e", f"no-change pass over {count:,} keys", count)
    warm_up(daemon.pass_over)
    for number in range(bench.rounds):
        bench.report.add("vistadr warm", daemon.pass_over())
        before = daemon.scans()
        daemon.stop()
        source.counts(), target.counts()
        began = time.monotonic()
        cold = Sample(0, 0, 0, {})
        daemon.start().settled(before + 1)  # it scans when it starts
        cold.wall, cold.cpu = time.monotonic() - began, daemon.cpu()
        cold.rss, cold.requests = daemon.peak(), requests([source, target])
        bench.report.add("vistadr cold", cold)
        warm_up(daemon.pass_over)
        bench.each_peer(
            lambda peer: peer.lists,
            lambda peer: bench.peer_copy(
                peer,
                (source, "peers"),
                (target, "peers") if peer.copies else (source, "same"),
            ),
        )
        bench.report.show(number + 1)
    bench.report.begin("f", f"pass over {count:,} keys of which 1 % changed", count)

    def touched():
        source.ask("touch", bucket="big", step=100)
        return daemon.pass_over()

    warm_up(touched)
    for number in range(bench.rounds):
        bench.report.add("vistadr warm", touched())
        bench.same((source, "big"), (target, "big"))

        def one(peer):
            source.ask("touch", bucket="peers", step=100)
            bench.peer_copy(peer, (source, "peers"), (target, "peers"))
            bench.same((source, "peers"), (target, "peers"))

        bench.each_peer(lambda peer: peer.copies, one)
        bench.report.show(number + 1)
    start(bench, daemon)
    bench.close(daemon)
    for server, bucket in ((source, "peers"), (target, "peers"), (source, "same")):
        server.create(bucket)


def start(bench, daemon):
    """Start of the command line, and of the daemon on the catalog that it has."""
    count = bench.sizes["listed"]
    bench.report.begin("m", f"start; the catalog has {count:,} keys", 1)
    for _ in range(bench.rounds):
        environment = {
            **os.environ,
            "VISTADR_SERVER": f"http://127.0.0.1:{daemon.port}",
            "VISTADR_TOKEN_FILE": os.path.join(daemon.directory, "catalog", "token"),
            "NO_COLOR": "1",
        }
        for command in (["version"], ["status"]):
            try:
                sample = run([bench.launcher, *command], environment, bench.log, 60)
            except RuntimeError as e:
                bench.report.remark(str(e))
                continue
            bench.report.add("vistadr " + command[0], sample)
        daemon.stop()
        daemon.start()
        bench.report.add("daemon until it answers", Sample(daemon.ready, daemon.cpu(), daemon.peak(), {}))
        bench.each_peer(
            lambda peer: peer.name.startswith("rclone") and "fast" not in peer.name,
            lambda peer: bench.report.add(
                peer.name + " version", run([peer.program, "version"], peer.environment(), bench.log, 60)
            ),
        )


def two_secondaries(bench):
    """The same new objects to one secondary and to two."""
    source, target = bench.source, bench.target
    count = bench.sizes["two"]
    daemons = {}
    for number in (1, 2):
        name = f"for{number}"
        source.create(name)
        places = []
        for copy in range(number):
            target.create(f"{name}-{copy}")
            places.append((target, f"{name}-{copy}"))
        daemons[number] = bench.daemon(name, (source, name), places)
    turns = itertools.count()

    def more(number):
        source.ask("fill", bucket=f"for{number}", prefix=f"x{next(turns):03}/", count=count, size=4 * KIB)
        return daemons[number].pass_over()

    for number in daemons:
        warm_up(lambda number=number: more(number))
    for _ in range(bench.rounds):
        for number in daemons:
            name = f"vistadr warm, {number} " + ("secondary" if number == 1 else "secondaries")
            bench.report.add(name, more(number))
    for number, daemon in daemons.items():
        for copy in range(number):
            bench.same((source, f"for{number}"), (target, f"for{number}-{copy}"))
        bench.close(daemon)


def restore(bench):
    """Everything was overwritten; bring it back, by copies within the primary and from the
    secondary; the peers copy it back from the secondary."""
    source, target, count = bench.source, bench.target, bench.sizes["restored"]
    source.create("live")
    target.create("live")
    source.ask("fill", bucket="live", count=count, size=4 * KIB)
    daemon = bench.daemon("live", (source, "live"), [(target, "live")])
    daemon.settled(1)
    good = source.ask("digest", bucket="live")
    for number in range(-1, bench.rounds):
        for name, more in (("server-side", {"from": "primary"}), ("from a secondary", {"from": "copy1"})):
            time.sleep(1.1)
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            time.sleep(1.1)
            source.ask("touch", bucket="live", step=1)
            daemon.pass_over()
            sample = daemon.restore(at, "projects/", **more)
            if source.ask("digest", bucket="live") != good:
                raise RuntimeError("the restore did not bring back what was there")
            daemon.pass_over()
            if number >= 0:
                bench.report.add(f"vistadr warm, {name}", sample)
        if number < 0:
            continue

        def one(peer):
            target.create("peer")
            target.ask("fill", bucket="peer", count=count, size=4 * KIB)
            source.create("peer")
            source.ask("fill", bucket="peer", count=count, size=4 * KIB + 1)
            bench.peer_copy(peer, (target, "peer"), (source, "peer"))
            bench.same((target, "peer"), (source, "peer"))

        bench.each_peer(lambda peer: peer.copies, one)
        bench.report.show(number + 1)
    bench.close(daemon)


def changes(bench):
    """Changes at the primary, 100 a second, until each of them is at the secondary. Needs the
    change feed, which the stub offers as MinIO does."""
    source, target = bench.source, bench.target
    source.create("chg")
    target.create("chg")
    source.ask("fill", bucket="chg", prefix="old/", count=1000, size=4 * KIB)
    daemon = bench.daemon(
        "chg", (source, "chg"), [(target, "chg")], provider="minio", events="auto"
    )
    daemon.settled(1)
    delays = []
    for turn in range(2):
        count = bench.sizes["changes"]

        def work():
            began = time.monotonic()
            for number in range(count):
                pause = began + number / 100 - time.monotonic()
                if pause > 0:
                    time.sleep(pause)
                source.ask("put", bucket="chg", key=f"t{turn}/{number:06}", size=4 * KIB)
            deadline = time.monotonic() + 120
            while target.ask("digest", bucket="chg", prefix=f"t{turn}/")["count"] < count:
                if time.monotonic() > deadline:
                    raise RuntimeError("changes did not arrive")
                time.sleep(0.2)

        sample = daemon.measured(work)
        here = source.ask("times", bucket="chg", prefix=f"t{turn}/")
        there = target.ask("times", bucket="chg", prefix=f"t{turn}/")
        delays = sorted((there[key] - here[key]) / 1e9 for key in here)
        sample.note = "delay p50 %.3f s, p99 %.3f s, max %.3f s" % (
            delays[len(delays) // 2],
            delays[int(len(delays) * 0.99)],
            delays[-1],
        )
        bench.report.add("vistadr " + ("first" if turn == 0 else "warm"), sample)
    bench.close(daemon)


def scan(bench):
    """A bucket with very many keys is scanned in a small heap, and the catalog is asked."""
    source, target, count = bench.source, bench.target, bench.sizes["scanned"]
    source.create("huge")
    source.ask("fill", bucket="huge", count=count, size=4 * KIB)
    target.create("huge")
    source.counts()
    daemon = bench.daemon("huge", (source, "huge"), [(target, "huge")])
    began = time.monotonic()
    daemon.ask("POST", "/secondaries/copy1/pause")
    _scanned(daemon, 1)
    bench.report.add(
        "vistadr first scan",
        Sample(time.monotonic() - began, daemon.cpu(), daemon.peak(), requests([source])),
    )
    for _ in range(max(1, bench.rounds // 2)):
        number = daemon.scans() + 1

        def work():
            daemon.scan()
            _scanned(daemon, number)

        bench.report.add("vistadr warm, no change", daemon.measured(work))
    _catalog(bench, daemon, count)
    source.create("huge")
    bench.close(daemon)


def _scanned(daemon, number, timeout=7200):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        status = daemon.status()["primary"]
        if not status["scanRunning"] and status.get("lastScan", {"number": 0})["number"] >= number:
            return
        time.sleep(0.2)
    raise RuntimeError("the scan does not come to an end")


def _catalog(bench, daemon, count):
    bench.report.begin("l", f"the catalog with {count:,} versions", 1)
    size = 0
    for folder, _, files in os.walk(os.path.join(daemon.directory, "catalog")):
        size += sum(os.path.getsize(os.path.join(folder, name)) for name in files)
    bench.report.remark(f"{size / count:.0f} bytes on disk per version")
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    middle = count // 2
    key = f"projects/{middle // 1000:06}/images/{middle:08}.jpg"
    for name, path in (
        ("history of a key", f"/objects/{key}/versions"),
        ("ls --at, a page of 1,000", f"/objects?prefix=projects/{middle // 1000:06}/&at={at}&limit=1000"),
        ("diff of a prefix", f"/diff?prefix=projects/{middle // 1000:06}/&from={at}"),
        ("status", "/status"),
    ):
        for _ in range(bench.rounds + 2):
            cpu, began = daemon.cpu(), time.monotonic()
            try:
                daemon.ask("GET", path)
            except RuntimeError as e:
                bench.report.remark(str(e))
                break
            bench.report.add(name, Sample(time.monotonic() - began, daemon.cpu() - cpu, daemon.peak(), {}))


ALL = {
    "a": (small, "{small:,} new objects of 4 KiB", "small"),
    "b": (medium, "{medium:,} new objects of 1 MiB", "medium"),
    "c": (large, "{large} new objects of 256 MiB", "large"),
    "c1": (huge, "one new object of {huge_gib:g} GiB", "one"),
    "d": (mixed, "{mixed:,} new objects as VISTA has them", "mixed"),
    "e": (unchanged, "", "listed"),
    "g": (latency, "{latency:,} new objects of 4 KiB, 20 ms a request", "latency"),
    "h": (two_secondaries, "{two:,} new objects of 4 KiB to one and to two secondaries", "two"),
    "i": (restore, "{restored:,} overwritten objects of 4 KiB restored in place", "restored"),
    "j": (scan, "{scanned:,} keys scanned", "scanned"),
    "k": (changes, "{changes:,} changes, 100 a second, until they are at the secondary", "changes"),
}

FULL = {
    "small": 100_000, "medium": 5_000, "large": 8, "huge": 4 * GIB, "huge_gib": 4, "one": 1,
    "mixed": 20_000, "listed": 1_000_000, "latency": 20_000, "two": 20_000, "restored": 100_000,
    "scanned": 10_000_000, "changes": 3_000,
}

QUICK = {
    "small": 10_000, "medium": 500, "large": 2, "huge": GIB, "huge_gib": 1, "one": 1,
    "mixed": 1_000, "listed": 100_000, "latency": 2_000, "two": 5_000, "restored": 5_000,
    "scanned": 500_000, "changes": 500,
}
