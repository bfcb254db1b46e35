package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a checkpoint may be called.
final class CheckpointNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "pre-release", "v1.2_3", "2026-11-22-pre-release", "3rd", "0.9", "nowhere"})
  void shortReadableNamesAreTaken(String name) {
    assertThat(new CheckpointName(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "a b", "é", "a/b", "a:b", "-a", ".a", "_a", "..", "a\n", "checkpoint:a"})
  void otherCharactersAreNamed(String name) {
    assertThatThrownBy(() -> new CheckpointName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lower-case letters, digits, '.', '_' and '-'")
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "now",
        "latest",
        "today",
        "yesterday",
        "2026",
        "20261122",
        "2026-11-22",
        "2026-11-22t03",
        "20261122t0300z",
        "2h",
        "2h30m",
        "90min",
        "1d-ago"
      })
  void whatCanBeReadAsATimeIsRefused(String name) {
    assertThatThrownBy(() -> new CheckpointName(name))
        .hasMessage("a checkpoint's name must not be readable as a time; '%s' is".formatted(name));
  }

  @Test
  void lengthIsOneToSixtyFour() {
    assertThat(new CheckpointName("a".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> new CheckpointName("a".repeat(65)))
        .hasMessageContaining("at most 64 characters; this one has 65");
    assertThatThrownBy(() -> new CheckpointName("")).hasMessageContaining("needs a name");
  }
}
