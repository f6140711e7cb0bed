/**
 * Teaching a graph: LibTorch's gradients over named parameters, optimisers, schedules, and the run
 * as a folder.
 */
package dev.kinglet.train;
