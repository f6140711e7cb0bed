/**
 * Keras models of version 2 and 3: the network from the configuration, or recognised by its layers'
 * names where a file holds weights alone.
 */
package dev.kinglet.formats.keras;
