"""Images a second of a training step: Kinglet beside PyTorch, the same networks, threads, layout and environment.

    python bench/training.py bench/results/NAME-training [THREADS [NETWORK/SIDE]]     adds rows to NAME-training.csv

Needs torch and torchvision, and bench built (mvn -pl bench -am -DskipTests package). Both are started once a row and take turns of some seconds. A step is a batch of floats in plain row-major order brought
into channels-last tensors, forward, cross entropy, backward, SGD with Nesterov's momentum and weight decay, and the loss
and the number of right answers brought back. The small form takes out the first two halvings, as --set stem=small.
On several threads a pair of turns is repeated where the processors were not cores of their own (cores.py).
"""
import os
import statistics
import subprocess
import sys
import time

from cores import CLASSES, JAVA, Cores

MALLOC = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "4000000000",
          "MALLOC_TRIM_THRESHOLD_": "16000000000", "MALLOC_TOP_PAD_": "268435456"}
ROWS = [("mobilenet_v2_100", 32, 128), ("mobilenet_v2_100", 224, 16),
        ("shufflenet_v2_x1_0", 32, 128), ("shufflenet_v2_x1_0", 224, 16)]


def pytorch(name, side, batch, threads):
    import numpy as np
    import torch
    import torchvision
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if name == "mobilenet_v2_100":
        network = torchvision.models.mobilenet_v2()
        if side <= 64:
            network.features[0][0].stride = (1, 1)
            network.features[2].conv[1][0].stride = (1, 1)
    else:
        network = torchvision.models.shufflenet_v2_x1_0()
        if side <= 64:
            network.conv1[0].stride = (1, 1)
            network.maxpool = torch.nn.Identity()
    network = network.to(memory_format=torch.channels_last).train()
    decayed = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": 5e-4}, {"params": others}], lr=1e-3, momentum=0.9, nesterov=True)
    random = np.random.default_rng(1)
    values = random.standard_normal((batch, 3, side, side), dtype=np.float32)
    labels = torch.from_numpy(random.integers(0, 1000, batch))
    print("ready", sum(p.numel() for p in network.parameters()), flush=True)
    for line in sys.stdin:
        end = time.perf_counter() + float(line)
        begun = time.perf_counter_ns()
        steps = 0
        while True:
            x = torch.from_numpy(values).contiguous(memory_format=torch.channels_last)
            logits = network(x)
            loss = torch.nn.functional.cross_entropy(logits, labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            loss.item()
            (logits.argmax(1) == labels).sum().item()
            steps += 1
            if time.perf_counter() >= end:
                break
        print(steps, time.perf_counter_ns() - begun, flush=True)


def start(command, threads):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads), **MALLOC)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    words = process.stdout.readline().split()
    assert words and words[0] == "ready", command
    return process, words[1]


def turn(process, seconds, batch):
    process.stdin.write(f"{seconds}\n")
    process.stdin.flush()
    steps, nanoseconds = map(int, process.stdout.readline().split())
    return steps * batch / nanoseconds * 1e9


def main(out, threads, rows, turns=9, seconds=1.0):
    import torch
    fresh = not os.path.exists(out + ".csv")
    for name, side, batch in rows:
        words = [name, str(side), str(batch), str(threads)]
        kinglet, ours = start([JAVA, "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                               "--sun-misc-unsafe-memory-access=allow", "-cp", CLASSES,
                               "dev.kinglet.bench.TrainingSpeed", *words], threads)
        peer, theirs = start([sys.executable, os.path.abspath(__file__), "peer", *words], threads)
        assert ours == theirs, f"{ours} parameters against {theirs}"
        for process in (kinglet, peer):
            turn(process, 2, batch)  # warms caches and compilers
        own = Cores(threads) if threads > 1 else None
        found = []
        for _ in range(turns):
            both = lambda: (turn(kinglet, seconds, batch), turn(peer, seconds, batch))
            found.append(own.measured(both) if own else both())
        if own:
            own.close()
        for process in (kinglet, peer):
            process.stdin.close()
            process.wait()
        a = statistics.median(f[0] for f in found)
        b = statistics.median(f[1] for f in found)
        ratio = statistics.median(f[0] / f[1] for f in found)
        with open(out + ".csv", "a") as table:
            if fresh:
                table.write("network,side,batch,threads,kinglet,pytorch,ratio,pytorch_version\n")
                fresh = False
            table.write(f"{name},{side},{batch},{threads},{a:.1f},{b:.1f},{ratio:.2f},{torch.__version__}\n")
        print(f"{name} {side} px, {threads} threads: {a:.0f} against {b:.0f} images/s, {ratio:.2f} x", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "peer":
        pytorch(sys.argv[2], *map(int, sys.argv[3:6]))
    else:
        chosen = [row for row in ROWS if len(sys.argv) < 4 or sys.argv[3] == f"{row[0]}/{row[1]}"]
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1, chosen)
