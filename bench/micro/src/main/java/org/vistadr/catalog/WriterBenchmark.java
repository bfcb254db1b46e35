package org.vistadr.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// What the catalog costs for a new version with one secondary: recorded, found due, and settled as
/// durable, 500 in a transaction each. Every transaction is on disk when it returns.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
public class WriterBenchmark {

  private static final int BATCH = 500;
  private static final SiteName COPY = new SiteName("copy");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Path folder = Scratch.folder();
  private final Catalog catalog = Catalog.open(folder.resolve("catalog"), Clock.systemUTC());
  private final VersionLog.Annotation annotation =
      new VersionLog.Annotation(Sha256.digest(new byte[1], 0, 1), ObjectAttributes.NONE);
  private final long scan;
  private long next;

  public WriterBenchmark() {
    catalog.declareSecondaries(List.of(COPY));
    scan = catalog.scans().begin(NOW, Regime.VERSIONED).number();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int newVersions() {
    List<KeyChange> changes = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      long number = next++;
      changes.add(
          new KeyChange(
              new ObjectKey("projects/%06d/images/scan-%010d.jpg".formatted(number / 100, number)),
              List.of(
                  new KeyChange.NewEntry(
                      VersionLog.FIRST_RANK,
                      Origin.LISTED,
                      new VersionId("%032x".formatted(number)),
                      NOW,
                      new Entry.Content("%032x".formatted(number), 4096, "STANDARD"))),
              List.of()));
    }
    catalog.versions().record(scan, Optional.empty(), changes, Long.MAX_VALUE);
    List<ReplicationQueue.Outcome> outcomes = new ArrayList<>();
    Map<Long, VersionLog.Annotation> annotations = new HashMap<>();
    for (ReplicationQueue.Pending row : catalog.queue().due(COPY, 0, NOW, BATCH)) {
      long id = row.version().id();
      outcomes.add(
          new ReplicationQueue.Outcome.Durable(
              id, Optional.empty(), Optional.of(row.version().versionId()), "etag", NOW));
      annotations.put(id, annotation);
    }
    catalog.queue().settle(COPY, outcomes, annotations);
    return outcomes.size();
  }

  @TearDown
  public void remove() throws IOException {
    catalog.close();
    Scratch.remove(folder);
  }
}
