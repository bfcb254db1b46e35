package org.vistadr.restore.drill;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The place that a drill restores into: a directory of its own below that of the catalog, which
/// nobody else can read. What a drill left there when it was killed goes before the next one and at
/// the next start.
record Scratch(Path directory) implements AutoCloseable {

  /// So much stays free for the catalog.
  static final long RESERVE = 256L << 20;

  private static final String PREFIX = "drill-";
  private static final Logger LOG = LoggerFactory.getLogger(Scratch.class);

  static Scratch open(Path parent, long drill) throws IOException {
    Path directory = parent.resolve(PREFIX + drill);
    return new Scratch(
        Files.createDirectory(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
  }

  /// Where one object goes; there is nothing yet.
  Path file(long number) {
    return directory.resolve(String.valueOf(number));
  }

  /// Whether so many bytes fit and leave the reserve.
  boolean hasRoomFor(long bytes) throws IOException {
    return Files.getFileStore(directory).getUsableSpace() - RESERVE > bytes;
  }

  @Override
  public void close() {
    remove(directory);
  }

  /// Removes what earlier drills left.
  static void clear(Path parent) {
    if (!Files.isDirectory(parent)) {
      return;
    }
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(
            parent, path -> path.getFileName().toString().matches(PREFIX + "\\d+"))) {
      all.forEach(left::add);
    } catch (IOException e) {
      LOG.warn("scratch directory={} error={}", parent, e.toString());
    }
    left.forEach(Scratch::remove);
  }

  private static void remove(Path directory) {
    try {
      // Links are removed, never followed.
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.warn("scratch directory={} error={}", directory, e.toString());
    }
  }
}
