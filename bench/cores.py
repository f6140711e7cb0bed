"""Whether the processors are cores of their own at the moment, by dev.kinglet.bench.Cores; for the scripts beside it."""
import os, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JAVA = os.path.join(os.environ.get("KINGLET_JAVA_HOME") or os.environ["JAVA_HOME"], "bin", "java")
CLASSES = f"{ROOT}/bench/target/classes:{ROOT}/bench/target/lib/*"


class Cores:
    def __init__(self, threads):
        command = [JAVA, "--enable-native-access=ALL-UNNAMED", "-cp", CLASSES, "dev.kinglet.bench.Cores", str(threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def apart(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip() == "true"

    def measured(self, turn):
        """What a turn gives that began and ended while the processors were apart."""
        for _ in range(100):
            if self.apart():
                found = turn()
                if self.apart():
                    return found
            else:
                time.sleep(0.2)
        sys.exit("The processors were never cores of their own for a whole turn.")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
