/** The commands of {@code ./kinglet}: one file a command, and what several of them share. */
package dev.kinglet.cli;
