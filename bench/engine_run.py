"""Runs `mtl-engine run` on a configuration in a folder that is gone afterwards, and draws curves as SVG."""
import json
import math
import os
import subprocess
import sys


def train(build, folder, config, name="run"):
    """Writes the configuration to folder/NAME.toml and trains -> metrics.jsonl as a list of dictionaries."""
    file = os.path.join(folder, name + ".toml")
    with open(file, "w") as out:
        out.write(config)
    command = [os.path.join(build, "bin", "mtl-engine"), "run", file, "--set", f"run.name={name}", "--set",
               f"run.folder={folder}"]
    finished = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if finished.returncode != 0:
        sys.exit(f"failed with {finished.returncode}: {' '.join(command)}\n{finished.stdout}")
    with open(os.path.join(folder, name, "metrics.jsonl")) as lines:
        return [json.loads(line) for line in lines]


def drawn(title, curves, colours, x_text, tick, least=0.0):
    """An SVG picture of {name: [a list of values by epoch, one a seed]}; the first name's lines lie under the others. The axis
    begins at `least`, a multiple of `tick`."""
    width, height, left, top = 640, 360, 50, 30
    epochs = max(len(values) for runs in curves.values() for values in runs)
    most = max(value for runs in curves.values() for values in runs for value in values)

    def x(epoch):
        return left + (width - left - 20) * (epoch + 1) / epochs

    def y(value):
        return top + (height - top - 40) * (1 - (value - least) / (most - least))

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
             'font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="{left}" y="18" font-weight="bold">{title}</text>',
             f'<path d="M{left} {top} V{height - 40} H{width - 20}" fill="none" stroke="black"/>']
    for epoch in range(epochs):
        parts.append(f'<text x="{x(epoch):.0f}" y="{height - 24}" text-anchor="middle">{x_text(epoch)}</text>')
    for step in range(round(least / tick), math.floor(most / tick) + 1):
        parts.append(f'<text x="{left - 6}" y="{y(step * tick) + 4:.0f}" text-anchor="end">{step * tick:.2g}</text>')
    for row, (name, runs) in enumerate(curves.items()):
        dashes = ' stroke-dasharray="5 4"' if row else ''
        for values in runs:
            points = " ".join(f"{x(epoch):.1f},{y(value):.1f}" for epoch, value in enumerate(values))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colours[name]}" '
                         f'stroke-width="{3 if not row else 1.5}"{dashes}/>')
        parts.append(f'<text x="{width - 200}" y="{height - 48 - 14 * (len(curves) - 1 - row)}" '
                     f'fill="{colours[name]}">{name}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def write(file, text):
    with open(file + ".new", "w") as out:
        out.write(text)
    os.replace(file + ".new", file)
