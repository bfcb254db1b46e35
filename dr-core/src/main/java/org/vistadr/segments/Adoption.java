package org.vistadr.segments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vistadr.catalog.CatalogFact;
import org.vistadr.catalog.CatalogImport;
import org.vistadr.catalog.CatalogRebuild;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Rebuilds a catalog from one secondary, with nothing but that secondary's credentials. What its
/// segments tell is taken as far as they are whole, and proved by the digest of the lost catalog;
/// where they end too early the secondary's listing fills in what it can, and the result says what
/// is not known. Nothing is written to the secondary. Constant memory.
public final class Adoption {

  private final ObjectStore store;
  private final List<SiteName> secondaries;
  private final Clock clock;
  private final Progress progress;

  /// Told how it goes.
  public interface Progress {
    /// Tells nothing.
    Progress NONE = (_, _, _) -> {};

    /// @param what is being done
    /// @param done of it
    /// @param of all of it; 0 where nobody knows
    void at(String what, long done, long of);
  }

  /// @param store the secondary
  /// @param secondaries all that are configured
  public Adoption(ObjectStore store, List<SiteName> secondaries, Clock clock, Progress progress) {
    this.store = store;
    this.secondaries = List.copyOf(secondaries);
    this.clock = clock;
    this.progress = progress;
  }

  /// Rebuilds the catalog in a directory that has none, or an empty one.
  ///
  /// @throws org.vistadr.catalog.CatalogException when there is a catalog with content
  /// @throws StorageException when the secondary does not answer; nothing has changed then
  public Adopted adopt(Path directory) throws StorageException {
    try (CatalogRebuild rebuild = CatalogRebuild.begin(directory, clock)) {
      Adopted adopted = fill(rebuild);
      rebuild.complete();
      return adopted;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Adopted fill(CatalogRebuild rebuild) throws StorageException, IOException {
    SegmentSite site = new SegmentSite(store);
    TreeMap<String, List<SegmentSite.Found>> chains = site.all();
    List<String> uncertain = new ArrayList<>();
    Taking taking = new Taking(rebuild.catalog().fill());
    ChainReader reader = new ChainReader(site, rebuild.folder());
    Optional<SegmentHeader> last = Optional.empty();
    boolean toTheEnd = false;
    for (Map.Entry<String, List<SegmentSite.Found>> chain : chains.descendingMap().entrySet()) {
      ChainReader.Reached reached = reader.read(chain.getValue(), taking);
      reached.trouble().ifPresent(uncertain::add);
      last = reached.last();
      if (last.isPresent()) {
        // A chain that ends before its time: what newer ones told is not known.
        toTheEnd = uncertain.isEmpty();
        chain.getValue().stream()
            .filter(SegmentSite.Found::touched)
            .findFirst()
            .ifPresent(found ->
                uncertain.add(
                    "segments were deleted or written over at %s, %s first; what was written before was read"
                        .formatted(store.site(), found.name().key())));
        break;
      }
    }
    Optional<Sha256> digest = Optional.empty();
    boolean proved = false;
    if (last.isPresent()) {
      SegmentHeader end = last.get();
      taking.into.finish(end.catalogId(), end.generation());
      progress.at("proving", 0, 0);
      digest = Optional.of(CatalogTelling.digest(rebuild.catalog().segments(), clock));
      proved = digest.equals(end.digest());
      if (!proved) {
        uncertain.add(
            "the catalog is not the one that was written: its digest is %s, expected %s"
                .formatted(
                    digest.map(Sha256::hex).orElse(""), end.digest().map(Sha256::hex).orElse("-")));
      }
    } else {
      uncertain.add(
          chains.isEmpty()
              ? "%s holds no catalog segments".formatted(store.site())
              : "no segment at %s could be used".formatted(store.site()));
    }
    long listed = 0;
    if (!toTheEnd) {
      ListedHistory.Found found =
          new ListedHistory(rebuild.catalog(), store, secondaries, clock, progress).record();
      listed = found.versions();
      uncertain.addAll(found.uncertain());
    }
    return new Adopted(
        store.site(),
        last.map(SegmentHeader::stateAt),
        digest,
        proved,
        taking.segments,
        taking.versions,
        listed,
        uncertain);
  }

  private final class Taking implements ChainReader.Taker {

    private final CatalogImport into;
    private long segments;
    private long versions;

    private Taking(CatalogImport into) {
      this.into = into;
    }

    @Override
    public void group(SegmentHeader end) {}

    @Override
    public void fact(CatalogFact fact) {
      if (fact instanceof CatalogFact.Version version) {
        versions = Math.max(versions, version.version().id());
      }
      into.take(fact);
    }

    @Override
    public void progress(long done, long of) {
      segments++;
      progress.at("segments", done, of);
    }
  }
}
