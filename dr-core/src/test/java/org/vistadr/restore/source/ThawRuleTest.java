package org.vistadr.restore.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.TimeSpan;
import org.vistadr.restore.source.ThawRule.Move;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.ThawState;

final class ThawRuleTest {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Duration MARGIN = Duration.ofHours(12);

  @Test
  void whatIsInNoArchiveIsRead() {
    assertThat(ThawRule.next(false, ThawState.NOT_THAWED, NOW, MARGIN)).isEqualTo(Move.READ);
  }

  @Test
  void whatNobodyAskedForIsAskedForAndWhatIsOnItsWayIsWaitedFor() {
    assertThat(ThawRule.next(true, ThawState.NOT_THAWED, NOW, MARGIN)).isEqualTo(Move.ASK);
    assertThat(ThawRule.next(true, ThawState.ONGOING, NOW, MARGIN)).isEqualTo(Move.WAIT);
  }

  @Test
  void whatIsAboutToFreezeOverIsAskedForAgain() {
    assertThat(ThawRule.next(true, thawedFor(MARGIN.plusSeconds(1)), NOW, MARGIN))
        .isEqualTo(Move.READ);
    assertThat(ThawRule.next(true, thawedFor(MARGIN), NOW, MARGIN)).isEqualTo(Move.ASK);
    assertThat(ThawRule.next(true, new ThawState.Thawed(Instant.MAX), NOW, MARGIN))
        .isEqualTo(Move.READ);
  }

  @Test
  void looksGetFurtherApartUpToAQuarterOfTheTiersTime() {
    var first = Duration.ofMinutes(1);
    var tier = TimeSpan.hours(3, 5);
    assertThat(ThawRule.wait(0, first, tier)).isEqualTo(Duration.ofMinutes(1));
    assertThat(ThawRule.wait(1, first, tier)).isEqualTo(Duration.ofMinutes(2));
    assertThat(ThawRule.wait(5, first, tier)).isEqualTo(Duration.ofMinutes(32));
    assertThat(ThawRule.wait(6, first, tier)).isEqualTo(Duration.ofMinutes(45));
    assertThat(ThawRule.wait(1000, first, tier)).isEqualTo(Duration.ofMinutes(45));
    assertThat(ThawRule.wait(9, first, TimeSpan.minutes(1, 5))).isEqualTo(first);
  }

  @Test
  void aTierThatTheClassDoesNotHaveIsRefusedWithThoseThatItHas() {
    var deep = ProviderProfiles.AWS.archiveClasses().get("DEEP_ARCHIVE");
    assertThat(ThawRule.refusal("DEEP_ARCHIVE at aws", deep, Optional.of(ThawTier.EXPEDITED)))
        .contains(
            "archived (DEEP_ARCHIVE at aws), which has no tier 'expedited': use standard or bulk");
    assertThat(ThawRule.refusal("DEEP_ARCHIVE at aws", deep, Optional.of(ThawTier.BULK))).isEmpty();
    assertThat(ThawRule.refusal("GLACIER at aws", deep, Optional.empty()))
        .contains("archived (GLACIER at aws): add --thaw standard");
  }

  @Test
  void whatComesOutOfAnArchiveIsReadableAtOnceAndKeepsAnyOtherClass() {
    assertThat(readable("GLACIER")).isEmpty();
    assertThat(readable("DEEP_ARCHIVE")).isEmpty();
    assertThat(readable("STANDARD_IA")).contains("STANDARD_IA");
    assertThat(readable("GLACIER_IR")).contains("GLACIER_IR");
  }

  private static Optional<String> readable(String storageClass) {
    return ThawRule.readable(
            ObjectAttributes.NONE.withStorageClass(Optional.of(storageClass)), ProviderProfiles.AWS)
        .storageClass();
  }

  private static ThawState thawedFor(Duration time) {
    return new ThawState.Thawed(NOW.plus(time));
  }
}
