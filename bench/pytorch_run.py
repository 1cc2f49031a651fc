"""The job of configs/mtd.toml as a plain script of PyTorch and torchvision: three heads, AdamW, a DataLoader.

    bench/pytorch_run.py MANIFEST.csv [--epochs 10 --workers 2]

Trains, evaluates on the validation part after every epoch and on the test part at the end, saves the weights of the best
epoch. Where PyTorch or torchvision is missing it prints {"skipped": reason} and succeeds.
"""
import argparse
import copy
import csv
import json
import math
import os
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("manifest")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--threads", type=int, default=0)
arguments = parser.parse_args()

try:
    import torch
    import torchvision
    from PIL import Image
except Exception as error:
    print(json.dumps({"skipped": f"no PyTorch with torchvision here: {error}"}))
    sys.exit(0)
from torch.nn.functional import cross_entropy
from torchvision import transforms

SIZE, BATCH = 128, 16
DEFECTS = ["blowhole", "break", "crack", "fray", "uneven", "free"]
EXPOSURES = ["exp1", "exp2", "exp3", "exp4", "exp5", "exp6"]
UNLABELLED = -100  # cross_entropy's ignore_index

torch.manual_seed(1)
if arguments.threads:
    torch.set_num_threads(arguments.threads)


class Tiles(torch.utils.data.Dataset):
    def __init__(self, split):
        with open(arguments.manifest, newline="") as lines:
            self.rows = [row for row in csv.DictReader(lines) if row["split"] == split]
        change = [transforms.RandomHorizontalFlip(), transforms.RandomVerticalFlip()] if split == "train" else []
        self.change = transforms.Compose([transforms.Resize((SIZE, SIZE)), *change, transforms.ToTensor()])
        self.noise = 0.03 if split == "train" else 0
        self.normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        row = self.rows[index]
        path = os.path.join(os.path.dirname(arguments.manifest), row["image"])
        image = self.change(Image.open(path).convert("RGB"))
        if self.noise:
            image = (image + torch.randn_like(image) * (self.noise * torch.rand(()))).clamp(0, 1)
        defect = DEFECTS.index(row["defect"])
        exposure = EXPOSURES.index(row["exposure"]) if row["exposure"] else UNLABELLED
        return self.normalize(image), torch.tensor([defect, int(row["defect"] != "free"), exposure])


def loader(split):
    train = split == "train"
    return torch.utils.data.DataLoader(Tiles(split), BATCH, shuffle=train, num_workers=arguments.workers,
                                       persistent_workers=arguments.workers > 0, drop_last=train)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = torchvision.models.efficientnet_b0(weights=None)
        width = self.backbone.classifier[1].in_features
        self.backbone.classifier = torch.nn.Dropout(0.3)
        self.heads = torch.nn.ModuleList(torch.nn.Linear(width, count) for count in (len(DEFECTS), 2, len(EXPOSURES)))

    def forward(self, images):
        features = self.backbone(images)
        return [head(features) for head in self.heads]


def macro_f1(model, batches):
    model.eval()
    counts = torch.zeros(len(DEFECTS), len(DEFECTS))
    with torch.no_grad():
        for images, targets in batches:
            predicted = model(images.contiguous(memory_format=torch.channels_last))[0].argmax(1)
            for truth, guess in zip(targets[:, 0], predicted):
                counts[truth, guess] += 1
    hits = counts.diagonal()
    return (2 * hits / (counts.sum(0) + counts.sum(1)).clamp(min=1)).mean().item()


train, validation, test = loader("train"), loader("val"), loader("test")
model = Model().to(memory_format=torch.channels_last)
average = copy.deepcopy(model)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
steps = arguments.epochs * len(train)
warmup = len(train)
schedule = torch.optim.lr_scheduler.LambdaLR(
    optimizer, lambda step: min((step + 1) / warmup, 0.5 * (1 + math.cos(math.pi * max(0, step - warmup) /
                                                                          max(1, steps - warmup)))))
best = -1.0
with tempfile.TemporaryDirectory() as folder:
    weights = os.path.join(folder, "model.pt")
    for epoch in range(arguments.epochs):
        model.train()
        for images, targets in train:
            outputs = model(images.contiguous(memory_format=torch.channels_last))
            loss = sum(weight * cross_entropy(output, targets[:, task], ignore_index=UNLABELLED)
                       for task, (weight, output) in enumerate(zip((1.0, 0.3, 0.3), outputs)))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for mean, value in zip(average.state_dict().values(), model.state_dict().values()):
                    mean.lerp_(value, 0.01) if mean.is_floating_point() else mean.copy_(value)
        score = macro_f1(average, validation)
        print(f"epoch {epoch + 1}: loss {loss.item():.3f}  validation macro F1 {score:.3f}", file=sys.stderr)
        if score > best:
            best = score
            torch.save(average.state_dict(), weights)
    average.load_state_dict(torch.load(weights))
    print(json.dumps({"engine": f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}",
                      "test_macro_f1": macro_f1(average, test)}))
