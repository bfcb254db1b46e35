package org.vistadr.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ProviderProfile;

class PartPlanTest {

  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final long TIB = 1L << 40;

  @ParameterizedTest
  @ValueSource(
      longs = {1, 16 * MIB, 16 * MIB + 1, 64 * MIB + 1, 5 * GIB, 160_000 * MIB, TIB, 5 * TIB})
  void partsCoverTheObjectWithinTheProvidersLimits(long size) {
    PartPlan plan = PartPlan.of(size, aws());
    assertThat(plan.parts()).isBetween(1, 10_000);
    assertThat(plan.partSize()).isBetween(5 * MIB, 5 * GIB);
    long offset = 0;
    for (int number = 1; number <= plan.parts(); number++) {
      ByteRange.Slice slice = plan.slice(number);
      assertThat(slice.offset()).isEqualTo(offset);
      assertThat(number == plan.parts() || slice.length() == plan.partSize()).isTrue();
      offset += slice.length();
    }
    assertThat(offset).isEqualTo(size);
  }

  @Test
  void anObjectThatTheProviderCannotHoldIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> PartPlan.of(5 * TIB + 1, aws()));
  }

  private static ProviderProfile aws() {
    return new ProviderProfile(
        "test",
        false,
        "us-east-1",
        ProviderProfile.Checksums.WHEN_REQUIRED,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        false,
        5 * GIB,
        5 * MIB,
        5 * GIB,
        10_000,
        5 * TIB,
        Set.of("STANDARD"),
        Map.of());
  }
}
