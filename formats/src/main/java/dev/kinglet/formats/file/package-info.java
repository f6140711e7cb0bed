/** What every parser here stands on: mapped files, zip archives, atomic writing. Not exported. */
package dev.kinglet.formats.file;
