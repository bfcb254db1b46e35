package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogException;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.SiteName;

final class OutcomeWriterTest {

  private static final SiteName B2 = new SiteName("b2");

  @TempDir Path directory;

  @Test
  void failureOfTheCatalogIsToldByFlushAndClose() {
    Catalog catalog = Catalog.open(directory, Clock.systemUTC());
    catalog.declareSecondaries(List.of(B2));
    catalog.close();

    assertThatThrownBy(
            () -> {
              try (OutcomeWriter writer = new OutcomeWriter(catalog, B2)) {
                writer.write(
                    new OutcomeWriter.Batch(
                        List.of(new ReplicationQueue.Outcome.Retry(1, Instant.EPOCH, "no")),
                        Map.of(),
                        () -> {}));
                writer.flush();
              }
            })
        .isInstanceOf(CatalogException.class)
        .hasMessageStartingWith("cannot record what arrived at b2: ");
  }
}
