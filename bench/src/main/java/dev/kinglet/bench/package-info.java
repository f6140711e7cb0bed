/**
 * Kinglet beside other runtimes on the same networks: each in a process of its own, taking turns,
 * so that whatever the machine does to one it does to all.
 */
package dev.kinglet.bench;
