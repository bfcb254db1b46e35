package org.vistadr.restore.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Drill.Stratum;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;
import org.vistadr.restore.drill.SampleChoice.Pick;

/// What a drill chooses: something of each kind, the same for the same seed, within the bytes.
final class SampleChoiceTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void everyKindIsInTheSampleAndNothingTwice() {
    SampleChoice.Chosen chosen = choose(80, Long.MAX_VALUE, 1, bucket(10_000));
    assertThat(chosen.picks()).hasSize(80);
    assertThat(chosen.picks().stream().map(pick -> pick.version().id()).distinct()).hasSize(80);
    assertThat(keys(chosen, Stratum.ODD_KEY)).hasSize(10).allMatch(key -> key.contains("%"));
    assertThat(of(chosen, Stratum.LARGEST).stream().map(version -> version.entry().bytes()))
        .hasSize(10)
        .allMatch(size -> size > 9_900);
    assertThat(of(chosen, Stratum.OLDEST).stream().map(RecordedVersion::id))
        .allMatch(id -> id < 20);
    // The newest are the largest here, too, and nothing is chosen twice.
    assertThat(of(chosen, Stratum.NEWEST)).allMatch(version -> version.id() > 9_900);
    assertThat(of(chosen, Stratum.UNVERSIONED))
        .isNotEmpty()
        .allMatch(version -> version.versionId().isNull());
    assertThat(of(chosen, Stratum.VERSIONED))
        .isNotEmpty()
        .noneMatch(version -> version.versionId().isNull());
    assertThat(of(chosen, Stratum.RANDOM)).hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void theSeedDecidesTheChoice() {
    List<RecordedVersion> bucket = bucket(5_000);
    assertThat(choose(40, 1 << 30, 7, bucket)).isEqualTo(choose(40, 1 << 30, 7, bucket));
    assertThat(choose(40, 1 << 30, 7, bucket)).isNotEqualTo(choose(40, 1 << 30, 8, bucket));
  }

  @Test
  void everyObjectIsAsLikelyAsAnother() {
    int[] hits = new int[100];
    for (int seed = 0; seed < 4_000; seed++) {
      Reservoir<Integer> reservoir = new Reservoir<>(10, new SplittableRandom(seed));
      for (int i = 0; i < 100; i++) {
        reservoir.offer(i);
      }
      reservoir.kept().forEach(i -> hits[i]++);
    }
    // 400 are expected of each, with a deviation of 19.
    assertThat(Arrays.stream(hits).boxed()).allMatch(count -> count > 300 && count < 500);
  }

  @Test
  void theBytesAreNeverExceededAndTheLargestDoNotTakeThemAll() {
    List<RecordedVersion> bucket = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      bucket.add(version(i, "k" + i, i % 4 == 0 ? 1_000_000 : 1_000));
    }
    for (int seed = 0; seed < 50; seed++) {
      SampleChoice.Chosen chosen = choose(64, 3_000_000, seed, bucket);
      assertThat(chosen.picks().stream().mapToLong(pick -> pick.version().entry().bytes()).sum())
          .isLessThanOrEqualTo(3_000_000);
      assertThat(of(chosen, Stratum.LARGEST)).hasSize(1);
      assertThat(of(chosen, Stratum.RANDOM)).isNotEmpty();
      assertThat(chosen.leftOut()).isNotEmpty();
    }
  }

  @Test
  void aSmallBucketIsTakenWhole() {
    SampleChoice.Chosen chosen = choose(200, 1 << 30, 3, bucket(37));
    assertThat(chosen.picks()).hasSize(37);
    assertThat(chosen.leftOut()).isEmpty();
  }

  @Test
  void aSampleOfOneIsByChance() {
    Set<Long> seen = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      List<Pick> picks = choose(1, 1 << 30, seed, bucket(1_000)).picks();
      assertThat(picks).hasSize(1);
      assertThat(picks.getFirst().stratum()).isEqualTo(Stratum.RANDOM);
      seen.add(picks.getFirst().version().id());
    }
    assertThat(seen).hasSizeGreaterThan(30);
  }

  @Test
  void keysThatAreHardOnSoftwareAreOdd() {
    for (String key :
        List.of(
            "a b",
            "é",
            "50%",
            "a//b",
            "/a",
            "a/",
            "a/../b",
            "😀",
            "a+b",
            "a\nb",
            "x".repeat(300))) {
      assertThat(OddKeys.isOdd(new ObjectKey(key))).as(key).isTrue();
    }
    for (String key : List.of("projects/abc-123/image_1.jpg", "a..b", "A")) {
      assertThat(OddKeys.isOdd(new ObjectKey(key))).as(key).isFalse();
    }
  }

  private static List<RecordedVersion> bucket(int objects) {
    List<RecordedVersion> all = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      all.add(version(i, i % 50 == 7 ? "50%-" + i : "k" + i, i));
    }
    return all;
  }

  private static RecordedVersion version(int number, String key, long size) {
    return new RecordedVersion(
        number,
        new ObjectKey(key),
        1,
        Origin.LISTED,
        number % 100 < 3 ? VersionId.NULL : new VersionId("v" + number),
        START.plusSeconds(number),
        new Entry.Content("etag", size, "STANDARD"),
        1,
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }

  private static SampleChoice.Chosen choose(
      int size, long bytes, long seed, List<RecordedVersion> bucket) {
    SampleChoice choice = new SampleChoice(size, bytes, new SplittableRandom(seed));
    bucket.forEach(choice::offer);
    return choice.chosen();
  }

  private static List<RecordedVersion> of(SampleChoice.Chosen chosen, Stratum stratum) {
    return chosen.picks().stream()
        .filter(pick -> pick.stratum() == stratum)
        .map(Pick::version)
        .toList();
  }

  private static List<String> keys(SampleChoice.Chosen chosen, Stratum stratum) {
    return of(chosen, stratum).stream().map(version -> version.key().value()).toList();
  }
}
