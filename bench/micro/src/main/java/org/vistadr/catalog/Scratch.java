package org.vistadr.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Folders for catalogs that are measured.
public final class Scratch {

  private Scratch() {}

  /// A new one.
  public static Path folder() {
    try {
      return Files.createTempDirectory("vistadr-micro");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Removes it with all that is in it.
  public static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
