"""Runs a TorchScript file on stored images and compares with stored outputs.

Usage: torchscript_check.py MODEL.pt STATE.safetensors OUTPUTS.safetensors; OUTPUTS holds "images" and a tensor per task.
Exit code 77 where PyTorch is missing.
"""
import json
import struct
import sys

try:
    import torch
except Exception as error:
    print(error)
    sys.exit(77)


def read(file):
    # safetensors: 8 bytes of header length, a JSON header, then the tensors' bytes
    with open(file, "rb") as source:
        header = json.loads(source.read(struct.unpack("<Q", source.read(8))[0]))
        data = source.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = {"F32": torch.float32, "I64": torch.int64}[entry["dtype"]]
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=kind).reshape(entry["shape"])
    return tensors


network = torch.jit.load(sys.argv[1])
state, outputs = read(sys.argv[2]), read(sys.argv[3])
images = outputs.pop("images")

found = network.state_dict()
print(sorted(found))
assert sorted(found) == sorted(state), sorted(state)
for name, tensor in state.items():
    assert torch.equal(found[name], tensor), name
assert not any(module.training for module in network.modules())

for mode in (network.eval, network.train):  # the mode is part of the program
    mode()
    answers = network(images)
    assert sorted(answers) == sorted(outputs), sorted(answers)
    for task, expected in outputs.items():
        share = ((answers[task] - expected).norm() / expected.norm()).item()
        print(task, tuple(expected.shape), share)
        assert share < 1e-5, task
