package dev.kinglet.data;

import dev.kinglet.graph.InvalidInputException;
import dev.kinglet.image.Picture;
import java.util.SplittableRandom;

/**
 * How a training picture differs from the one in its file; mixing of two samples is a batch's
 * matter ({@link Mixing}).
 *
 * @param crop how the network's square is cut out
 * @param flip whether half of the pictures are mirrored
 * @param jitter the largest change of brightness, contrast and saturation, 0 for none
 * @param policy which operations are drawn
 * @param erasing how often a rectangle is overwritten with noise (Zhong et al. 2020)
 */
public record Augmentation(Crop crop, boolean flip, double jitter, Policy policy, double erasing) {

  /** Nothing but the cut. */
  public static final Augmentation NONE =
      new Augmentation(new Crop.Centre(), false, 0, new Policy.None(), 0);

  /** How a square is cut out of a picture. */
  public sealed interface Crop {
    /** The middle, after the shorter side is brought to the square's size. */
    record Centre() implements Crop {}

    /**
     * A random part of the area with a ratio of 3/4 to 4/3, stretched to the square (Szegedy et al.
     * 2015).
     *
     * @param smallest the smallest share of the area
     */
    record Resized(double smallest) implements Crop {}

    /** The picture, continued by {@code pixels} on each side, cut at a random place. */
    record Padded(int pixels) implements Crop {}

    /**
     * The cut that words stand for: {@code centre}, {@code resized:0.08}, {@code padded:4}.
     *
     * @throws InvalidInputException listing the words
     */
    static Crop parse(String text) {
      String[] parts = text.split(":");
      try {
        if (text.equals("centre")) {
          return new Centre();
        }
        if (parts.length == 2 && parts[0].equals("resized")) {
          double smallest = Double.parseDouble(parts[1]);
          if (smallest > 0 && smallest <= 1) {
            return new Resized(smallest);
          }
        }
        if (parts.length == 2 && parts[0].equals("padded")) {
          int pixels = Integer.parseInt(parts[1]);
          if (pixels >= 0) {
            return new Padded(pixels);
          }
        }
      } catch (NumberFormatException e) {
        // Answered below, with the sentence for every kind of malformed text.
      }
      throw new InvalidInputException(
          "There is no crop '"
              + text
              + "'; there are centre, resized:SMALLEST_SHARE and padded:PIXELS.");
    }
  }

  /** Operations drawn for each picture. */
  public sealed interface Policy {
    /** None. */
    record None() implements Policy {}

    /** One operation at one strength, both drawn evenly (TrivialAugment, Müller, Hutter 2021). */
    record Trivial() implements Policy {}

    /** {@code count} operations at a strength of 0 to 10 (RandAugment, Cubuk et al. 2020). */
    record Rand(int count, double strength) implements Policy {}

    /**
     * The policy that words stand for: {@code none}, {@code trivial}, {@code rand:2:9}.
     *
     * @throws InvalidInputException listing the words
     */
    static Policy parse(String text) {
      String[] parts = text.split(":");
      try {
        switch (parts[0] + "/" + (parts.length - 1)) {
          case "none/0" -> {
            return new None();
          }
          case "trivial/0" -> {
            return new Trivial();
          }
          case "rand/2" -> {
            Rand rand = new Rand(Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
            if (rand.count > 0 && rand.strength >= 0 && rand.strength <= 10) {
              return rand;
            }
          }
          default -> {}
        }
      } catch (NumberFormatException e) {
        // Answered below, with the sentence for every kind of malformed text.
      }
      throw new InvalidInputException(
          "There is no policy '" + text + "'; there are none, trivial and rand:COUNT:STRENGTH.");
    }
  }

  /** The picture as one step of training sees it: a square of {@code side}. */
  public Picture apply(Picture picture, int side, SplittableRandom random) {
    Picture square = cut(picture, side, random);
    if (flip && random.nextBoolean()) {
      square = Pixels.mirrored(square);
    }
    square =
        switch (policy) {
          case Policy.None _ -> square;
          case Policy.Trivial _ ->
              PictureOperation.drawn(random).apply(square, random.nextInt(31) / 30.0, random);
          case Policy.Rand rand -> {
            Picture changed = square;
            for (int i = 0; i < rand.count; i++) {
              changed =
                  PictureOperation.drawn(random).apply(changed, 0.5 * rand.strength / 10, random);
            }
            yield changed;
          }
        };
    if (jitter > 0) {
      square = jittered(square, random);
    }
    if (erasing > 0 && random.nextDouble() < erasing) {
      erase(square, random);
    }
    return square;
  }

  private Picture cut(Picture picture, int side, SplittableRandom random) {
    return switch (crop) {
      case Crop.Centre _ -> {
        double shorter = Math.min(picture.width(), picture.height());
        yield Pixels.resized(
            picture,
            (picture.width() - shorter) / 2,
            (picture.height() - shorter) / 2,
            shorter,
            shorter,
            side,
            side);
      }
      case Crop.Padded padded -> {
        Picture whole = picture;
        if (picture.width() != side || picture.height() != side) {
          double shorter = Math.min(picture.width(), picture.height());
          int columns = (int) Math.round(picture.width() * side / shorter);
          int rows = (int) Math.round(picture.height() * side / shorter);
          whole = Pixels.resized(picture, 0, 0, picture.width(), picture.height(), columns, rows);
        }
        int left = random.nextInt(whole.width() - side + 2 * padded.pixels() + 1);
        int top = random.nextInt(whole.height() - side + 2 * padded.pixels() + 1);
        yield Pixels.cut(whole, left - padded.pixels(), top - padded.pixels(), side);
      }
      case Crop.Resized resized -> {
        double area = (double) picture.width() * picture.height();
        double width = 0;
        double height = 0;
        boolean fits = false;
        for (int i = 0; i < 10 && !fits; i++) {
          double part = area * random.nextDouble(resized.smallest(), Math.nextUp(1.0));
          double ratio = Math.exp(random.nextDouble(Math.log(3 / 4.0), Math.log(4 / 3.0)));
          width = Math.sqrt(part * ratio);
          height = Math.sqrt(part / ratio);
          fits = width <= picture.width() && height <= picture.height();
        }
        if (!fits) {
          width = Math.min(picture.width(), picture.height() * 4 / 3.0);
          height = Math.min(picture.height(), picture.width() * 4 / 3.0);
        }
        double left = random.nextDouble() * (picture.width() - width);
        double top = random.nextDouble() * (picture.height() - height);
        yield Pixels.resized(picture, left, top, width, height, side, side);
      }
    };
  }

  private Picture jittered(Picture picture, SplittableRandom random) {
    Picture changed = picture;
    PictureOperation[] kinds = {
      PictureOperation.BRIGHTNESS, PictureOperation.CONTRAST, PictureOperation.COLOUR
    };
    for (int i : Seeds.shuffled(kinds.length, random)) {
      double factor = 1 + jitter * (2 * random.nextDouble() - 1);
      changed = kinds[i].blended(changed, Math.max(0, factor));
    }
    return changed;
  }

  private static void erase(Picture picture, SplittableRandom random) {
    double area = picture.width() * picture.height() * random.nextDouble(0.02, 0.33);
    double ratio = Math.exp(random.nextDouble(Math.log(0.3), Math.log(3.3)));
    int width = Math.clamp((int) Math.sqrt(area * ratio), 1, picture.width());
    int height = Math.clamp((int) Math.sqrt(area / ratio), 1, picture.height());
    int left = random.nextInt(picture.width() - width + 1);
    int top = random.nextInt(picture.height() - height + 1);
    for (int y = top; y < top + height; y++) {
      for (int i = 3 * (y * picture.width() + left);
          width > 0 && i < 3 * (y * picture.width() + left + width);
          i++) {
        picture.rgb()[i] = (byte) random.nextInt(256);
      }
    }
  }
}
