"""Pictures a second of `kinglet predict` over a folder, on one core and on two, in alternating turns.

    python bench/streaming.py PICTURES [--rounds 5] [--copies 2] [--model FILE.onnx] [--out bench/results/NAME-streaming.md]

Whole processes, start included. PICTURES is read as often as --copies says. Turns on two cores are repeated where the
processors were not cores of their own (cores.py). Needs taskset, a JDK 25 in KINGLET_JAVA_HOME or JAVA_HOME, and bench built."""
import argparse, os, statistics, subprocess, sys, tempfile, time

from cores import ROOT, Cores

parser = argparse.ArgumentParser()
parser.add_argument("pictures")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--copies", type=int, default=2)
parser.add_argument("--model")
parser.add_argument("--out")
options = parser.parse_args()
folder = tempfile.mkdtemp()
files = sorted(os.listdir(options.pictures))
for copy in range(options.copies):
    for name in files:
        os.symlink(os.path.abspath(os.path.join(options.pictures, name)), os.path.join(folder, f"{copy}_{name}"))
count = len(files) * options.copies
model = ["--model", options.model] if options.model else []


def turn(cores):
    pin = ["taskset", "-c", ",".join(map(str, range(cores)))]
    words = [os.path.join(ROOT, "kinglet"), "predict", *model, "--top", "1", "--threads", str(cores), folder]
    start = time.perf_counter()
    lines = subprocess.run(pin + words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.count(b"\n")
    assert lines >= count, f"{lines} lines for {count} pictures"
    return count / (time.perf_counter() - start)


own = Cores(2)
turn(2)
found = [(turn(1), own.measured(lambda: turn(2))) for _ in range(options.rounds)]
own.close()
one, two = (statistics.median(f[i] for f in found) for i in (0, 1))
ratio = statistics.median(b / a for a, b in found)
cpu = next(line.split(": ")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
text = (f"CPU: {cpu}. Command: `python bench/streaming.py {' '.join(['PICTURES', *sys.argv[2:]])}`, {count} pictures a process.\n\n"
        "| network | one core, pictures/s | two cores | ratio |\n| --- | ---: | ---: | ---: |\n"
        f"| {os.path.basename(options.model or 'bundled')} | {one:.1f} | {two:.1f} | {ratio:.2f} |\n")
print(text)
if options.out:
    with open(options.out, "w") as out:
        out.write(text)
