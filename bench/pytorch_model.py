"""The benchmarked model in PyTorch and torchvision: a backbone with four linear heads, as the engine's."""
import argparse
import json
import sys

CLASSES = [19, 2, 2, 4]


def parser(description, batch, steps, warmup):
    """-> the options that every script takes"""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--backbone", default="efficientnet_b0")
    options.add_argument("--size", type=int, default=224)
    options.add_argument("--batch", type=int, default=batch)
    options.add_argument("--steps", type=int, default=steps)
    options.add_argument("--warmup", type=int, default=warmup)
    options.add_argument("--precision", choices=["float32", "bfloat16"], default="float32", help="of PyTorch")
    options.add_argument("--threads", type=int, default=0)
    return options


def import_or_skip(*modules):
    """The modules; where one is missing, prints {"skipped": reason} and ends the program, which has then succeeded."""
    try:
        return [__import__(module) for module in modules]
    except Exception as error:
        print(json.dumps({"skipped": f"no {' with '.join(modules)} here: {error}"}))
        sys.exit(0)


def make(torch, torchvision, backbone):
    """-> a module whose forward gives the logits of all heads"""

    class FourHeads(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.backbone = getattr(torchvision.models, backbone)(weights=None)
            width = self.backbone.classifier[1].in_features
            self.backbone.classifier = torch.nn.Dropout(0.2)
            self.heads = torch.nn.ModuleList(torch.nn.Linear(width, count) for count in CLASSES)

        def forward(self, images):
            features = self.backbone(images)
            return [head(features) for head in self.heads]

    return FourHeads()


def settle_statistics(torch, model):
    """Gives the batch-norms the statistics of random images, as inference_latency.cpp does."""
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        model.train()(torch.randn(8, 3, 64, 64))
        for norm in norms:
            norm.running_var *= 1.25
    return model.eval()
