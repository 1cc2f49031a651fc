"""Writes NAME.safetensors and NAME_out.safetensors: random weights of torchvision's network, and what it computes.

Usage: torchvision_reference.py FOLDER NAME [NAME ...]; exit code 77 where PyTorch or torchvision is missing.
"""
import json
import struct
import sys

try:
    import torch
    import torchvision
except Exception as error:
    print(error)
    sys.exit(77)


def write(file, tensors):
    # safetensors: 8 bytes of header length, a JSON header, then the tensors' bytes
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.detach().contiguous().numpy().tobytes()
        kind = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


folder, names = sys.argv[1], sys.argv[2:]
for name in names:
    torch.manual_seed(5)
    network = getattr(torchvision.models, name)(weights=None)
    for module in network.modules():
        if isinstance(module, torchvision.ops.StochasticDepth):
            module.p = 0.0
    for module in network.modules():  # statistics and factors that a mistake would not hide behind
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    write(f"{folder}/{name}.safetensors", network.state_dict())
    images = torch.randn(3, 3, 70, 64)
    with torch.no_grad():
        evaluated = network.eval().features(images)
    network.train()
    trained = network.features(images)
    (trained * torch.linspace(-1, 1, trained.numel()).view_as(trained)).sum().backward()
    write(f"{folder}/{name}_out.safetensors",
          {"images": images, "evaluated": evaluated, "trained": trained,
           "stem_gradient": network.features[0][0].weight.grad,
           "block_gradient": network.features[3][1].block[2].fc1.weight.grad,
           "running_mean": network.features[8][1].running_mean})
