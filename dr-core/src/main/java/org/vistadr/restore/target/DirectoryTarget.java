package org.vistadr.restore.target;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Same;
import org.vistadr.restore.source.Source;
import org.vistadr.storage.StorageException;

/// A directory of this machine. Nothing outside it is ever looked at or written: symbolic links
/// below it are not followed. A file's state is its inode, time of change and size.
///
/// @param root without symbolic links; need not exist yet
/// @param names which path a key gets
/// @param md5Tags whether the primary's entity tags can be MD5 sums
public record DirectoryTarget(Catalog catalog, Path root, FileNames names, boolean md5Tags)
    implements Target {

  /// What failures of the file system name as their site.
  static final SiteName SITE = new SiteName("directory");

  /// Room that is left on the disk.
  static final long RESERVE = 64L << 20;

  /// What a file takes beside its bytes, for the sum of a plan.
  private static final long PER_FILE = 4096;

  private static final int BUFFER = 128 << 10;

  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public Regime regime() {
    return Regime.UNVERSIONED;
  }

  @Override
  public Optional<String> place(ObjectKey key) throws StorageException.Rejected {
    var path = path(key);
    requireFree(path);
    return path.equals(key.value()) ? Optional.empty() : Optional.of(path);
  }

  /// A key that is a directory for another one has to stand aside.
  private String path(ObjectKey key) {
    return names.plain(key) && !catalog.versions().hasKeyBelow(key.value() + "/")
        ? key.value()
        : FileNames.mapped(key);
  }

  /// The path that the plan chose for an item.
  static String path(RestoreItem item) {
    return item.place().orElse(item.key().value());
  }

  @Override
  public Looked look(ObjectKey key) throws StorageException {
    return look(key, path(key));
  }

  @Override
  public Looked look(RestoreItem item) throws StorageException {
    return look(item.key(), path(item));
  }

  /// What is in the way of a file counts as nothing; writing it is refused.
  private Looked look(ObjectKey key, String path) throws StorageException {
    var file = whyBlocked(path).isPresent() ? Optional.<BasicFileAttributes>empty() : stat(path);
    if (file.isEmpty()) {
      return Looked.nothing(key);
    }
    Instant changed = file.get().lastModifiedTime().toInstant();
    return new Looked(
        key,
        new CurrentState.Present(VersionId.NULL, tag(file.get()), file.get().size()),
        Optional.of(changed),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /// Names the state of a file.
  static String tag(BasicFileAttributes file) {
    var time = file.lastModifiedTime().toInstant();
    return "%s@%d.%09d".formatted(file.fileKey(), time.getEpochSecond(), time.getNano());
  }

  @Override
  public boolean copiesOnServer(Source source) {
    return false;
  }

  @Override
  public TargetKeys below(String prefix) {
    return new FileKeys(this);
  }

  @Override
  public boolean shows(CurrentState current, RecordedVersion version) throws StorageException {
    return holds(path(version.key()), current, version);
  }

  @Override
  public boolean holds(RestoreItem item, CurrentState current, RecordedVersion version)
      throws StorageException {
    return holds(path(item), current, version);
  }

  private boolean holds(String path, CurrentState current, RecordedVersion version)
      throws StorageException {
    if (!(current instanceof CurrentState.Present(_, _, var size))
        || !(version.entry() instanceof Entry.Content(var etag, var wanted, _))
        || size != wanted) {
      return false;
    }
    if (version.sha256().isPresent()) {
      return sha256(path).equals(version.sha256().get());
    }
    return md5Tags
        && Same.mayBeMd5(etag)
        && HexFormat.of().formatHex(hash(path, newMd5()).digest()).equals(etag);
  }

  /// The hash of a file.
  Sha256 sha256(String path) throws StorageException {
    return Sha256.ofBytes(hash(path, Sha256.newDigest()).digest());
  }

  private MessageDigest hash(String path, MessageDigest digest) throws StorageException {
    try (InputStream file = Files.newInputStream(resolve(path), LinkOption.NOFOLLOW_LINKS)) {
      var buffer = new byte[BUFFER];
      for (int count = file.read(buffer); count >= 0; count = file.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return digest;
    } catch (IOException e) {
      throw failed("ReadFile", path, e);
    }
  }

  /// Refuses a path that would lead out of the directory, or on which something else is.
  void requireFree(String path) throws StorageException.Rejected {
    var why = whyBlocked(path);
    if (why.isPresent()) {
      throw new StorageException.Rejected(SITE, "WriteFile", 409, "Blocked", why.get());
    }
  }

  private Optional<String> whyBlocked(String path) {
    var at = root;
    var segments = path.split("/");
    for (int i = 0; i < segments.length; i++) {
      at = at.resolve(segments[i]);
      Optional<BasicFileAttributes> found;
      try {
        found = stat(at);
      } catch (IOException e) {
        return Optional.of("cannot look at %s: %s".formatted(at, e.getMessage()));
      }
      if (found.isEmpty()) {
        return Optional.empty();
      }
      boolean last = i == segments.length - 1;
      if (found.get().isSymbolicLink()) {
        return Optional.of(at + " is a symbolic link, which is not followed");
      }
      if (last ? !found.get().isRegularFile() : !found.get().isDirectory()) {
        return Optional.of(at + (last ? " is there and no file" : " is no directory"));
      }
    }
    return Optional.empty();
  }

  private Optional<BasicFileAttributes> stat(String path) throws StorageException {
    try {
      return stat(resolve(path));
    } catch (IOException e) {
      throw failed("ReadFile", path, e);
    }
  }

  private static Optional<BasicFileAttributes> stat(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// The file of a path that [FileNames] made.
  Path resolve(String path) {
    return root.resolve(path);
  }

  /// The mapping file has it.
  @Override
  public boolean keepsClass(String storageClass) {
    return true;
  }

  @Override
  public void requireRoom(RestorePlan.Amount work) throws RestoreRefusedException {
    long needed = work.bytes() + work.objects() * PER_FILE + RESERVE;
    long free;
    try {
      free = free();
    } catch (IOException e) {
      throw new RestoreRefusedException(
          Code.TARGET_REFUSED,
          "cannot tell how much room %s has: %s".formatted(root, e.getMessage()),
          "name a directory of a local disk",
          Map.of(),
          List.of("df -h " + AllowedDirectories.existing(root)));
    }
    if (needed > free) {
      throw new RestoreRefusedException(
          Code.NO_ROOM,
          "%s has room for %d MiB, the restore needs %d MiB"
              .formatted(root, free >> 20, needed >> 20),
          "make room, name another directory, or restore less at a time",
          Map.of("needed", String.valueOf(needed), "free", String.valueOf(free)),
          List.of("df -h " + AllowedDirectories.existing(root)));
    }
  }

  /// Refuses one more file before the disk is full.
  public void requireRoom(long size) throws StorageException {
    try {
      long free = free();
      if (size + RESERVE > free) {
        throw new StorageException.NoRoom(
            SITE,
            "WriteFile",
            "%s has %d MiB left, which is too little for %d more bytes"
                .formatted(root, free >> 20, size));
      }
    } catch (IOException e) {
      throw failed("WriteFile", root.toString(), e);
    }
  }

  private long free() throws IOException {
    return Files.getFileStore(AllowedDirectories.existing(root)).getUsableSpace();
  }

  /// The exception for a file system that does not do what was asked.
  StorageException failed(String operation, String path, IOException e) {
    var why = String.valueOf(e.getMessage());
    if (why.contains("No space left") || why.contains("quota exceeded")) {
      return new StorageException.NoRoom(SITE, operation, "%s: %s".formatted(path, why));
    }
    return new StorageException.Unavailable(SITE, operation, "%s: %s".formatted(path, why), e);
  }

  private static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
