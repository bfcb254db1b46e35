package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;

/// Histories of keys. Append-only: entries are added and annotated, never removed.
public final class VersionLog {

  /// The rank of a key's first entry; later entries get [#RANK_STEP] more, so that one that proves
  /// to be older can be put between.
  public static final long FIRST_RANK = 1L << 32;

  /// Distance of ranks.
  public static final long RANK_STEP = 1L << 16;

  /// Histories of the keys of a range in UTF-8 order, entries of a key newest first. Constant
  /// memory.
  public HistoryCursor histories(KeyRange range) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Histories of the keys that start with a prefix, above `after` when given.
  public HistoryCursor histories(String prefix, Optional<ObjectKey> after) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// One key's history; empty when the key was never seen.
  public KeyHistory history(ObjectKey key) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// One entry.
  public Optional<RecordedVersion> find(long id) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Records what a look at the primary found, in one transaction: entries are appended with the
  /// scan's number and every known secondary gets them into its queue; purged entries are marked,
  /// and where they were still pending or given up in a queue that row becomes
  /// [org.vistadr.model.ReplicaState#MISSED].
  ///
  /// Idempotent: appending an entry whose rank is taken by the same entry of the key, or purging a
  /// purged entry, changes nothing.
  ///
  /// @param scan the scan's number, see [ScanLog#begin]
  /// @param visibleAfter start of the last complete scan before; goes into each appended entry
  public void record(long scan, Optional<Instant> visibleAfter, List<KeyChange> changes) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Adds what reading the bytes taught: hash and attributes of entries.
  public void annotate(Map<Long, Annotation> annotations) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Attributes of an entry, empty when its bytes were never read.
  public Optional<ObjectAttributes> attributes(long id) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Keys that cut the recorded keys into about equal parts; fewer, or none, when there are few
  /// keys. Ascending.
  public List<ObjectKey> splitKeys(int parts) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Totals over all current entries at the primary: objects and bytes that are current, noncurrent
  /// content, delete markers.
  public Totals totals() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// @param sha256 hash of the entry's bytes
  /// @param attributes attributes as the primary had them
  public record Annotation(Sha256 sha256, ObjectAttributes attributes) {}

  /// Sizes of the primary as the catalog knows it.
  public record Totals(
      long currentObjects,
      long currentBytes,
      long noncurrentObjects,
      long noncurrentBytes,
      long deleteMarkers) {}
}
