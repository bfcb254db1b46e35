"""Keeps the samples and shows them: a table as Markdown, and JSON with every single one."""

import json
import statistics
import sys

from .measure import spread


class Report:
    def __init__(self, out=sys.stderr):
        self.workloads = []
        self.current = None
        self.out = out

    def begin(self, key, title, units):
        self.current = key
        self.workloads.append(
            {"key": key, "title": title, "units": units, "samples": {}, "remarks": []}
        )
        self.say(f"== {key}: {title}")

    def _now(self):
        return self.workloads[-1]

    def add(self, client, sample):
        self._now()["samples"].setdefault(client, []).append(vars(sample))
        self.say(
            f"   {client:34} wall {sample.wall:8.2f} s  cpu {sample.cpu:8.2f} s  "
            f"{sample.cpu / self._now()['units'] * 1e6:9.1f} us each  {sample.rss:6.0f} MiB  {sample.note}"
        )

    def remark(self, text):
        if text not in self._now()["remarks"]:
            self._now()["remarks"].append(text)
            self.say("   " + text)

    def say(self, text):
        print(text, file=self.out, flush=True)

    def show(self, rounds):
        self.say(f"   -- round {rounds} done")

    def json(self, machine, versions):
        return json.dumps(
            {"machine": machine, "versions": versions, "workloads": self.workloads}, indent=1
        )

    def markdown(self):
        return "\n".join(self._table(workload) for workload in self.workloads)

    def _table(self, workload):
        lines = [f"### {workload['key']}. {workload['title']}", ""]
        lines += [
            "| client | wall s | CPU s | CPU µs each | peak RSS MiB | requests | its wall / ours | our CPU / its |",
            "|---|---|---|---|---|---|---|---|",
        ]
        ours = next((name for name in workload["samples"] if name.startswith("vistadr warm")), None)
        for client, samples in workload["samples"].items():
            wall = [sample["wall"] for sample in samples]
            cpu = [sample["cpu"] for sample in samples]
            rss = [sample["rss"] for sample in samples]
            lines.append(
                f"| {client} | {_three(wall)} | {_three(cpu)} "
                f"| {statistics.median(cpu) / workload['units'] * 1e6:.1f} "
                f"| {max(rss):.0f} | {_requests(samples[-1]['requests'])} "
                f"| {_ratios(workload, client, ours, 'wall')} | {_ratios(workload, client, ours, 'cpu')} |"
            )
        notes = [
            f"{client}: {sample['note']}"
            for client, samples in workload["samples"].items()
            for sample in samples
            if sample["note"]
        ]
        for text in notes + workload["remarks"]:
            lines += ["", text]
        return "\n".join(lines) + "\n"


def _three(values):
    low, middle, high = spread(values)
    return f"{middle:.2f} [{low:.2f}-{high:.2f}]" if len(values) > 1 else f"{middle:.2f}"


def _requests(requests):
    return ", ".join(f"{number:,} {name}" for name, number in sorted(requests.items())) or "-"


def _ratios(workload, client, ours, what):
    """Of the two in the same round."""
    if ours is None or client.startswith("vistadr"):
        return "-"
    pairs = zip(workload["samples"][ours], workload["samples"][client])
    if what == "wall":
        ratios = [theirs["wall"] / our["wall"] for our, theirs in pairs if our["wall"] > 0]
    else:
        ratios = [our["cpu"] / theirs["cpu"] for our, theirs in pairs if theirs["cpu"] > 0]
    return _three(ratios) if ratios else "-"
