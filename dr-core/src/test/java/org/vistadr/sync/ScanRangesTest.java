package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectKey;

class ScanRangesTest {

  @Test
  void everyKeyLiesInExactlyOneRange() {
    List<KeyRange> ranges =
        ScanRanges.between(List.of(new ObjectKey("g"), new ObjectKey("p"), new ObjectKey("p/")));
    for (String key : List.of("a", "g", "ga", "p", "p/", "p/x", "z", "\uD83C\uDF89", "\uFF61")) {
      assertThat(ranges.stream().filter(range -> range.contains(new ObjectKey(key))))
          .as(key)
          .hasSize(1);
    }
  }

  @Test
  void manyCutsAreThinnedEvenly() {
    List<ObjectKey> cuts =
        IntStream.range(0, 1000).mapToObj(i -> new ObjectKey("%04d".formatted(i))).toList();
    assertThat(ScanRanges.thin(cuts, 3))
        .containsExactly(new ObjectKey("0250"), new ObjectKey("0500"), new ObjectKey("0750"));
    assertThat(ScanRanges.thin(cuts.subList(0, 2), 3)).hasSize(2);
  }
}
