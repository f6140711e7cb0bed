/** What networks are taught on: class folders, augmentation, hyperspectral cubes, and figures. */
package dev.kinglet.data;
