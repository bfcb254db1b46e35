package org.vistadr.restore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.vistadr.embedded.S3Servers;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.ThawAnswer;
import org.vistadr.storage.ThawState;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// A real bucket with archive classes as S3 has them, on a clock that the test moves: what lies in
/// one is listed and cannot be read, thaws for hours, and freezes over after days. No server gives
/// such a clock.
final class FreezingStore extends ForwardingObjectStore {

  private final InstantSource clock;
  private final Map<String, Frozen> archive = new HashMap<>();
  private Optional<String> refusal = Optional.empty();
  private int asks;

  private static final class Frozen {
    private final String storageClass;
    private Optional<Instant> readableFrom = Optional.empty();
    private Instant until = Instant.MIN;

    Frozen(String storageClass) {
      this.storageClass = storageClass;
    }
  }

  FreezingStore(ObjectStore delegate, InstantSource clock) {
    super(delegate);
    this.clock = clock;
  }

  /// Moves a version to an archive class, as a lifecycle rule does.
  synchronized void freeze(ObjectKey key, VersionId version, String storageClass) {
    archive.put(name(key, Optional.of(version)), new Frozen(storageClass));
  }

  /// All requests to thaw are refused with this code from now on.
  synchronized void refuse(String code) {
    refusal = Optional.of(code);
  }

  /// How often a thaw was asked for.
  synchronized int asks() {
    return asks;
  }

  @Override
  public ProviderProfile profile() {
    return S3Servers.withArchives(super.profile());
  }

  @Override
  public synchronized ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException {
    asks++;
    if (refusal.isPresent()) {
      throw new StorageException.Rejected(
          site(), "RestoreObject", 400, refusal.get(), key + ": " + refusal.get());
    }
    var frozen = find(key, revision);
    if (frozen.isEmpty()) {
      return ThawAnswer.NOT_ARCHIVED;
    }
    var now = clock.instant();
    if (state(frozen.get()) instanceof ThawState.Thawed) {
      frozen.get().until = now.plus(Duration.ofDays(days));
      return ThawAnswer.READABLE;
    }
    if (state(frozen.get()) instanceof ThawState.NotThawed) {
      var typical =
          ProviderProfiles.AWS.archiveClasses().get(frozen.get().storageClass).tiers().get(tier);
      if (typical == null) {
        throw new StorageException.Rejected(
            site(), "RestoreObject", 400, "InvalidArgument", key + ": no such tier");
      }
      var from = now.plus(typical.low());
      frozen.get().readableFrom = Optional.of(from);
      frozen.get().until = from.plus(Duration.ofDays(days));
    }
    return ThawAnswer.ASKED;
  }

  @Override
  public ListingPage listVersions(ListingRequest request) throws StorageException {
    var page = super.listVersions(request);
    return new ListingPage(
        page.entries().stream().map(this::classed).toList(), page.next(), page.serverTime());
  }

  @Override
  public ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
    var head = super.head(key, revision);
    return archived(key, head.versionId())
        .map(frozen ->
            new ObjectHead(
                head.size(),
                head.etag(),
                head.md5(),
                head.versionId(),
                head.lastModified(),
                head.attributes().withStorageClass(Optional.of(frozen.storageClass)),
                head.tagCount(),
                state(frozen),
                head.sha256()))
        .orElse(head);
  }

  @Override
  public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
      throws StorageException {
    requireReadable("GetObject", key, revision);
    return super.open(key, revision, range);
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    requireReadable("CopyObject", source.key(), source.revision());
    return super.copy(source, target, attributes, condition);
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    var receipt = super.put(request);
    var written = request.attributes().storageClass();
    if (written.filter(ProviderProfiles.AWS.archiveClasses()::containsKey).isPresent()) {
      synchronized (this) {
        archive.put(name(request.key(), receipt.versionId()), new Frozen(written.get()));
      }
    }
    return receipt;
  }

  private void requireReadable(String operation, ObjectKey key, Revision revision)
      throws StorageException {
    var frozen = find(key, revision);
    if (frozen.isPresent() && !(state(frozen.get()) instanceof ThawState.Thawed)) {
      throw new StorageException.Archived(site(), operation, key + ": InvalidObjectState");
    }
  }

  private Optional<Frozen> find(ObjectKey key, Revision revision) throws StorageException {
    return archived(key, super.head(key, revision).versionId());
  }

  private synchronized Optional<Frozen> archived(ObjectKey key, Optional<VersionId> version) {
    return Optional.ofNullable(archive.get(name(key, version)));
  }

  private ThawState state(Frozen frozen) {
    var now = clock.instant();
    if (frozen.readableFrom.isEmpty() || !now.isBefore(frozen.until)) {
      return ThawState.NOT_THAWED;
    }
    return now.isBefore(frozen.readableFrom.get())
        ? ThawState.ONGOING
        : new ThawState.Thawed(frozen.until);
  }

  private ListedVersion classed(ListedVersion listed) {
    var frozen = archived(listed.key(), Optional.of(listed.versionId()));
    return listed.entry() instanceof Entry.Content(var etag, var size, _) && frozen.isPresent()
        ? new ListedVersion(
            listed.key(),
            listed.versionId(),
            listed.lastModified(),
            listed.latest(),
            new Entry.Content(etag, size, frozen.get().storageClass))
        : listed;
  }

  private static String name(ObjectKey key, Optional<VersionId> version) {
    return key + "\n" + version.map(VersionId::value).orElse("");
  }
}
