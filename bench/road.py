"""Times decode and prepare of every picture of a folder in Kinglet, Pillow and torchvision, alternating picture by picture on one thread.

    python bench/road.py PICTURES JAVA CLASSPATH [RESULT.csv]

Medians over the pictures of each picture's median over the rounds, in milliseconds. CLASSPATH: core's classes and test classes.
JAVA_OPTIONS=-Dkinglet.engine.fail=no-vectors measures plain Java. `road.csv` and `road-plain.csv` were measured with ROUNDS=3 on a
quiet Zen 4 machine of two cores."""
import csv, io, os, statistics, subprocess, sys, time
import torch
from PIL import Image, features
from torchvision import transforms as T

ROUNDS = int(os.environ.get("ROUNDS", "5"))
WARM = int(os.environ.get("WARM", "4"))
torch.set_num_threads(1)
folder, java, classpath = sys.argv[1:4]
files = [os.path.join(folder, n) for n in sorted(os.listdir(folder))]
transform = T.Compose([T.Resize(256), T.CenterCrop(224), T.ToTensor(), T.Normalize([.485, .456, .406], [.229, .224, .225])])
options = os.environ.get("JAVA_OPTIONS", "").split()
kinglet = subprocess.Popen([java, "--enable-native-access=ALL-UNNAMED", *options, "-cp", classpath, "dev.kinglet.image.RoadClock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(*words):
    kinglet.stdin.write("\t".join(words) + "\n")
    kinglet.stdin.flush()
    return int(kinglet.stdout.readline()) / 1e6


def pillow_decode(data):
    start = time.perf_counter_ns()
    im = Image.open(io.BytesIO(data)).convert("RGB")
    return (time.perf_counter_ns() - start) / 1e6, im


def torchvision_prepare(im):
    start = time.perf_counter_ns()
    transform(im)
    return (time.perf_counter_ns() - start) / 1e6


for _ in range(WARM):
    for f in files:
        ask("decode", f), ask("prepare", f, "torchvision_v1")
times = {f: ([], [], [], []) for f in files}
for _ in range(ROUNDS):
    for f in files:
        data = open(f, "rb").read()
        a = ask("decode", f)
        b, im = pillow_decode(data)
        c = ask("prepare", f, "torchvision_v1")
        d = torchvision_prepare(im)
        for series, value in zip(times[f], (a, b, c, d)):
            series.append(value)
names = ("kinglet_decode", "pillow_decode", "kinglet_prepare", "torchvision_prepare")
medians = {f: [statistics.median(s) for s in t] for f, t in times.items()}
if len(sys.argv) > 4:
    with open(sys.argv[4], "w", newline="") as out:
        w = csv.writer(out, lineterminator="\n")
        w.writerow(("picture", *(n + "_ms" for n in names)))
        for f, m in medians.items():
            w.writerow((os.path.basename(f), *(f"{v:.4f}" for v in m)))
total = [statistics.median(m[i] for m in medians.values()) for i in range(4)]
ratio = [statistics.median(m[i] / m[i + 1] for m in medians.values()) for i in (0, 2)]
print(f"Pillow with libjpeg-turbo {features.version('libjpeg_turbo')}, {len(files)} pictures, {ROUNDS} rounds")
for n, v in zip(names, total):
    print(f"{n:22s} {v:.3f} ms")
least = {f: [min(s) for s in t] for f, t in times.items()}
best = [statistics.median(m[i] / m[i + 1] for m in least.values()) for i in (0, 2)]
print(f"ratios, median over the pictures: decode {ratio[0]:.2f}, prepare {ratio[1]:.2f} (of each picture's least times: {best[0]:.2f}, {best[1]:.2f})")
kinglet.stdin.close()
