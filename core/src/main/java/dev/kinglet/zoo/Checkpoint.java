package dev.kinglet.zoo;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A file of published weights for a variant.
 *
 * @param file its name
 * @param host who publishes it, in words
 * @param address where the publisher offers it for download, where there is a plain address
 * @param sha256 the SHA-256 of the file in hexadecimal, or as many of its first digits as the
 *     publisher states (torchvision and timm put them into the file's name)
 * @param options the settings with which the variant has this file's entries and numerics
 * @param recipe the name of its preprocessing
 * @param labels the name of its list of labels
 * @param licence under which its publisher gives it
 * @param top1 accuracy in percent on ImageNet's validation set, as its publisher states it
 */
public record Checkpoint(
    String file,
    String host,
    Optional<String> address,
    Optional<String> sha256,
    Map<String, String> options,
    String recipe,
    String labels,
    String licence,
    OptionalDouble top1) {
  /** Copies the map. */
  public Checkpoint {
    options = Map.copyOf(options);
  }
}
