"""Computes pytorch_layers.json: what PyTorch's layers give for tensors filled by a formula. python pytorch_layers.py > pytorch_layers.json"""

import json
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def filled(shape, phase):
    """Element k is sin(0.7 k + phase)."""
    n = 1
    for s in shape:
        n *= s
    return torch.sin(0.7 * torch.arange(n) + phase).reshape(shape)


def numbers(t):
    return [float(f"{v:.12g}") for v in t.detach().flatten().tolist()]


def case(name, layer, shape, train=False):
    """Output, gradients of sum(y * cos-like pattern), and state after one pass."""
    for i, p in enumerate(layer.parameters()):
        p.data = filled(p.shape, i + 1.0)
    layer.train(train)
    x = filled(shape, 0.0).requires_grad_(True)
    y = layer(x)
    (y * filled(y.shape, 0.5)).sum().backward()
    return {
        "name": name,
        "shape": list(y.shape),
        "output": numbers(y),
        "inputGradient": numbers(x.grad),
        "gradients": {n: numbers(p.grad) for n, p in layer.named_parameters()},
        "state": {n: numbers(b.double()) for n, b in layer.named_buffers()},
        "names": list(layer.state_dict().keys()),
    }


class Block(nn.Module):
    """x + conv(lrelu(conv(x))), normalised."""

    def __init__(self):
        super().__init__()
        self.branch = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.LeakyReLU(0.1), nn.Conv2d(3, 3, 3, padding=1))
        self.norm = nn.BatchNorm2d(3, affine=False)

    def forward(self, x):
        return self.norm(x + self.branch(x))


cases = [
    case("conv", nn.Conv2d(3, 2, 3), (2, 3, 5, 4)),
    case("convStridePadding", nn.Conv2d(3, 2, 3, stride=2, padding=1), (2, 3, 5, 4)),
    case("convReplicate", nn.Conv2d(2, 2, 5, padding=2, padding_mode="replicate"), (1, 2, 4, 3)),
    case("convNoBias", nn.Conv2d(2, 3, 1, bias=False), (1, 2, 2, 3)),
    case("transpose", nn.ConvTranspose2d(3, 2, 3), (2, 3, 2, 3)),
    case("transposeStride", nn.ConvTranspose2d(2, 2, 3, stride=2, padding=1, output_padding=1, bias=False), (1, 2, 3, 2)),
    case("normTrain", nn.BatchNorm2d(3), (2, 3, 2, 2), train=True),
    case("normEval", nn.BatchNorm2d(3), (2, 3, 2, 2)),
    case("normPlainTrain", nn.BatchNorm2d(3, affine=False), (2, 3, 2, 2), train=True),
    case("maxPool", nn.MaxPool2d(3, 2), (1, 2, 6, 5)),
    case("avgPool", nn.AvgPool2d(2), (1, 2, 5, 4)),
    case("relu", nn.ReLU(), (1, 1, 2, 5)),
    case("linearNoBias", nn.Linear(3, 2, bias=False), (2, 3)),
    case("pad", nn.ConstantPad2d(1, 0.449), (1, 2, 2, 2)),
    case("blockTrain", Block(), (2, 3, 4, 3), train=True),
]
lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
sys.stdout.write('{"torch":"%s","cases":[\n%s\n]}\n' % (torch.__version__, lines))
