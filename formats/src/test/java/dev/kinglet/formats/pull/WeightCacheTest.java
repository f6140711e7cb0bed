package dev.kinglet.formats.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kinglet.formats.TestFiles;
import dev.kinglet.zoo.Checkpoint;
import dev.kinglet.zoo.Variant;
import dev.kinglet.zoo.Zoo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightCacheTest {
  private static final Patience SHORT =
      new Patience(Duration.ofSeconds(5), Duration.ofMillis(300), 3, Duration.ofMillis(1));
  private static final Network ONLINE = Network.of(Map.of());

  private final byte[] weights = random(1, 300_000);

  @TempDir Path folder;

  @Test
  void aFileIsFetchedOnceAndItsProgressReported() throws IOException {
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.PROPER)) {
      List<Long> done = new ArrayList<>();
      List<OptionalLong> totals = new ArrayList<>();
      Checkpoint checkpoint = checkpoint(server, digits(weights, 8));
      WeightCache cache = cache(ONLINE);
      assertEquals(Optional.empty(), cache.find(checkpoint));
      Path file =
          cache.pull(
              checkpoint,
              (bytes, total) -> {
                done.add(bytes);
                totals.add(total);
              });
      assertArrayEquals(weights, Files.readAllBytes(file));
      assertEquals(weights.length, done.getLast());
      assertEquals(OptionalLong.of(weights.length), totals.getFirst());
      assertEquals(Optional.of(file), cache.find(checkpoint));
      assertEquals(file, cache.pull(checkpoint, Progress.NONE));
      assertEquals(1, server.requests().size());
      assertEquals(List.of(file), left());
    }
  }

  @Test
  void aBrokenConnectionIsTakenUpWhereItBroke() throws IOException {
    try (TroublesomeServer server =
        new TroublesomeServer(
            weights,
            TroublesomeServer.CUT,
            TroublesomeServer.CUT,
            TroublesomeServer.CUT,
            TroublesomeServer.CUT,
            TroublesomeServer.PROPER)) {
      assertPulled(server, digits(weights, 64));
      assertEquals(5, server.requests().size());
      assertTrue(server.requests().get(1).matches(".* bytes=1[0-9]+-"), server.requests().get(1));
    }
  }

  @Test
  void aDownloadOfYesterdayGoesOnToday() throws IOException {
    try (TroublesomeServer server =
        new TroublesomeServer(
            weights,
            TroublesomeServer.CUT,
            TroublesomeServer.status(503),
            TroublesomeServer.status(503),
            TroublesomeServer.status(503),
            TroublesomeServer.PROPER)) {
      Checkpoint checkpoint = checkpoint(server, digits(weights, 8));
      String message = TestFiles.refusal(() -> cache(ONLINE).pull(checkpoint, Progress.NONE));
      assertTrue(message.contains("status 503"), message);
      assertPulled(server, digits(weights, 8));
      assertTrue(server.requests().getLast().contains("bytes="), server.requests().getLast());
    }
  }

  @Test
  void aFileThatHasChangedOnTheServerIsFetchedAnew() throws IOException {
    byte[] other = random(2, 200_000);
    try (TroublesomeServer server =
        new TroublesomeServer(
            weights,
            TroublesomeServer.CUT,
            TroublesomeServer.status(503),
            TroublesomeServer.status(503),
            TroublesomeServer.status(503),
            TroublesomeServer.PROPER)) {
      Checkpoint checkpoint = checkpoint(server, digits(other, 8));
      TestFiles.refusal(() -> cache(ONLINE).pull(checkpoint, Progress.NONE));
      server.replace(other);
      Path file = cache(ONLINE).pull(checkpoint, Progress.NONE);
      assertArrayEquals(other, Files.readAllBytes(file));
    }
  }

  @Test
  void aServerWithoutRangesIsAskedFromTheBeginning() throws IOException {
    try (TroublesomeServer server =
        new TroublesomeServer(weights, TroublesomeServer.CUT, TroublesomeServer.WITHOUT_RANGES)) {
      assertPulled(server, digits(weights, 8));
    }
  }

  @Test
  void aSilentServerIsLeftAndAskedAgain() throws IOException {
    try (TroublesomeServer server =
        new TroublesomeServer(weights, TroublesomeServer.STALL, TroublesomeServer.PROPER)) {
      assertPulled(server, digits(weights, 8));
      assertEquals(2, server.requests().size());
    }
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.STALL)) {
      Checkpoint checkpoint = checkpoint(server, digits(weights, 64));
      WeightCache cache = new WeightCache(folder.resolve("other"), ONLINE, SHORT);
      String message = TestFiles.refusal(() -> cache.pull(checkpoint, Progress.NONE));
      assertTrue(message.contains("fell silent"), message);
      assertTrue(message.contains("3 times"), message);
      assertEquals(Optional.empty(), cache.find(checkpoint));
    }
  }

  @Test
  void aServerThatPromisesMoreThanItGivesIsNotBelieved() throws IOException {
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.TOO_LONG)) {
      Checkpoint checkpoint = checkpoint(server, digits(weights, 8));
      String message = TestFiles.refusal(() -> cache(ONLINE).pull(checkpoint, Progress.NONE));
      assertTrue(message.contains("times in a row"), message);
      assertEquals(Optional.empty(), cache(ONLINE).find(checkpoint));
    }
  }

  @Test
  void aServerThatPromisesLessThanTheFileIsFoundOutByTheHash() throws IOException {
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.TOO_SHORT)) {
      assertRefused(server, digits(weights, 8), "not the published file");
    }
  }

  @Test
  void anotherFileThanThePublishedOneIsNotKept() throws IOException {
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.PROPER)) {
      assertRefused(
          server, "00000000", "not the published file, whose SHA-256 begins with 00000000");
    }
  }

  @Test
  void aMissingFileIsRefusedAtOnce() throws IOException {
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.status(404))) {
      assertRefused(server, digits(weights, 8), "status 404");
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void redirectionsAreFollowed() throws IOException {
    try (TroublesomeServer server =
        new TroublesomeServer(
            weights, TroublesomeServer.redirect("/elsewhere"), TroublesomeServer.PROPER)) {
      assertPulled(server, digits(weights, 8));
      assertEquals("/elsewhere", server.requests().getLast());
    }
  }

  @Test
  void offlineNothingIsFetched() throws IOException {
    try (TroublesomeServer server = new TroublesomeServer(weights, TroublesomeServer.PROPER)) {
      Checkpoint checkpoint = checkpoint(server, digits(weights, 8));
      WeightCache cache = cache(Network.of(Map.of("KINGLET_OFFLINE", "1")));
      String message = TestFiles.refusal(() -> cache.pull(checkpoint, Progress.NONE));
      assertTrue(message.contains("KINGLET_OFFLINE"), message);
      assertEquals(List.of(), server.requests());
    }
  }

  @Test
  void aProxyOfTheEnvironmentIsAskedInPlaceOfTheServer() throws IOException {
    try (TroublesomeServer proxy = new TroublesomeServer(weights, TroublesomeServer.PROPER)) {
      Network network = Network.of(Map.of("HTTP_PROXY", proxy.address("")));
      Checkpoint checkpoint = checkpoint("http://weights.invalid/net.pth", digits(weights, 8));
      Path file = cache(network).pull(checkpoint, Progress.NONE);
      assertArrayEquals(weights, Files.readAllBytes(file));
      assertEquals(List.of("http://weights.invalid/net.pth"), proxy.requests());
    }
  }

  @Test
  void hostsUnderNoProxyAreReachedDirectly() throws IOException {
    ProxySelector proxies =
        Network.of(Map.of("https_proxy", "http://proxy:3128", "no_proxy", "localhost,.example.org"))
            .proxies();
    assertEquals(Proxy.NO_PROXY, proxies.select(URI.create("https://a.example.org/x")).getFirst());
    assertEquals(
        "proxy",
        ((InetSocketAddress)
                proxies.select(URI.create("https://example.com/x")).getFirst().address())
            .getHostString());
    TestFiles.refusal(() -> Network.of(Map.of("https_proxy", "http://:::")));
  }

  @Test
  void theFolderFollowsTheEnvironment() {
    Path home = Path.of("home");
    assertEquals(home.resolve(".cache/kinglet"), WeightCache.folder(Map.of(), home));
    assertEquals(Path.of("x/kinglet"), WeightCache.folder(Map.of("XDG_CACHE_HOME", "x"), home));
    assertEquals(
        Path.of("own"),
        WeightCache.folder(Map.of("XDG_CACHE_HOME", "x", "KINGLET_CACHE", "own"), home));
  }

  @Test
  void everyPublishedAddressHasItsOwnPlace() {
    List<Path> places = new ArrayList<>();
    for (Variant variant : Zoo.variants()) {
      for (Checkpoint checkpoint : variant.checkpoints()) {
        checkpoint
            .address()
            .ifPresent(
                address -> {
                  assertTrue(address.startsWith("https://"), address);
                  places.add(cache(ONLINE).place(checkpoint, address));
                });
      }
    }
    assertFalse(places.isEmpty());
    assertEquals(places.stream().distinct().count(), places.size());
  }

  private void assertPulled(TroublesomeServer server, String digits) throws IOException {
    Path file = cache(ONLINE).pull(checkpoint(server, digits), Progress.NONE);
    assertArrayEquals(weights, Files.readAllBytes(file));
    assertEquals(List.of(file), left());
  }

  private void assertRefused(TroublesomeServer server, String digits, String reason)
      throws IOException {
    Checkpoint checkpoint = checkpoint(server, digits);
    String message = TestFiles.refusal(() -> cache(ONLINE).pull(checkpoint, Progress.NONE));
    assertTrue(message.contains(reason), message);
    assertEquals(Optional.empty(), cache(ONLINE).find(checkpoint));
    assertEquals(List.of(), left());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private WeightCache cache(Network network) {
    return new WeightCache(folder, network, SHORT);
  }

  private static Checkpoint checkpoint(TroublesomeServer server, String digits) {
    return checkpoint(server.address("/files/net.pth"), digits);
  }

  private static Checkpoint checkpoint(String address, String digits) {
    return new Checkpoint(
        "net.pth",
        "a test",
        Optional.of(address),
        Optional.of(digits),
        Map.of(),
        "torchvision_v1",
        "imagenet",
        "none",
        OptionalDouble.empty());
  }

  private static String digits(byte[] bytes, int count) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, count);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
