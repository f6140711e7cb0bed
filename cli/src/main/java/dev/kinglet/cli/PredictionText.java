package dev.kinglet.cli;

import dev.kinglet.Prediction;

/** Predictions as people read them. */
final class PredictionText {
  private static final int BAR = 32;

  /** From an empty to a full eighth-blocks column. */
  private static final String EIGHTHS = "▏▎▍▌▋▊▉█";

  private PredictionText() {}

  /** One line a picture: {@code cat.jpg tiger cat 39 % Egyptian cat 36 % tabby 17 %}. */
  static String line(PictureStream.Answer answer) {
    StringBuilder text = new StringBuilder(answer.file().toString());
    for (Prediction prediction : answer.predictions()) {
      text.append("  ")
          .append(prediction.label())
          .append(' ')
          .append(percent(prediction.probability()));
    }
    return text.toString();
  }

  /** One picture alone: a line a class, with a bar. */
  static String bars(PictureStream.Answer answer, boolean unicode) {
    int column = 0;
    for (Prediction prediction : answer.predictions()) {
      column = Math.max(column, prediction.label().length());
    }
    StringBuilder text = new StringBuilder(answer.file().toString()).append('\n');
    for (Prediction prediction : answer.predictions()) {
      String percent = percent(prediction.probability());
      text.append("  ")
          .append(prediction.label())
          .append(" ".repeat(column - prediction.label().length() + 8 - percent.length()))
          .append(percent)
          .append("  ")
          .append(bar(prediction.probability(), unicode))
          .append('\n');
    }
    return text.toString();
  }

  private static String bar(double probability, boolean unicode) {
    if (!unicode) {
      return "#".repeat((int) Math.round(probability * BAR));
    }
    int eighths = (int) Math.round(probability * BAR * 8);
    String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8 - 1, eighths % 8);
    return "█".repeat(eighths / 8) + rest;
  }

  /** Whole percent, below one a tenth: {@code 39 %}, {@code 0.4 %}. */
  static String percent(double probability) {
    long tenths = Math.round(probability * 1000);
    return tenths >= 10
        ? Math.round(probability * 100) + " %"
        : tenths / 10 + "." + tenths % 10 + " %";
  }
}
