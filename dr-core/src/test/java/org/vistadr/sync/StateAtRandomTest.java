package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vistadr.model.StateAt;
import org.vistadr.model.ViewAt;

/// Random lives of one key with their true course beside what scans and looks record of it: what
/// the rule calls certain is true, and what no scan could have missed is certain.
final class StateAtRandomTest {

  private static final int LIVES = 1_000;

  @Test
  void whatIsCertainIsTrueAndOnlyGapsAreInDoubt() {
    long first = Long.getLong("vistadr.seed", System.nanoTime());
    long ambiguous = 0;
    long asked = 0;
    for (long seed = first; seed < first + LIVES; seed++) {
      boolean calm = seed % 4 == 0;
      var life = new RandomLife(new SplittableRandom(seed), calm);
      life.live();
      for (long second = life.firstSecond(); second < life.lastSecond(); second++) {
        var at = Instant.ofEpochSecond(second);
        var state = ViewAt.state(life.newestFirst(), at, number -> life.span(number));
        asked++;
        switch (state) {
          case StateAt.Certain certain ->
              assertThat(life.agrees(certain.content(), second))
                  .as("-Dvistadr.seed=%d at %d: %s\n%s", seed, second, certain, life)
                  .isTrue();
          case StateAt.Ambiguous doubt -> {
            ambiguous++;
            assertThat(!calm && life.maybeInDoubt(second))
                .as("-Dvistadr.seed=%d at %d: %s\n%s", seed, second, doubt, life)
                .isTrue();
          }
        }
      }
    }
    assertThat(ambiguous).as("of %d", asked).isGreaterThan(asked / 200);
  }
}
