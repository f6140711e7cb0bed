/**
 * What both back ends run: a network as steps over values, and the rewrites that make it small.
 *
 * <p>Nothing here knows a memory layout. A step reads {@linkplain dev.kinglet.engine.lower.View
 * views}: channels gathered from any values, so that shuffles, slices and concatenations of
 * channels are addresses and cost nothing.
 */
package dev.kinglet.engine.lower;
