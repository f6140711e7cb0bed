/**
 * The words of a command line: what a command understands, read, explained and completed.
 *
 * <p>Apache Commons CLI reads them. Picocli would do more, but adds 60 to 100 ms to a start that
 * may take 150 in all, because its class files are too old for the JDK's ahead-of-time cache.
 */
package dev.kinglet.cli.words;
