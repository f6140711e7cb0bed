"""Weights after each of six steps of PyTorch's optimisers, and learning rates of its schedulers.

loss = sum(c w^2 / 2 + sin(w)), w and c as below, float64. Prints one line a case: name, then numbers.
"""
import torch
from timm.optim import RMSpropTF

START = [0.5, -1.25, 2.0, 0.03125]
CURVE = [1.0, 0.5, 3.0, 0.25]


def run(name, make):
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    c = torch.tensor(CURVE, dtype=torch.float64)
    optimizer = make([w])
    values = []
    for step in range(6):
        optimizer.param_groups[0]["lr"] = 0.1 / (step + 1)
        optimizer.zero_grad()
        (c * w * w / 2 + torch.sin(w)).sum().backward()
        optimizer.step()
        values += w.tolist()
    print(name, *values)


o = torch.optim
run("sgd", lambda p: o.SGD(p, lr=1, momentum=0.9, weight_decay=0.01))
run("sgd_plain", lambda p: o.SGD(p, lr=1, weight_decay=0.01))
run("nesterov", lambda p: o.SGD(p, lr=1, momentum=0.9, nesterov=True))
run("rmsprop", lambda p: o.RMSprop(p, lr=1, alpha=0.9, eps=1e-3, momentum=0.9, weight_decay=0.01))
run("rmsprop_plain", lambda p: o.RMSprop(p, lr=1, alpha=0.99, eps=1e-8))
run("adam", lambda p: o.Adam(p, lr=1, weight_decay=0.01))
run("adamw", lambda p: o.AdamW(p, lr=1, weight_decay=0.05))
run("rmsprop_tf", lambda p: RMSpropTF(p, lr=1, alpha=0.9, eps=1e-3, momentum=0.9, weight_decay=0.01))

s = o.lr_scheduler


def rates(name, steps, make):
    w = torch.zeros(1, requires_grad=True)
    optimizer = o.SGD([w], lr=1.0)
    scheduler = make(optimizer)
    values = []
    for _ in range(steps):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step(); scheduler.step()
    print(name, *values)


rates("step", 10, lambda p: s.StepLR(p, 3, 0.1))
rates("exponential", 10, lambda p: s.ExponentialLR(p, 0.97))
rates("cosine", 10, lambda p: s.CosineAnnealingLR(p, 10))
rates("polynomial", 10, lambda p: s.PolynomialLR(p, 10, 2.0))
rates("onecycle", 11, lambda p: s.OneCycleLR(p, 1.0, total_steps=11, pct_start=0.3, cycle_momentum=False))
