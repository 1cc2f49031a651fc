#!/usr/bin/env python3
"""What a training step costs under each loss weighting, as a Markdown table.

  bench/weighting_cost.py BUILD [--rounds 3] [--only NAME ...] [options of weighting_step]

Each figure is a median over rounds of `weighting_step`, which trains under the weighting and under static weights in turns.
The memory is what the process takes beyond one where both are static weights.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

BY_LOSSES = ["equal", "rlw", "uncertainty", "dwa", "gls", "stch", "famo"]
BY_GRAMIAN = ["gradnorm", "mgda", "pcgrad", "cagrad", "imtl_g", "imtl", "aligned_mtl", "nash_mtl", "fairgrad", "upgrad",
              "gradient_gating", "main_protecting"]
PARTS = ["features", "last_stage", "backbone"]


def measure(program, name, over, options):
    finished = subprocess.run([program, "--weighting", name, "--over", over, *options], stdout=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        sys.exit(f"{name} over {over} failed")
    return json.loads(finished.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", help="names of weightings")
    given, options = parser.parse_known_args()
    variants = [(name, "backbone") for name in BY_LOSSES]
    variants += [(name, over) for name in BY_GRAMIAN for over in PARTS] + [("db_mtl", "backbone")]
    variants = [variant for variant in variants if not given.only or variant[0] in given.only]
    program = given.build / "bin/weighting_step"
    rows = {variant: [] for variant in [("static_weights", "backbone"), *variants]}
    for number in range(given.rounds):
        for variant in rows:
            rows[variant].append(measure(program, *variant, options))
            print(f"round {number + 1}: {rows[variant][-1]}", file=sys.stderr)

    print(table(rows))


def table(rows):
    """A row for each weighting; what goes over the backbone alone, or compares no gradients, has fewer figures."""
    def figure(variant, key):
        return statistics.median(row[key] for row in rows[variant]) if variant in rows else None

    plain = figure(("static_weights", "backbone"), "peak_memory_mib")
    lines = ["| weighting | by losses | features | last stage | backbone | MiB more, backbone |", "|---|---|---|---|---|---|"]
    for name in dict.fromkeys(name for name, _ in rows):
        times = [figure((name, over), "ratio") for over in PARTS]
        by_losses = name in BY_LOSSES or name == "static_weights"
        cells = [times[-1], None, None, None] if by_losses else [None, *times]
        more = max(0, figure((name, "backbone"), "peak_memory_mib") - plain)
        lines.append(f"| `{name}` | " + " | ".join("" if cell is None else f"{cell:.2f}" for cell in cells) + f" | {more:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
