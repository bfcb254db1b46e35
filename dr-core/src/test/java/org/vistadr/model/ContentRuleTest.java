package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// When hidden content and other encryption keys engage the brake.
class ContentRuleTest {

  private static final BrakeLimits LIMITS = BrakeLimits.DEFAULT;

  @Test
  void manyHiddenObjectsEngageItAndTheReasonSaysWhich() {
    assertThat(ContentRule.decide(LIMITS, found(10_000, 5_000, 4_200, 0, 0)))
        .containsExactly(
            new BrakeReason(
                Suspicion.CONTENT,
                "4200 of 5000 overwritten objects lost their file signature (JPEG, PNG before,"
                    + " unrecognised or encrypted now); for example a/1.jpg, a/2.jpg"));
  }

  @Test
  void fewAreADaysWork() {
    assertThat(ContentRule.decide(LIMITS, found(10_000, 5_000, 500, 500, 0))).isEmpty();
    assertThat(ContentRule.decide(LIMITS, found(10_000, 5_000, 501, 0, 0))).hasSize(1);
    assertThat(ContentRule.decide(LIMITS, found(30, 19, 19, 19, 0))).isEmpty();
    assertThat(ContentRule.decide(LIMITS, found(10_000_000, 5_001, 5_001, 0, 0))).hasSize(1);
    assertThat(ContentRule.decide(LIMITS, found(10_000_000, 5_000, 5_000, 0, 0))).isEmpty();
  }

  @Test
  void otherKeysAndObjectsThatCannotBeReadCountTogether() {
    assertThat(ContentRule.decide(LIMITS, found(100, 40, 0, 15, 15)))
        .containsExactly(
            new BrakeReason(
                Suspicion.ENCRYPTION_KEY,
                "30 of 40 overwritten objects are encrypted with another key than before, 15 of"
                    + " them cannot be read without it; for example a/3.jpg"));
  }

  @Test
  void whatIsIgnoredNeverEngagesIt() {
    BrakeLimits limits =
        new BrakeLimits(
            EnumSet.complementOf(EnumSet.of(Suspicion.CONTENT)),
            20,
            0.1,
            50_000,
            0.3,
            0.05,
            5_000,
            Duration.ofHours(1));
    assertThat(ContentRule.decide(limits, found(100, 90, 90, 90, 0)))
        .extracting(BrakeReason::suspicion)
        .containsExactly(Suspicion.ENCRYPTION_KEY);
  }

  private static ContentFindings found(
      long before, long overwritten, long hidden, long rekeyed, long unreadable) {
    return new ContentFindings(
        before,
        overwritten,
        hidden,
        rekeyed,
        unreadable,
        Map.of(ContentKind.PNG, 2L, ContentKind.JPEG, 7L),
        new ContentFindings.Samples(
            List.of(new ObjectKey("a/1.jpg"), new ObjectKey("a/2.jpg")),
            List.of(new ObjectKey("a/3.jpg"))));
  }
}
