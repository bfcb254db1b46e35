package org.vistadr.segments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.SegmentLog;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Writes what a catalog knows to one secondary, as segments below `.vistadr/catalog/`. Each call
/// tells what changed since the last one; now and then a new chain begins with all of it, and the
/// chains before the last one are removed once it was read back. The catalog is read as of one
/// moment and nothing else waits for it. Memory is bounded by one segment. Safe for use by many
/// threads, one at a time writes.
public final class SegmentWriter {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentWriter.class);

  /// A chain with less of changes is continued, however small its snapshot is.
  private static final long FEW_BYTES = 4L << 20;

  /// A chain with so many segments is long enough to begin anew, if that is cheap.
  private static final long MANY_SEGMENTS = 1_000;

  private final SegmentLog log;
  private final ObjectStore store;
  private final SegmentSite site;
  private final Path spool;
  private final long segmentSize;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock writing = new ReentrantLock();

  /// @param log the catalog's
  /// @param store the secondary
  /// @param directory where facts wait to be sent; a folder is made in it
  /// @param segmentSize size of a segment, about; bytes
  /// @param random tells chains apart; safe for use by many threads
  public SegmentWriter(
      SegmentLog log,
      ObjectStore store,
      Path directory,
      long segmentSize,
      InstantSource clock,
      RandomGenerator random) {
    this.log = log;
    this.store = store;
    this.site = new SegmentSite(store);
    this.spool = directory.resolve("segments-" + store.site());
    this.segmentSize = segmentSize;
    this.clock = clock;
    this.random = random;
  }

  /// What a call wrote.
  ///
  /// @param segments how many; 0 when there was nothing new
  /// @param bytes their size
  /// @param snapshot whether a chain began
  /// @param removed segments of older chains that were removed
  public record Written(long segments, long bytes, boolean snapshot, long removed) {
    static final Written NOTHING = new Written(0, 0, false, 0);
  }

  /// Which site it writes to.
  public SiteName secondary() {
    return store.site();
  }

  /// Tells the secondary what it does not know yet.
  ///
  /// @throws StorageException when it cannot be told; the next call goes on
  /// @throws ForeignChainException when the segments there are not this catalog's
  public Written write() throws StorageException, ForeignChainException {
    return write(false);
  }

  /// @param anew whether a chain begins in any case
  Written write(boolean anew) throws StorageException, ForeignChainException {
    writing.lock();
    try {
      SiteName secondary = store.site();
      String catalogId = log.catalogId(UUID.nameUUIDFromBytes(chance()).toString());
      Optional<SegmentLog.Chain> known = log.chain(secondary);
      Instant now = clock.instant();
      if (!anew && known.isPresent() && !log.hasNews(known.get())) {
        log.stillTrue(secondary, now);
        return Written.NOTHING;
      }
      Optional<SegmentLog.Chain> going =
          new ChainCheck(log, site).check(catalogId, known).filter(SegmentLog.Chain::complete);
      Optional<Sha256> before = known.flatMap(SegmentLog.Chain::sha256);
      boolean whole = anew || going.isEmpty() || shouldBeginAnew(going.get());
      try (Spool facts = new Spool(spool, segmentSize)) {
        CatalogTelling.Told told =
            log.export(
                whole ? Optional.empty() : going,
                export -> new CatalogTelling(log, clock).tell(export, facts::add));
        if (whole) {
          String name = nextChain();
          log.begin(secondary, name);
        }
        SegmentLog.Chain chain = log.chain(secondary).orElseThrow();
        Written sent = send(catalogId, chain, before, told, facts.parts(), whole);
        log.finish(secondary, told.through(), told.at());
        long removed = whole ? removeOld(chain.name()) : 0;
        Written written = new Written(sent.segments, sent.bytes, whole, removed);
        LOG.info(
            "secondary={} segments={} bytes={} snapshot={} removed={} digest={}",
            secondary,
            written.segments,
            written.bytes,
            whole,
            removed,
            told.digest().hex());
        return written;
      }
    } finally {
      writing.unlock();
    }
  }

  private Written send(
      String catalogId,
      SegmentLog.Chain chain,
      Optional<Sha256> before,
      CatalogTelling.Told told,
      List<Path> parts,
      boolean snapshot)
      throws StorageException {
    SiteName secondary = store.site();
    Optional<Sha256> predecessor = chain.number() == 0 ? before : chain.sha256();
    long first = chain.number() + 1;
    long bytes = 0;
    for (int i = 0; i < parts.size(); i++) {
      boolean end = i + 1 == parts.size();
      SegmentName name = new SegmentName(chain.name(), first + i, first, end);
      byte[] segment =
          SegmentFormat.write(
              new SegmentHeader(
                  catalogId,
                  name,
                  told.generation(),
                  told.at(),
                  snapshot,
                  predecessor,
                  end ? Optional.of(told.digest()) : Optional.empty()),
              content(parts.get(i)));
      Sha256 sha256 = SegmentFormat.hashOf(segment);
      log.intend(secondary, name.key(), sha256);
      site.write(name, segment);
      log.written(secondary, name.number(), segment.length);
      predecessor = Optional.of(sha256);
      bytes += segment.length;
    }
    return new Written(parts.size(), bytes, snapshot, 0);
  }

  private String nextChain() throws StorageException {
    List<String> chains = site.chains();
    long count = chains.isEmpty() ? 1 : SegmentName.countOf(chains.getLast()) + 1;
    return SegmentName.chain(log.generation(), count, random.nextInt());
  }

  /// Once what follows a snapshot is larger than the snapshot, telling all anew makes reading
  /// cheaper; also when very many small segments follow a small one.
  private static boolean shouldBeginAnew(SegmentLog.Chain chain) {
    return chain.changesBytes() > Math.max(chain.snapshotBytes(), FEW_BYTES)
        || (chain.number() > MANY_SEGMENTS && chain.changesBytes() > chain.snapshotBytes() / 8);
  }

  /// Removes the chains before the one before this one, after this one was read back whole. A site
  /// that does not let us remove anything keeps them.
  private long removeOld(String current) throws StorageException {
    List<String> older =
        site.chains().stream().filter(name -> name.compareTo(current) < 0).toList();
    if (older.size() < 2) {
      return 0;
    }
    var all = site.all();
    ChainReader reader = new ChainReader(site, spool.resolveSibling("check-" + store.site()));
    if (!reader.isWhole(all.getOrDefault(current, List.of()))) {
      LOG.warn("secondary={} chain={} cannot be read back, older ones stay", secondary(), current);
      return 0;
    }
    long removed = 0;
    for (String name : older.subList(0, older.size() - 1)) {
      List<SegmentSite.Found> segments = all.getOrDefault(name, List.of());
      try {
        site.remove(segments);
        removed += segments.size();
      } catch (StorageException e) {
        LOG.debug("secondary={} chain={} stays", secondary(), name, e);
      }
    }
    return removed;
  }

  private byte[] chance() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
