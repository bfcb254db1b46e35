package org.vistadr.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SettingValue;
import org.vistadr.model.VersionId;
import org.vistadr.storage.AdaptiveLimit.Lane;
import org.vistadr.storage.RequestObserver.Attempt;
import org.vistadr.storage.RequestObserver.Outcome;

/// Paces a site: bounds the requests in flight (adaptively, see [AdaptiveLimit]), requests per
/// second and bytes per second in each direction, and tells an observer of every attempt.
///
/// Reads and all other calls are counted apart, each up to the limit. A read holds its place until
/// its body is closed.
public final class LimitedObjectStore extends ForwardingObjectStore {

  private final AdaptiveLimit limit;
  private final ResponseTimes times = new ResponseTimes();
  private final Pace requests;
  private final Pace sent;
  private final Pace received;
  private final RequestObserver observer;

  /// @param delegate makes the requests
  /// @param limits ceilings
  /// @param observer sees every attempt
  /// @param sleeper waits for the pace
  public LimitedObjectStore(
      ObjectStore delegate, SiteConfig.Limits limits, RequestObserver observer, Sleeper sleeper) {
    super(delegate);
    this.limit = new AdaptiveLimit(limits.maxConcurrency());
    this.requests = new Pace(limits.requestsPerSecond(), sleeper, System::nanoTime);
    this.sent = new Pace(limits.bytesPerSecond(), sleeper, System::nanoTime);
    this.received = new Pace(limits.bytesPerSecond(), sleeper, System::nanoTime);
    this.observer = observer;
  }

  @FunctionalInterface
  private interface Call<T> {
    T attempt() throws StorageException;
  }

  private <T> T paced(String operation, long bytesSent, Call<T> call) throws StorageException {
    enter(Lane.OTHER, operation);
    long begun = System.nanoTime();
    try {
      T result = call.attempt();
      boolean slowly = times.isSlow(operation, bytesSent, System.nanoTime() - begun);
      ended(operation, begun, Outcome.SUCCESS, slowly, bytesSent, 0);
      return result;
    } catch (StorageException e) {
      ended(operation, begun, Outcome.of(e), false, 0, 0);
      throw e;
    } finally {
      limit.release(Lane.OTHER);
    }
  }

  private void enter(Lane lane, String operation) throws StorageException {
    try {
      requests.pass(1);
      limit.acquire(lane);
    } catch (InterruptedException e) {
      throw interrupted(operation, e);
    }
  }

  private StorageException interrupted(String operation, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StorageException.Unavailable(
        site(), operation, "interrupted before the request was made", e);
  }

  private void ended(
      String operation,
      long begun,
      Outcome outcome,
      boolean slowly,
      long bytesSent,
      long bytesReceived) {
    switch (outcome) {
      case SUCCESS, NOT_FOUND, ACCESS_DENIED, CLIENT_ERROR -> limit.succeeded(slowly);
      case THROTTLED, SERVER_ERROR, TIMEOUT, CONNECT -> limit.pushedBack();
    }
    observer.observed(
        new Attempt(
            site(),
            operation,
            outcome,
            Duration.ofNanos(System.nanoTime() - begun),
            bytesSent,
            bytesReceived));
  }

  private WriteBody paced(WriteBody body, String operation) throws StorageException {
    return switch (body) {
      case WriteBody.Buffered buffered -> {
        try {
          sent.pass(buffered.size());
        } catch (InterruptedException e) {
          throw interrupted(operation, e);
        }
        yield buffered;
      }
      case WriteBody.Streamed(InputStream stream, long length, Optional<String> md5) ->
          new WriteBody.Streamed(new PacedStream(stream, sent), length, md5);
    };
  }

  /// Waits after each read for what was read.
  private static class PacedStream extends FilterInputStream {
    private final Pace pace;

    PacedStream(InputStream in, Pace pace) {
      super(in);
      this.pace = pace;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      passed(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      passed(Math.max(0, read));
      return read;
    }

    void passed(int bytes) throws IOException {
      try {
        pace.pass(bytes);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      }
    }
  }

  @Override
  public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
      throws StorageException {
    enter(Lane.READ, "GetObject");
    long begun = System.nanoTime();
    boolean opened = false;
    try {
      ObjectBody answered = delegate().open(key, revision, range);
      boolean slowly = times.isSlow("GetObject", 0, System.nanoTime() - begun);
      ObjectBody body = new PacedBody(answered, begun, slowly);
      opened = true;
      return body;
    } catch (StorageException e) {
      ended("GetObject", begun, Outcome.of(e), false, 0, 0);
      throw e;
    } finally {
      if (!opened) {
        limit.release(Lane.READ);
      }
    }
  }

  private final class PacedBody implements ObjectBody {
    private final ObjectBody body;
    private final long begun;
    private final boolean slowly;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final InputStream stream;
    private long count;
    private boolean broken;

    PacedBody(ObjectBody body, long begun, boolean slowly) {
      this.body = body;
      this.begun = begun;
      this.slowly = slowly;
      this.stream =
          new PacedStream(body.stream(), received) {
            @Override
            public int read() throws IOException {
              try {
                return super.read();
              } catch (IOException e) {
                broken = true;
                throw e;
              }
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
              try {
                return super.read(buffer, offset, length);
              } catch (IOException e) {
                broken = true;
                throw e;
              }
            }

            @Override
            void passed(int bytes) throws IOException {
              count += bytes;
              super.passed(bytes);
            }
          };
    }

    @Override
    public ObjectHead head() {
      return body.head();
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InputStream stream() {
      return stream;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        try {
          body.close();
        } finally {
          limit.release(Lane.READ);
          ended("GetObject", begun, broken ? Outcome.CONNECT : Outcome.SUCCESS, slowly, 0, count);
        }
      }
    }
  }

  @Override
  public BucketState bucketState() throws StorageException {
    return paced("GetBucketVersioning", 0, () -> delegate().bucketState());
  }

  @Override
  public ListingPage listVersions(ListingRequest request) throws StorageException {
    return paced("ListObjectVersions", 0, () -> delegate().listVersions(request));
  }

  @Override
  public ListingPage listObjects(ListingRequest request) throws StorageException {
    return paced("ListObjectsV2", 0, () -> delegate().listObjects(request));
  }

  @Override
  public List<String> commonPrefixes(String prefix) throws StorageException {
    return paced("ListObjectsV2", 0, () -> delegate().commonPrefixes(prefix));
  }

  @Override
  public ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
    return paced("HeadObject", 0, () -> delegate().head(key, revision));
  }

  @Override
  public ObjectHead headWithChecksum(ObjectKey key, Revision revision) throws StorageException {
    return paced("HeadObject", 0, () -> delegate().headWithChecksum(key, revision));
  }

  @Override
  public WriteReceipt put(PutRequest request) throws StorageException {
    PutRequest paced =
        new PutRequest(
            request.key(),
            request.attributes(),
            paced(request.body(), "PutObject"),
            request.condition());
    return paced("PutObject", request.body().length(), () -> delegate().put(paced));
  }

  @Override
  public MultipartUpload beginMultipart(
      ObjectKey key, ObjectAttributes attributes, MultipartUpload.Parts parts)
      throws StorageException {
    return paced(
        "CreateMultipartUpload", 0, () -> delegate().beginMultipart(key, attributes, parts));
  }

  @Override
  public UploadedPart uploadPart(MultipartUpload upload, int number, WriteBody body)
      throws StorageException {
    WriteBody paced = paced(body, "UploadPart");
    return paced("UploadPart", body.length(), () -> delegate().uploadPart(upload, number, paced));
  }

  @Override
  public UploadedPart copyPart(
      MultipartUpload upload, int number, CopySource source, ByteRange range)
      throws StorageException {
    return paced("UploadPartCopy", 0, () -> delegate().copyPart(upload, number, source, range));
  }

  @Override
  public WriteReceipt completeMultipart(
      MultipartUpload upload, List<UploadedPart> parts, WriteCondition condition)
      throws StorageException {
    return paced(
        "CompleteMultipartUpload", 0, () -> delegate().completeMultipart(upload, parts, condition));
  }

  @Override
  public void abortMultipart(MultipartUpload upload) throws StorageException {
    paced(
        "AbortMultipartUpload",
        0,
        () -> {
          delegate().abortMultipart(upload);
          return upload;
        });
  }

  @Override
  public List<MultipartUpload> staleMultiparts(Instant begunBefore) throws StorageException {
    return paced("ListMultipartUploads", 0, () -> delegate().staleMultiparts(begunBefore));
  }

  @Override
  public WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    return paced("CopyObject", 0, () -> delegate().copy(source, target, attributes, condition));
  }

  @Override
  public Optional<VersionId> delete(ObjectKey key, WriteCondition condition)
      throws StorageException {
    return paced("DeleteObject", 0, () -> delegate().delete(key, condition));
  }

  @Override
  public void deleteVersion(ObjectKey key, VersionId versionId) throws StorageException {
    paced(
        "DeleteObject",
        0,
        () -> {
          delegate().deleteVersion(key, versionId);
          return versionId;
        });
  }

  @Override
  public SortedMap<String, String> tags(ObjectKey key, Revision revision) throws StorageException {
    return paced("GetObjectTagging", 0, () -> delegate().tags(key, revision));
  }

  @Override
  public ObjectLock.State lock(ObjectKey key, VersionId version) throws StorageException {
    return paced("GetObjectRetention", 0, () -> delegate().lock(key, version));
  }

  @Override
  public void renewLock(ObjectKey key, VersionId version, ObjectLock.Mode mode, Instant until)
      throws StorageException {
    paced(
        "PutObjectRetention",
        0,
        () -> {
          delegate().renewLock(key, version, mode, until);
          return version;
        });
  }

  @Override
  public void legalHold(ObjectKey key, VersionId version, boolean on) throws StorageException {
    paced(
        "PutObjectLegalHold",
        0,
        () -> {
          delegate().legalHold(key, version, on);
          return version;
        });
  }

  @Override
  public SettingValue setting(BucketSetting setting) throws StorageException {
    return paced("GetBucketSetting", 0, () -> delegate().setting(setting));
  }

  @Override
  public void changeSetting(BucketSetting setting, Optional<ConfigNode> value)
      throws StorageException {
    paced(
        "PutBucketSetting",
        0,
        () -> {
          delegate().changeSetting(setting, value);
          return setting;
        });
  }

  @Override
  public ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException {
    return paced("RestoreObject", 0, () -> delegate().thaw(key, revision, tier, days));
  }
}
