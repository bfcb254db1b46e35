package org.vistadr.restore.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.vistadr.model.AttributeDrift;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.StorageException;

/// Restores one object from one secondary into a file, reads the file and compares. The file is
/// gone afterwards. Safe for use by many threads.
///
/// Attributes are not compared: a restore takes them from the catalog, which travels with the
/// bytes.
///
/// @param sources where replicas are, by the catalog
/// @param written the attributes that a version's copies were given, by its catalog id
/// @param from the only site that is read
/// @param scratch where files go
/// @param stopped ends it early
record OneObject(
    Sources sources,
    LongFunction<Optional<ObjectAttributes>> written,
    SiteName from,
    Scratch scratch,
    BooleanSupplier stopped) {

  /// Does it.
  ///
  /// @param number names the file
  Rehearsed restore(RecordedVersion version, long number) {
    Optional<Source> source = source(version);
    Rehearsed first = restore(version, number, source);
    if (!(first instanceof Rehearsed.Failed)) {
      return first;
    }
    // Replication may have moved it meanwhile, and an answer can be a mishap: only what a second
    // look confirms counts.
    return restore(version, number, source(version));
  }

  private Optional<Source> source(RecordedVersion version) {
    List<Source> there = sources.of(version, Optional.of(from), Optional.empty());
    return there.stream().findFirst();
  }

  private Rehearsed restore(RecordedVersion version, long number, Optional<Source> from) {
    if (from.isEmpty()) {
      return new Rehearsed.Failed(
          Optional.empty(), false, "%s does not have this version".formatted(this.from));
    }
    Source source = from.get();
    if (source.archive().isPresent()) {
      return archived(source.storageClass().orElse("an archive"));
    }
    Path file = scratch.file(number);
    try {
      if (!scratch.hasRoomFor(version.entry().bytes())) {
        return new Rehearsed.Broken(
            "%s has no room for %d bytes and the reserve of the catalog"
                .formatted(scratch.directory().getParent(), version.entry().bytes()));
      }
      long began = System.nanoTime();
      Optional<Rehearsed> trouble = fetch(version, source, file);
      if (trouble.isPresent()) {
        return trouble.get();
      }
      Optional<Rehearsed> different = compare(version, source, file);
      return different.orElseGet(() ->
          new Rehearsed.Restored(version.sha256().isPresent(), (System.nanoTime() - began) / 1e9));
    } catch (StorageException e) {
      return failed(source, e);
    } catch (IOException e) {
      return new Rehearsed.Broken("%s: %s".formatted(scratch.directory(), e.getMessage()));
    } finally {
      delete(file);
    }
  }

  /// @return what is wrong
  private Optional<Rehearsed> fetch(RecordedVersion version, Source source, Path file)
      throws StorageException, IOException {
    try (ObjectBody body = source.pinned().open(new ByteRange.All())) {
      if (body.head().size() != version.entry().bytes()) {
        return Optional.of(
            changed(
                "%s has %d bytes, %d were written"
                    .formatted(source.key(), body.head().size(), version.entry().bytes())));
      }
      Optional<String> drift =
          AttributeDrift.of(
              written.apply(version.id()).orElse(ObjectAttributes.NONE), body.head().attributes());
      if (drift.isPresent()) {
        return Optional.of(
            new Rehearsed.Failed(
                Optional.of(Finding.Kind.METADATA),
                false,
                "%s: %s".formatted(source.key(), drift.get())));
      }
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        byte[] buffer = new byte[128 << 10];
        while (!stopped.getAsBoolean()) {
          int count = read(source, body.stream(), buffer);
          if (count < 0) {
            return Optional.empty();
          }
          out.write(buffer, 0, count);
        }
      }
      return Optional.of(new Rehearsed.Stopped());
    }
  }

  /// A body that breaks off is the secondary's failure, a file that cannot be written is ours.
  private static int read(Source source, InputStream body, byte[] buffer) throws StorageException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          source.site(), "GetObject", "the body ended early: " + e.getMessage(), e);
    }
  }

  /// @return what is different
  private static Optional<Rehearsed> compare(RecordedVersion version, Source source, Path file)
      throws IOException {
    long size = 0;
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[128 << 10];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        size += count;
      }
    }
    if (size != version.entry().bytes()) {
      return Optional.of(
          corrupt(
              "%d bytes came from %s, %d were written"
                  .formatted(size, source.key(), version.entry().bytes())));
    }
    Sha256 found = Sha256.ofBytes(digest.digest());
    return version
        .sha256()
        .filter(written -> !written.equals(found))
        .map(written ->
            corrupt(
                "%s has the SHA-256 %s, %s was written"
                    .formatted(
                        source.key(),
                        found.hex().substring(0, 16),
                        written.hex().substring(0, 16))));
  }

  private Rehearsed failed(Source source, StorageException e) {
    return switch (e) {
      case StorageException.NotFound _ ->
          new Rehearsed.Failed(
              Optional.of(Finding.Kind.MISSING), false, "nothing is at %s".formatted(source.key()));
      case StorageException.PreconditionFailed _ ->
          changed("%s is not what was written: %s".formatted(source.key(), e.getMessage()));
      case StorageException.CorruptBody _ -> corrupt(String.valueOf(e.getMessage()));
      case StorageException.Archived _ -> archived(String.valueOf(e.getMessage()));
      // MinIO says that it is busy when no disk has the bytes as they were written.
      case StorageException.Throttled _
          when !String.valueOf(e.getMessage()).contains("SlowDownRead") ->
          new Rehearsed.Failed(Optional.empty(), true, String.valueOf(e.getMessage()));
      case StorageException.Throttled _, StorageException.Unavailable _ -> unreadable(source, e);
      default ->
          new Rehearsed.Failed(
              Optional.empty(),
              false,
              "%s cannot be read: %s".formatted(source.key(), e.getMessage()));
    };
  }

  /// A server that knows that its bytes are damaged does not give them, but answers a look.
  private static Rehearsed unreadable(Source source, StorageException e) {
    String detail = "the bytes of %s cannot be read: %s".formatted(source.key(), e.getMessage());
    try {
      source.store().head(source.key(), source.revision());
      return corrupt(detail);
    } catch (StorageException _) {
      return new Rehearsed.Failed(Optional.empty(), true, detail);
    }
  }

  private static Rehearsed changed(String detail) {
    return new Rehearsed.Failed(Optional.of(Finding.Kind.CHANGED), false, detail);
  }

  private static Rehearsed corrupt(String detail) {
    return new Rehearsed.Failed(Optional.of(Finding.Kind.CORRUPT), false, detail);
  }

  private static Rehearsed archived(String detail) {
    return new Rehearsed.Archived(detail);
  }

  /// What cannot be deleted now goes with the directory.
  @SuppressWarnings("EmptyCatch")
  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The directory is removed at the end, and at the next start.
    }
  }
}
