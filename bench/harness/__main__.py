"""Runs the benchmark: see bench/README.md, or --help."""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile

from . import measure, peers, servers, workloads
from .floor import Floor
from .report import Report


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/run", description="Measures VISTA DR beside rclone and other peers."
    )
    parser.add_argument("workloads", nargs="*", help="letters of bench/README.md; all when left out")
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, or less")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved runs of each client (5)")
    parser.add_argument("--peers", help="only these, parts of names, separated by commas; none: no peers")
    parser.add_argument("--set", action="append", default=[], metavar="SIZE=N", help="another size")
    parser.add_argument("--out", help="where table and JSON go, without ending (bench/build/results)")
    parser.add_argument("--vistadr", help="another launcher than the one of this checkout")
    parser.add_argument("--stub", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tools", required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def chosen_peers(found, words):
    if words is None:
        return found
    if words == "none":
        return []
    return [peer for peer in found if any(word in peer.name for word in words.split(","))]


def main():
    options = arguments()
    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    launcher = options.vistadr or os.path.join(home, "vistadr")
    sizes = dict(workloads.QUICK if options.quick else workloads.FULL)
    for word in options.set:
        name, _, number = word.partition("=")
        if name not in sizes or not number.isdigit():
            sys.exit(f"error: --set {word}: the sizes are {', '.join(sizes)}")
        sizes[name] = int(number)
    wanted = options.workloads or list(workloads.ALL)
    for key in wanted:
        if key not in workloads.ALL:
            sys.exit(f"error: no workload '{key}': there are {', '.join(workloads.ALL)}")
    found, absent = peers.find(options.tools)
    found = chosen_peers(found, options.peers)
    report = Report()
    machine = measure.machine()
    versions = {peer.name: peer.version for peer in found}
    report.say(f"machine: {machine}")
    report.say(f"peers: {versions}; absent: {', '.join(absent) or 'none'}")
    if machine["load"][0] > 0.3:
        report.say("warning: the machine is not idle; trust CPU, not wall times")
    directory = tempfile.mkdtemp(prefix="vistadr-bench-")
    source = servers.Stub(options.stub, "source")
    target = servers.Stub(options.stub, "target")
    floor = Floor.found(options.tools, directory)
    bench = workloads.Bench(
        sizes, options.rounds, source, target, found, floor, launcher, directory, report
    )
    failed = False
    try:
        for key in wanted:
            work, title, units = workloads.ALL[key]
            if title:
                report.begin(key, title.format(**sizes), sizes[units])
            try:
                work(bench)
            except (RuntimeError, OSError) as e:
                failed = True
                report.say(f"failed: {key}: {e}")
                if report.workloads:
                    report.remark(f"failed: {e}")
                bench.close(*list(bench.daemons))
    finally:
        bench.close(*list(bench.daemons))
        source.close()
        target.close()
        machine["loadAtEnd"] = [round(value, 2) for value in os.getloadavg()]
        write(options, home, report, machine, versions, absent)
    if not failed:
        shutil.rmtree(directory, ignore_errors=True)
    else:
        report.say(f"what the clients said is in {directory}")
    sys.exit(1 if failed else 0)


def write(options, home, report, machine, versions, absent):
    out = options.out or os.path.join(home, "bench", "build", "results")
    os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
    commit = subprocess.run(
        ["git", "-C", home, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    heading = (
        f"{machine['cpus']} CPUs ({machine['model']}), {machine['memoryGiB']} GiB, Linux "
        f"{machine['kernel']}, Python {platform.python_version()}; load {machine['load'][0]} before and "
        f"{machine['loadAtEnd'][0]} after; commit {commit}; {options.rounds} rounds.\n\n"
        f"Peers: {', '.join(f'{name} ({version})' for name, version in versions.items()) or 'none'}."
        f" Absent: {', '.join(absent) or 'none'}.\n\n"
    )
    text = heading + report.markdown()
    with open(out + ".md", "w", encoding="utf-8") as file:
        file.write(text)
    with open(out + ".json", "w", encoding="utf-8") as file:
        file.write(report.json(machine, versions))
    print(text)
    report.say(f"written: {out}.md and {out}.json")


main()
