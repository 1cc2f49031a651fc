"""The training step of training_step.cpp in PyTorch and torchvision; prints the same JSON object.

Where one of them is missing it prints {"skipped": reason} and succeeds.
"""
import json
import resource
import statistics
import time

import pytorch_model

arguments = pytorch_model.parser(__doc__, batch=16, steps=10, warmup=3).parse_args()

torch, torchvision = pytorch_model.import_or_skip("torch", "torchvision")
if arguments.threads:
    torch.set_num_threads(arguments.threads)
torch.manual_seed(1)
model = pytorch_model.make(torch, torchvision, arguments.backbone).to(memory_format=torch.channels_last).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
images = torch.randn(arguments.batch, 3, arguments.size, arguments.size).to(memory_format=torch.channels_last)
targets = [torch.randint(count, (arguments.batch,)) for count in pytorch_model.CLASSES]

seconds, losses = [], []
for step in range(arguments.warmup + arguments.steps):
    start = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bfloat16"):
        loss = sum(torch.nn.functional.cross_entropy(logits.float(), target)
                   for logits, target in zip(model(images), targets))
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    losses.append(loss.item())
    if step >= arguments.warmup:
        seconds.append(time.perf_counter() - start)

median = statistics.median(seconds)
print(json.dumps({"engine": f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}",
                  "device": "cpu",
                  "threads": torch.get_num_threads(),
                  "milliseconds": 1000 * median,
                  "images_per_second": arguments.batch / median,
                  "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                  "output": losses[0]}))
