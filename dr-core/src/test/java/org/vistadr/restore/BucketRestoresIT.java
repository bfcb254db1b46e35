package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.B2;
import static org.vistadr.restore.RestoreFixture.NEW;
import static org.vistadr.restore.RestoreFixture.PLAIN;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.BucketTarget;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.TargetStores;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;

/// Restores to another bucket than the primary, or to another place in it.
final class BucketRestoresIT {

  @TempDir Path directory;

  private RestoreFixture fixture;
  private Restores restores;
  private ObjectStore fresh;
  private ObjectStore plain;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void open() {
    fixture = new RestoreFixture(directory, true);
    restores = fixture.restores();
    fresh = TestS3.open(fixture.newSite);
    plain = TestS3.open(fixture.plainSite);
    opened.addAll(List.of(restores, fresh, plain, fixture));
  }

  @AfterEach
  void close() throws Exception {
    for (var closeable : opened) {
      closeable.close();
    }
  }

  @Test
  void anotherBucketGetsWhatThePrimaryHeld() throws Exception {
    fixture.put("a", "one");
    fixture.put("b/c", "x".repeat(5000));
    fixture.put("gone", "one");
    fixture.scan();
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.delete("gone");
    for (var site : List.of(NEW, PLAIN)) {
      var store = site.equals(NEW) ? fresh : plain;
      var plan = restores.plan(to(site, then));
      assertThat(plan.bucket()).isEqualTo(store.bucket());
      assertThat(plan.request().target().text()).isEqualTo(site + "/" + store.bucket());
      assertThat(plan.count(RestoreAction.BRING_BACK).objects()).isEqualTo(3);
      assertThat(plan.confirm()).isEqualTo(Confirm.NONE);
      var ended = end(restores, restores.apply(plan.id(), Optional.empty()).id());

      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(content(store, "a")).isEqualTo("one");
      assertThat(content(store, "b/c")).isEqualTo("x".repeat(5000));
      assertThat(content(store, "gone")).isEqualTo("one");
      var attributes = store.head(new ObjectKey("a"), Revision.CURRENT).attributes();
      assertThat(attributes.contentType()).contains("image/jpeg");
      assertThat(attributes.contentDisposition()).contains("attachment");
      assertThat(attributes.userMetadata()).containsEntry("owner", "owner of a");
      var again = restores.plan(to(site, then));
      assertThat(again.count(RestoreAction.UNCHANGED).objects()).isEqualTo(3);
    }
    assertThat(fixture.content("a")).isEqualTo("two");
    assertThat(fixture.content("gone")).isEqualTo("-");
  }

  @Test
  void lostPrimaryIsRestoredFromASecondaryToANewBucket() throws Exception {
    fixture.put("a", "one");
    fixture.put("b", "x".repeat(3 << 20));
    fixture.protect();
    var then = fixture.moment();
    try (var dead = TestS3.open(unreachable(fixture.newSite));
        var lost = fixture.restores(dead, fixture.b2, fixture.disk)) {
      var plan = lost.plan(to(NEW, then).withFrom(B2));
      var ended = end(lost, lost.apply(plan.id(), Optional.of(fresh.bucket())).id());
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(lost.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10))
          .extracting(RestoreItem::detail)
          .containsOnly("from b2");
      assertThat(content(fresh, "b")).isEqualTo("x".repeat(3 << 20));
      assertThat(fresh.head(new ObjectKey("a"), Revision.CURRENT).attributes().userMetadata())
          .containsEntry("owner", "owner of a");
    }
  }

  @Test
  void prefixOfThePrimaryIsATarget() throws Exception {
    fixture.put("p/a", "one");
    fixture.scan();
    var then = fixture.moment();
    fixture.put("p/a", "two");
    fixture.put("old/p/b", "not ours");
    var request =
        RestoreFixture.prefix("p/", then, false)
            .withTarget(new RestoreTarget.Bucket(SiteName.PRIMARY, Optional.empty(), "old/"));
    var plan = restores.plan(request);
    assertThat(plan.count(RestoreAction.BRING_BACK).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.LEFT_ALONE).objects()).isEqualTo(1);
    var ended = fixture.run(restores, plan.id());
    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("old/p/a")).isEqualTo("one");
    assertThat(fixture.content("p/a")).isEqualTo("two");
    assertThat(fixture.content("old/p/b")).isEqualTo("not ours");
  }

  @Test
  void whatABucketWithoutVersionsHoldsIsCopiedAsideAndNamedInTheConfirmation() throws Exception {
    fixture.put("a", "one");
    fixture.put("b", "one");
    fixture.scan();
    var then = fixture.moment();
    fixture.put(plain, "a", "other".getBytes(UTF_8));
    var plan = restores.plan(to(PLAIN, then));
    assertThat(plan.count(RestoreAction.PUT_BACK).objects()).isEqualTo(1);
    assertThat(plan.confirm()).isEqualTo(Confirm.BUCKET);
    var refusal = refusal(() -> restores.apply(plan.id(), Optional.of(fixture.primary.bucket())));
    assertThat(refusal.code()).isEqualTo(Code.CONFIRMATION_REQUIRED);
    assertThat(refusal.data()).containsEntry("bucket", plain.bucket());
    var ended = end(restores, restores.apply(plan.id(), Optional.of(plain.bucket())).id());

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content(plain, "a")).isEqualTo("one");
    assertThat(content(plain, ".vistadr/undo/" + ended.id() + "/a")).isEqualTo("other");
  }

  @Test
  void planForATargetThatChangedSinceIsRefused() throws Exception {
    fixture.put("a", "one");
    fixture.put("b", "one");
    fixture.scan();
    var plan = restores.plan(to(NEW, fixture.moment()));
    fixture.put(fresh, "a", new byte[] {1});
    var refused =
        catchThrowableOfType(
            RestoreRefusedException.class, () -> restores.apply(plan.id(), Optional.empty()));
    assertThat(refused.code()).isEqualTo(RestoreRefusedException.Code.PLAN_CHANGED);
    assertThat(versions(fresh, "a")).hasSize(1);
  }

  /// Tags of uploads in parts say nothing: the plan counts it as to write, and the hash decides.
  @Test
  void equalContentWithoutAComparableTagIsFoundWhenItIsWritten() throws Exception {
    fixture.put("a", "one");
    fixture.put("b", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put(fresh, "a", "one".getBytes(UTF_8));
    var request = to(NEW, then);
    var always =
        restores.plan(request.withRules(RestoreRules.DEFAULT.withOverwrite(Overwrite.ALWAYS)));
    assertThat(always.count(RestoreAction.PUT_BACK).objects()).isEqualTo(1);
    var blind = new BucketTarget(fresh, Regime.VERSIONED, "", false, false);
    var version = fixture.catalog.versions().history(new ObjectKey("a")).newestFirst().getFirst();
    var looked = blind.look(new ObjectKey("a"));
    assertThat(blind.shows(looked.current(), version)).isFalse();
    var item = restores.planItems(always.id(), Optional.empty(), 0, 1).getFirst();
    assertThat(blind.holds(item, looked.current(), version)).isTrue();
  }

  @Test
  void restoreGoesOnAfterACrashWithoutWritingTwice() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.put("p/" + i, "one " + i);
    }
    fixture.protect();
    var plan = restores.plan(to(NEW, fixture.moment()));
    fixture.catalog.restores().apply(plan.id(), "r-crash", Clock.systemUTC().instant());
    fixture.put(fresh, "p/3", "one 3".getBytes(UTF_8));
    try (var next = fixture.restores()) {
      assertThat(next.resumeInterrupted()).isEqualTo(1);
      assertThat(end(next, "r-crash").state()).isEqualTo(Restore.State.COMPLETED);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(content(fresh, "p/" + i)).isEqualTo("one " + i);
      assertThat(versions(fresh, "p/" + i)).hasSize(1);
    }
  }

  @Test
  void fullTargetEndsTheRestoreAtOnceAndSaysSo() throws Exception {
    for (int i = 0; i < 100; i++) {
      fixture.put("p/" + i, "one " + i);
    }
    fixture.protect();
    var full = new FullStore(TestS3.open(fixture.plainSite), 10);
    opened.add(full);
    var places =
        new RestorePlaces(
            fixture.primary,
            List.of(fixture.b2),
            new TargetStores(List.of(fixture.plainSite), _ -> full),
            AllowedDirectories.NONE);
    try (var tight = fixture.restores(places)) {
      var plan = tight.plan(to(PLAIN, fixture.moment()));
      var ended = end(tight, tight.apply(plan.id(), Optional.of(plain.bucket())).id());
      assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
      assertThat(ended.message()).contains("90 not tried").contains("the quota is used up");
      assertThat(ended.count(RestoreItem.State.FAILED)).isZero();
    }
    assertThat(full.refused.get()).isLessThanOrEqualTo(RestoreFixture.SETTINGS.parallelism());
  }

  @Test
  void targetsThatWouldDoHarmAreRefused() throws Exception {
    fixture.put("p/a", "one");
    fixture.scan();
    var then = fixture.moment();
    var all = RestoreFixture.request(RestoreScope.ALL, then, false);
    var part = RestoreFixture.prefix("p/", then, false);
    var everything = "vistadr restore --all --at " + then;
    var folder = "vistadr restore p/ --at " + then;
    assertRefused(all, SiteName.PRIMARY, "", "the primary itself", everything);
    assertRefused(
        all, SiteName.PRIMARY, "copy/", "lies inside the source", everything + " --to new-primary");
    for (var inside : List.of("p/q/", "p")) {
      assertRefused(
          part,
          SiteName.PRIMARY,
          inside,
          "lies inside the source",
          folder + " --to primary//restored/");
    }
    for (var prefix : List.of("", "restored/")) {
      assertRefused(
          all, B2, prefix, "the bucket of the secondary b2", everything + " --to new-primary");
    }
    assertRefused(
        all,
        NEW,
        ".vistadr/x/",
        "belongs to VISTA DR",
        everything + " --to new-primary//restored/");
    assertRefused(
        all.withRules(RestoreRules.DEFAULT.withDeleteExtra(true)),
        NEW,
        "",
        "only deleted in place",
        everything + " --to new-primary");
    var undelete =
        RestorePlan.Request.of(new RestoreGoal.Undelete(Optional.empty()), RestoreScope.ALL);
    assertRefused(undelete, NEW, "", "only removed in place", "vistadr undelete --all");

    var unknown = new RestoreTarget.Bucket(new SiteName("nowhere"), Optional.empty(), "");
    assertThat(refusal(() -> restores.plan(all.withTarget(unknown))))
        .satisfies(e -> assertThat(e.code()).isEqualTo(Code.TARGET_UNKNOWN))
        .satisfies(e -> assertThat(e.tryNext()).containsExactly(everything + " --to new-primary"))
        .hasMessageContaining("'nowhere'");
    var missing = new RestoreTarget.Bucket(NEW, Optional.of("no-such-bucket"), "");
    assertThat(refusal(() -> restores.plan(all.withTarget(missing))))
        .satisfies(e -> assertThat(e.code()).isEqualTo(Code.TARGET_UNKNOWN))
        .satisfies(e ->
            assertThat(e.tryNext())
                .containsExactly(everything + " --to new-primary/no-such-bucket"))
        .hasMessageContaining("no-such-bucket does not exist at new-primary");
  }

  private void assertRefused(
      RestorePlan.Request request, SiteName site, String prefix, String why, String tryNext) {
    var target = new RestoreTarget.Bucket(site, Optional.empty(), prefix);
    assertThat(refusal(() -> restores.plan(request.withTarget(target))))
        .satisfies(e -> assertThat(e.code()).isEqualTo(Code.TARGET_REFUSED))
        .satisfies(e -> assertThat(e.tryNext()).containsExactly(tryNext))
        .hasMessageContaining(why);
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

  private static RestorePlan.Request to(SiteName site, Instant at) {
    return RestoreFixture.request(RestoreScope.ALL, at, false)
        .withTarget(new RestoreTarget.Bucket(site, Optional.empty(), ""));
  }

  private static RestoreRefusedException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(RestoreRefusedException.class, call);
  }
}
