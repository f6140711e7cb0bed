/** The front door: open a model, classify a picture. */
package dev.kinglet;
