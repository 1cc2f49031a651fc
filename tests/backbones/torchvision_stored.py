"""Prints the numbers in stored_features_test.cpp: torchvision's pooled features for weights and images that a formula gives.

Value i of the k-th tensor of the state_dict (without the classifier and the counters of batches) is s = sin(0.7 (i^2 mod 9973) +
k), which is as good as random: convolutions s sqrt(gain / fan in), biases 0.1 s, batch-norms' factors and variances 1 + 0.3 s,
their shifts and means 0.1 s. The gain is 4 for B0 and 3 for B5, so that the images count and nothing overflows. The images are
such a tensor with k = 0.
"""
import torch
import torchvision


def wave(shape, k):
    i = torch.arange(torch.Size(shape).numel(), dtype=torch.int64)
    return torch.sin((i * i % 9973).double() * 0.7 + k).reshape(shape)


def value_of(name, tensor, k, gain):
    if tensor.dim() == 4:
        return wave(tensor.shape, k) * (gain / tensor[0].numel()) ** 0.5
    is_norm = name.endswith("running_var") or (name.endswith("weight") and tensor.dim() == 1)
    return 1 + 0.3 * wave(tensor.shape, k) if is_norm else 0.1 * wave(tensor.shape, k)


for variant, gain in (0, 4.0), (5, 3.0):
    network = getattr(torchvision.models, f"efficientnet_b{variant}")(weights=None)
    k = 0
    for name, tensor in network.state_dict().items():
        if name.startswith("classifier") or name.endswith("num_batches_tracked"):
            continue
        tensor.copy_(value_of(name, tensor, k, gain))
        k += 1
    images = wave((2, 3, 48, 64), 0).float()
    with torch.no_grad():
        pooled = network.eval().avgpool(network.features(images)).flatten(1).double()
    print(f"B{variant}: norm {pooled.norm().item():.7g}, first of image 0 "
          + ", ".join(f"{value:.7g}" for value in pooled[0, :5].tolist()) + ", of image 1 "
          + ", ".join(f"{value:.7g}" for value in pooled[1, :5].tolist()))
