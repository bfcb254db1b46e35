package org.vistadr.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SettingValue;
import org.vistadr.model.VersionId;

/// The one place where calls are repeated: those that are safe to repeat, at most four attempts,
/// waiting between them for a random time below a doubling ceiling. What an attempt that failed may
/// have changed at the site, a second one changes in the same way.
///
/// Not repeated: streamed bodies (they pass by once), conditional writes and deletions (their
/// condition may hold no more because the first attempt succeeded), completing an upload.
public final class RetryingObjectStore extends ForwardingObjectStore {

  static final int MAX_ATTEMPTS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(RetryingObjectStore.class);
  private static final Duration FIRST_CEILING = Duration.ofMillis(200);
  private static final Duration FIRST_CEILING_THROTTLED = Duration.ofSeconds(1);
  private static final Duration LAST_CEILING = Duration.ofSeconds(20);

  private final RequestObserver observer;
  private final RandomGenerator random;
  private final Sleeper sleeper;

  /// @param delegate makes the attempts
  /// @param observer hears of every repetition
  /// @param random spreads the waiting times; must be safe for many threads
  /// @param sleeper waits
  public RetryingObjectStore(
      ObjectStore delegate, RequestObserver observer, RandomGenerator random, Sleeper sleeper) {
    super(delegate);
    this.observer = observer;
    this.random = random;
    this.sleeper = sleeper;
  }

  @FunctionalInterface
  private interface Call<T> {
    T attempt() throws StorageException;
  }

  private <T> T repeat(Call<T> call) throws StorageException {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.attempt();
      } catch (StorageException e) {
        if (!e.retryable() || attempt == MAX_ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        Duration pause = pause(e, attempt);
        LOG.debug(
            "retry site={} operation={} attempt={} pause={}",
            e.site(),
            e.operation(),
            attempt,
            pause);
        observer.retried(e.site(), e.operation());
        try {
          sleeper.sleep(pause);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  private Duration pause(StorageException e, int attempt) {
    Duration first =
        e instanceof StorageException.Throttled ? FIRST_CEILING_THROTTLED : FIRST_CEILING;
    long ceiling = Math.min(LAST_CEILING.toMillis(), first.toMillis() << (attempt - 1));
    return Duration.ofMillis(random.nextLong(ceiling + 1));
  }

  @Override
  public BucketState bucketState() throws StorageException {
    return repeat(() -> delegate().bucketState());
  }

  @Override
  public ListingPage listVersions(ListingRequest request) throws StorageException {
    return repeat(() -> delegate().listVersions(request));
  }

  @Override
  public ListingPage listObjects(ListingRequest request) throws StorageException {
    return repeat(() -> delegate().listObjects(request));
  }

  @Override
  public List<String> commonPrefixes(String prefix) throws StorageException {
    return repeat(() -> delegate().commonPrefixes(prefix));
  }

  @Override
  public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
      throws StorageException {
    return repeat(() -> delegate().open(key, revision, range));
  }

  @Override
  public ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
    return repeat(() -> delegate().head(key, revision));
  }

  @Override
  public ObjectHead headWithChecksum(ObjectKey key, Revision revision) throws StorageException {
    return repeat(() -> delegate().headWithChecksum(key, revision));
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    boolean safe =
        request.body() instanceof WriteBody.Buffered
            && request.condition() instanceof WriteCondition.Always;
    return safe ? repeat(() -> delegate().put(request)) : delegate().put(request);
  }

  @Override
  public MultipartUpload beginMultipart(
      ObjectKey key, ObjectAttributes attributes, MultipartUpload.Parts parts)
      throws StorageException {
    // A begun upload whose answer was lost is found and aborted as stale.
    return repeat(() -> delegate().beginMultipart(key, attributes, parts));
  }

  @Override
  public UploadedPart uploadPart(MultipartUpload upload, int number, WriteBody body)
      throws StorageException {
    return switch (body) {
      case WriteBody.Buffered _ -> repeat(() -> delegate().uploadPart(upload, number, body));
      case WriteBody.Streamed _ -> delegate().uploadPart(upload, number, body);
    };
  }

  @Override
  public UploadedPart copyPart(
      MultipartUpload upload, int number, CopySource source, ByteRange range)
      throws StorageException {
    return repeat(() -> delegate().copyPart(upload, number, source, range));
  }

  @Override
  public void abortMultipart(MultipartUpload upload) throws StorageException {
    repeat(() -> {
      delegate().abortMultipart(upload);
      return upload;
    });
  }

  @Override
  public List<MultipartUpload> staleMultiparts(Instant begunBefore) throws StorageException {
    return repeat(() -> delegate().staleMultiparts(begunBefore));
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    return condition instanceof WriteCondition.Always
        ? repeat(() -> delegate().copy(source, target, attributes, condition))
        : delegate().copy(source, target, attributes, condition);
  }

  @Override
  public void deleteVersion(ObjectKey key, VersionId versionId) throws StorageException {
    repeat(() -> {
      delegate().deleteVersion(key, versionId);
      return versionId;
    });
  }

  @Override
  public SortedMap<String, String> tags(ObjectKey key, Revision revision) throws StorageException {
    return repeat(() -> delegate().tags(key, revision));
  }

  @Override
  public ObjectLock.State lock(ObjectKey key, VersionId version) throws StorageException {
    return repeat(() -> delegate().lock(key, version));
  }

  @Override
  public void renewLock(ObjectKey key, VersionId version, ObjectLock.Mode mode, Instant until)
      throws StorageException {
    repeat(() -> {
      delegate().renewLock(key, version, mode, until);
      return version;
    });
  }

  @Override
  public void legalHold(ObjectKey key, VersionId version, boolean on) throws StorageException {
    repeat(() -> {
      delegate().legalHold(key, version, on);
      return version;
    });
  }

  @Override
  public SettingValue setting(BucketSetting setting) throws StorageException {
    return repeat(() -> delegate().setting(setting));
  }

  @Override
  public void changeSetting(BucketSetting setting, Optional<ConfigNode> value)
      throws StorageException {
    repeat(() -> {
      delegate().changeSetting(setting, value);
      return setting;
    });
  }

  @Override
  public ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException {
    // Asked twice is answered as asked.
    return repeat(() -> delegate().thaw(key, revision, tier, days));
  }
}
