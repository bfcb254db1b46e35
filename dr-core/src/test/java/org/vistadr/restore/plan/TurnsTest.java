package org.vistadr.restore.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreManner;

/// The order in which items come back.
final class TurnsTest {

  private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void withoutWishesEveryItemHasTheSameTurn() {
    assertThat(order(RestoreManner.DEFAULT, "b", "a", "c")).containsExactly("b", "a", "c");
  }

  @Test
  void firstPrefixesComeInTheirOrderAndLastOnesBehind() {
    var manner = manner(false, List.of("urgent/", "soon/"), List.of("logs/", "thumbnails/"));
    assertThat(order(manner, "thumbnails/a", "logs/a", "other", "soon/a", "urgent/b", "urgent/a"))
        .containsExactly("urgent/b", "urgent/a", "soon/a", "other", "logs/a", "thumbnails/a");
  }

  @Test
  void theLongestPrefixCounts() {
    var manner = manner(false, List.of("projects/"), List.of("projects/thumbnails/"));
    assertThat(order(manner, "projects/thumbnails/a", "other", "projects/a"))
        .containsExactly("projects/a", "other", "projects/thumbnails/a");
    var reversed = manner(false, List.of("logs/today/"), List.of("logs/"));
    assertThat(order(reversed, "logs/a", "other", "logs/today/a"))
        .containsExactly("logs/today/a", "other", "logs/a");
  }

  @Test
  void theNewestComesFirstWithinEachPrefix() {
    var manner = manner(true, List.of("x/"), List.of());
    var written = Map.of("a", OLD, "b", OLD.plusSeconds(1), "x/old", OLD.minusSeconds(9));
    assertThat(
            Stream.of("a", "b", "x/old", "unknown")
                .sorted(
                    Comparator.comparingLong(key ->
                        Turns.of(
                            manner, new ObjectKey(key), Optional.ofNullable(written.get(key)))))
                .toList())
        .containsExactly("x/old", "b", "a", "unknown");
  }

  @Test
  void turnsAreBelowThatOfItemsThatWriteNothing() {
    var manner = manner(true, List.of(), List.of("z/"));
    assertThat(Turns.of(manner, new ObjectKey("z/a"), Optional.of(Instant.MIN)))
        .isPositive()
        .isLessThan(Turns.NONE);
  }

  private static List<String> order(RestoreManner manner, String... keys) {
    return Stream.of(keys)
        .sorted(
            Comparator.comparingLong(key -> Turns.of(manner, new ObjectKey(key), Optional.of(OLD))))
        .toList();
  }

  private static RestoreManner manner(boolean newest, List<String> first, List<String> last) {
    return new RestoreManner(newest, first, last, OptionalLong.empty(), Optional.empty());
  }
}
