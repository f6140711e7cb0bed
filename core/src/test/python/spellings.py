"""State-dict names and shapes of networks as other projects spell them.

    python spellings.py efficientnet-lite0-57934424.pth ../resources/dev/kinglet/zoo/spellings.txt

The first list is read from a published file; the others come from modules nested as those projects nest them.
"""
import sys
import torch
from torch import nn

lists = {"efficientnet_lite0 efficientnet_pytorch": torch.load(sys.argv[1], map_location="cpu", weights_only=True)}


def conv(i, o, k, s=1, g=1):
    return nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False)


def md(v):
    n = max(8, int(v + 4) // 8 * 8)
    return n + 8 if n < 0.9 * v else n


class Flat(nn.Module):  # an inverted residual of tonylins and d-li14
    def __init__(self, i, o, s, t):
        super().__init__()
        h = i * t
        first = [] if t == 1 else [conv(i, h, 1), nn.BatchNorm2d(h), nn.ReLU6()]
        self.conv = nn.Sequential(*first, conv(h, h, 3, s, h), nn.BatchNorm2d(h), nn.ReLU6(), conv(h, o, 1), nn.BatchNorm2d(o))


def unit(i, o, k, s):
    return nn.Sequential(conv(i, o, k, s), nn.BatchNorm2d(o), nn.ReLU6())


class MobileNetV2(nn.Module):
    ROWS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]

    def __init__(self, width, last_outside):
        super().__init__()
        i = md(32 * width)
        layers = [unit(3, i, 3, 2)]
        for t, c, n, s in self.ROWS:
            for b in range(n):
                layers.append(Flat(i, md(c * width), s if b == 0 else 1, t))
                i = md(c * width)
        last = unit(i, 1280, 1, 1)
        if last_outside:
            self.features, self.conv = nn.Sequential(*layers), last
        else:
            self.features = nn.Sequential(*layers, last)
        self.classifier = nn.Linear(1280, 1000)


class Rangi(nn.Module):  # a block of RangiLyu's EfficientNet-Lite
    def __init__(self, i, o, k, s, t):
        super().__init__()
        h = i * t
        if t != 1:
            self._expand_conv, self._bn0 = conv(i, h, 1), nn.BatchNorm2d(h)
        self._depthwise_conv, self._bn1 = conv(h, h, k, s, h), nn.BatchNorm2d(h)
        self._project_conv, self._bn2 = conv(h, o, 1), nn.BatchNorm2d(o)


class RangiLite0(nn.Module):
    ROWS = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]

    def __init__(self):
        super().__init__()
        self.stem, i, stages = unit(3, 32, 3, 2), 32, []
        for n, k, s, t, o in self.ROWS:
            stages.append(nn.ModuleList([Rangi(i if b == 0 else o, o, k, s if b == 0 else 1, t) for b in range(n)]))
            i = o
        self.blocks = nn.ModuleList(stages)
        self.head, self.fc = unit(i, 1280, 1, 1), nn.Linear(1280, 1000)


lists["mobilenet_v2_100 tonylins"] = MobileNetV2(1.0, False).state_dict()
lists["mobilenet_v2_050 d-li14"] = MobileNetV2(0.5, True).state_dict()
lists["efficientnet_lite0 rangilyu"] = RangiLite0().state_dict()
with open(sys.argv[2], "w") as out:
    for title, entries in lists.items():
        print("spelling", title, file=out)
        for name, tensor in entries.items():
            print(name, "x".join(map(str, tensor.shape)) or "scalar", file=out)
