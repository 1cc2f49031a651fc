"""Writes NAME.safetensors and NAME_out.safetensors: random weights of torchvision's network, and what PyTorch makes of them.

Usage: torchvision_reference.py FOLDER NAME STEPS, the steps of each optimizer; exit code 77 where PyTorch or torchvision is missing.
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

CLASSES = 7


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


def network_of(name):
    torch.manual_seed(5)
    network = getattr(torchvision.models, name)(weights=None, num_classes=CLASSES)
    for module in network.modules():
        if isinstance(module, torchvision.ops.StochasticDepth):
            module.p = 0.0
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        if isinstance(module, torch.nn.BatchNorm2d):  # statistics and factors that a mistake would not hide behind
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.uniform_(module.bias, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return network


def loss_of(network, images, labels):
    return torch.nn.functional.cross_entropy(network(images), labels)


def losses_of_steps(network, make_optimizer, images, labels, steps):
    decayed = [p for p in network.parameters() if p.dim() > 1]
    plain = [p for p in network.parameters() if p.dim() <= 1]
    optimizer = make_optimizer([{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}])
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(network, images, labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


folder, name, steps = sys.argv[1], sys.argv[2], int(sys.argv[3])
network = network_of(name)
state = {key: value.clone() for key, value in network.state_dict().items()}
write(f"{folder}/{name}.safetensors", state)
images, labels = torch.randn(4, 3, 70, 64), torch.tensor([0, 3, 6, 1])
out = {"images": images, "labels": labels}
network.eval()
with torch.no_grad():
    out["evaluated.map"] = network.features(images)
    out["evaluated.logits"] = network(images)
network.train()
out["trained.map"] = network.features(images)
network.load_state_dict(state)
loss_of(network, images, labels).backward()
for key, parameter in network.named_parameters():
    out["gradient." + key] = parameter.grad.clone()
for key, buffer in network.named_buffers():
    if "running" in key:
        out["statistics." + key] = buffer.clone()
optimizers = {"sgd": lambda groups: torch.optim.SGD(groups, lr=0.01, momentum=0.9),
              "adamw": lambda groups: torch.optim.AdamW(groups, lr=1e-4)}
for kind, make_optimizer in optimizers.items() if steps > 0 else ():
    network.load_state_dict(state)
    out[kind + ".losses"] = losses_of_steps(network, make_optimizer, images, labels, steps)
    out.update({kind + ".weights." + key: value.clone() for key, value in network.named_parameters()})
write(f"{folder}/{name}_out.safetensors", out)
