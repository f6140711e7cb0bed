package dev.kinglet.cli;

import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What the file system refused, as a sentence for the person at the keyboard. */
final class Failures {
  private Failures() {}

  static String sentence(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> "'" + e.getFile() + "' does not exist; check the path.";
      case AccessDeniedException e ->
          "'" + e.getFile() + "' may not be opened; check its permissions.";
      case NotDirectoryException e -> "'" + e.getFile() + "' is not a folder; check the path.";
      case FileAlreadyExistsException e -> "'" + e.getFile() + "' is in the way; move it aside.";
      case FileSystemLoopException e ->
          "'" + e.getFile() + "' leads back to a folder above it; remove that link.";
      case FileSystemException e ->
          "'" + e.getFile() + "' cannot be used (" + reason(e.getReason()) + ").";
      case CharacterCodingException _, CharConversionException _ ->
          "A text file is not in UTF-8; convert it.";
      default -> "Reading or writing failed (" + reason(failure.getMessage()) + ").";
    };
  }

  private static String reason(String message) {
    return message == null ? "the system gives no reason" : message;
  }
}
