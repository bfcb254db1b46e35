package org.vistadr.segments;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vistadr.catalog.CatalogExport;
import org.vistadr.catalog.SegmentLog;
import org.vistadr.model.Sha256;

/// Tells an export fact by fact, and works the digest of the whole catalog out on the way.
///
/// @param log the catalog's
/// @param clock says when
record CatalogTelling(SegmentLog log, InstantSource clock) {

  private static final int FOLDED_AT_ONCE = 1_000;

  /// What was told.
  ///
  /// @param through how far it reaches
  /// @param generation the catalog's
  /// @param at the moment that it tells
  /// @param digest of the whole catalog at that moment
  record Told(CatalogExport.Marks through, long generation, Instant at, Sha256 digest) {}

  /// The digest of a catalog, every version read.
  static Sha256 digest(SegmentLog log, InstantSource clock) {
    return log.export(
            Optional.empty(), export -> new CatalogTelling(log, clock).tell(export, _ -> {}))
        .digest();
  }

  /// @param take given the bytes of each fact
  Told tell(CatalogExport export, Consumer<byte[]> take) {
    Instant at = clock.instant();
    List<SegmentLog.VersionDigest> digests = new ArrayList<>();
    export.versions(fact -> {
      byte[] bytes = FactCodec.encode(fact);
      take.accept(bytes);
      digests.add(digest(fact.version().id(), bytes));
      if (digests.size() >= FOLDED_AT_ONCE) {
        log.fold(digests);
        digests.clear();
      }
    });
    log.fold(digests);
    // Scans that a segment has are hashed again, since they are part of the whole, but not told.
    MessageDigest rest = Sha256.newDigest();
    export.rest(true, fact -> rest.update(FactCodec.encode(fact)));
    export.rest(false, fact -> take.accept(FactCodec.encode(fact)));
    Sha256 digest = log.seal(Sha256.ofBytes(rest.digest()), at);
    return new Told(export.to(), export.generation(), at, digest);
  }

  private static SegmentLog.VersionDigest digest(long versionId, byte[] bytes) {
    ByteBuffer hash = ByteBuffer.wrap(Sha256.digest(bytes, 0, bytes.length).bytes());
    return new SegmentLog.VersionDigest(versionId, hash.getLong(), hash.getLong());
  }
}
