package org.vistadr.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The directory of an open catalog, claimed by this process until [#close]: a lock on the file
/// `lock` that the operating system drops with the process.
final class CatalogDirectory implements AutoCloseable {

  private static final String LOCK = "lock";
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /// Directories that this process has claimed.
  private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private CatalogDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Creates the directory when it is missing, readable by its owner alone, and claims it.
  ///
  /// @throws CatalogException when another process has it, or this one has it open already
  static CatalogDirectory claim(Path directory, CatalogHolder.Use use) {
    try {
      if (!Files.isDirectory(directory)) {
        if (POSIX) {
          Files.createDirectories(
              directory,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
          Files.createDirectories(directory);
        }
      }
      Path path = directory.toRealPath();
      // Closing any channel of a file drops all locks that this process holds on it, so a second
      // claim must not even open the file.
      if (!CLAIMED.add(path)) {
        throw new CatalogInUseException(path, "this process", Optional.empty());
      }
      FileChannel lock = null;
      try {
        lock =
            FileChannel.open(
                path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        restrict(path.resolve(LOCK));
        if (lock.tryLock() == null) {
          throw inUse(path);
        }
        CatalogDirectory claimed = new CatalogDirectory(path, lock);
        claimed.sign(CatalogHolder.me(use, Optional.empty()));
        return claimed;
      } catch (IOException | RuntimeException e) {
        CLAIMED.remove(path);
        if (lock != null) {
          lock.close();
        }
        throw e;
      }
    } catch (IOException e) {
      throw new CatalogException(
          "cannot use the directory %s for the catalog: %s\nHINT: name a directory in which this user may write"
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  /// The failure of one that found the catalog in use; it names the holder where that one signed.
  private static CatalogInUseException inUse(Path path) {
    Optional<CatalogHolder> holder;
    try {
      holder = CatalogHolder.parse(Files.readString(path.resolve(LOCK)));
    } catch (IOException _) {
      holder = Optional.empty();
    }
    return new CatalogInUseException(path, "another process", holder);
  }

  /// Says who has the catalog. Whoever reads it knows by the lock whether it is still true.
  void sign(CatalogHolder holder) throws IOException {
    ByteBuffer line = ByteBuffer.wrap(holder.line().getBytes(StandardCharsets.UTF_8));
    lock.truncate(0);
    while (line.hasRemaining()) {
      lock.write(line, line.position());
    }
  }

  Path path() {
    return path;
  }

  Path database() {
    return path.resolve(Store.NAME + ".mv.db");
  }

  /// Takes a file's permissions from everybody but its owner, where the file system has any.
  static void restrict(Path file) throws IOException {
    if (POSIX) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  /// Takes the database from everybody but its owner.
  void restrictFiles() {
    try {
      restrict(database());
    } catch (IOException e) {
      throw failure("restrict the catalog to its owner", e);
    }
  }

  /// Brings renamed files to the disk.
  void sync() throws IOException {
    if (POSIX) {
      try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  CatalogException failure(String what, IOException cause) {
    return new CatalogException(
        "cannot %s in %s: %s\nHINT: look at free space and permissions there"
            .formatted(what, path, cause.getMessage()),
        cause);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw failure("release the lock", e);
    } finally {
      CLAIMED.remove(path);
    }
  }
}
