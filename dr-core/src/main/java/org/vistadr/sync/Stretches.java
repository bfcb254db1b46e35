package org.vistadr.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.KeyHashes;
import org.vistadr.catalog.RangeDigest;
import org.vistadr.model.Entry;
import org.vistadr.model.KeyRange;
import org.vistadr.model.KeyedHash;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.storage.StorageException;

/// Cuts the listing of a key range into stretches of some sixteen keys, at keys that their own hash
/// chooses: so a key that comes or goes changes its stretch and leaves all others as they are.
/// Leaves out keys that are not protected. Holds one stretch. Not thread-safe.
final class Stretches {

  /// One key in so many ends a stretch.
  private static final int KEYS = 16;

  /// A stretch is cut, and not whole, when it has more.
  private static final int MOST_KEYS = KeyHashes.MOST;

  private static final int MOST_ENTRIES = 4096;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

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
      long entries = 0;
      for (ListingStream.ListedKey key : keys) {
        entries += key.newestFirst().size();
      }
      return entries;
    }
  }

  private final ListingStream listing;
  private final KeyFilter filter;
  private final KeyedHash hash;
  private final long[] hashes = new long[MOST_KEYS];
  private Optional<ObjectKey> first = Optional.empty();
  private Optional<ObjectKey> after;
  private boolean atCut;
  private boolean started;
  private boolean ended;
  private byte[] buffer = new byte[1 << 10];
  private int filled;

  /// @param hash hashes what is listed of a key
  Stretches(ListingStream listing, KeyRange range, KeyFilter filter, KeyedHash hash) {
    this.listing = listing;
    this.filter = filter;
    this.hash = hash;
    this.after = range.after();
    this.atCut = after.map(Stretches::isCut).orElse(true);
  }

  /// Everything beside the listing that decides where stretches end and what a scan makes of them.
  static String rules(Regime regime, KeyFilter filter) {
    return "hashed %d %s %s".formatted(KEYS, regime, filter.excluded());
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

  /// What a whole stretch lists, each key of it hashed with all that [KeyDiff] looks at, in the
  /// order of the listing.
  RangeDigest digest(Stretch stretch) {
    List<ListingStream.ListedKey> keys = stretch.keys();
    for (int i = 0; i < keys.size(); i++) {
      hashes[i] = hash(keys.get(i));
    }
    return new RangeDigest(
        stretch.after(), stretch.upTo().orElseThrow(), KeyHashes.of(hashes, keys.size()));
  }

  private long hash(ListingStream.ListedKey key) {
    filled = 0;
    add(key.key().value());
    for (ListedVersion version : key.newestFirst()) {
      add(version);
    }
    return hash.of(buffer, filled);
  }

  /// Each part has its length before it or a fixed one, so that no two listings are the same bytes.
  private void add(ListedVersion version) {
    add(version.versionId().value());
    if (version.versionId().isNull()) {
      add(version.lastModified().getEpochSecond());
    }
    switch (version.entry()) {
      case Entry.DeleteMarker() -> add(-1);
      case Entry.Content(String etag, long size, _) -> {
        add(size);
        add(etag);
      }
    }
  }

  private void add(String text) {
    int length = text.length();
    makeRoom(Integer.BYTES + length);
    int start = filled;
    INTS.set(buffer, start, length);
    int at = start + Integer.BYTES;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        filled = start;
        addUtf8(text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      buffer[at++] = (byte) c;
    }
    filled = at;
  }

  private void addUtf8(byte[] bytes) {
    makeRoom(Integer.BYTES + bytes.length);
    INTS.set(buffer, filled, bytes.length);
    System.arraycopy(bytes, 0, buffer, filled + Integer.BYTES, bytes.length);
    filled += Integer.BYTES + bytes.length;
  }

  private void add(long number) {
    makeRoom(Long.BYTES);
    LONGS.set(buffer, filled, number);
    filled += Long.BYTES;
  }

  private void makeRoom(int bytes) {
    if (buffer.length - filled < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, filled + bytes));
    }
  }
}
