"""The forward pass of inference_latency.cpp in PyTorch and torchvision, or in ONNX Runtime; prints the same JSON object.

Where one of them is missing it prints {"skipped": reason} and succeeds.
"""
import json
import os
import resource
import statistics
import tempfile
import time

import pytorch_model

parser = pytorch_model.parser(__doc__, batch=1, steps=50, warmup=5)
parser.add_argument("--runtime", choices=["pytorch", "onnxruntime"], default="pytorch")
arguments = parser.parse_args()

torch, torchvision = pytorch_model.import_or_skip("torch", "torchvision")
if arguments.threads:
    torch.set_num_threads(arguments.threads)
torch.manual_seed(1)
model = pytorch_model.settle_statistics(torch, pytorch_model.make(torch, torchvision, arguments.backbone))
images = torch.randn(arguments.batch, 3, arguments.size, arguments.size)


def in_pytorch():
    """-> name, function of no arguments that gives the logits"""
    channels_last = model.to(memory_format=torch.channels_last)
    inputs = images.to(memory_format=torch.channels_last)

    def forward():
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=arguments.precision == "bfloat16"):
            return channels_last(inputs)

    return f"PyTorch {torch.__version__}, torchvision {torchvision.__version__}", forward


def in_onnxruntime():
    onnxruntime, = pytorch_model.import_or_skip("onnxruntime")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.onnx")
        torch.onnx.export(model, images, path, input_names=["images"], opset_version=13)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = arguments.threads
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    pixels = images.numpy()
    return (f"ONNX Runtime {onnxruntime.__version__}",
            lambda: [torch.from_numpy(logits) for logits in session.run(None, {"images": pixels})])


name, forward = in_pytorch() if arguments.runtime == "pytorch" else in_onnxruntime()
seconds = []
output = None
for step in range(arguments.warmup + arguments.steps):
    start = time.perf_counter()
    total = sum(logits.float().abs().sum().item() for logits in forward())
    output = output if output is not None else total / arguments.batch
    if step >= arguments.warmup:
        seconds.append(time.perf_counter() - start)

median = statistics.median(seconds)
print(json.dumps({"engine": name,
                  "device": "cpu",
                  "threads": arguments.threads or torch.get_num_threads(),
                  "milliseconds": 1000 * median,
                  "images_per_second": arguments.batch / median,
                  "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                  "output": output}))
