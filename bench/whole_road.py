"""The whole road, from JPEG files to their five likeliest classes: Kinglet beside Python (Pillow, torchvision's transforms,
ONNX Runtime) and DJL (PyTorch engine), in alternating turns over the same files. Writes OUT.csv and OUT.md.

    mvn -pl bench -am -Pdjl -DskipTests package
    python bench/whole_road.py PICTURES --out bench/results/zen4-road [--networks efficientnet_lite0,shufflenet_v2_x1_0] [--cores 1,2]

On two cores a turn is repeated where, before or behind it, two threads that only multiply and add had less than 0.8 of a
lone thread's speed each (cores.py): the host of a virtual machine then runs both processors on one core.
On one core every contestant has one thread. On two, Kinglet and DJL have two threads with a picture each; Python runs both as two
processes of one thread ("processes") and as one process of two threads ("threads"). Rows of other networks and cores that OUT.csv
holds already stay. Needs JAVA_HOME, taskset, and for DJL's TorchScript onnx2torch."""
import argparse, csv, os, platform, random, statistics, subprocess, sys, tempfile, time

from cores import CLASSES, JAVA, Cores

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
RECIPES = {"efficientnet_lite0": "bicubic_half", "shufflenet_v2_x1_0": "bilinear_imagenet"}
BUNDLED = os.path.join(ROOT, "models/src/main/resources/META-INF/kinglet/efficientnet_lite0.onnx")

parser = argparse.ArgumentParser()
parser.add_argument("pictures")
parser.add_argument("--out", required=True)
parser.add_argument("--networks", default="efficientnet_lite0,shufflenet_v2_x1_0")
parser.add_argument("--cores", default="1,2")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--warm", type=int, default=3)
parser.add_argument("--count", type=int, default=50)
parser.add_argument("--models", default=os.path.join(tempfile.gettempdir(), "kinglet-road"))
parser.add_argument("--without", default="")
options = parser.parse_args()
files = sorted(os.path.join(options.pictures, n) for n in os.listdir(options.pictures))
files = files[:: max(1, len(files) // options.count)][: options.count]
os.makedirs(options.models, exist_ok=True)


class Contestant:
    """One or more processes that share the files of a turn."""

    def __init__(self, name, cores, commands, shares):
        env = dict(os.environ, OMP_NUM_THREADS=str(cores), PYTORCH_FLAVOR="cpu", DJL_OFFLINE="true")
        pin = ["taskset", "-c", ",".join(map(str, range(cores)))]
        self.name = name
        self.shares = shares
        self.processes = [
            subprocess.Popen(pin + c + s, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
            for c, s in zip(commands, shares)]

    def turn(self):
        start = time.perf_counter()
        for p in self.processes:
            p.stdin.write("\n")
            p.stdin.flush()
        lines = [p.stdout.readline() for p in self.processes]
        seconds = time.perf_counter() - start
        return seconds, {f: int(c) for s, l in zip(self.shares, lines) for f, c in zip(s, l.split())}

    def close(self):
        for p in self.processes:
            p.stdin.close()
            p.wait()


def torchscript(model, script):
    """PyTorch's own form of an ONNX file, with weights that the file keeps in half precision widened."""
    if os.path.exists(script):
        return
    import onnx, onnx2torch, torch
    from onnx import numpy_helper
    m = onnx.load(model)
    halves = {t.name: t for t in m.graph.initializer}
    for node in [n for n in m.graph.node if n.op_type == "Cast" and n.input[0] in halves]:
        wide = numpy_helper.to_array(halves[node.input[0]]).astype("float32")
        m.graph.initializer.append(numpy_helper.from_array(wide, node.output[0]))
        m.graph.node.remove(node)
    network = onnx2torch.convert(m).eval()
    with torch.inference_mode():
        torch.jit.save(torch.jit.freeze(torch.jit.trace(network, torch.zeros(1, 3, 224, 224))), script)


def contestants(network, cores):
    model = BUNDLED if network == "efficientnet_lite0" else os.path.join(options.models, network + ".onnx")
    java = [JAVA, "--enable-native-access=ALL-UNNAMED", "-cp", CLASSES]
    kinglet = java + ["dev.kinglet.bench.RoadContestant", model, str(cores)]
    yield Contestant("kinglet", cores, [kinglet], [files])
    while not os.path.exists(model):
        time.sleep(0.1)
    time.sleep(0.5)
    python = [sys.executable, os.path.join(HERE, "road_peer.py"), model, RECIPES[network]]
    if cores == 1:
        yield Contestant("python", 1, [python + ["1"]], [files])
    else:
        yield Contestant("python-processes", cores, [python + ["1"]] * cores, [files[i::cores] for i in range(cores)])
        yield Contestant("python-threads", cores, [python + [str(cores)]], [files])
    if "djl" not in options.without:
        script = os.path.join(options.models, network + ".pt")
        torchscript(model, script)
        djl = java + ["dev.kinglet.bench.DjlRoadContestant", script, str(cores)]
        djl[1:1] = ["-Dai.djl.offline=true", "-Dai.djl.pytorch.num_threads=1", "-Dai.djl.pytorch.num_interop_threads=1"]
        yield Contestant("djl", cores, [djl], [files])


def race(network, cores):
    everyone = list(contestants(network, cores))
    answers = {}
    for _ in range(options.warm):
        for c in everyone:
            answers[c.name] = c.turn()[1]
    rows = []
    own = Cores(cores) if cores > 1 else None
    for r in range(options.rounds):
        for c in random.sample(everyone, len(everyone)):
            seconds = own.measured(lambda: c.turn()[0]) if own else c.turn()[0]
            rows.append([network, cores, c.name, r, len(files), f"{seconds:.4f}"])
    for c in everyone + [own] * bool(own):
        c.close()
    ours = answers["kinglet"]
    for name, theirs in answers.items():
        print(f"{network} on {cores}: {name} agrees with Kinglet on {sum(ours[f] == theirs.get(f) for f in files)} of {len(files)}", file=sys.stderr)
    return rows


def table(rows):
    groups = {}
    for network, cores, name, r, pictures, seconds in rows:
        groups.setdefault((network, int(cores)), {}).setdefault(name, {})[int(r)] = int(pictures) / float(seconds)
    names = ["kinglet", "python", "python-processes", "python-threads", "djl"]
    cpu = next(l.split(": ")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name"))
    text = f"CPU: {cpu}, {platform.machine()}. Command: `bench/whole_road.py {' '.join(['PICTURES', *sys.argv[2:]])}`, {len(files)} pictures a turn.\n\n"
    text += "Pictures a second from JPEG file to top five, medians of the rounds; in brackets how many times as many Kinglet answers in\nthe same round, median.\n\n"
    text += "| network | cores | " + " | ".join(names) + " |\n| --- | ---: |" + " ---: |" * len(names) + "\n"
    for (network, cores), by in sorted(groups.items()):
        cells = []
        for n in names:
            if n not in by:
                cells.append("–")
                continue
            cell = f"{statistics.median(by[n].values()):.1f}"
            if n != "kinglet":
                cell += f" ({statistics.median(by['kinglet'][r] / by[n][r] for r in by[n]):.2f})"
            cells.append(cell)
        text += f"| {network} | {cores} | " + " | ".join(cells) + " |\n"
    return text


header = ["network", "cores", "contestant", "round", "pictures", "seconds"]
rows = []
if os.path.exists(options.out + ".csv"):
    rows = list(csv.reader(open(options.out + ".csv")))[1:]
for network in options.networks.split(","):
    for cores in map(int, options.cores.split(",")):
        rows = [r for r in rows if (r[0], int(r[1])) != (network, cores)] + race(network, cores)
        rows.sort(key=lambda r: (r[0], int(r[1]), r[2], int(r[3])))
        with open(options.out + ".csv", "w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([header] + rows)
        with open(options.out + ".md", "w") as out:
            out.write(table(rows))
print(table(rows))
