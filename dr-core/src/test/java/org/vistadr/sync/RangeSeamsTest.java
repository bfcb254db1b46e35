package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectKey;

class RangeSeamsTest {

  private static final List<KeyRange> RANGES =
      ScanRanges.between(List.of(new ObjectKey("g"), new ObjectKey("p")));

  @Test
  void rangesThatBeginWithWhatTheOneBeforeSawAreInOrder() {
    assertThat(RangeSeams.of(List.of(listed(0, "a", "h"), listed(1, "h", "q"), listed(2, "q", ""))))
        .isEmpty();
  }

  @Test
  void aKeyThatCameBeforeTheOneThatWasSeenIsNoDoubt() {
    assertThat(
            RangeSeams.of(List.of(listed(0, "a", "h"), listed(1, "ga", "q"), listed(2, "q", ""))))
        .isEmpty();
  }

  @Test
  void aKeyThatItsOwnRangeDoesNotBeginWithIsInDoubt() {
    assertThat(RangeSeams.of(List.of(listed(0, "a", "h"), listed(1, "i", "q"), listed(2, "q", ""))))
        .containsExactly(new RangeSeams.Doubt(RANGES.get(1), new ObjectKey("h")));
  }

  @Test
  void anEmptyRangeIsSeenThrough() {
    assertThat(RangeSeams.of(List.of(listed(0, "a", "q"), listed(1, "", "q"), listed(2, "q", ""))))
        .isEmpty();
    assertThat(RangeSeams.of(List.of(listed(0, "a", "q"), listed(1, "", "q"), listed(2, "", ""))))
        .contains(new RangeSeams.Doubt(RANGES.get(2), new ObjectKey("q")));
  }

  private static RangeSeams.Listed listed(int range, String first, String beyond) {
    return new RangeSeams.Listed(RANGES.get(range), key(first), key(beyond));
  }

  private static Optional<ObjectKey> key(String key) {
    return key.isEmpty() ? Optional.empty() : Optional.of(new ObjectKey(key));
  }
}
