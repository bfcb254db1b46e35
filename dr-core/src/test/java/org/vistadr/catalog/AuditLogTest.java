package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.AuditEvent;

/// The audit log is complete, ordered and shows when it was tampered with.
final class AuditLogTest {

  private static final Instant AT = Instant.parse("2026-11-22T03:00:00Z");

  @Test
  void eventsAreReadNewestFirstInPagesAndByFilters(@TempDir Path directory) {
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC())) {
      AuditLog log = catalog.audit();
      log.add(event(0, "admin 1234abcd", "task-paused"));
      log.add(event(1, "scan", "brake-engaged"));
      log.add(event(2, "admin 1234abcd", "held-released"));
      assertThat(log.list(AuditLog.Filter.ALL, Optional.empty(), 2))
          .extracting(AuditEvent::action)
          .containsExactly("held-released", "brake-engaged");
      assertThat(log.list(AuditLog.Filter.ALL, Optional.of(2L), 2))
          .extracting(AuditEvent::action)
          .containsExactly("task-paused");
      assertThat(
              log.list(
                  new AuditLog.Filter(Optional.of(AT.plusSeconds(1)), Optional.of("adm"), none()),
                  Optional.empty(),
                  10))
          .extracting(AuditEvent::action)
          .containsExactly("held-released");
      assertThat(
              log.list(
                  new AuditLog.Filter(Optional.empty(), none(), Optional.of("brake-engaged")),
                  Optional.empty(),
                  10))
          .singleElement()
          .satisfies(event -> {
            assertThat(event.who()).isEqualTo("scan");
            assertThat(event.reason()).isEqualTo("because");
            assertThat(event.at()).isEqualTo(AT.plusSeconds(1));
          });
    }
  }

  @Test
  void aChangedOrMissingEventShows(@TempDir Path directory) {
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC())) {
      AuditLog log = catalog.audit();
      for (int i = 0; i < 5; i++) {
        log.add(event(i, "admin", "task-paused"));
      }
      assertThat(log.firstBrokenSeal()).isEmpty();
      catalog.store().statement("UPDATE audit_event SET who = 'somebody else' WHERE id = 3");
      assertThat(log.firstBrokenSeal()).contains(3L);
      catalog.store().statement("DELETE FROM audit_event WHERE id IN (2, 3)");
      assertThat(log.firstBrokenSeal()).contains(4L);
    }
  }

  private static AuditEvent event(int second, String who, String action) {
    return AuditEvent.of(AT.plusSeconds(second), who, action, "scan", "because", "");
  }

  private static Optional<String> none() {
    return Optional.empty();
  }
}
