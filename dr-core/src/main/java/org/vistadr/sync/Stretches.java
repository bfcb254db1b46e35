package org.vistadr.sync;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.RangeDigest;
import org.vistadr.model.Entry;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;
import org.vistadr.storage.StorageException;

/// Cuts the listing of a key range into stretches of some sixteen keys, at keys that their own hash
/// chooses: so a key that comes or goes changes its stretch and leaves all others as they are.
/// Leaves out keys that are not protected. Holds one stretch. Not thread-safe.
final class Stretches {

  /// One key in so many ends a stretch.
  private static final int KEYS = 16;

  /// A stretch is cut, and not whole, when it has more.
  private static final int MOST_KEYS = 256;

  private static final int MOST_ENTRIES = 4096;

  /// Neighbouring keys.
  ///
  /// @param after the bound below, exclusive; empty is the beginning of the bucket
  /// @param upTo the last key; empty when it reaches to the end of the listed range
  /// @param whole whether both ends are such that the next scan cuts here, too
  record Stretch(
      Optional<ObjectKey> after,
      Optional<ObjectKey> upTo,
      List<ListingStream.ListedKey> keys,
      boolean whole) {

    long entries() {
      return keys.stream().mapToLong(key -> key.newestFirst().size()).sum();
    }
  }

  private final ListingStream listing;
  private final KeyFilter filter;
  private Optional<ObjectKey> first = Optional.empty();
  private Optional<ObjectKey> after;
  private boolean atCut;
  private boolean started;
  private boolean ended;
  private byte[] buffer = new byte[16 << 10];
  private int filled;

  Stretches(ListingStream listing, KeyRange range, KeyFilter filter) {
    this.listing = listing;
    this.filter = filter;
    this.after = range.after();
    this.atCut = after.map(Stretches::isCut).orElse(true);
  }

  /// Everything beside the listing that decides where stretches end and what a scan makes of them.
  static String rules(Regime regime, KeyFilter filter) {
    return "%d %s %s".formatted(KEYS, regime, filter.excluded());
  }

  /// The next stretch; the last one reaches to the end of the range and may have no keys. Empty
  /// after it.
  Optional<Stretch> next() throws StorageException {
    if (ended) {
      return Optional.empty();
    }
    List<ListingStream.ListedKey> keys = new ArrayList<>();
    int entries = 0;
    while (keys.size() < MOST_KEYS && entries < MOST_ENTRIES) {
      Optional<ListingStream.ListedKey> listed = listing.next();
      if (!started) {
        started = true;
        first = listed.map(ListingStream.ListedKey::key);
      }
      if (listed.isEmpty()) {
        ended = true;
        return Optional.of(new Stretch(after, Optional.empty(), keys, false));
      }
      if (!filter.accepts(listed.get().key())) {
        continue;
      }
      keys.add(listed.get());
      entries += listed.get().newestFirst().size();
      if (isCut(listed.get().key())) {
        return Optional.of(cutBehind(keys, atCut, true));
      }
    }
    return Optional.of(cutBehind(keys, false, false));
  }

  private Stretch cutBehind(List<ListingStream.ListedKey> keys, boolean whole, boolean cutByHash) {
    Optional<ObjectKey> last = Optional.of(keys.getLast().key());
    Stretch stretch = new Stretch(after, last, keys, whole);
    after = last;
    atCut = cutByHash;
    return stretch;
  }

  /// The first key that the range listed, protected or not, once [#next] was called.
  Optional<ObjectKey> first() {
    return first;
  }

  /// By the hash of the key alone, well mixed, since keys often differ in a number only.
  static boolean isCut(ObjectKey key) {
    int hash = key.value().hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return ((hash ^ (hash >>> 16)) & (KEYS - 1)) == 0;
  }

  /// What a whole stretch lists, hashed: all that [KeyDiff] looks at, in the order of the listing.
  RangeDigest digest(Stretch stretch) {
    filled = 0;
    add(stretch.after().map(ObjectKey::value).orElse(""));
    for (ListingStream.ListedKey key : stretch.keys()) {
      add(key.key().value());
      add(key.newestFirst().size());
      for (ListedVersion version : key.newestFirst()) {
        add(version);
      }
    }
    return new RangeDigest(
        stretch.after(), stretch.upTo().orElseThrow(), Sha256.digest(buffer, 0, filled));
  }

  private void add(ListedVersion version) {
    add(version.versionId().value());
    add(version.versionId().isNull() ? seconds(version.lastModified()) : 0);
    switch (version.entry()) {
      case Entry.DeleteMarker() -> add(-1);
      case Entry.Content(String etag, long size, _) -> {
        add(size);
        add(etag);
      }
    }
  }

  private static long seconds(Instant time) {
    return time.getEpochSecond();
  }

  private void add(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(byte[] bytes) {
    add(bytes.length);
    makeRoom(bytes.length);
    System.arraycopy(bytes, 0, buffer, filled, bytes.length);
    filled += bytes.length;
  }

  private void add(long number) {
    makeRoom(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      buffer[filled++] = (byte) (number >>> shift);
    }
  }

  private void makeRoom(int bytes) {
    if (buffer.length - filled < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, filled + bytes));
    }
  }
}
