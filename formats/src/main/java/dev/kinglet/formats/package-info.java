/** Weight files of other tools, recognised by their content. */
package dev.kinglet.formats;
