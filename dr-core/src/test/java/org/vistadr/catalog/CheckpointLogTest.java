package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.NamedCheckpoint;

/// Checkpoints are kept, paged and never moved; one that is held stays.
final class CheckpointLogTest {

  private static final Instant AT = Instant.parse("2026-11-22T03:00:00.123456789Z");

  @TempDir Path directory;

  @Test
  void theySurviveARestartToTheNanosecond() {
    NamedCheckpoint made = checkpoint("pre-release", 0, true);
    try (Catalog catalog = open()) {
      assertThat(catalog.checkpoints().add(made)).isEqualTo(new CheckpointLog.Added.Done());
    }
    try (Catalog catalog = open()) {
      assertThat(catalog.checkpoints().find(made.name())).contains(made);
      assertThat(catalog.checkpoints().holding()).containsExactly(made);
    }
  }

  @Test
  void aNameIsGivenOnceAndNeverMoves() {
    try (Catalog catalog = open()) {
      CheckpointLog log = catalog.checkpoints();
      NamedCheckpoint first = checkpoint("a", 0, false);
      log.add(first);
      assertThat(log.add(checkpoint("a", 5, true)))
          .isEqualTo(new CheckpointLog.Added.NameTaken(first));
      assertThat(log.all()).containsExactly(first);
    }
  }

  @Test
  void oneThatIsHeldIsDeletedOnlyOnceItWasLetGo() {
    try (Catalog catalog = open()) {
      CheckpointLog log = catalog.checkpoints();
      CheckpointName name = new CheckpointName("a");
      log.add(checkpoint("a", 0, false));
      assertThat(log.hold(name, true)).map(NamedCheckpoint::held).contains(true);
      assertThat(log.delete(name)).isEqualTo(CheckpointLog.Deleted.HELD);
      assertThat(log.holding()).hasSize(1);
      assertThat(log.hold(name, false)).map(NamedCheckpoint::held).contains(false);
      assertThat(log.holding()).isEmpty();
      assertThat(log.delete(name)).isEqualTo(CheckpointLog.Deleted.DONE);
      assertThat(log.delete(name)).isEqualTo(CheckpointLog.Deleted.UNKNOWN);
      assertThat(log.hold(name, true)).isEmpty();
    }
  }

  @Test
  void pagesHaveTheLatestMomentFirstAndThoseOfOneMomentByName() {
    try (Catalog catalog = open()) {
      CheckpointLog log = catalog.checkpoints();
      log.add(checkpoint("old", -1, false));
      log.add(checkpoint("b", 0, false));
      log.add(checkpoint("a", 0, false));
      log.add(checkpoint("new", 1, false));
      assertThat(names(log.list(Optional.empty(), 2))).containsExactly("new", "a");
      assertThat(names(log.list(Optional.of(new CheckpointLog.Place(AT, "a")), 5)))
          .containsExactly("b", "old");
    }
  }

  @Test
  void thereAreNeverMoreThanSegmentsCanTellTogether() {
    try (Catalog catalog = open()) {
      catalog
          .store()
          .statement(
              """
              INSERT INTO named_checkpoint
              SELECT 'n' || x, 0, 0, '', '', FALSE FROM SYSTEM_RANGE(1, 1000)\
              """);
      assertThat(catalog.checkpoints().add(checkpoint("one-more", 0, false)))
          .isEqualTo(new CheckpointLog.Added.Full());
    }
  }

  private Catalog open() {
    return Catalog.open(directory, Clock.systemUTC());
  }

  private static List<String> names(List<NamedCheckpoint> checkpoints) {
    return checkpoints.stream().map(checkpoint -> checkpoint.name().value()).toList();
  }

  private static NamedCheckpoint checkpoint(String name, int second, boolean held) {
    return new NamedCheckpoint(
        new CheckpointName(name), AT.plusSeconds(second), AT, "admin 1234abcd", "why", held);
  }
}
