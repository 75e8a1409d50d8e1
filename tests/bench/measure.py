"""Timing of whole processes side by side, and the tables that tell about it."""

import os
import statistics
import subprocess
import time


class Failed(Exception):
    """A competitor did not do what it was asked."""


def run(argv, cwd=None, env=None, log=None, ok=(0,)):
    """Seconds of a whole process, from before its start to after its end."""
    output = log.open("w+b") if log else subprocess.DEVNULL
    began = time.perf_counter()
    # close_fds=False lets Python start it without a copy of itself (posix_spawn, vfork).
    process = subprocess.Popen([str(a) for a in argv], cwd=cwd, env=env, close_fds=False,
                               stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    code = process.wait()
    took = time.perf_counter() - began
    if log:
        output.close()
    if code not in ok:
        told = log.read_text(errors="replace")[-800:] if log else ""
        raise Failed(f"{' '.join(str(a) for a in argv)[:200]}: exit status {code}\n{told}")
    return took


def interleave(runs, timed, warm_up=1):
    """A B C A B C ...: whatever else the machine does meanwhile hits all of them alike. `timed` maps
    a name to a function that returns seconds."""
    samples = {name: [] for name in timed}
    for turn in range(-warm_up, runs):
        for name, function in timed.items():
            seconds = function()
            if turn >= 0:
                samples[name].append(seconds)
    return samples


def processors():
    """How many processors there are for client, daemon and server together."""
    return len(os.sched_getaffinity(0))


class Report:
    """Gathers ratios and prints each table as soon as it is known."""

    def __init__(self, judge=True):
        """`judge`: sizes are such that the aims mean something."""
        self.judge = judge
        self.ratios = []
        self.left_out = []

    def title(self, text):
        print(f"\n{text}", flush=True)

    def leave_out(self, name, why):
        if (name, why) not in self.left_out:
            self.left_out.append((name, why))

    def samples(self, samples, per=1, unit="ms"):
        """`per`: how many revisions a sample stands for."""
        width = max(len(name) for name in samples)
        heading = f"{unit}, median" + (f"   {unit} a revision" if per > 1 else "")
        print(f"  {'':{width}}  {heading:>12}        min - max")
        for name, values in samples.items():
            middle = statistics.median(values) * 1000
            each = f"{middle / per:12.3f}" if per > 1 else ""
            print(f"  {name:{width}}  {middle:12.1f}{each}   {min(values) * 1000:9.1f} - "
                  f"{max(values) * 1000:.1f}", flush=True)

    def ratio(self, name, ours, theirs, aim=None):
        """Of the medians; the range is that of the pairs that ran one after the other."""
        value = statistics.median(ours) / statistics.median(theirs)
        pairs = [a / b for a, b in zip(ours, theirs)]
        self._add(name, f"{value:.2f}", f"{min(pairs):.2f} - {max(pairs):.2f}", aim,
                  aim is None or value <= aim)

    def value(self, name, value, unit, aim=None):
        self._add(name, f"{value:.1f} {unit}", "", aim, aim is None or value <= aim)

    def _add(self, name, value, spread, aim, met):
        self.ratios.append((name, value, spread, aim if self.judge else None, met))

    def summary(self):
        print("\nRatios (medians; range of the pairs)")
        if not self.ratios:
            print("  none: nothing could be measured")
            return
        width = max(len(row[0]) for row in self.ratios)
        for name, value, spread, aim, met in self.ratios:
            told = "" if aim is None else f"aim <= {aim:g}: {'met' if met else 'NOT MET'}"
            print(f"  {name:{width}}  {value:>9}  {spread:>17}  {told}".rstrip())
        for name, why in self.left_out:
            print(f"  left out: {name} ({why})")
