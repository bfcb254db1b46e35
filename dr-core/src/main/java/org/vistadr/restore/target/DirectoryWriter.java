package org.vistadr.restore.target;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.Sha256;
import org.vistadr.restore.source.Source;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.StorageException;

/// Writes into a directory: to a file of ours first, hashed on the way, forced to the disk, then
/// under its name in one step, so that a name never shows half a file. A file that is replaced is
/// kept below `.vistadr/undo/`. The time of a file is that of its version.
final class DirectoryWriter implements TargetWriter {

  private static final int BUFFER = 128 << 10;

  private final Catalog catalog;
  private final DirectoryTarget target;
  private final MappingFile mapping;
  private final Bandwidth bandwidth;
  private final String restoreId;

  /// @param bandwidth holds the bytes that pass through here
  /// @param restoreId names temporary files and the place of what is replaced
  DirectoryWriter(Catalog catalog, DirectoryTarget target, Bandwidth bandwidth, String restoreId) {
    this.catalog = catalog;
    this.target = target;
    this.mapping = new MappingFile(target.resolve(FileNames.MAPPING));
    this.bandwidth = bandwidth;
    this.restoreId = restoreId;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public RestoreItem write(RestoreItem item, RecordedVersion version, Source source)
      throws StorageException {
    var path = DirectoryTarget.path(item);
    target.requireFree(path);
    if (!target.look(item).asSeen(item.saw())) {
      throw new StorageException.PreconditionFailed(
          DirectoryTarget.SITE, "WriteFile", path + " is not as the plan saw it");
    }
    target.requireRoom(version.entry().bytes());
    try (var body = bandwidth.held(source.pinned()).open(ByteRange.ALL)) {
      return write(item, version, source, body);
    } catch (IOException e) {
      throw target.failed("WriteFile", path, e);
    }
  }

  private RestoreItem write(
      RestoreItem item, RecordedVersion version, Source source, ObjectBody body)
      throws StorageException, IOException {
    var path = DirectoryTarget.path(item);
    long size = version.entry().bytes();
    if (body.length() != size) {
      throw new StorageException.PreconditionFailed(
          source.site(),
          "GetObject",
          "%s has %d bytes, %d expected".formatted(source.key(), body.length(), size));
    }
    var attributes = attributes(version, source, body);
    var temporary = file(FileNames.OURS + "/tmp/" + restoreId + "-" + item.seq());
    try {
      var sha256 = receive(body, temporary, source, version);
      Files.setLastModifiedTime(temporary, FileTime.from(version.lastModified()));
      // First the line, then the file: what is there always has its attributes.
      mapping.add(path, version, sha256, attributes);
      var aside = publish(item, temporary, file(path));
      var written =
          Files.readAttributes(
              target.resolve(path), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return item.withAside(aside)
          .done(
              new Written(
                  Optional.empty(),
                  DirectoryTarget.tag(written),
                  Optional.of(sha256),
                  Optional.of(source.site()),
                  item.saw() instanceof CurrentState.Absent),
              "from " + source.site());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private ObjectAttributes attributes(RecordedVersion version, Source source, ObjectBody body)
      throws StorageException {
    var recorded = catalog.versions().attributes(version.id());
    return recorded.isPresent()
        ? recorded.get()
        : body.head().attributes().withTags(source.pinned().tags(body.head()));
  }

  private Sha256 receive(ObjectBody body, Path file, Source source, RecordedVersion version)
      throws StorageException, IOException {
    var digest = Sha256.newDigest();
    long received = 0;
    try (var out =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                LinkOption.NOFOLLOW_LINKS))) {
      var buffer = new byte[BUFFER];
      for (int count = read(body, buffer, source); count >= 0; count = read(body, buffer, source)) {
        digest.update(buffer, 0, count);
        received += count;
        var bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      out.force(true);
    }
    var found = Sha256.ofBytes(digest.digest());
    boolean right = version.sha256().map(found::equals).orElse(true);
    if (received != version.entry().bytes() || Files.size(file) != received || !right) {
      throw new StorageException.CorruptBody(
          source.site(),
          "GetObject",
          "%s: %d bytes with sha-256 %s expected, %d with %s found"
              .formatted(
                  source.key(),
                  version.entry().bytes(),
                  version.sha256().map(Sha256::hex).orElse("unknown"),
                  received,
                  found.hex()));
    }
    return found;
  }

  private static int read(ObjectBody body, byte[] buffer, Source source) throws StorageException {
    try {
      return body.stream().read(buffer);
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          source.site(), "GetObject", "the body ended early: " + e.getMessage(), e);
    }
  }

  /// Gives the file its name. A name that was free must still be free, without a gap in between.
  ///
  /// @return where what was replaced is kept
  private Optional<ObjectKey> publish(RestoreItem item, Path temporary, Path file)
      throws StorageException, IOException {
    Optional<ObjectKey> aside = Optional.empty();
    try {
      switch (item.saw()) {
        case CurrentState.Absent _ -> linkOrMove(temporary, file);
        case CurrentState.Present _ -> {
          aside = Optional.of(keep(item, file));
          Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    } catch (FileAlreadyExistsException _) {
      throw new StorageException.PreconditionFailed(
          DirectoryTarget.SITE, "WriteFile", file + " came into being meanwhile");
    }
    force(requireNonNull(file.getParent()));
    return aside;
  }

  private static void linkOrMove(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException _) {
      // File systems without hard links.
      Files.move(temporary, file);
    }
  }

  /// Keeps what is about to be replaced under a second name; a copy where links are unknown.
  private ObjectKey keep(RestoreItem item, Path file) throws StorageException, IOException {
    var aside = aside(item);
    var kept = file(aside.value());
    try {
      Files.createLink(kept, file);
    } catch (FileAlreadyExistsException _) {
      // An earlier try kept it.
    } catch (UnsupportedOperationException | FileSystemException _) {
      Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
    }
    force(requireNonNull(kept.getParent()));
    return aside;
  }

  private ObjectKey aside(RestoreItem item) {
    return Preserve.place(restoreId, new ObjectKey(DirectoryTarget.path(item)));
  }

  /// A file below the directory; the directories above it are made, and proved to be none but
  /// directories.
  private Path file(String path) throws StorageException, IOException {
    if (!Files.exists(target.root())) {
      Files.createDirectories(target.root());
    }
    var at = target.root();
    var segments = path.split("/");
    for (int i = 0; i < segments.length - 1; i++) {
      var parent = at;
      at = at.resolve(segments[i]);
      try {
        Files.createDirectory(at);
        force(parent);
      } catch (FileAlreadyExistsException _) {
        if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
          throw new StorageException.Rejected(
              DirectoryTarget.SITE, "WriteFile", 409, "Blocked", at + " is no directory");
        }
      }
    }
    return at.resolve(segments[segments.length - 1]);
  }

  /// A new name is on the disk when its directory is.
  private static void force(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Undoing is for buckets, see [UndoRule].
  @Override
  public Optional<Offer> kept(RestoreItem item, String undone) {
    return Optional.empty();
  }

  @Override
  public RestoreItem found(RestoreItem item, RecordedVersion version, CurrentState current)
      throws StorageException {
    var path = DirectoryTarget.path(item);
    var attributes = catalog.versions().attributes(version.id());
    try {
      // Without them there is the line that the earlier try wrote.
      if (attributes.isPresent()) {
        mapping.add(path, version, target.sha256(path), attributes.get());
      }
      var aside = Optional.of(aside(item)).filter(key -> Files.exists(target.resolve(key.value())));
      var tag = current instanceof CurrentState.Present(_, var etag, _) ? etag : "";
      return item.withAside(aside)
          .done(
              new Written(Optional.empty(), tag, version.sha256(), Optional.empty(), false),
              "has the wanted content already");
    } catch (IOException e) {
      throw target.failed("WriteFile", path, e);
    }
  }

  @Override
  public RestoreItem delete(RestoreItem item) {
    throw new IllegalArgumentException("a restore to a directory deletes nothing");
  }

  @Override
  public RestoreItem removeMarkers(RestoreItem item) {
    throw new IllegalArgumentException("a directory has no delete markers");
  }
}
