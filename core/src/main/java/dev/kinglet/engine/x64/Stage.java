package dev.kinglet.engine.x64;

/**
 * One call of a kernel in a plan.
 *
 * @param name of the step that it belongs to
 * @param kernel its label
 * @param pointers six pairs: a base as in {@link Driver}, and the bytes behind it
 * @param meets whether the threads wait for each other afterwards
 * @param panels of the work
 * @param tiles of each panel
 */
record Stage(String name, int kernel, long[] pointers, boolean meets, int panels, int tiles) {}
