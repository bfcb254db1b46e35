package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What engages the brake, and what is a day's work.
final class BrakeRuleTest {

  private static final BrakeLimits LIMITS = BrakeLimits.DEFAULT;

  @Test
  void aDaysWorkIsNotSuspicious() {
    assertThat(decide(found(1000, 100, 0, 0))).isEmpty();
    assertThat(decide(found(1000, 0, 300, 0))).isEmpty();
    assertThat(decide(found(0, 0, 0, 0))).isEmpty();
  }

  @Test
  void moreThanTheShareIsSuspiciousAndExactlyTheShareIsNot() {
    assertThat(decide(found(1000, 101, 0, 0))).containsExactly(Suspicion.DELETIONS);
    assertThat(decide(found(1000, 0, 301, 0))).containsExactly(Suspicion.OVERWRITES);
    assertThat(decide(found(1000, 400, 400, 0)))
        .containsExactly(Suspicion.DELETIONS, Suspicion.OVERWRITES);
  }

  @Test
  void fewerThanTheMinimumAreNeverSuspicious() {
    assertThat(decide(found(19, 19, 0, 0))).isEmpty();
    assertThat(decide(found(20, 20, 0, 0))).containsExactly(Suspicion.DELETIONS);
    assertThat(decide(found(19, 0, 19, 19))).isEmpty();
  }

  @Test
  void inALargeBucketTheNumberCounts() {
    assertThat(decide(found(10_000_000, 50_000, 0, 0))).isEmpty();
    assertThat(decide(found(10_000_000, 50_001, 0, 0))).containsExactly(Suspicion.DELETIONS);
  }

  @Test
  void overwritesThatNearlyAllGrewALittleAreSuspiciousEarlier() {
    assertThat(decide(found(1000, 0, 200, 180))).containsExactly(Suspicion.ENCRYPTION);
    assertThat(decide(found(1000, 0, 200, 179))).isEmpty();
    assertThat(decide(found(1000, 0, 150, 150))).isEmpty();
  }

  @Test
  void anEmptyListingIsSuspiciousWhereThereWasContent() {
    assertThat(
            BrakeRule.decide(
                LIMITS,
                new ScanFindings(
                    20,
                    0,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Regime.UNVERSIONED,
                    BucketProof.UNRECOGNISED)))
        .extracting(BrakeReason::suspicion)
        .containsExactly(Suspicion.EMPTIED);
  }

  @Test
  void aBucketThatIsNotRecognisedOrMarkedAsAnotherIsSuspicious() {
    assertThat(decide(withProof(BucketProof.UNRECOGNISED))).containsExactly(Suspicion.OTHER_BUCKET);
    assertThat(decide(withProof(BucketProof.ANOTHER))).containsExactly(Suspicion.OTHER_BUCKET);
    assertThat(decide(withProof(BucketProof.RECOGNISED))).isEmpty();
  }

  @Test
  void versioningThatIsSwitchedOffIsSuspiciousAndThatWasNeverOnIsNot() {
    assertThat(decide(regimes(Optional.of(Regime.VERSIONED), Regime.SUSPENDED)))
        .containsExactly(Suspicion.VERSIONING_OFF);
    assertThat(decide(regimes(Optional.of(Regime.VERSIONED), Regime.UNVERSIONED)))
        .containsExactly(Suspicion.VERSIONING_OFF);
    assertThat(decide(regimes(Optional.of(Regime.UNVERSIONED), Regime.UNVERSIONED))).isEmpty();
    assertThat(decide(regimes(Optional.of(Regime.SUSPENDED), Regime.VERSIONED))).isEmpty();
    assertThat(decide(regimes(Optional.empty(), Regime.UNVERSIONED))).isEmpty();
  }

  @Test
  void whatIsNotWatchedDoesNotEngage() {
    BrakeLimits deletionsOnly =
        new BrakeLimits(
            Set.of(Suspicion.DELETIONS), 20, 0.1, 50_000, 0.3, 0.05, 5_000, Duration.ofHours(1));
    assertThat(BrakeRule.decide(deletionsOnly, found(1000, 0, 900, 900))).isEmpty();
    assertThat(BrakeRule.decide(deletionsOnly, found(1000, 900, 0, 0))).hasSize(1);
    assertThat(BrakeRule.decide(BrakeLimits.NONE, found(1000, 1000, 0, 0))).isEmpty();
    assertThat(BrakeLimits.NONE.freeOfScans()).isEqualTo(Long.MAX_VALUE);
    assertThat(deletionsOnly.freeOfScans()).isZero();
  }

  @Test
  void limitsThatCannotBeMeantAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new BrakeLimits(Set.of(), 0, 0.1, 50_000, 0.3, 0.05, 5_000, Duration.ofHours(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new BrakeLimits(Set.of(), 20, 1.1, 50_000, 0.3, 0.05, 5_000, Duration.ofHours(1)));
  }

  private static List<Suspicion> decide(ScanFindings findings) {
    return BrakeRule.decide(LIMITS, findings).stream().map(BrakeReason::suspicion).toList();
  }

  private static ScanFindings found(long before, long deleted, long overwritten, long grown) {
    return new ScanFindings(
        before,
        deleted,
        overwritten,
        grown,
        before + 1,
        Optional.of(Regime.VERSIONED),
        Regime.VERSIONED,
        BucketProof.MARKED);
  }

  private static ScanFindings withProof(BucketProof proof) {
    return new ScanFindings(
        100, 0, 0, 0, 50, Optional.of(Regime.VERSIONED), Regime.VERSIONED, proof);
  }

  private static ScanFindings regimes(Optional<Regime> before, Regime now) {
    return new ScanFindings(100, 0, 0, 0, 100, before, now, BucketProof.MARKED);
  }
}
