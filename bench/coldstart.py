"""Wall time of whole processes, alternating, medians: python3 bench/coldstart.py [RUNS]

A bare Java machine; ./kinglet predict with its plan kept on disk; the same with no plan kept, so that the network is
lowered, emitted and packed. Run ./kinglet predict once before, so that the build and the cache of classes are there.
"""
import os, shutil, statistics, subprocess, sys, tempfile, time

runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
home = os.environ.get("KINGLET_JAVA_HOME") or os.environ.get("JAVA_HOME")
java = os.path.join(home, "bin", "java") if home else "java"
kinglet = os.path.join(root, "kinglet")
kept, fresh = tempfile.mkdtemp(), tempfile.mkdtemp()


def predict(picture, cache):
    return [kinglet, "predict", os.path.join(root, "samples", picture)], dict(os.environ, KINGLET_CACHE=cache)


rows = {
    "java -version": ([java, "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-version"], None),
    "predict chelsea.png, plan kept": predict("chelsea.png", kept),
    "predict coffee.jpg, plan kept": predict("coffee.jpg", kept),
    "predict coffee.jpg, plan compiled and kept": predict("coffee.jpg", fresh),
}
wall, cpu = {name: [] for name in rows}, {name: [] for name in rows}
for run in range(runs + 1):
    for name, (command, environment) in rows.items():
        shutil.rmtree(os.path.join(fresh, "plans"), ignore_errors=True)
        before = os.times()
        start = time.perf_counter()
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took = time.perf_counter() - start
        after = os.times()
        if run > 0:
            wall[name].append(took * 1e3)
            used = after.children_user + after.children_system - before.children_user - before.children_system
            cpu[name].append(used * 1e3)
print("| process | median, ms | least, ms | processor time, ms |\n| --- | --- | --- | --- |")
for name in rows:
    print("| %s | %.0f | %.0f | %.0f |" % (name, statistics.median(wall[name]), min(wall[name]), statistics.median(cpu[name])))
shutil.rmtree(kept)
shutil.rmtree(fresh)
