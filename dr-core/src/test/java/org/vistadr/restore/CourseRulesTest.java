package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.restore.plan.Drift;
import org.vistadr.restore.run.Beside;
import org.vistadr.restore.run.Pace;
import org.vistadr.restore.run.PaceMeter;

/// Rules about a restore on its way: names beside, drift of a plan, time left.
final class CourseRulesTest {

  private static final Instant AT = Instant.parse("2026-11-22T03:00:00Z");

  @Test
  void namesBesideKeepFolderAndExtension() {
    assertThat(beside("a/image.jpg")).isEqualTo("a/image.restored-20261122T030000Z.jpg");
    assertThat(beside("a.b/readme")).isEqualTo("a.b/readme.restored-20261122T030000Z");
    assertThat(beside(".hidden")).isEqualTo(".hidden.restored-20261122T030000Z");
    assertThat(beside("no.extension-but-a-long-tail"))
        .isEqualTo("no.extension-but-a-long-tail.restored-20261122T030000Z");
  }

  @Test
  void namesBesideNeverBecomeTooLong() {
    var longest = "\uD83D\uDE00".repeat(256);
    var name = Beside.name(new ObjectKey(longest), AT);
    assertThat(name.utf8().length).isLessThanOrEqualTo(ObjectKey.MAX_BYTES);
    assertThat(name.value()).endsWith("\uD83D\uDE00.restored-20261122T030000Z");
  }

  private static String beside(String key) {
    return Beside.name(new ObjectKey(key), AT).value();
  }

  @Test
  void oneInAHundredMayChangeButNothingMayBeWrittenOver() {
    assertThat(drift(1000, 10, 0).forbids()).isFalse();
    assertThat(drift(1000, 11, 0).forbids()).isTrue();
    assertThat(drift(14, 1, 0).forbids()).isTrue();
    assertThat(drift(1000, 1, 1).forbids()).isTrue();
    assertThat(drift(0, 0, 0).forbids()).isFalse();
    assertThat(drift(1000, 2, 1).words())
        .isEqualTo(
            "2 of 1000 objects changed since the plan was made, 1 of them got new content: a, ...");
    assertThat(new Drift(9000, 1000, 1, 0, List.of(new ObjectKey("a"))).words())
        .startsWith("1 of 1000 objects that were looked at, of 9000, changed");
  }

  private static Drift drift(long checked, long changed, long overwrites) {
    return new Drift(
        checked,
        checked,
        changed,
        overwrites,
        changed == 0 ? List.of() : List.of(new ObjectKey("a")));
  }

  @Test
  void timeLeftIsARangeAfterFifteenSecondsAndNeverNothing() {
    var now = new AtomicLong(5);
    var meter = new PaceMeter(now::get);
    meter.count(1_000_000);
    now.addAndGet(Duration.ofSeconds(14).toNanos());
    assertThat(meter.read(new Amount(100, 1_000_000)).left()).isEmpty();
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    // One object and a megabyte in 15 s: the objects need 1500 s, the bytes 15 s.
    assertThat(meter.read(new Amount(100, 1_000_000)).left())
        .contains(new Pace.Range(Duration.ofSeconds(15), Duration.ofSeconds(1500)));
    assertThat(meter.read(new Amount(1, 1)).left().orElseThrow().low())
        .isEqualTo(Duration.ofSeconds(1));
    // Only the last minute counts.
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(meter.read(new Amount(1, 1)).left()).isEmpty();
    assertThat(meter.read(new Amount(1, 1)).bytesPerSecond()).isZero();
  }
}
