/**
 * The language in which networks are defined: shapes of one sample, sealed operators, an immutable
 * graph with one input and one output, and named weights.
 */
package dev.kinglet.graph;
