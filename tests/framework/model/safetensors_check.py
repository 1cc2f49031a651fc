"""Reads a file with Python's safetensors and writes what it read to another.

Usage: safetensors_check.py IN OUT; exit code 77 where safetensors or PyTorch is missing.
"""
import sys

try:
    from safetensors.torch import load_file, save_file
except Exception as error:
    print(error)
    sys.exit(77)

save_file(load_file(sys.argv[1]), sys.argv[2], metadata={"format": "pt", "from": "Python"})
