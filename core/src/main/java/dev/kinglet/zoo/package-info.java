/**
 * The light networks of the field, each defined once: variants by name, their settings, published
 * figures and checkpoints.
 */
package dev.kinglet.zoo;
