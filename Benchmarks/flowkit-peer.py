#!/usr/bin/env python3
"""Times FlowKit on a file and a Gating-ML document: seconds, peak megabytes, events in the last gate.

Usage: Benchmarks/flowkit-peer.py EVENTS.fcs GATES.xml; needs flowkit.
"""
import re
import sys
import time

import flowkit


def main(events, gates):
    begin = time.perf_counter()
    sample = flowkit.Sample(events)
    strategy = flowkit.parse_gating_xml(gates)
    result = strategy.gate_sample(sample)
    seconds = time.perf_counter() - begin
    count = int(result.report.set_index("gate_name")["count"]["last"])
    with open("/proc/self/status") as status:
        peak = int(re.search(r"VmHWM:\s*(\d+)", status.read()).group(1)) / 1024
    print(seconds, peak, count)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) == 3 else __doc__)
