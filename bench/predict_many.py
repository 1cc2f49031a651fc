#!/usr/bin/env python3
"""Has a run answer 1000 and then 10 000 pictures of which one in a hundred is broken, in ten ways.

    bench/predict_many.py BUILD_FOLDER RUN [--size 96] [--folder DIR]

Exit code 0 where every good picture was answered, every broken one named, and the peak of memory for 10 000 is within a
tenth of that for 1000."""
import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib


def png_header(width, height):
    """A PNG that says it has this size, and goes on with nothing sensible."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + bytes(64) + b"IEND\xaeB`\x82"


def damaged(good):
    middle = len(good) // 2
    return good[:middle] + bytes(255 - b for b in good[middle:middle + 64]) + good[middle + 64:]


WAYS = {
    "empty": lambda good: b"",
    "half": lambda good: good[: len(good) // 2],
    "without_its_end": lambda good: good[:-12],
    "text": lambda good: b"this is no picture\n" * 20,
    "damaged": damaged,
    "eight_bytes": lambda good: good[:8],
    "bomb": lambda good: png_header(60000, 60000),
    "no_pixels": lambda good: png_header(0, 0),
    "gif": lambda good: b"GIF89a" + bytes(200),
    "missing": None,
}


def spoil(files):
    """Every hundredth is broken. Returns those names."""
    broken = files[50::100]
    for i, file in enumerate(broken):
        way = list(WAYS.values())[i % len(WAYS)]
        good = file.read_bytes()
        file.unlink()
        if way:
            file.write_bytes(way(good))
    return {str(file) for file in broken}


def predict(engine, run, files, out):
    """The answers, and the peak of memory in MiB."""
    process = subprocess.Popen([engine, "predict", run, "-", "--out", out], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdin.write("".join(f"{file}\n" for file in files).encode())
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"predict ended with {os.waitstatus_to_exitcode(status)}")
    return [json.loads(line) for line in out.read_text().splitlines()], usage.ru_maxrss / 1024


def check(answers, files, broken):
    """Every picture once, in its order; the broken ones with an error that names them, and no other."""
    assert [answer["image"] for answer in answers] == [str(file) for file in files], "not every picture once"
    named = {answer["image"] for answer in answers if "error" in answer}
    assert named == broken, f"told as broken: {sorted(named ^ broken)[:3]} ..."
    for answer in answers:
        assert answer["image"] in answer["error"] if "error" in answer else answer["tasks"], answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("run")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--folder", type=pathlib.Path)
    arguments = parser.parse_args()
    engine = arguments.build / "bin/mtl-engine"
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or pathlib.Path(temporary)
        subprocess.run([engine, "data", "synth", folder / "many", "--parts", "2500", "--image-size", str(arguments.size)],
                       check=True, stdout=subprocess.DEVNULL)
        files = sorted((folder / "many").rglob("*.png"))
        broken = spoil(files)
        few = files[:1000]
        answers, peak_of_few = predict(engine, arguments.run, few, folder / "few.jsonl")
        check(answers, few, broken & {str(file) for file in few})
        answers, peak = predict(engine, arguments.run, files, folder / "many.jsonl")
        check(answers, files, broken)
    print(f"{len(files)} pictures, {len(broken)} of them broken in {len(WAYS)} ways: {len(files) - len(broken)} answered, "
          f"{len(broken)} named; peak of memory {peak_of_few:.0f} MiB for {len(few)}, {peak:.0f} MiB for {len(files)} "
          f"({peak / peak_of_few:.3f} times)")
    return 0 if peak <= 1.1 * peak_of_few else 1


if __name__ == "__main__":
    sys.exit(main())
