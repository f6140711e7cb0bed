package dev.kinglet.formats.pull;

import java.util.OptionalLong;

/** Told, on the thread that fetches, how far a download has come. */
@FunctionalInterface
public interface Progress {
  /** Reports nothing. */
  Progress NONE = (_, _) -> {};

  /**
   * So many bytes are there.
   *
   * @param done those of an earlier, interrupted download included
   * @param total the whole file's, if the server states it
   */
  void report(long done, OptionalLong total);
}
