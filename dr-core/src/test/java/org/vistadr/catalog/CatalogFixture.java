package org.vistadr.catalog;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// What the tests of the catalog share.
final class CatalogFixture {

  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(START, ZoneOffset.UTC);
  static final SiteName B2 = new SiteName("b2");
  static final SiteName R2 = new SiteName("r2");

  private CatalogFixture() {}

  static Catalog open(Path directory, SiteName... secondaries) {
    Catalog catalog = Catalog.open(directory, CLOCK);
    catalog.declareSecondaries(List.of(secondaries));
    return catalog;
  }

  static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  static long rank(int position) {
    return VersionLog.FIRST_RANK + position * VersionLog.RANK_STEP;
  }

  static KeyChange.NewEntry content(int position, long size) {
    return new KeyChange.NewEntry(
        rank(position),
        Origin.LISTED,
        new VersionId("v" + position),
        START.plusSeconds(position),
        new Entry.Content("etag" + position, size, "STANDARD"));
  }

  static KeyChange.NewEntry marker(int position) {
    return new KeyChange.NewEntry(
        rank(position),
        Origin.LISTED,
        new VersionId("v" + position),
        START.plusSeconds(position),
        new Entry.DeleteMarker());
  }

  static KeyChange append(String key, KeyChange.NewEntry... entries) {
    return new KeyChange(key(key), List.of(entries), List.of());
  }

  static KeyChange purge(String key, Long... ids) {
    return new KeyChange(key(key), List.of(), List.of(ids));
  }

  static void record(Catalog catalog, long scan, KeyChange... changes) {
    catalog.versions().record(scan, Optional.empty(), List.of(changes), Long.MAX_VALUE);
  }

  static ReplicationQueue.Outcome durable(long id) {
    return new ReplicationQueue.Outcome.Durable(
        id, Optional.empty(), Optional.of(new VersionId("there-" + id)), "etag", START);
  }

  static ReplicationQueue.Outcome givenUp(long id) {
    return new ReplicationQueue.Outcome.GivenUp(id, "403 at the secondary");
  }
}
