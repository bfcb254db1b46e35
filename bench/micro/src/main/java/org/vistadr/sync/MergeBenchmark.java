package org.vistadr.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.Scratch;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Entry;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ListingRequest.Position;
import org.vistadr.storage.StorageException;

/// The cost of a key that did not change since the last scan: the pages of the listing are there
/// already, the catalog is a real one.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
public class MergeBenchmark {

  private static final int KEYS = 100_000;
  private static final int PAGE = 1000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder = Scratch.folder();
  private final Catalog catalog = Catalog.open(folder.resolve("catalog"), Clock.systemUTC());
  private final RangeScan.Context context = context();

  @Setup
  public void firstScan() throws StorageException {
    new RangeScan(context, KeyRange.ALL).run();
  }

  @Benchmark
  @OperationsPerInvocation(KEYS)
  public RangeScan.Result unchanged() throws StorageException {
    return new RangeScan(context, KeyRange.ALL).run();
  }

  @TearDown
  public void remove() throws IOException {
    catalog.close();
    Scratch.remove(folder);
  }

  private RangeScan.Context context() {
    Pages primary = new Pages();
    return new RangeScan.Context(
        catalog,
        primary,
        new KeyLooks(catalog, primary, BrakeLimits.NONE),
        new KeyFilter(List.of()),
        SyncListener.NONE,
        () -> false,
        catalog.scans().begin(NOW, Regime.VERSIONED).number(),
        NOW,
        Regime.VERSIONED,
        catalog.rangeDigests().hash(new SplittableRandom(1)));
  }

  private static final class Pages extends ForwardingObjectStore {
    private final List<ListingPage> pages = new ArrayList<>();

    Pages() {
      super(null);
      for (int page = 0; page < KEYS / PAGE; page++) {
        List<ListedVersion> entries = new ArrayList<>();
        for (int i = page * PAGE; i < (page + 1) * PAGE; i++) {
          entries.add(
              new ListedVersion(
                  new ObjectKey("projects/%06d/images/scan-%08d.jpg".formatted(i / 100, i)),
                  new VersionId("%032x".formatted(i)),
                  NOW,
                  true,
                  new Entry.Content("%032x".formatted(i), 4096, "STANDARD")));
        }
        boolean isLast = page == KEYS / PAGE - 1;
        pages.add(
            new ListingPage(
                entries,
                isLast
                    ? Optional.empty()
                    : Optional.of(new Position.AfterKey(entries.getLast().key())),
                NOW));
      }
    }

    @Override
    public ListingPage list(Regime regime, ListingRequest request) {
      return switch (request.from()) {
        case Position.AfterKey(ObjectKey key) ->
            pages.get(1 + Integer.parseInt(key.value().substring(28, 36)) / PAGE);
        default -> pages.getFirst();
      };
    }
  }
}
