/**
 * What a network costs: counts and memory traffic layer by layer, and ShuffleNetV2's guidelines.
 */
package dev.kinglet.analysis;
