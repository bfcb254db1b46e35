package org.vistadr.storage.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UtcTimeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-25T22:30:00Z",
        "2026-11-25T22:30:00.1Z",
        "2026-11-25T22:30:00.123Z",
        "2026-11-25T22:30:00.123456789Z",
        "2024-02-29T23:59:59.999Z",
        "1969-12-31T23:59:59.5Z",
        "0001-01-01T00:00:00Z",
        "2026-11-25T24:00:00Z",
        "2026-06-30T23:59:60Z",
        "2026-11-25t22:30:00z",
        "+12026-11-25T22:30:00Z",
        "2026-11-25T22:30Z",
        "2026-11-25T22:30:00+01:00",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-11-25T22:30:00.Z",
        "2026-11-25T22:30:00.1234567890Z",
        "2026-11-25 22:30:00Z",
        "20a6-11-25T22:30:00Z",
        "2026-11-25T-2:30:00Z",
        "2026-11-25T22:30:00.-12Z",
        "",
      })
  void readsWhatTheLibraryReadsAndNothingElse(String text) {
    Instant expected;
    try {
      expected = Instant.parse(text);
    } catch (DateTimeException e) {
      assertThatThrownBy(() -> UtcTime.parse(text)).isInstanceOf(DateTimeException.class);
      return;
    }
    assertThat(UtcTime.parse(text)).isEqualTo(expected);
  }

  @Test
  void randomTimes() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      Instant time =
          Instant.ofEpochSecond(random.nextLong(-62_000_000_000L, 250_000_000_000L))
              .plusNanos(
                  random.nextBoolean()
                      ? random.nextInt(1000) * 1_000_000L
                      : random.nextInt(1_000_000_000));
      assertThat(UtcTime.parse(time.toString())).as("seed %d", seed).isEqualTo(time);
    }
  }
}
