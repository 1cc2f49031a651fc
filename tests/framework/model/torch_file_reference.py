"""Writes FOLDER/good/NAME.pth with NAME.safetensors, the weights it holds, and FOLDER/refused/NAME.pth.

Usage: torch_file_reference.py FOLDER; exit code 77 where PyTorch is missing.
"""
import argparse
import collections
import io
import json
import os
import pickle
import struct
import sys
import zipfile

try:
    import torch
except Exception as error:
    print(error)
    sys.exit(77)

KINDS = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
         torch.int64: "I64", torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8",
         torch.bool: "BOOL"}
folder = sys.argv[1]
os.makedirs(f"{folder}/good")
os.makedirs(f"{folder}/refused")


def write_expected(file, tensors):
    # safetensors: 8 bytes of header length, a JSON header, then the tensors' bytes
    header, data = {}, b""
    for name, tensor in tensors.items():
        plain = tensor.detach().contiguous()
        raw = (plain.view(torch.int16) if plain.dtype == torch.bfloat16 else plain).numpy().tobytes()
        header[name] = {"dtype": KINDS[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def good(name, content, weights, **options):
    torch.save(content, f"{folder}/good/{name}.pth", **options)
    write_expected(f"{folder}/good/{name}.safetensors", weights)


def refused(name, content, **options):
    torch.save(content, f"{folder}/refused/{name}.pth", **options)


def altered(name, change, compressed=()):
    """A copy of a good file whose records have gone through `change` (name, bytes) -> (name, bytes) or None."""
    with zipfile.ZipFile(f"{folder}/good/plain.pth") as old, \
            zipfile.ZipFile(f"{folder}/{name}.pth", "w") as new:
        for record in old.namelist():
            entry = change(record, old.read(record))
            if entry:
                new.writestr(*entry, zipfile.ZIP_DEFLATED if record.endswith(compressed) else zipfile.ZIP_STORED)


torch.manual_seed(5)
network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
weights = network.state_dict()  # an OrderedDict with the attribute _metadata, and int64 num_batches_tracked
good("plain", weights, weights)
altered("good/another_zip", lambda name, data: ("other" + name[name.index("/"):], data))  # unaligned, other headers
write_expected(f"{folder}/good/another_zip.safetensors", weights)
good("dict", dict(weights), weights)
for protocol in 2, 3, 4, 5:
    good(f"protocol_{protocol}", {"epoch": 3, "model": weights}, weights, pickle_protocol=protocol)
for key in "state_dict", "model", "model_ema", "ema", "model_state_dict", "state_dict_ema":
    good(f"under_{key}", {"epoch": 3, key: weights}, weights)
good("order_of_keys", {"random_state": torch.get_rng_state(), "model_ema": {"x": torch.zeros(3)}, "model": weights},
     weights)
good("model_of_settings", {"model": {"depth": 3}, "ema": weights}, weights)

types = {KINDS[kind]: (torch.rand(2, 3) * 100).to(kind) for kind in KINDS}
types["BOOL"] = torch.tensor([[True, False], [False, True]])
good("types", types, types)
good("parameters", dict(network.named_parameters()), dict(network.named_parameters()))
shared = torch.arange(24, dtype=torch.float32)
views = {"whole": shared.view(2, 3, 4), "transposed": shared.view(4, 6).t(), "slice": shared[5:9],
         "every_third": shared[1::3], "permuted": shared.view(2, 3, 4).permute(2, 0, 1), "one": shared[7],
         "expanded": shared[:2].expand(3, 2),
         "channels_last": shared.view(1, 2, 3, 4).to(memory_format=torch.channels_last)}
good("views", views, views)
shapes = {"scalar": torch.tensor(2.5), "empty": torch.zeros(0), "empty_plane": torch.zeros(3, 0, 2),
          "ones": torch.ones(1, 1, 1), "ä b\n": torch.ones(1)}
good("shapes", shapes, shapes)
optimizer = torch.optim.Adam(network.parameters())
network[3](torch.ones(1, 4)).sum().backward()
optimizer.step()
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])
training = {"model": network.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
            "epoch": 7, "best": 0.5, "name": "b0", "seed": 2**80, "minus": -5, "large": -2**40, "none": None,
            "flag": True, "history": [(1, 2.5), [3], {4}], "raw": b"\0\xff", "size": torch.Size([2, 3]), "device":
            torch.device("cpu"), "arguments": {"lr": 1e-3, "names": ["a", "b"]}, "frozen": frozenset([1]),
            "type": torch.float32}
training["itself"] = training
for protocol in 2, 5:
    good(f"training_state_{protocol}", training, network.state_dict(), pickle_protocol=protocol)
good("not_only_tensors", {"a": torch.ones(2), "version": 3, "b": torch.zeros(1), "names": ["x"]},
     {"a": torch.ones(2), "b": torch.zeros(1)})
try:
    import numpy
    good("numpy", {"best": numpy.float64(0.5), "mean": numpy.ones(3), "model": weights}, weights)
except ImportError:
    pass
many = {f"layer.{i}": torch.full((1,), float(i)) for i in range(600)}  # a memo beyond one byte
good("many", many, many)


class Runs:
    def __reduce__(self):
        return os.system, ("echo a pickle ran; touch " + folder + "/ran",)


refused("system", {"model": weights, "x": Runs()})
refused("system_5", {"model": weights, "x": Runs()}, pickle_protocol=5)
refused("namespace", {"model": weights, "args": argparse.Namespace(lr=1)})
refused("network", network)
refused("old_format", weights, _use_new_zipfile_serialization=False)
refused("old_format_5", weights, _use_new_zipfile_serialization=False, pickle_protocol=5)
torch.jit.script(network).save(f"{folder}/refused/torchscript.pth")
refused("complex", {"a": torch.ones(2, dtype=torch.complex64)})
refused("sparse", {"a": torch.eye(2).to_sparse()})
refused("list", [torch.ones(2)])
refused("no_weights", {"epoch": 3, "names": {"a": 1}})
refused("number_as_name", {1: torch.ones(2)})
refused("expanded", {"a": torch.ones(1).expand(1 << 20)})
refused("many_expanded", {f"a{i}": torch.ones(1).expand(10000) for i in range(1000)})
altered("refused/big_endian", lambda name, data: (name, data))
with zipfile.ZipFile(f"{folder}/refused/big_endian.pth", "a") as file:
    if "plain/byteorder" in file.namelist():  # PyTorch 2
        altered("refused/big_endian", lambda name, data: (name, b"big" if name.endswith("byteorder") else data))
    else:
        file.writestr("plain/byteorder", "big")
altered("refused/compressed", lambda name, data: (name, data), ("data/0", "version", "data.pkl"))
altered("refused/bomb", lambda name, data: (name, data + bytes(1 << 24) if name.endswith("data.pkl") else data),
        ("data.pkl",))
altered("refused/no_storage", lambda name, data: None if name.endswith("data/0") else (name, data))
altered("refused/short_storage", lambda name, data: (name, data[:-1] if name.endswith("data/0") else data))
altered("refused/no_pickle", lambda name, data: None if name.endswith("data.pkl") else (name, data))


class Claim:
    """A tensor whose description is not true of its storage."""

    def __init__(self, offset, sizes, strides):
        self.claim = offset, sizes, strides


STORAGE = object()


class Pickler(pickle.Pickler):
    def persistent_id(self, thing):
        return ("storage", torch.FloatStorage, "0", "cpu", 4) if thing is STORAGE else None

    def reducer_override(self, thing):
        if isinstance(thing, Claim):
            offset, sizes, strides = thing.claim
            return torch._utils._rebuild_tensor_v2, (STORAGE, offset, sizes, strides, False, collections.OrderedDict())
        return NotImplemented


def claimed(name, *claim):
    data = io.BytesIO()
    Pickler(data, protocol=2).dump({"a": Claim(*claim)})
    with zipfile.ZipFile(f"{folder}/{name}.pth", "w") as file:
        file.writestr("archive/data.pkl", data.getvalue())
        file.writestr("archive/data/0", struct.pack("<4f", 1, 2, 3, 4))


claimed("good/claim", 1, (3,), (1,))
write_expected(f"{folder}/good/claim.safetensors", {"a": torch.tensor([2.0, 3, 4])})
claimed("refused/claim_offset", 2, (3,), (1,))
claimed("refused/claim_size", 0, (5,), (1,))
claimed("refused/claim_stride", 0, (2,), (4,))
claimed("refused/claim_huge_offset", 2**63 - 1, (2,), (1,))
claimed("refused/claim_beyond_64_bits", 2**70, (2,), (1,))
claimed("refused/claim_huge_stride", 0, (3,), (2**62,))
claimed("refused/claim_huge_size", 0, (2**62, 2**62), (0, 0))
claimed("refused/claim_hidden_by_zero", 0, (0, 2**62, 2**62), (0, 0, 0))
claimed("refused/claim_repeats", 0, (2**40,), (0,))
claimed("refused/claim_negative_offset", -1, (2,), (1,))
claimed("refused/claim_negative_size", 0, (-2,), (1,))
claimed("refused/claim_negative_stride", 3, (2,), (-1,))
claimed("refused/claim_few_strides", 0, (2, 2), (1,))
claimed("refused/claim_dimensions", 0, (1,) * 17, (1,) * 17)
