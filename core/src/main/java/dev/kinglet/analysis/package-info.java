/** What a network costs: memory traffic beside the counts that the graph itself gives. */
package dev.kinglet.analysis;
