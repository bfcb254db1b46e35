package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.content;
import static org.vistadr.restore.RestoreFixture.end;
import static org.vistadr.restore.RestoreFixture.versions;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.OnChange;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.TargetStores;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteCondition;

/// Restores to another place than the one that was protected are undone there: what they brought is
/// taken away, what they replaced comes back.
final class UndoTargetsIT {

  private static final SiteName ELSEWHERE = new SiteName("elsewhere");

  @TempDir Path directory;

  private RestoreFixture fixture;
  private final List<AutoCloseable> opened = new ArrayList<>();

  /// What kind of bucket is restored to.
  enum Kind {
    VERSIONED,
    UNVERSIONED,
    MINIO_VERSIONED,
    MINIO_UNVERSIONED;

    boolean keepsVersions() {
      return this == VERSIONED || this == MINIO_VERSIONED;
    }

    SiteConfig site() {
      return switch (this) {
        case VERSIONED -> TestS3.versioned(ELSEWHERE);
        case UNVERSIONED -> TestS3.unversioned(ELSEWHERE);
        case MINIO_VERSIONED, MINIO_UNVERSIONED -> minio(keepsVersions());
      };
    }
  }

  /// A bucket to restore to, and restores that know it.
  private record Elsewhere(ObjectStore bucket, Restores restores) {

    Restore restore(RestorePlan.Request request) throws Exception {
      return run(restores.plan(request));
    }

    Restore undo(Restore restore) throws Exception {
      return run(restores.planUndo(restore.id()));
    }

    private Restore run(RestorePlan plan) throws Exception {
      return end(restores, restores.apply(plan.id(), Optional.of(plan.bucket())).id());
    }

    List<String> reasons(RestorePlan plan, RestoreAction action) {
      return restores.planItems(plan.id(), Optional.of(action), 0, 10).stream()
          .map(RestoreItem::reason)
          .toList();
    }
  }

  private static SiteConfig minio(boolean versioned) {
    var server = S3Servers.minio();
    Assumptions.assumeTrue(server.isPresent(), "a minio on the PATH");
    var site = S3Servers.site(server.get(), ELSEWHERE, TestS3.freshName(), "minio");
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

  @BeforeEach
  void open() {
    fixture = new RestoreFixture(directory, true);
    opened.add(fixture);
  }

  @AfterEach
  void close() throws Exception {
    for (var closeable : opened.reversed()) {
      closeable.close();
    }
  }

  private Elsewhere elsewhere(Kind kind) {
    return elsewhere(kind.site(), fixture.primary);
  }

  private Elsewhere elsewhere(SiteConfig site, ObjectStore primary) {
    var bucket = TestS3.open(site);
    var targets = new TargetStores(List.of(fixture.site, site), TestS3::open);
    var restores =
        fixture.restores(
            new RestorePlaces(
                primary, List.of(fixture.b2, fixture.disk), targets, AllowedDirectories.ANYWHERE));
    opened.addAll(List.of(bucket, targets, restores));
    return new Elsewhere(bucket, restores);
  }

  @ParameterizedTest
  @EnumSource
  void whatWasBroughtIsTakenAwayAndWhatWasReplacedComesBack(Kind kind) throws Exception {
    fixture.put("brought", "one");
    fixture.put("replaced", "one");
    fixture.put("same", "one");
    fixture.protect();
    var then = fixture.moment();
    var there = elsewhere(kind);
    fixture.put(there.bucket(), "replaced", "of another".getBytes(UTF_8));
    fixture.put(there.bucket(), "same", "one".getBytes(UTF_8));
    var restored = there.restore(to(ELSEWHERE, "", then));
    assertThat(contents(there)).containsExactly("one", "one", "one");

    var plan = there.restores().planUndo(restored.id());
    assertThat(plan.bucket()).isEqualTo(there.bucket().bucket());
    assertThat(plan.confirm()).isEqualTo(Confirm.BUCKET);
    assertThat(plan.count(RestoreAction.DELETE).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.PUT_BACK).objects()).isEqualTo(1);
    assertThat(plan.work().objects()).isEqualTo(2);
    var undone = there.run(plan);
    assertCompleted(there, undone);
    assertThat(contents(there)).containsExactly("-", "of another", "one");
    assertThat(
            there
                .bucket()
                .head(new ObjectKey("replaced"), Revision.CURRENT)
                .attributes()
                .userMetadata())
        .containsEntry("owner", "owner of replaced");
    if (kind.keepsVersions()) {
      assertThat(versions(there.bucket(), "brought")).hasSize(2);
      assertThat(versions(there.bucket(), "replaced")).hasSize(3);
    }

    var again = there.undo(undone);
    assertCompleted(there, again);
    assertThat(contents(there)).containsExactly("one", "one", "one");
    assertThat(fixture.content("replaced")).isEqualTo("one");
  }

  @ParameterizedTest
  @EnumSource
  void whatChangedSinceIsLeftAloneAndNamed(Kind kind) throws Exception {
    for (var name : List.of("brought", "replaced", "late", "gone")) {
      fixture.put(name, "one");
    }
    fixture.protect();
    var then = fixture.moment();
    var there = elsewhere(kind);
    fixture.put(there.bucket(), "replaced", "of another".getBytes(UTF_8));
    var restored = there.restore(to(ELSEWHERE, "", then));
    fixture.put(there.bucket(), "brought", "since".getBytes(UTF_8));
    fixture.put(there.bucket(), "replaced", "since".getBytes(UTF_8));
    there.bucket().delete(new ObjectKey("gone"), WriteCondition.ALWAYS);

    var plan = there.restores().planUndo(restored.id());
    assertThat(there.reasons(plan, RestoreAction.LEFT_ALONE))
        .containsExactly("changed since the restore", "changed since the restore");
    assertThat(plan.count(RestoreAction.UNCHANGED).objects()).as("gone").isEqualTo(1);
    assertThat(plan.work().objects()).as("late").isEqualTo(1);
    fixture.catalog.restores().apply(plan.id(), "r-undo", Clock.systemUTC().instant());
    fixture.put(there.bucket(), "late", "later".getBytes(UTF_8));
    there.restores().resumeInterrupted();
    var undone = end(there.restores(), "r-undo");
    assertThat(undone.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(undone.count(RestoreItem.State.SKIPPED)).isEqualTo(1);
    assertThat(content(there.bucket(), "brought")).isEqualTo("since");
    assertThat(content(there.bucket(), "replaced")).isEqualTo("since");
    assertThat(content(there.bucket(), "late")).isEqualTo("later");
  }

  @Test
  void onlyCopyOfBytesIsNotDeleted() throws Exception {
    fixture.put("kept", "one");
    fixture.put("purged", "one");
    fixture.scan();
    var then = fixture.moment();
    var there = elsewhere(Kind.UNVERSIONED);
    var restored = there.restore(to(ELSEWHERE, "", then));
    fixture.purge("purged");
    var undone = there.undo(restored);
    assertThat(undone.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(there.restores().items(undone.id(), Optional.of(RestoreItem.State.FAILED), 0, 10))
        .singleElement()
        .satisfies(item -> assertThat(item.detail()).contains("deleting would lose it"));
    assertThat(content(there.bucket(), "kept")).isEqualTo("-");
    assertThat(content(there.bucket(), "purged")).isEqualTo("one");
  }

  @Test
  void withoutAPrimaryOnlyWhatASecondaryHasIsDeleted() throws Exception {
    fixture.put("replicated", "one");
    fixture.protect();
    fixture.put("not-replicated", "one");
    fixture.scan();
    var then = fixture.moment();
    var site = Kind.UNVERSIONED.site();
    var before = elsewhere(site, fixture.primary);
    var restored = before.restore(to(ELSEWHERE, "", then));
    var dead = TestS3.open(unreachable(fixture.site));
    opened.add(dead);
    var there = elsewhere(site, dead);
    var plan = there.restores().planUndo(restored.id());
    assertThat(there.reasons(plan, RestoreAction.CANNOT))
        .singleElement()
        .asString()
        .contains("nowhere else");
    assertThat(plan.work().objects()).isEqualTo(1);
    there.run(plan);
    assertThat(content(there.bucket(), "replicated")).isEqualTo("-");
    assertThat(content(there.bucket(), "not-replicated")).isEqualTo("one");
  }

  @Test
  void whatWasWrittenBelowAPrefixOfThePrimaryIsTakenAway() throws Exception {
    fixture.put("p/a", "one");
    fixture.put("p/b.jpg", "one");
    fixture.protect();
    var then = fixture.moment();
    var there = elsewhere(Kind.VERSIONED);
    var request =
        RestoreFixture.prefix("p/", then, false)
            .withTarget(new RestoreTarget.Bucket(SiteName.PRIMARY, Optional.empty(), "old/"))
            .withRules(RestoreRules.DEFAULT.withOnChange(OnChange.KEEP_BOTH));
    var plan = there.restores().plan(request);
    fixture.catalog.restores().apply(plan.id(), "r-old", Clock.systemUTC().instant());
    // So that what comes back stands beside it.
    fixture.put("old/p/b.jpg", "of another");
    there.restores().resumeInterrupted();
    var restored = end(there.restores(), "r-old");
    assertThat(restored.state()).isEqualTo(Restore.State.COMPLETED);
    var beside =
        there.restores().items("r-old", Optional.of(RestoreItem.State.DONE), 0, 10).getLast();
    assertThat(beside.place().orElseThrow()).startsWith("old/p/b.restored-");
    assertThat(fixture.content(beside.place().get())).isEqualTo("one");

    assertCompleted(there, there.undo(restored));
    assertThat(fixture.content("old/p/a")).isEqualTo("-");
    assertThat(fixture.content(beside.place().get())).isEqualTo("-");
    assertThat(fixture.content("old/p/b.jpg")).isEqualTo("of another");
    assertThat(fixture.content("p/a")).isEqualTo("one");
    assertThat(fixture.content("p/b.jpg")).isEqualTo("one");
  }

  @Test
  void filesAreNotUndoneAndTheRefusalSaysWhereTheyAre() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var there = elsewhere(Kind.VERSIONED);
    var files = directory.resolve("files");
    var restored =
        there.restore(
            RestoreFixture.request(RestoreScope.ALL, fixture.moment(), false)
                .withTarget(new RestoreTarget.Directory(files)));
    var refused =
        catchThrowableOfType(
            RestoreRefusedException.class, () -> there.restores().planUndo(restored.id()));
    assertThat(refused.code()).isEqualTo(Code.UNDO_IMPOSSIBLE);
    assertThat(refused).hasMessageContaining(files.toString());
    assertThat(refused.hint()).contains(".vistadr/undo/" + restored.id());
    assertThat(refused.tryNext()).contains("vistadr restore report " + restored.id());
  }

  private List<String> contents(Elsewhere there) throws Exception {
    return List.of(
        content(there.bucket(), "brought"),
        content(there.bucket(), "replaced"),
        content(there.bucket(), "same"));
  }

  private static void assertCompleted(Elsewhere there, Restore restore) {
    assertThat(restore.state())
        .as(() ->
            there.restores().items(restore.id(), Optional.empty(), 0, 10).stream()
                .map(item -> item.key() + ": " + item.reason() + "; " + item.detail())
                .toList()
                .toString())
        .isEqualTo(Restore.State.COMPLETED);
  }

  private static RestorePlan.Request to(SiteName site, String prefix, Instant at) {
    return RestoreFixture.request(RestoreScope.ALL, at, false)
        .withTarget(new RestoreTarget.Bucket(site, Optional.empty(), prefix));
  }

  private static SiteConfig unreachable(SiteConfig site) {
    return new SiteConfig(
        SiteName.PRIMARY,
        Optional.of(URI.create("http://127.0.0.1:9")),
        site.region(),
        "lost",
        site.credentials(),
        site.profile(),
        site.limits());
  }
}
