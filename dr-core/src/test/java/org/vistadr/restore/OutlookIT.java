package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vistadr.restore.RestoreFixture.B2;
import static org.vistadr.restore.RestoreFixture.NEW;
import static org.vistadr.restore.RestoreFixture.prefix;
import static org.vistadr.restore.RestoreFixture.request;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.PlanSums;
import org.vistadr.model.Entry;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.plan.Outlook;

/// What plans say of themselves.
final class OutlookIT {

  @TempDir Path directory;

  private RestoreFixture fixture;
  private Restores restores;

  @BeforeEach
  void open() {
    fixture = new RestoreFixture(directory, true);
    restores = fixture.restores();
  }

  @AfterEach
  void close() {
    restores.close();
    fixture.close();
  }

  @Test
  void changesThatNeverReachedTheSourceAreLostAndListedAPageAtATime() throws Exception {
    fixture.put("p/a", "there");
    fixture.scan();
    fixture.sync.replicate(B2);
    var then = fixture.moment();
    fixture.put("p/b", "12345");
    fixture.put("p/c", "123");
    fixture.put("q/d", "1");
    fixture.scan();

    var all = restores.plan(request(RestoreScope.ALL, then, false).withFrom(B2));
    assertThat(restores.outlook().lost(all))
        .contains(new Outlook.Lost(B2, new Amount(3, 9), false));
    var part = restores.plan(prefix("p/", then, false).withFrom(B2));
    assertThat(restores.outlook().lost(part))
        .contains(new Outlook.Lost(B2, new Amount(2, 8), false));

    var first = restores.outlook().lost(part, 0, 1);
    assertThat(first).singleElement().satisfies(row -> assertThat(key(row)).isEqualTo("p/b"));
    assertThat(restores.outlook().lost(part, first.getFirst().version().id(), 10))
        .singleElement()
        .satisfies(row -> assertThat(key(row)).isEqualTo("p/c"));
    // The primary itself never lacks a change.
    assertThat(restores.outlook().lost(restores.plan(prefix("p/", then, false)))).isEmpty();
  }

  @Test
  void storageClassesThatTheTargetDoesNotHaveAreCounted() throws Exception {
    fixture.put("p/plain", "1");
    fixture.scan();
    fixture.pretend("p/a", new Entry.Content("etag", 5, "ONEZONE_IA"));
    var then = fixture.pretend("p/b", new Entry.Content("etag", 6, "ONEZONE_IA"));
    var plan =
        restores.plan(
            prefix("p/", then, false)
                .withTarget(new RestoreTarget.Bucket(NEW, Optional.empty(), "")));
    assertThat(plan.work()).isEqualTo(new Amount(3, 12));
    assertThat(restores.outlook().lostClasses(plan))
        .containsExactly(new PlanSums.LostClass("ONEZONE_IA", new Amount(2, 11)));
    var kept =
        restores.plan(prefix("p/", then, false).withTarget(new RestoreTarget.Directory(directory)));
    assertThat(restores.outlook().lostClasses(kept)).as("the mapping file has it").isEmpty();
  }

  private static String key(org.vistadr.catalog.ReplicationQueue.Pending row) {
    return row.version().key().value();
  }

  @Test
  void whatCannotComeBackIsCountedByReasonAndWhatIsNewerIsListed() throws Exception {
    fixture.put("p/a", "one");
    fixture.put("p/b", "two");
    fixture.put("p/kept", "one");
    var then = fixture.moment();
    fixture.scan();
    fixture.put("p/kept", "newer");
    fixture.purge("p/a");
    fixture.purge("p/b");
    fixture.scan();

    var plan = restores.plan(prefix("p/", then, false));
    assertThat(restores.outlook().reasons(plan))
        .containsExactly(
            new PlanSums.Reason(
                "the primary no longer has it and no secondary has it either", new Amount(2, 6)));
    assertThat(restores.outlook().newer(plan.id(), 0, 10))
        .extracting(item -> item.key().value())
        .containsExactly("p/kept");
    assertThat(restores.outlook().newer(plan.id(), 3, 10)).isEmpty();
  }

  @Test
  void timeIsToldFromTheRestoreBefore() throws Exception {
    for (int i = 0; i < 12; i++) {
      fixture.put("p/" + i, "x".repeat(100));
    }
    var then = fixture.moment();
    for (int i = 0; i < 12; i++) {
      fixture.delete("p/" + i);
    }
    fixture.scan();

    var plan = restores.plan(prefix("p/", then, false));
    assertThat(restores.outlook().estimate(plan).time()).isEmpty();
    assertThat(restores.outlook().estimate(plan).egress()).isEqualTo(Amount.ZERO);
    assertThat(restores.outlook().estimate(plan).cost().unknown())
        .containsExactly("requests at primary");
    var ended = fixture.run(restores, plan.id());
    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(ended.count(RestoreItem.State.DONE)).isEqualTo(12);

    for (int i = 0; i < 12; i++) {
      fixture.delete("p/" + i);
    }
    fixture.scan();
    var next = restores.plan(prefix("p/", then, false));
    assertThat(restores.outlook().estimate(next).time())
        .hasValueSatisfying(time -> assertThat(time.high()).isPositive());
    assertThat(fixture.catalog.planSums().speeds())
        .singleElement()
        .satisfies(speed -> {
          assertThat(speed.onServer()).isTrue();
          assertThat(speed.objectsPerSecond()).isPositive();
          assertThat(speed.bytesPerSecond()).isGreaterThan(speed.objectsPerSecond());
        });
  }
}
