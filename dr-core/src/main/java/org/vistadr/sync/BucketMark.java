package org.vistadr.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.BrakeLog;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// The object that the primary's bucket is known by: a small text with a random number, below the
/// reserved prefix, written once if the primary's key may write. A bucket of the same name at
/// another account, or one that was made anew, does not have it.
final class BucketMark {

  /// Where it is.
  static final ObjectKey KEY = new ObjectKey(ObjectKey.RESERVED_PREFIX + "bucket-mark");

  private static final Logger LOG = LoggerFactory.getLogger(BucketMark.class);
  private static final int LONGEST = 4096;
  private static final Pattern TEXT = Pattern.compile("vistadr-bucket: ([0-9a-f]{32})");

  private final BrakeLog log;
  private final ObjectStore primary;
  private final RandomGenerator random;

  BucketMark(BrakeLog log, ObjectStore primary, RandomGenerator random) {
    this.log = log;
    this.primary = primary;
    this.random = random;
  }

  /// Looks at it. A bucket that is marked and was not known yet is known by that mark from now on.
  Found look() throws StorageException {
    Optional<String> text = read();
    if (text.isEmpty()) {
      return Found.MISSING;
    }
    Matcher mark = TEXT.matcher(text.get());
    if (!mark.find()) {
      return Found.SPOILED;
    }
    Optional<String> known = log.state().mark();
    if (known.isEmpty()) {
      log.mark(mark.group(1));
      return Found.OURS;
    }
    return known.get().equals(mark.group(1)) ? Found.OURS : Found.ANOTHER;
  }

  /// Marks the bucket, unless the key may not write. Called for a bucket that is ours.
  void write(Found found) throws StorageException {
    String mark = log.state().mark().orElseGet(this::draw);
    byte[] text =
        """
        vistadr-bucket: %s
        VISTA DR knows this bucket by this object. Do not copy it to another bucket.
        """
            .formatted(mark)
            .getBytes(StandardCharsets.UTF_8);
    try {
      primary.put(
          new PutRequest(
              KEY,
              ObjectAttributes.ofContentType("text/plain"),
              WriteBody.Buffered.of(text),
              found == Found.SPOILED ? WriteCondition.ALWAYS : new WriteCondition.Absent()));
      log.mark(mark);
    } catch (StorageException.AccessDenied _) {
      LOG.debug("the primary's key may not write: its bucket is known by its versions alone");
    } catch (StorageException.PreconditionFailed _) {
      LOG.debug("somebody else marked the bucket meanwhile; the next scan looks");
    }
  }

  private Optional<String> read() throws StorageException {
    try (ObjectBody body = primary.open(KEY, Revision.CURRENT, ByteRange.ALL)) {
      return Optional.of(new String(body.stream().readNBytes(LONGEST), StandardCharsets.UTF_8));
    } catch (StorageException.NotFound | StorageException.AccessDenied _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StorageException.Unavailable(
          primary.site(), "GetObject", "cannot read %s: %s".formatted(KEY, e.getMessage()), e);
    }
  }

  private String draw() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// What was found in its place.
  enum Found {
    /// The mark that we know.
    OURS,
    /// Another one.
    ANOTHER,
    /// Something else: it was overwritten.
    SPOILED,
    /// Nothing that may be read.
    MISSING
  }
}
