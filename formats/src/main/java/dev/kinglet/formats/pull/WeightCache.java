package dev.kinglet.formats.pull;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.zoo.Checkpoint;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder in which official weights are kept once they have been fetched and checked. */
public final class WeightCache {
  private final Path folder;
  private final Network network;
  private final Patience patience;

  /** A cache in a folder, which is made when the first file comes. */
  public WeightCache(Path folder, Network network, Patience patience) {
    this.folder = folder;
    this.network = network;
    this.patience = patience;
  }

  /**
   * The user's cache: {@code KINGLET_CACHE}, else {@code XDG_CACHE_HOME/kinglet}, else {@code
   * ~/.cache/kinglet}.
   */
  public static WeightCache standard() {
    Map<String, String> environment = System.getenv();
    return new WeightCache(
        folder(environment, Path.of(System.getProperty("user.home", "."))),
        Network.of(environment),
        Patience.defaults());
  }

  /** Where an environment and a home folder put the cache. */
  public static Path folder(Map<String, String> environment, Path home) {
    String own = environment.getOrDefault("KINGLET_CACHE", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    String general = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (general.isEmpty() ? home.resolve(".cache") : Path.of(general)).resolve("kinglet");
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** The checkpoint's file, if it has been pulled. */
  public Optional<Path> find(Checkpoint checkpoint) {
    return checkpoint
        .address()
        .map(address -> place(checkpoint, address))
        .filter(Files::isRegularFile);
  }

  /**
   * The checkpoint's file, fetched from its publisher's address unless it is here already.
   *
   * <p>An interrupted download goes on where it stopped. The file's SHA-256 must begin with the
   * digits that the publisher states; only then does it appear in the cache.
   *
   * @throws InvalidInputException if there is no address, the network is off, the server does not
   *     give the file, or gives another one
   */
  public Path pull(Checkpoint checkpoint, Progress progress) {
    Optional<Path> here = find(checkpoint);
    if (here.isPresent()) {
      return here.get();
    }
    String address =
        checkpoint
            .address()
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        checkpoint.file()
                            + " has no address for download; get it from "
                            + checkpoint.host()
                            + " and give it with --weights."));
    if (network.offline()) {
      throw new InvalidInputException(
          checkpoint.file()
              + " is not in "
              + folder
              + " and KINGLET_OFFLINE forbids fetching it; fetch it from "
              + address
              + " elsewhere and give it with --weights.");
    }
    Path target = place(checkpoint, address);
    new Download(uri(address), target, checkpoint.sha256(), network, patience).run(progress);
    return target;
  }

  Path place(Checkpoint checkpoint, String address) {
    // Publishers use each other's file names, so each has a folder of its own.
    return folder.resolve(uri(address).getHost()).resolve(checkpoint.file());
  }

  private static URI uri(String address) {
    URI uri = URI.create(address);
    if (uri.getHost() == null
        || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
      throw new InvalidInputException(address + " is not a web address; weights come over HTTPS.");
    }
    return uri;
  }
}
