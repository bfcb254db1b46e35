package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.key;
import static org.vistadr.restore.RestoreFixture.prefix;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Basis;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestoreScope;
import org.vistadr.restore.refusal.RestoreRefusedException;

/// Restores in a primary that keeps no versions, where every write destroys what it replaces.
final class UnversionedRestoresIT {

  @TempDir Path directory;

  private RestoreFixture fixture;
  private Restores restores;

  @BeforeEach
  void open() {
    fixture = new RestoreFixture(directory, false);
    restores = fixture.restores();
  }

  @AfterEach
  void close() {
    restores.close();
    fixture.close();
  }

  @Test
  void viewIsThatOfTheScanBefore() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    fixture.moment();
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.protect();
    var refused =
        catchThrowableOfType(RestoreRefusedException.class, () -> restores.plan(key("a", then)));
    assertThat(refused.code()).isEqualTo(RestoreRefusedException.Code.TIME_BETWEEN_SCANS);
    var plan = restores.plan(near(key("a", then)));
    assertThat(plan.moment().basis()).isEqualTo(Basis.SCANS);
    assertThat(plan.moment().basisAt()).isPresent();
    assertThat(plan.confirm()).isEqualTo(Confirm.BUCKET);
  }

  @Test
  void contentThatIsNowhereElseIsCopiedAsideFirst() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "two, not replicated");
    var ended = fixture.run(restores, near(key("a", then)));

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("one");
    var item = restores.items(ended.id(), Optional.empty(), 0, 10).getFirst();
    assertThat(item.aside()).isPresent();
    assertThat(fixture.content(item.aside().orElseThrow().value()))
        .isEqualTo("two, not replicated");
  }

  @Test
  void contentThatASecondaryHasIsNotCopiedAside() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.protect();
    var ended = fixture.run(restores, near(key("a", then)));

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("one");
    assertThat(restores.items(ended.id(), Optional.empty(), 0, 10).getFirst().aside()).isEmpty();
    assertThat(fixture.content(".vistadr/undo/" + ended.id() + "/a")).isEqualTo("-");
  }

  @Test
  void extraKeyIsOnlyDeletedWhenASecondaryHasIt() throws Exception {
    fixture.put("p/old", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("p/safe", "new");
    fixture.protect();
    fixture.put("p/unsafe", "new");
    var plan = restores.plan(near(prefix("p/", then, true)));
    assertThat(plan.count(RestoreAction.DELETE).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.CANNOT).objects()).isEqualTo(1);
    var ended = fixture.run(restores, plan.id());

    assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(fixture.content("p/safe")).isEqualTo("-");
    assertThat(fixture.content("p/unsafe")).isEqualTo("new");
  }

  @Test
  void deletedObjectComesBackFromASecondary() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    fixture.moment();
    fixture.delete("a");
    fixture.scan();
    var ended =
        fixture.run(
            restores, RestoreFixture.undelete(RestoreScope.keys(List.of(new ObjectKey("a")))));
    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("one");
  }

  @Test
  void crashBetweenWriteAndRecordKeepsThePlaceOfTheCopy() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "two, not replicated");
    var plan = restores.plan(near(key("a", then)));
    fixture.catalog.restores().apply(plan.id(), "r-crash", java.time.Clock.systemUTC().instant());
    // What the killed process had done: the copy aside and the write.
    fixture.put(".vistadr/undo/r-crash/a", "two, not replicated");
    fixture.put("a", "one");
    restores.resumeInterrupted();
    var ended = RestoreFixture.end(restores, "r-crash");
    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    var item = restores.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10).getFirst();
    assertThat(item.aside()).contains(new ObjectKey(".vistadr/undo/r-crash/a"));
  }

  @Test
  void changeSinceThePlanIsNotOverwritten() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.protect();
    restores.close();
    restores =
        fixture.restores(
            new MeddlingStore(
                fixture.primary,
                key -> {
                  if (key.value().equals("a")) {
                    fixture.put("a", "three");
                  }
                }),
            RestoreFixture.SETTINGS);
    var ended = fixture.run(restores, near(key("a", then)));
    assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(fixture.content("a")).isEqualTo("three");
  }

  /// Moments of these tests lie between two scans.
  private static RestorePlan.Request near(RestorePlan.Request request) {
    return request.withRules(request.rules().withNearest(true));
  }
}
