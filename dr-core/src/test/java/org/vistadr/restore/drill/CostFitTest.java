package org.vistadr.restore.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Drill.Projection;

/// What a drill's times say about the whole bucket.
final class CostFitTest {

  private static final double OBJECT = 0.05;
  private static final double BYTE = 1e-8;

  @Test
  void pricesOfObjectsAndBytesAreFoundAgain() {
    CostFit fit = new CostFit();
    for (int i = 1; i <= 50; i++) {
      fit.add(i * 100_000L, OBJECT + BYTE * i * 100_000L);
    }
    assertThat(fit.prices().object()).isCloseTo(OBJECT, within(1e-6));
    assertThat(fit.prices().octet()).isCloseTo(BYTE, within(1e-12));
  }

  @Test
  void theRangeHoldsTheTruthNearlyAlways() {
    SplittableRandom random = new SplittableRandom(5);
    int held = 0;
    for (int round = 0; round < 300; round++) {
      CostFit fit = new CostFit();
      double sum = 0;
      for (int i = 0; i < 60; i++) {
        long size = random.nextLong(10_000_000);
        double seconds = OBJECT + BYTE * size + random.nextGaussian() * 0.02;
        fit.add(size, seconds);
        sum += seconds;
      }
      // Eight at a time.
      Projection range = fit.project(1_000_000, 5_000_000_000_000L, sum / 8).orElseThrow();
      double truth = (1_000_000 * OBJECT + 5e12 * BYTE) / 8;
      held += range.low() <= truth && truth <= range.high() ? 1 : 0;
    }
    assertThat(held).isGreaterThan(285);
  }

  @Test
  void moreChanceIsLessSure() {
    assertThat(width(0.04)).isGreaterThan(1.5 * width(0.005));
  }

  @Test
  void sameSizesTellNothingOfBytesAndNothingIsNegative() {
    CostFit same = new CostFit();
    CostFit falling = new CostFit();
    CostFit steep = new CostFit();
    for (int i = 0; i < 20; i++) {
      same.add(1_000_003, 0.1);
      falling.add(i * 1_000L, 1 - i * 0.01);
      steep.add(1_000L + i * 1_000L, i * 0.1);
    }
    assertThat(same.prices()).isEqualTo(new CostFit.Prices(same.prices().object(), 0));
    assertThat(same.prices().object()).isCloseTo(0.1, within(1e-9));
    assertThat(falling.prices().octet()).isZero();
    assertThat(steep.prices().object()).isZero();
    assertThat(steep.prices().octet()).isPositive();
  }

  @Test
  void fewObjectsGiveAWideRangeAndNoneGiveNone() {
    CostFit fit = new CostFit();
    assertThat(fit.project(10, 10, 1)).isEmpty();
    fit.add(100, 1);
    Projection range = fit.project(300, 30_000, 1).orElseThrow();
    assertThat(range.low()).isEqualTo(100);
    assertThat(range.high()).isEqualTo(900);
  }

  private static double width(double noise) {
    SplittableRandom random = new SplittableRandom(9);
    CostFit fit = new CostFit();
    for (int i = 0; i < 40; i++) {
      fit.add(i, Math.max(0.001, OBJECT + random.nextGaussian() * noise));
    }
    Projection range = fit.project(1_000_000, 20_000_000, 1).orElseThrow();
    return range.high() - range.low();
  }
}
