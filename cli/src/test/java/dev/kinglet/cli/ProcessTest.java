package dev.kinglet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.Labels;
import dev.kinglet.formats.safetensors.SafetensorsFiles;
import dev.kinglet.golden.Formula;
import dev.kinglet.house.Skip;
import dev.kinglet.zoo.Checkpoint;
import dev.kinglet.zoo.Settings;
import dev.kinglet.zoo.Zoo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What only a real process can show: pipes, signals, full disks, exit codes, memory. */
class ProcessTest {
  @TempDir Path folder;

  @BeforeAll
  static void onlyWhereThereIsAShell() {
    Skip.unless(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh on this system");
  }

  /** The beginning of a command line that starts Kinglet in a fresh Java. */
  private static List<String> java(String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
    Collections.addAll(words, options);
    String classPath = System.getProperty("surefire.test.class.path");
    words.addAll(
        List.of(
            "-cp",
            classPath == null ? System.getProperty("java.class.path") : classPath,
            "dev.kinglet.cli.Kinglet"));
    return words;
  }

  /** A shell line in which {@code kinglet} is this build's. */
  private Ran shell(String line) throws Exception {
    Path err = folder.resolve("stderr.txt");
    String definition = "kinglet() { '" + String.join("' '", java()) + "' \"$@\"; }\n";
    Process process =
        new ProcessBuilder("/bin/sh", "-c", definition + line)
            .redirectError(err.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    return new Ran(process.exitValue(), out, Files.readString(err));
  }

  @Test
  void exitCodesReachTheShell() throws Exception {
    assertEquals(0, shell("kinglet --version").done().code());
    shell("kinglet frobnicate").refused("'frobnicate'");
  }

  @Test
  void aClosedPipeEndsQuietly() throws Exception {
    Ran ran = shell("{ kinglet summary ghostnet_100; echo $? >&2; } | true");
    assertEquals("0\n", ran.err());
  }

  @Test
  void aFullDiskIsSaid() throws Exception {
    Skip.unless(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");
    shell("kinglet list --json > /dev/full").refused("Standard output cannot be written");
    shell("kinglet list > /dev/full").refused("Standard output cannot be written");
  }

  @Test
  void answersBeyondAsciiArriveWhateverTheLocale() throws Exception {
    Ran ran = shell("LC_ALL=C kinglet list --json");
    assertFalse(new ObjectMapper().readTree(ran.done().out()).isEmpty());
  }

  @Test
  void aPictureIsReadWithoutTheDesktopModule() throws Exception {
    Path model = Inputs.smallModel(folder);
    for (String picture : List.of("chelsea.png", "coffee.jpg")) {
      Path log = folder.resolve(picture + ".log");
      String command =
          String.join(" ", java("-Xlog:class+load:file=" + log))
              + " predict --model "
              + model
              + " "
              + Path.of("..", "samples", picture).toAbsolutePath();
      shell(command).done();
      String classes = Files.readString(log);
      assertTrue(classes.contains("dev.kinglet.image.PictureReader "), picture);
      for (String part : List.of(" java.awt.", " javax.imageio.", " sun.awt.", " sun.java2d.")) {
        assertFalse(classes.contains(part), picture + " loads" + part + "*");
      }
      assertFalse(classes.contains("jrt:/java.desktop"), picture);
    }
  }

  @Test
  void aKeptPlanAnswersAsAFreshOne() throws Exception {
    Path model = Inputs.smallModel(folder);
    Path picture = Path.of("..", "samples", "coffee.jpg").toAbsolutePath();
    String line = "kinglet predict --json --model " + model + " " + picture;
    String fresh = shell("KINGLET_NO_CACHE=yes " + line).done().out();
    String keeping = "KINGLET_NO_CACHE= KINGLET_CACHE='" + folder.resolve("cache") + "' ";
    assertEquals(fresh, shell(keeping + line).done().out());
    assertEquals(fresh, shell(keeping + line).done().out());
  }

  @Test
  void nothingIsFetchedWhereThatIsForbidden() throws Exception {
    shell("KINGLET_OFFLINE=1 KINGLET_CACHE='" + folder + "' kinglet pull mobilenet_v2_100")
        .refused("KINGLET_OFFLINE", "mobilenet_v2-7ebf99e0.pth");
  }

  @Test
  void whatHasBeenPulledNeedsNoOtherOption() throws Exception {
    Checkpoint checkpoint = Zoo.variant("mobilenet_v2_035").checkpoints().getFirst();
    Path place =
        folder
            .resolve(URI.create(checkpoint.address().orElseThrow()).getHost())
            .resolve(checkpoint.file());
    Files.createDirectories(place.getParent());
    Settings settings = Settings.defaults();
    for (Map.Entry<String, String> option : checkpoint.options().entrySet()) {
      settings = settings.with(option.getKey(), option.getValue());
    }
    SafetensorsFiles.write(
        place, Formula.weights(Zoo.variant("mobilenet_v2_035").build(settings), 1));
    Path picture = Inputs.picture(folder.resolve("p.ppm"), 40, 40, 1);
    String cache = "KINGLET_CACHE='" + folder + "' ";
    Ran ran = shell(cache + "kinglet predict --json --variant mobilenet_v2_035 " + picture);
    JsonNode first = ran.done().json().get("pictures").get(0).get("predictions").get(0);
    assertEquals(
        Labels.named("imagenet").name(first.get("index").asInt()), first.get("label").asString());
    assertTrue(
        shell(cache + "kinglet list")
            .done()
            .out()
            .matches("(?s).*mobilenet_v2_035[^\n]*pulled\n.*"));
  }

  @Test
  void controlCPrintsWhatIsDone() throws Exception {
    Process process = new ProcessBuilder(interruptible(manyPictures(20_000, java()))).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder text = new StringBuilder(out.readLine()).append(out.readLine());
      new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid())).start().waitFor();
      // Nobody reads for a while, so the pipe is full and the work cannot be over before the
      // signal.
      Thread.sleep(1_000);
      for (String line; (line = out.readLine()) != null; ) {
        text.append(line);
      }
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      JsonNode pictures = new ObjectMapper().readTree(text.toString()).get("pictures");
      assertTrue(pictures.size() > 0 && pictures.size() < 20_000, pictures.size() + " answers");
      assertTrue(pictures.get(pictures.size() - 1).has("predictions"));
      assertEquals(130, process.exitValue());
    }
  }

  /** A shell that runs these tests in the background ignores Ctrl-C, and so would its children. */
  private static List<String> interruptible(List<String> command) throws Exception {
    List<String> heard = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT"));
    boolean known =
        new ProcessBuilder("/usr/bin/env", "--default-signal=INT", "true").start().waitFor() == 0;
    if (!known) {
      return command;
    }
    heard.addAll(command);
    return heard;
  }

  @Test
  void thousandsOfPicturesFitIntoLittleMemory() throws Exception {
    Path out = folder.resolve("answers.json");
    Process process =
        new ProcessBuilder(manyPictures(6_000, java("-Xmx32m")))
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(300, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    assertEquals(6_000, new ObjectMapper().readTree(out.toFile()).get("pictures").size());
  }

  /** {@code predict --json} of one picture, again and again, with a network of a few kilobytes. */
  private List<String> manyPictures(int count, List<String> command) throws IOException {
    Path model = Inputs.smallModel(folder);
    String picture = Inputs.picture(folder.resolve("p.ppm"), 40, 40, 1).toString();
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of("predict", "--json", "--top", "1", "--model", model.toString()));
    words.addAll(Collections.nCopies(count, picture));
    return words;
  }
}
