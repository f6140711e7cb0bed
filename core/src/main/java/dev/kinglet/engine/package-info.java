/** Runs networks: a graph and its weights compiled once, then used by any number of threads. */
package dev.kinglet.engine;
