package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.end;
import static org.vistadr.restore.RestoreFixture.key;
import static org.vistadr.restore.RestoreFixture.prefix;
import static org.vistadr.restore.RestoreFixture.undelete;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteCondition;

/// A restore that is undone leaves what was there before it.
final class UndoIT {

  @TempDir Path directory;

  private Optional<RestoreFixture> open = Optional.empty();

  /// What kind of bucket is restored.
  enum Bucket {
    VERSIONED,
    SUSPENDED,
    UNVERSIONED,
    MINIO_VERSIONED,
    MINIO_UNVERSIONED
  }

  @AfterEach
  void close() {
    open.ifPresent(RestoreFixture::close);
  }

  private RestoreFixture fixture(Bucket bucket) {
    var site =
        switch (bucket) {
          case VERSIONED, SUSPENDED -> TestS3.versioned(SiteName.PRIMARY);
          case UNVERSIONED -> TestS3.unversionedInMemory(SiteName.PRIMARY);
          case MINIO_VERSIONED -> minio(true);
          case MINIO_UNVERSIONED -> minio(false);
        };
    var fixture = new RestoreFixture(directory, site);
    open = Optional.of(fixture);
    return fixture;
  }

  private static SiteConfig minio(boolean versioned) {
    var server = S3Servers.minio();
    org.junit.jupiter.api.Assumptions.assumeTrue(server.isPresent(), "a minio on the PATH");
    var site = S3Servers.site(server.get(), SiteName.PRIMARY, TestS3.freshName(), "minio");
    TestS3.admin(
        site,
        admin -> {
          admin.createBucket();
          if (versioned) {
            admin.enableVersioning();
          }
        });
    return site;
  }

  @ParameterizedTest
  @EnumSource
  void whatWasPutBackBroughtBackAndDeletedIsAsBefore(Bucket bucket) throws Exception {
    var fixture = fixture(bucket);
    fixture.put("p/changed", "one");
    fixture.put("p/gone", "was here");
    fixture.put("p/same", "same");
    fixture.protect();
    var then = fixture.moment();
    if (bucket == Bucket.SUSPENDED) {
      TestS3.admin(fixture.site, BucketAdmin::suspendVersioning);
    }
    fixture.put("p/changed", "two");
    fixture.delete("p/gone");
    fixture.put("p/new", "born since");
    fixture.protect();
    try (var restores = fixture.restores()) {
      // Where no versions are kept the moment is that of the scan before it.
      var asked = prefix("p/", then, true);
      var restored = fixture.run(restores, asked.withRules(asked.rules().withNearest(true)));
      assertCompleted(restores, restored);
      assertThat(contents(fixture)).containsExactly("one", "was here", "same", "-");

      var plan = restores.planUndo(restored.id());
      assertThat(plan.request().goal()).isEqualTo(new RestoreGoal.Undo(restored.id()));
      assertThat(plan.work().objects()).isEqualTo(3);
      var undone = fixture.run(restores, plan.id());
      assertCompleted(restores, undone);
      assertThat(contents(fixture)).containsExactly("two", "-", "same", "born since");
      assertThat(fixture.attributes("p/changed").userMetadata())
          .containsEntry("owner", "owner of p/changed");
      assertThat(fixture.attributes("p/new").contentType()).contains("image/jpeg");

      fixture.protect();
      var again = fixture.run(restores, restores.planUndo(undone.id()).id());
      assertCompleted(restores, again);
      assertThat(contents(fixture)).containsExactly("one", "was here", "same", "-");
    }
  }

  private static void assertCompleted(Restores restores, Restore restore) {
    assertThat(restore.state())
        .as(() ->
            restores.items(restore.id(), Optional.of(RestoreItem.State.FAILED), 0, 10).stream()
                .map(item -> item.key() + ": " + item.detail())
                .toList()
                .toString())
        .isEqualTo(Restore.State.COMPLETED);
  }

  private static List<String> contents(RestoreFixture fixture) throws Exception {
    return List.of(
        fixture.content("p/changed"),
        fixture.content("p/gone"),
        fixture.content("p/same"),
        fixture.content("p/new"));
  }

  @Test
  void markersAreRemovedByTheirIdsAndAddedAgain() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    fixture.put("p/new", "born later");
    fixture.put("q/deleted", "was here");
    fixture.delete("q/deleted");
    fixture.scan();
    var then = fixture.moment();
    fixture.put("p/newer", "born since");
    fixture.scan();
    try (var restores = fixture.restores()) {
      var deletion = fixture.run(restores, prefix("p/", then, true));
      assertThat(fixture.versions("p/newer")).hasSize(2);
      fixture.run(restores, restores.planUndo(deletion.id()).id());
      assertThat(fixture.versions("p/newer")).hasSize(1);

      var undeleted =
          fixture.run(restores, undelete(RestoreScope.keys(List.of(new ObjectKey("q/deleted")))));
      assertThat(fixture.versions("q/deleted")).hasSize(1);
      var plan = restores.planUndo(undeleted.id());
      assertThat(plan.confirm()).isEqualTo(Confirm.YES);
      assertThat(restores.planItems(plan.id(), Optional.empty(), 0, 10))
          .singleElement()
          .satisfies(item -> assertThat(item.reason()).contains("gets a new delete marker"));
      fixture.run(restores, plan.id());
      assertThat(fixture.content("q/deleted")).isEqualTo("-");
      assertThat(fixture.versions("q/deleted")).hasSize(2);
    }
  }

  @Test
  void whatChangedSinceIsLeftAloneAndNamed() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    for (var name : List.of("a", "b", "c")) {
      fixture.put("p/" + name, "one");
    }
    var then = fixture.moment();
    for (var name : List.of("a", "b", "c")) {
      fixture.put("p/" + name, "two");
    }
    fixture.scan();
    try (var restores = fixture.restores()) {
      var restored = fixture.run(restores, prefix("p/", then, false));
      fixture.put("p/a", "three");
      var plan = restores.planUndo(restored.id());
      assertThat(restores.planItems(plan.id(), Optional.of(RestoreAction.LEFT_ALONE), 0, 10))
          .singleElement()
          .satisfies(item -> {
            assertThat(item.key().value()).isEqualTo("p/a");
            assertThat(item.reason()).isEqualTo("changed since the restore");
          });
      // And what changes after the plan.
      var undo = fixture.catalog.restores().apply(plan.id(), "r-undo", now()).orElseThrow();
      fixture.put("p/b", "four");
      restores.resumeInterrupted();
      assertThat(end(restores, undo.id()).state()).isEqualTo(Restore.State.PARTIAL);
      assertThat(fixture.content("p/a")).isEqualTo("three");
      assertThat(fixture.content("p/b")).isEqualTo("four");
      assertThat(fixture.content("p/c")).isEqualTo("two");

      // The rest can be undone later: what is undone already counts as it is.
      var rest = restores.planUndo(restored.id());
      assertThat(rest.count(RestoreAction.UNCHANGED).objects()).isEqualTo(1);
      assertThat(rest.count(RestoreAction.LEFT_ALONE).objects()).isEqualTo(2);
    }
  }

  @Test
  void undoGoesOnAfterAKillWithoutWritingTwice() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    for (int i = 0; i < 8; i++) {
      fixture.put("p/" + i, "one");
    }
    var then = fixture.moment();
    for (int i = 0; i < 8; i++) {
      fixture.put("p/" + i, "two");
    }
    fixture.scan();
    try (var restores = fixture.restores()) {
      var restored = fixture.run(restores, prefix("p/", then, false));
      var plan = restores.planUndo(restored.id());
      fixture.catalog.restores().apply(plan.id(), "r-undo", now());
      // What a process had done that was killed before it recorded it.
      var first = restores.planItems(plan.id(), Optional.empty(), 0, 1).getFirst();
      fixture.primary.copy(
          new CopySource(
              fixture.primary.bucket(),
              first.key(),
              new Revision.Version(first.wantedVersion().orElseThrow())),
          first.key(),
          Optional.empty(),
          WriteCondition.ALWAYS);
    }
    try (var next = fixture.restores()) {
      next.resumeInterrupted();
      var ended = end(next, "r-undo");
      assertThat(ended.state()).as(ended.message()).isEqualTo(Restore.State.COMPLETED);
      assertThat(ended.count(RestoreItem.State.DONE)).isEqualTo(8);
    }
    for (int i = 0; i < 8; i++) {
      assertThat(fixture.content("p/" + i)).isEqualTo("two");
      assertThat(fixture.versions("p/" + i)).hasSize(4);
    }
  }

  @Test
  void refusalsSayWhy() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    fixture.put("a", "one");
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.scan();
    try (var restores = fixture.restores()) {
      assertThat(refusal(() -> restores.planUndo("r-unknown")).code()).isEqualTo(Code.NOT_FOUND);
      var plan = restores.plan(key("a", then));
      fixture.catalog.restores().apply(plan.id(), "r-waits", now());
      assertThat(refusal(() -> restores.planUndo("r-waits")).code()).isEqualTo(Code.WRONG_STATE);
      restores.control().cancel("r-waits");
      assertThat(refusal(() -> restores.planUndo("r-waits")).code())
          .isEqualTo(Code.NOTHING_TO_UNDO);

      var restored = fixture.run(restores, key("a", then));
      var planned = restores.planUndo(restored.id());
      var undone = fixture.run(restores, restores.planUndo(restored.id()).id());
      var refused = refusal(() -> restores.planUndo(restored.id()));
      assertThat(refused.code()).isEqualTo(Code.ALREADY_UNDONE);
      assertThat(refused.data()).containsEntry("restore", undone.id());
      // A plan from before does not undo it a second time.
      assertThat(
              refusal(() -> restores.apply(planned.id(), Optional.of(fixture.primary.bucket())))
                  .code())
          .isEqualTo(Code.ALREADY_UNDONE);
    }
  }

  @Test
  void onlyWhatAPartialRestoreDidIsUndone() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    fixture.put("p/kept", "one");
    fixture.put("p/lost", "one");
    fixture.scan();
    var then = fixture.moment();
    fixture.purge("p/lost");
    fixture.delete("p/kept");
    fixture.scan();
    try (var restores = fixture.restores()) {
      var restored = fixture.run(restores, prefix("p/", then, false));
      assertThat(restored.state()).isEqualTo(Restore.State.PARTIAL);
      var undone = fixture.run(restores, restores.planUndo(restored.id()).id());
      assertThat(undone.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(fixture.content("p/kept")).isEqualTo("-");
    }
  }

  @Test
  void copyThatWasPutAsideComesBack() throws Exception {
    var fixture = fixture(Bucket.UNVERSIONED);
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "two, not replicated");
    try (var restores = fixture.restores()) {
      var asked = key("a", then);
      var restored = fixture.run(restores, asked.withRules(asked.rules().withNearest(true)));
      assertThat(fixture.content("a")).isEqualTo("one");
      var undone = fixture.run(restores, restores.planUndo(restored.id()).id());
      assertCompleted(restores, undone);
      assertThat(fixture.content("a")).isEqualTo("two, not replicated");
      assertThat(fixture.attributes("a").userMetadata()).containsEntry("owner", "owner of a");
    }
  }

  @Test
  void undeleteRemovesExactlyTheMarkersMeant() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    for (var name : List.of("a", "a.jpg", "a/b")) {
      fixture.put(name, "content of " + name);
      fixture.delete(name);
    }
    fixture.delete("a");
    fixture.scan();
    try (var restores = fixture.restores()) {
      var ended = fixture.run(restores, undelete(RestoreScope.keys(List.of(new ObjectKey("a")))));
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(fixture.content("a")).isEqualTo("content of a");
      assertThat(fixture.versions("a")).hasSize(1);
      assertThat(fixture.versions("a.jpg")).hasSize(2);
      assertThat(fixture.versions("a/b")).hasSize(2);

      // A marker that came after the plan stays, and what it hides stays hidden.
      var plan = restores.plan(undelete(RestoreScope.keys(List.of(new ObjectKey("a.jpg")))));
      fixture.delete("a.jpg");
      var late = fixture.catalog.restores().apply(plan.id(), "r-late", now()).orElseThrow();
      restores.resumeInterrupted();
      assertThat(end(restores, late.id()).count(RestoreItem.State.SKIPPED)).isEqualTo(1);
      assertThat(fixture.versions("a.jpg")).hasSize(3);
    }
  }

  @Test
  void undeleteSinceAMomentTakesOnlyWhatWasThereThen() throws Exception {
    var fixture = fixture(Bucket.VERSIONED);
    fixture.put("p/ancient", "long gone");
    fixture.delete("p/ancient");
    fixture.put("p/there", "one");
    var since = fixture.moment();
    fixture.put("p/there", "two");
    fixture.delete("p/there");
    fixture.put("p/brief", "made and deleted since");
    fixture.delete("p/brief");
    fixture.scan();
    try (var restores = fixture.restores()) {
      var all = restores.plan(undelete(RestoreScope.prefix("p/")));
      assertThat(all.count(RestoreAction.BRING_BACK).objects()).isEqualTo(3);
      assertThat(all.oldestDeletion())
          .contains(fixture.versions("p/ancient").getFirst().lastModified());

      var plan =
          restores.plan(
              RestorePlan.Request.of(
                  new RestoreGoal.Undelete(Optional.of(since)), RestoreScope.prefix("p/")));
      assertThat(plan.count(RestoreAction.BRING_BACK).objects()).isEqualTo(1);
      assertThat(restores.planItems(plan.id(), Optional.of(RestoreAction.LEFT_ALONE), 0, 10))
          .extracting(item -> item.key().value())
          .containsExactly("p/brief");
      fixture.run(restores, plan.id());
      assertThat(fixture.content("p/there")).isEqualTo("two");
      assertThat(fixture.content("p/ancient")).isEqualTo("-");
      assertThat(fixture.content("p/brief")).isEqualTo("-");
    }
  }

  private static java.time.Instant now() {
    return Clock.systemUTC().instant();
  }

  private static RestoreRefusedException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(RestoreRefusedException.class, call);
  }
}
