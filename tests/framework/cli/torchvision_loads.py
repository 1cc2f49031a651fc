"""Loads exported weights strictly into torchvision's EfficientNet-B0 and compares its logits with a TorchScript module's.

Usage: torchvision_loads.py WEIGHTS.pth MODULE.pt TASK SIZE; exit code 77 where PyTorch or torchvision is missing.
"""
import sys

try:
    import torch
    import torchvision
except Exception as error:
    print(error)
    sys.exit(77)

weights, module, task, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
state = torch.load(weights)
network = torchvision.models.efficientnet_b0(weights=None, num_classes=state["classifier.1.weight"].shape[0])
network.load_state_dict(state, strict=True)
network.eval()
images = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(1))
with torch.no_grad():
    expected = network(images)
    found = torch.jit.load(module)(images)[task]
deviation = ((found - expected).norm() / expected.norm()).item()
print(deviation)
sys.exit(0 if deviation < 1e-5 else 1)
