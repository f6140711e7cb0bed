/** Official weights fetched once, checked, and kept. Nothing is fetched unless asked for. */
package dev.kinglet.formats.pull;
