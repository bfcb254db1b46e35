package org.vistadr.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The temporary folder that holds all that the demo writes.
///
/// @param path readable by this user only
record DemoFolder(Path path) implements AutoCloseable {

  static DemoFolder create() throws IOException {
    return new DemoFolder(Files.createTempDirectory("vistadr-demo-"));
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  Path file(String name, String text) throws IOException {
    return Files.writeString(path.resolve(name), text);
  }

  /// The last lines of a file; empty when there is none.
  String tail(String name, int lines) {
    try {
      var all = Files.readAllLines(path.resolve(name));
      return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    } catch (IOException absent) {
      return "";
    }
  }

  /// Removes everything, also what appears meanwhile.
  @Override
  public void close() {
    for (int attempt = 0; attempt < 5 && Files.exists(path); attempt++) {
      try {
        Files.walkFileTree(path, new Remover());
      } catch (IOException again) {
        if (attempt == 4) {
          throw new UncheckedIOException(again);
        }
      }
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
