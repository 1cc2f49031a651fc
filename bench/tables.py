#!/usr/bin/python3
"""Measures this machine and prints the project's tables of speed and memory, as Markdown.

    bench/tables.py BUILD_FOLDER [--rounds 7] [--only NAME ...] [--write docs/performance.md]

Every variant runs in a process of its own, once a round, in turns: machines drift, so a ratio is taken within a round and
the median of the rounds' ratios is what counts. Outputs are checked while the time is taken: the first loss, or the sum of the logits' sizes, has to be finite
and, between variants of the engine, the same within the precision's rounding. What /usr/bin/python3 lacks (PyTorch,
torchvision, ONNX Runtime) is skipped with a message.
"""
import argparse
import datetime
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))

# OpenBLAS's own threads fight OpenMP's: with them PyTorch would be slower still.
EAGER = {"OPENBLAS_NUM_THREADS": "1"}
# What glibc's allocator can do for PyTorch: keep what is freed, in huge pages.
TUNED = {**EAGER, "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20),
         "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
CAPPED = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2",
          "OPENBLAS_CORETYPE": "Haswell"}


@dataclass
class Variant:
    name: str
    program: str  # of the build folder's bin, or a script beside this one
    options: list = field(default_factory=list)
    environment: dict = field(default_factory=dict)

    def is_engine(self):
        return not self.program.endswith(".py")


@dataclass
class Table:
    name: str
    title: str
    options: list
    variants: list
    ratios: list  # of (name, name): the first against the second


def ours(name, *options, environment=None):
    return Variant(name, "training_step", list(options), environment or {})


def eager(name, *options, environment=EAGER):
    return Variant(name, "pytorch_step.py", list(options), environment)


def inference_table(batch, steps):
    def engine(name, *options):
        return Variant(name, "inference_latency", list(options))

    def other(name, *options, environment=EAGER):
        return Variant(name, "pytorch_pass.py", list(options), environment)

    return Table(f"inference{batch}", f"Evaluating EfficientNet-B0, 224 pixels, batch {batch}, four heads",
                 ["--size", "224", "--batch", str(batch), "--steps", str(steps), "--warmup", "3"],
                 [engine("engine float32"), engine("engine bfloat16", "--precision", "bfloat16"),
                  other("PyTorch float32"), other("PyTorch float32, tuned allocator", environment=TUNED),
                  other("ONNX Runtime float32", "--runtime", "onnxruntime")],
                 [("engine float32", "PyTorch float32"), ("engine float32", "PyTorch float32, tuned allocator"),
                  ("engine float32", "ONNX Runtime float32"), ("engine bfloat16", "PyTorch float32"),
                  ("engine bfloat16", "ONNX Runtime float32")])


TABLES = [
    Table("b0", "Training EfficientNet-B0, 224 pixels, batch 16, four heads, AdamW",
          ["--size", "224", "--batch", "16", "--steps", "7", "--warmup", "2"],
          [ours("engine float32"), ours("engine bfloat16", "--precision", "bfloat16"),
           ours("engine, reference kernels", "--kernels", "reference", environment=EAGER),
           eager("PyTorch float32"), eager("PyTorch float32, tuned allocator", environment=TUNED),
           eager("PyTorch bfloat16 autocast", "--precision", "bfloat16", "--steps", "3", "--warmup", "1"),
           eager("PyTorch bfloat16 autocast, tuned allocator", "--precision", "bfloat16", "--steps", "3", "--warmup", "1",
                 environment=TUNED)],
          [("engine float32", "PyTorch float32"), ("engine float32", "PyTorch float32, tuned allocator"),
           ("engine bfloat16", "PyTorch float32"),
           ("engine bfloat16", "PyTorch bfloat16 autocast"),
           ("engine bfloat16", "PyTorch bfloat16 autocast, tuned allocator")]),
    Table("b4", "Training EfficientNet-B4, 380 pixels, batch 4, four heads, AdamW",
          ["--backbone", "efficientnet_b4", "--size", "380", "--batch", "4", "--steps", "3", "--warmup", "1"],
          [ours("engine float32"), ours("engine bfloat16", "--precision", "bfloat16"), eager("PyTorch float32"),
           eager("PyTorch bfloat16 autocast", "--precision", "bfloat16")],
          [("engine float32", "PyTorch float32"), ("engine bfloat16", "PyTorch bfloat16 autocast")]),
    Table("avx2", "AVX2 alone, both capped: training EfficientNet-B0, 224 pixels, batch 16",
          ["--size", "224", "--batch", "16", "--steps", "5", "--warmup", "2"],
          [ours("engine float32", "--instruction-set", "avx2", environment=CAPPED),
           eager("PyTorch float32", environment={**EAGER, **CAPPED})],
          [("engine float32", "PyTorch float32")]),
    Table("heads", "What heads cost: training EfficientNet-B0, 224 pixels, batch 16",
          ["--size", "224", "--batch", "16", "--steps", "15", "--warmup", "2"],
          [ours("one head", "--heads", "1"), ours("four heads", "--heads", "4")], [("four heads", "one head")]),
    inference_table(batch=1, steps=50),
    inference_table(batch=16, steps=10),
]

FIGURES = (("milliseconds", "ms", "{:.1f}"), ("images_per_second", "images/s", "{:.1f}"),
           ("peak_memory_mib", "peak MiB", "{:.0f}"))
TOLERANCE = {"float32": 1e-4, "bfloat16": 2e-2}


def measure(build, table, variant):
    program = ([os.path.join(build, "bin", variant.program)] if variant.is_engine()
               else ["/usr/bin/python3", os.path.join(HERE, variant.program)])
    command = program + with_later_options([*table.options, "--threads", str(os.cpu_count())], variant.options)
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **variant.environment})
    if finished.returncode != 0:
        sys.exit(f"{variant.name} failed: {' '.join(command)}")
    return json.loads(finished.stdout)


def with_later_options(options, later):
    """Options as `--name value` pairs; a later one replaces an earlier one of its name."""
    merged = dict(zip(options[::2], options[1::2]))
    merged.update(zip(later[::2], later[1::2]))
    return [word for pair in merged.items() for word in pair]


def run(build, table, rounds):
    """-> {variant name: [result of each round]}, without those that were skipped."""
    results = {variant.name: [] for variant in table.variants}
    skipped = set()
    for number in range(rounds):
        turn = number % len(table.variants)
        for variant in table.variants[turn:] + table.variants[:turn]:
            if variant.name in skipped:
                continue
            result = measure(build, table, variant)
            if "skipped" in result:
                print(f"{variant.name} skipped: {result['skipped']}", file=sys.stderr)
                skipped.add(variant.name)
                continue
            results[variant.name].append(result)
            print(f"{table.name} round {number + 1}: {variant.name} {result['milliseconds']:.1f} ms",
                  file=sys.stderr)
    check_outputs(table, results)
    return {name: rows for name, rows in results.items() if rows}


def check_outputs(table, results):
    exact = None
    for variant in table.variants:
        for row in results[variant.name]:
            output = row["output"]
            if not math.isfinite(output):
                sys.exit(f"{variant.name} computed {output}")
            if not variant.is_engine() or "--heads" in variant.options:
                continue
            exact = output if exact is None else exact
            tolerance = TOLERANCE["bfloat16" if "bfloat16" in variant.options else "float32"]
            if abs(output - exact) > tolerance * abs(exact):
                sys.exit(f"{variant.name} computed {output} where {exact} is expected")


def median_of(rows, key):
    return statistics.median(row[key] for row in rows)


def ratios(results, first, second, key, upside_down):
    pairs = [(b[key] / a[key]) if upside_down else (a[key] / b[key]) for a, b in zip(results[first], results[second])]
    return f"{statistics.median(pairs):.2f} ({min(pairs):.2f} .. {max(pairs):.2f})"


def markdown(table, results):
    lines = [f"## {table.title}", "", "| | " + " | ".join(text for _, text, _ in FIGURES) + " |", "|---|---|---|---|"]
    for name, rows in results.items():
        figures = " | ".join(form.format(median_of(rows, key)) for key, _, form in FIGURES)
        lines.append(f"| {name} | {figures} |")
    compared = [(a, b) for a, b in table.ratios if a in results and b in results]
    if compared:
        lines += ["", "| | times as fast | times the memory |", "|---|---|---|"]
        for a, b in compared:
            lines.append(f"| {a} against {b} | {ratios(results, a, b, 'milliseconds', True)} | "
                         f"{ratios(results, a, b, 'peak_memory_mib', False)} |")
    return "\n".join(lines) + "\n"


def processor():
    name = platform.processor() or platform.machine()
    wanted = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
    found = []
    try:
        with open("/proc/cpuinfo") as lines:
            fields = dict(line.split(":", 1) for line in lines.read().split("\n\n")[0].splitlines() if ":" in line)
        fields = {key.strip(): value.strip() for key, value in fields.items()}
        name = f"{fields.get('model name', name)} (family {fields.get('cpu family')}, model {fields.get('model')})"
        found = [flag for flag in wanted if flag in fields.get("flags", "").split()]
    except OSError:
        pass
    return f"{name}, {os.cpu_count()} cores, {' '.join(found)}"


def bars(title, results):
    """An SVG picture of the variants' images per second."""
    height, left, width = 26, 330, 420
    top = max(median_of(rows, "images_per_second") for rows in results.values())
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 90}" height="{40 + height * len(results)}" '
             'font-family="sans-serif" font-size="13">', '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="8" y="20" font-weight="bold">{title}: images per second</text>']
    for i, (name, rows) in enumerate(results.items()):
        value, y = median_of(rows, "images_per_second"), 34 + height * i
        colour = "#1f77b4" if name.startswith("engine") else "#b0b0b0"
        parts += [f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{name}</text>',
                  f'<rect x="{left}" y="{y}" width="{width * value / top:.1f}" height="{height - 6}" fill="{colour}"/>',
                  f'<text x="{left + 6 + width * value / top:.1f}" y="{y + 15}">{value:.1f}</text>']
    return "\n".join(parts + ["</svg>"]) + "\n"


def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="a build folder configured with -DMTL_BUILD_BENCH=ON")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=[table.name for table in TABLES],
                        default=[table.name for table in TABLES], help="some of the tables")
    parser.add_argument("--write", metavar="FILE", help="put the report there, and its plot beside it as .svg")
    arguments = parser.parse_args()
    chosen = [table for table in TABLES if table.name in arguments.only]
    all_results = {table.name: run(arguments.build, table, arguments.rounds) for table in chosen}
    engines = sorted({row["engine"] for results in all_results.values() for rows in results.values() for row in rows})
    report = ["# Speed and memory, measured", "",
              f"Printed by `bench/tables.py` on {datetime.date.today().isoformat()}: {processor()}; "
              f"{', '.join(engines)}; medians of {arguments.rounds} rounds in turns, each variant in a process of its own; "
              "in brackets the smallest and largest ratio of a round. Tuned allocator: glibc keeps what is freed and uses "
              "huge pages. PyTorch runs channels-last with OPENBLAS_NUM_THREADS=1.", ""]
    if arguments.write:
        plot = os.path.splitext(arguments.write)[0] + ".svg"
        write(plot, bars(chosen[0].title.split(",")[0], all_results[chosen[0].name]))
        report += [f"![{chosen[0].title}]({os.path.basename(plot)})", ""]
    report += [markdown(table, all_results[table.name]) for table in chosen]
    text = "\n".join(report)
    print(text)
    if arguments.write:
        write(arguments.write, text)


main()
