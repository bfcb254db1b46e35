package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectKey;

class KeyFilterTest {

  @Test
  void theReservedPrefixIsNeverProtected() {
    KeyFilter filter = new KeyFilter(List.of());
    assertThat(filter.accepts(new ObjectKey(".vistadr/history/a"))).isFalse();
    assertThat(filter.accepts(new ObjectKey(".vistadr"))).isTrue();
  }

  @Test
  void globsAreNotRegularExpressions() {
    KeyFilter filter = new KeyFilter(List.of("temp/**", "*.tmp", "a?c[1]"));
    assertThat(filter.accepts(new ObjectKey("temp/x/y"))).isFalse();
    assertThat(filter.accepts(new ObjectKey("tempx"))).isTrue();
    assertThat(filter.accepts(new ObjectKey("x.tmp"))).isFalse();
    assertThat(filter.accepts(new ObjectKey("x/y.tmp"))).isTrue();
    assertThat(filter.accepts(new ObjectKey("xtmp"))).isTrue();
    assertThat(filter.accepts(new ObjectKey("abc[1]"))).isFalse();
    assertThat(filter.accepts(new ObjectKey("abc1"))).isTrue();
  }
}
