package dev.kinglet;

/**
 * One class that a picture may show.
 *
 * @param index of the class in the network's answer
 * @param label the class in words; {@code class 281} where the model has no labels
 * @param probability from 0 to 1
 */
public record Prediction(int index, String label, double probability) {}
