package org.vistadr.segments;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.SegmentLog;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;

/// Looks, before anything is written, whether the segments at a secondary are those that this
/// catalog knows of. A catalog that went back in time, or a new one, must not continue or replace
/// what a newer one wrote.
///
/// @param log the catalog's
/// @param site the secondary
record ChainCheck(SegmentLog log, SegmentSite site) {

  /// The chain to go on with; empty when a new one is to begin.
  ///
  /// @param known what the catalog recorded
  Optional<SegmentLog.Chain> check(String catalogId, Optional<SegmentLog.Chain> known)
      throws StorageException, ForeignChainException {
    List<String> there = site.chains();
    if (known.isPresent() && known.get().number() > 0 && !there.contains(known.get().name())) {
      // Somebody removed our chain: what is left is older than it, or foreign.
      return begin(catalogId, there);
    }
    if (known.isEmpty()) {
      return begin(catalogId, there);
    }
    SegmentLog.Chain chain = known.get();
    if (!there.isEmpty() && there.getLast().compareTo(chain.name()) > 0) {
      foreign("the chain " + there.getLast(), SegmentName.generationOf(there.getLast()));
      return Optional.empty();
    }
    List<SegmentSite.Found> beyond = site.after(chain.name(), chain.number());
    if (beyond.isEmpty()) {
      return known;
    }
    // A crash, or a lost answer, came between the write and its record.
    SegmentSite.Found next = beyond.getFirst();
    byte[] segment = site.read(next);
    boolean ours =
        beyond.size() == 1
            && chain.nextKey().equals(Optional.of(next.name().key()))
            && segment.length > 32
            && chain.nextSha256().equals(Optional.of(SegmentFormat.hashOf(segment)));
    if (ours) {
      log.written(site.store().site(), next.name().number(), segment.length);
      return log.chain(site.store().site());
    }
    foreign("the segment " + beyond.getLast().name().key(), generationOf(beyond.getLast()));
    return Optional.empty();
  }

  /// A catalog that has no chain here may begin one beside those of its own past.
  private Optional<SegmentLog.Chain> begin(String catalogId, List<String> there)
      throws StorageException, ForeignChainException {
    if (there.isEmpty()) {
      return Optional.empty();
    }
    List<SegmentSite.Found> segments = site.after(there.getLast(), 0);
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    SegmentSite.Found last = segments.getLast();
    try {
      SegmentHeader header = SegmentFormat.read(site.read(last)).header();
      if (header.catalogId().equals(catalogId) && header.generation() <= log.generation()) {
        return Optional.empty();
      }
      foreign(
          "%s, of generation %d; this one's is %d"
              .formatted(last.name().key(), header.generation(), log.generation()),
          header.generation());
    } catch (IOException e) {
      foreign(
          "%s, which cannot be read: %s".formatted(last.name().key(), e.getMessage()),
          SegmentName.generationOf(there.getLast()));
    }
    return Optional.empty();
  }

  private long generationOf(SegmentSite.Found found) throws StorageException {
    try {
      return SegmentFormat.read(site.read(found)).header().generation();
    } catch (IOException e) {
      return SegmentName.generationOf(found.name().chain());
    }
  }

  /// Refuses, unless a person decided at this start to go on with this catalog.
  private void foreign(String what, long generation) throws ForeignChainException {
    SiteName secondary = site.store().site();
    if (!log.olderIsAccepted()) {
      throw new ForeignChainException(secondary, what);
    }
    log.raiseGenerationAbove(generation);
  }
}
