package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.end;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreManner;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.OnChange;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.storage.StorageException;

/// Restores while they run: their order, what is done when keys change, pausing, trying again.
final class RestoreControlIT {

  @TempDir Path directory;

  private RestoreFixture fixture;

  @BeforeEach
  void open() {
    fixture = new RestoreFixture(directory, true);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void objectsComeBackInTheOrderThatWasAskedFor() throws Exception {
    var keys = List.of("a", "logs/1", "m", "urgent/1", "z");
    for (var key : keys) {
      fixture.put(key, "one");
      fixture.moment();
    }
    var then = fixture.moment();
    for (var key : keys) {
      fixture.delete(key);
    }
    fixture.scan();
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    var oneAtATime = new MeddlingStore(fixture.primary, key -> order.add(key.value()));
    try (var restores = fixture.restores(oneAtATime, RestoreFixture.SETTINGS.withParallelism(1))) {
      var manner =
          new RestoreManner(
              true, List.of("urgent/"), List.of("logs/"), OptionalLong.empty(), Optional.empty());
      var ended = fixture.run(restores, prefix("", then).withManner(manner));
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(order).containsExactly("urgent/1", "z", "m", "a", "logs/1");
      assertThat(restores.items(ended.id(), Optional.empty(), 0, 10))
          .extracting(item -> item.key().value())
          .containsExactlyElementsOf(keys);
    }
  }

  /// Plans to put back `one` at `p/a.txt`, `p/b.txt` and `p/c.txt`; `p/b.txt` changes right before
  /// it is written.
  private Restore withOneChange(OnChange rule) throws Exception {
    for (var key : List.of("p/a.txt", "p/b.txt", "p/c.txt")) {
      fixture.put(key, "one");
    }
    var then = fixture.moment();
    for (var key : List.of("p/a.txt", "p/b.txt", "p/c.txt")) {
      fixture.put(key, "two");
    }
    fixture.scan();
    var meddled =
        new MeddlingStore(
            fixture.primary,
            key -> {
              if (key.value().equals("p/b.txt")) {
                fixture.put("p/b.txt", "of a user");
              }
            });
    restores = fixture.restores(meddled, RestoreFixture.SETTINGS.withParallelism(1));
    return fixture.run(
        restores, prefix("p/", then).withRules(RestoreRules.DEFAULT.withOnChange(rule)));
  }

  private Restores restores;

  private RestoreItem item(Restore restore, String key) {
    return restores.items(restore.id(), Optional.empty(), 0, 10).stream()
        .filter(item -> item.key().value().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aChangedKeyIsSkippedAndWrittenOverWhenItIsTriedAgain() throws Exception {
    var ended = withOneChange(OnChange.SKIP);
    try (var _ = restores) {
      assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
      assertThat(ended.count(RestoreItem.State.SKIPPED)).isEqualTo(1);
      assertThat(fixture.content("p/b.txt")).isEqualTo("of a user");

      var control = restores.control();
      assertThat(refusal(() -> control.retry(ended.id(), true, Optional.empty())).code())
          .isEqualTo(Code.CONFIRMATION_REQUIRED);
      var nothing = refusal(() -> control.retry(ended.id(), false, Optional.empty()));
      assertThat(nothing.code()).isEqualTo(Code.WRONG_STATE);
      control.retry(ended.id(), true, Optional.of("yes"));
      var again = end(restores, ended.id());
      assertThat(again.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(again.count(RestoreItem.State.DONE)).isEqualTo(3);
      assertThat(fixture.content("p/b.txt")).isEqualTo("one");
      assertThat(control.attempts(ended.id()))
          .singleElement()
          .satisfies(before -> {
            assertThat(before.state()).isEqualTo(Restore.State.PARTIAL);
            assertThat(before.message()).contains("1 skipped");
          });
      // The version that was written over is what the item replaced.
      assertThat(item(again, "p/b.txt").saw().toString())
          .contains(fixture.versions("p/b.txt").get(1).versionId().value());
      assertThat(refusal(() -> control.retry(ended.id(), true, Optional.of("yes"))).code())
          .isEqualTo(Code.WRONG_STATE);
    }
  }

  @Test
  void aChangedKeyEndsTheRestoreWhereThatIsAskedFor() throws Exception {
    var ended = withOneChange(OnChange.FAIL);
    try (var _ = restores) {
      assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
      assertThat(ended.message()).contains("1 not tried: p/b.txt changed since the plan");
      assertThat(item(ended, "p/b.txt").state()).isEqualTo(RestoreItem.State.FAILED);
      assertThat(item(ended, "p/c.txt").state()).isEqualTo(RestoreItem.State.PENDING);
      assertThat(fixture.content("p/b.txt")).isEqualTo("of a user");
      assertThat(fixture.content("p/c.txt")).isEqualTo("two");
    }
  }

  @Test
  void aChangedKeyIsWrittenOverWhereThatIsAskedFor() throws Exception {
    var ended = withOneChange(OnChange.OVERWRITE);
    try (var _ = restores) {
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(fixture.content("p/b.txt")).isEqualTo("one");
      assertThat(fixture.versions("p/b.txt")).hasSize(4);
      assertThat(item(ended, "p/b.txt").saw().toString())
          .contains(fixture.versions("p/b.txt").get(1).versionId().value());
    }
  }

  @Test
  void aChangedKeyIsKeptBesideWhatComesBackWhereThatIsAskedFor() throws Exception {
    var ended = withOneChange(OnChange.KEEP_BOTH);
    try (var _ = restores) {
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(fixture.content("p/b.txt")).isEqualTo("of a user");
      var place = item(ended, "p/b.txt").place().orElseThrow();
      assertThat(place).startsWith("p/b.restored-").endsWith("Z.txt");
      assertThat(fixture.content(place)).isEqualTo("one");
      assertThat(item(ended, "p/a.txt").place()).isEmpty();
    }
  }

  @Test
  void aPlanIsNotAppliedToABucketThatWentOn() throws Exception {
    fixture.put("p/a", "one");
    fixture.put("p/b", "one");
    var then = fixture.moment();
    fixture.put("p/a", "two");
    fixture.delete("p/b");
    fixture.scan();
    try (var open = fixture.restores()) {
      var plan = open.plan(prefix("p/", then));
      fixture.put("p/b", "of a user");
      var refused = refusal(() -> fixture.run(open, plan.id()));
      assertThat(refused.code()).isEqualTo(Code.PLAN_CHANGED);
      assertThat(refused.getMessage())
          .isEqualTo(
              "1 of 2 objects changed since the plan was made, 1 of them got new content: p/b");
      assertThat(refused.data()).containsEntry("overwrites", "1").containsEntry("keys", "p/b");
      assertThat(refused.tryNext()).containsExactly("vistadr restore p/ --at " + then);
      assertThat(fixture.content("p/b")).isEqualTo("of a user");
      // What somebody brought back already is no harm.
      fixture.put("p/b", "one");
      var ended = fixture.run(open, plan.id());
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    }
  }

  @Test
  void aPausedRestoreStaysPausedAcrossRestartsAndGoesOn() throws Exception {
    var bytes = "x".repeat(10_000).getBytes(UTF_8);
    int objects = 40;
    for (int i = 0; i < objects; i++) {
      fixture.put(fixture.primary, "p/" + i, bytes);
    }
    fixture.protect();
    var then = fixture.moment();
    for (int i = 0; i < objects; i++) {
      fixture.purge("p/" + i);
    }
    fixture.scan();
    // From the secondary, so that the bytes pass through: 400 kB at 20 kB/s take 20 s.
    var slowly = RestoreManner.DEFAULT.withBytesPerSecond(OptionalLong.of(20_000));
    String id;
    try (var first = fixture.restores()) {
      var plan = first.plan(prefix("p/", then).withManner(slowly));
      id = first.apply(plan.id(), Optional.of(fixture.primary.bucket())).id();
      await(() -> first.find(id).orElseThrow().count(RestoreItem.State.DONE) > 0);
      var paused = first.control().pause(id);
      assertThat(paused.state()).isEqualTo(Restore.State.PAUSED);
      assertThat(refusal(() -> first.control().pause(id)).data()).containsEntry("state", "paused");
      first.await(id, Duration.ofSeconds(60));
      assertThat(first.find(id).orElseThrow().state()).isEqualTo(Restore.State.PAUSED);
    }
    try (var second = fixture.restores()) {
      assertThat(second.resumeInterrupted()).isZero();
      var still = second.find(id).orElseThrow();
      assertThat(still.state()).isEqualTo(Restore.State.PAUSED);
      assertThat(still.count(RestoreItem.State.DONE)).isBetween(1L, objects - 1L);
      second.control().limit(id, OptionalLong.of(10_000_000));
      second.control().resume(id);
      assertThat(refusal(() -> second.control().resume(id)).code()).isEqualTo(Code.WRONG_STATE);
      var ended = end(second, id);
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(ended.request().manner().bytesPerSecond()).hasValue(10_000_000);
      assertThat(fixture.versions("p/7")).hasSize(1);
    }
  }

  @Test
  void cancelledIsCancelledAtOnceAndAcrossRestarts() throws Exception {
    fixture.put(fixture.primary, "p/a", "x".repeat(10_000).getBytes(UTF_8));
    fixture.protect();
    var then = fixture.moment();
    fixture.purge("p/a");
    fixture.scan();
    var stuck = RestoreManner.DEFAULT.withBytesPerSecond(OptionalLong.of(100));
    String id;
    try (var first = fixture.restores()) {
      var plan = first.plan(prefix("p/", then).withManner(stuck));
      id = first.apply(plan.id(), Optional.of(fixture.primary.bucket())).id();
      first.control().pause(id);
      first.control().resume(id);
      assertThat(first.control().cancel(id).state()).isEqualTo(Restore.State.CANCELLED);
      assertThat(refusal(() -> first.control().cancel(id)).code()).isEqualTo(Code.WRONG_STATE);
    }
    try (var second = fixture.restores()) {
      assertThat(second.resumeInterrupted()).isZero();
      assertThat(second.find(id).orElseThrow().state()).isEqualTo(Restore.State.CANCELLED);
      assertThat(fixture.content("p/a")).isEqualTo("-");
    }
  }

  @Test
  void failedObjectsAreTriedAgainAsPlanned() throws Exception {
    fixture.put("p/a", "one");
    fixture.put("p/b", "one");
    var then = fixture.moment();
    fixture.delete("p/a");
    fixture.delete("p/b");
    fixture.scan();
    var broken = new java.util.concurrent.atomic.AtomicBoolean(true);
    var store =
        new MeddlingStore(
            fixture.primary,
            key -> {
              if (key.value().equals("p/b") && broken.get()) {
                throw new StorageException.Rejected(
                    fixture.primary.site(), "CopyObject", 403, "AccessDenied", "no");
              }
            });
    try (var open = fixture.restores(store, RestoreFixture.SETTINGS)) {
      var ended = fixture.run(open, prefix("p/", then));
      assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
      assertThat(ended.count(RestoreItem.State.FAILED)).isEqualTo(1);
      broken.set(false);
      open.control().retry(ended.id(), false, Optional.empty());
      var again = end(open, ended.id());
      assertThat(again.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(again.count(RestoreItem.State.FAILED)).isZero();
      assertThat(fixture.content("p/b")).isEqualTo("one");
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private static RestorePlan.Request prefix(String prefix, java.time.Instant at) {
    return prefix.isEmpty()
        ? RestoreFixture.request(org.vistadr.model.RestoreScope.ALL, at, false)
        : RestoreFixture.prefix(prefix, at, false);
  }

  private static RestoreRefusedException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(RestoreRefusedException.class, call);
  }
}
