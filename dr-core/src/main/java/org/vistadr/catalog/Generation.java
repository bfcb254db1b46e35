package org.vistadr.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// A number that grows at each start and with each complete scan, kept in the catalog and in a file
/// beside it. A database file that was cut short or replaced by an older copy opens without an
/// error; its number, lower than the file's, gives it away.
///
/// The file is written after the database is on the disk, so it is never ahead of an intact one.
final class Generation {

  static final String FILE = "generation";

  /// An operator creates this file to go on with an older catalog on purpose. It is removed when it
  /// was heeded.
  static final String ACCEPT_OLDER = "accept-older";

  private final CatalogDirectory directory;
  private final Store store;
  private volatile boolean olderAccepted;

  Generation(CatalogDirectory directory, Store store) {
    this.directory = directory;
    this.store = store;
  }

  /// Refuses a catalog that went back in time.
  ///
  /// @param inCatalog the catalog's number, 0 for a new one
  /// @throws CatalogException when the file knows a later number
  static void check(CatalogDirectory directory, long inCatalog) {
    long inFile = read(directory.path()).orElse(inCatalog);
    if (inFile > inCatalog && !Files.exists(directory.path().resolve(ACCEPT_OLDER))) {
      throw new CatalogException(
          """
          the catalog in %s went back in time: its generation is %d, but %d was reached before. The file was cut short, \
          removed or replaced by an older copy, so it may not know the latest versions and replicas
          HINT: put the newest %s.mv.db back. To go on with this older state on purpose, create the empty file %s there and \
          start again: scans find again what is missing, and nothing is removed from a secondary\
          """
              .formatted(directory.path(), inCatalog, inFile, Store.NAME, ACCEPT_OLDER));
    }
  }

  /// Refuses to begin a new catalog where there was one, before an empty one is created.
  static void refuseMissing(CatalogDirectory directory) {
    if (!Files.exists(directory.database())) {
      check(directory, 0);
    }
  }

  /// Raises the number above both, at the start.
  void begin() {
    long inFile = read(directory.path()).orElse(0L);
    store.run(handle ->
        handle.execute(
            "UPDATE catalog_state SET generation = GREATEST(generation, ?) + 1", inFile));
    write();
    try {
      olderAccepted = Files.deleteIfExists(directory.path().resolve(ACCEPT_OLDER));
    } catch (IOException e) {
      throw directory.failure("remove " + ACCEPT_OLDER, e);
    }
  }

  /// Whether a person accepted an older catalog at this start.
  boolean olderIsAccepted() {
    return olderAccepted;
  }

  /// Raises the number by one, in a transaction; [#write] follows when it is committed.
  static void raise(Handle handle) {
    handle.execute("UPDATE catalog_state SET generation = generation + 1");
  }

  /// Brings the file up to the catalog's number.
  synchronized void write() {
    store.sync();
    long generation = store.read(Generation::inCatalog);
    Path file = directory.path().resolve(FILE);
    Path written = directory.path().resolve(FILE + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              written,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer text = ByteBuffer.wrap((generation + "\n").getBytes(StandardCharsets.US_ASCII));
        while (text.hasRemaining()) {
          channel.write(text);
        }
        channel.force(true);
      }
      CatalogDirectory.restrict(written);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      directory.sync();
    } catch (IOException e) {
      throw directory.failure("write the generation", e);
    }
  }

  static long inCatalog(Handle handle) {
    return handle
        .select("SELECT generation FROM catalog_state")
        .map((row, _) -> row.getLong(1))
        .one();
  }

  /// The number in the file of a directory.
  static Optional<Long> read(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      return Optional.of(Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII).strip()));
    } catch (IOException | NumberFormatException e) {
      throw new CatalogException(
          "the file %s holds no generation\nHINT: when %s.mv.db beside it is the newest one, remove %s and start again"
              .formatted(file, Store.NAME, FILE),
          e);
    }
  }
}
