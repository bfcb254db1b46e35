package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.B2;
import static org.vistadr.restore.RestoreFixture.end;
import static org.vistadr.restore.RestoreFixture.key;
import static org.vistadr.restore.RestoreFixture.prefix;
import static org.vistadr.restore.RestoreFixture.undelete;

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
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestoreScope;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.View;
import org.vistadr.restore.view.Which;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Restores in a primary that keeps versions.
final class RestoresIT {

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
  void deletedObjectComesBackWithItsAttributes() throws Exception {
    fixture.put("a/image.jpg", "one");
    var then = fixture.moment();
    fixture.delete("a/image.jpg");
    fixture.scan();

    var plan = restores.plan(key("a/image.jpg", then));
    assertThat(plan.count(RestoreAction.BRING_BACK)).isEqualTo(new RestorePlan.Amount(1, 3));
    assertThat(plan.confirm()).isEqualTo(Confirm.NONE);
    var ended = end(restores, restores.apply(plan.id(), Optional.empty()).id());

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a/image.jpg")).isEqualTo("one");
    assertThat(fixture.attributes("a/image.jpg").contentType()).contains("image/jpeg");
    assertThat(fixture.attributes("a/image.jpg").userMetadata())
        .containsEntry("owner", "owner of a/image.jpg");
    // Nothing was removed: the first version, the marker, and the new version.
    assertThat(fixture.versions("a/image.jpg")).hasSize(3);
  }

  @Test
  void overwrittenObjectIsPutBackAfterAYes() throws Exception {
    fixture.put("a", "one");
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.scan();

    var plan = restores.plan(key("a", then));
    assertThat(plan.confirm()).isEqualTo(Confirm.YES);
    assertThat(plan.newerAtRisk()).isEqualTo(1);
    assertThat(refusal(() -> restores.apply(plan.id(), Optional.empty())).code())
        .isEqualTo(Code.CONFIRMATION_REQUIRED);
    var ended = end(restores, restores.apply(plan.id(), Optional.of("yes")).id());

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("one");
    var used = refusal(() -> restores.apply(plan.id(), Optional.of("yes")));
    assertThat(used.code()).isEqualTo(Code.PLAN_USED);
    assertThat(used.data()).containsEntry("restore", ended.id());
  }

  @Test
  void attributesThatChangedUnderTheSameBytesComeBack() throws Exception {
    fixture.put("a", "one");
    var then = fixture.moment();
    fixture.primary.put(
        new PutRequest(
            new ObjectKey("a"),
            ObjectAttributes.ofContentType("text/plain"),
            WriteBody.Buffered.of("one".getBytes(UTF_8)),
            WriteCondition.ALWAYS));
    fixture.scan();

    var ended = fixture.run(restores, key("a", then));

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.attributes("a").contentType()).contains("image/jpeg");
    assertThat(fixture.attributes("a").userMetadata()).containsEntry("owner", "owner of a");
    var again = restores.plan(key("a", then));
    assertThat(again.count(RestoreAction.UNCHANGED).objects()).isEqualTo(1);
  }

  @Test
  void prefixIsExactlyAsOfThenWhenExtraKeysGo() throws Exception {
    fixture.put("p/changed", "one");
    fixture.put("p/deleted", "one");
    fixture.put("p/same", "one");
    fixture.put("p2/outside", "one");
    fixture.scan();
    var then = fixture.moment();
    fixture.put("p/changed", "two");
    fixture.delete("p/deleted");
    fixture.put("p/new", "new");
    fixture.put("p2/outside", "two");

    var plan = restores.plan(prefix("p/", then, true));
    assertThat(plan.count(RestoreAction.BRING_BACK).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.PUT_BACK).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.UNCHANGED).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.DELETE).objects()).isEqualTo(1);
    assertThat(plan.confirm()).isEqualTo(Confirm.BUCKET);
    assertThat(refusal(() -> restores.apply(plan.id(), Optional.of("yes"))).code())
        .isEqualTo(Code.CONFIRMATION_REQUIRED);
    var ended = fixture.run(restores, plan.id());

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(ended.count(RestoreItem.State.DONE)).isEqualTo(3);
    assertThat(fixture.content("p/changed")).isEqualTo("one");
    assertThat(fixture.content("p/deleted")).isEqualTo("one");
    assertThat(fixture.content("p/same")).isEqualTo("one");
    assertThat(fixture.content("p/new")).isEqualTo("-");
    assertThat(fixture.content("p2/outside")).isEqualTo("two");
    // The extra key got a marker; its bytes are still there.
    assertThat(fixture.versions("p/new")).hasSize(2);
    assertThat(fixture.versions("p/same")).hasSize(1);
  }

  @Test
  void extraKeysAreLeftAloneUnlessAskedFor() throws Exception {
    fixture.put("p/old", "one");
    var then = fixture.moment();
    fixture.put("p/new", "new");
    fixture.scan();
    var plan = restores.plan(prefix("p/", then, false));
    assertThat(plan.count(RestoreAction.LEFT_ALONE).objects()).isEqualTo(1);
    assertThat(plan.work().objects()).isZero();
    var ended = end(restores, restores.apply(plan.id(), Optional.empty()).id());
    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("p/new")).isEqualTo("new");
  }

  @Test
  void keyThatChangedSinceThePlanIsSkipped() throws Exception {
    fixture.put("p/a", "one");
    fixture.put("p/b", "one");
    fixture.put("p/c", "one");
    var then = fixture.moment();
    fixture.put("p/a", "two");
    fixture.delete("p/b");
    fixture.put("p/c", "two");
    fixture.scan();
    var meddled =
        new MeddlingStore(
            fixture.primary,
            key -> {
              if (!key.value().equals("p/c")) {
                fixture.put(key.value(), "written by a user");
              }
            });
    restores.close();
    restores = fixture.restores(meddled, RestoreFixture.SETTINGS);
    var ended = fixture.run(restores, prefix("p/", then, false));

    assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(ended.count(RestoreItem.State.SKIPPED)).isEqualTo(2);
    assertThat(fixture.content("p/a")).isEqualTo("written by a user");
    assertThat(fixture.content("p/b")).isEqualTo("written by a user");
    assertThat(fixture.content("p/c")).isEqualTo("one");
    assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.SKIPPED), 0, 10))
        .extracting(RestoreItem::detail)
        .containsOnly("changed since the plan");
  }

  @Test
  void undeleteRemovesExactlyTheMarkers() throws Exception {
    fixture.put("a", "one");
    fixture.put("a", "two");
    fixture.delete("a");
    fixture.delete("a");
    fixture.put("b", "untouched");
    fixture.scan();
    var content = fixture.versions("a").stream().filter(RestoreFixture::isContent).toList();
    var ended = fixture.run(restores, undelete(RestoreScope.keys(List.of(new ObjectKey("a")))));
    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("two");
    assertThat(fixture.versions("a"))
        .extracting(v -> v.versionId())
        .containsExactlyElementsOf(content.stream().map(v -> v.versionId()).toList());
  }

  @Test
  void historyShowsAtOnceWhatARestoreOfAFewKeysDid() throws Exception {
    fixture.put("a", "one");
    fixture.delete("a");
    fixture.scan();
    fixture.run(restores, undelete(RestoreScope.keys(List.of(new ObjectKey("a")))));
    assertThat(
            fixture.catalog.versions().history(new ObjectKey("a")).newestFirst().getFirst().entry())
        .isInstanceOf(Entry.Content.class);
  }

  @Test
  void purgedVersionComesFromASecondary() throws Exception {
    fixture.put("a", "one");
    fixture.put("big", "x".repeat(3 << 20));
    fixture.protect();
    var then = fixture.moment();
    fixture.purge("a");
    fixture.purge("big");
    fixture.scan();

    var ended = fixture.run(restores, request(List.of("a", "big"), then));

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("one");
    assertThat(fixture.content("big")).isEqualTo("x".repeat(3 << 20));
    assertThat(fixture.attributes("a").contentDisposition()).contains("attachment");
    assertThat(fixture.attributes("big").userMetadata()).containsEntry("owner", "owner of big");
    assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10))
        .extracting(RestoreItem::detail)
        .containsOnly("from b2");
  }

  @Test
  void versionThatVanishedSinceTheLastScanComesFromASecondary() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "two");
    fixture.scan();
    var history = fixture.catalog.versions().history(new ObjectKey("a")).newestFirst();
    fixture.primary.deleteVersion(new ObjectKey("a"), history.getLast().versionId());

    var ended = fixture.run(restores, request(List.of("a"), then));

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(fixture.content("a")).isEqualTo("one");
    assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10))
        .extracting(RestoreItem::detail)
        .containsOnly("from b2");
  }

  @Test
  void bytesThatAreNowhereAreNamedAndTheRestoreIsNotComplete() throws Exception {
    fixture.put("a", "one");
    fixture.put("b", "one");
    fixture.scan();
    var then = fixture.moment();
    fixture.purge("a");
    fixture.delete("b");
    fixture.scan();
    var plan = restores.plan(request(List.of("a", "b"), then));
    assertThat(plan.count(RestoreAction.CANNOT).objects()).isEqualTo(1);
    var ended = fixture.run(restores, plan.id());
    assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.FAILED), 0, 10))
        .extracting(item -> item.key().value())
        .containsExactly("a");
    assertThat(fixture.content("b")).isEqualTo("one");
  }

  @Test
  void flippedBitIsRefusedAndTheOtherSecondaryUsed() throws Exception {
    fixture.put("small", "one");
    fixture.put("large", "y".repeat(2 << 20));
    fixture.protect();
    var then = fixture.moment();
    fixture.purge("small");
    fixture.purge("large");
    fixture.scan();
    try (var damaged =
        fixture.restores(fixture.primary, new FlippingStore(fixture.b2), fixture.disk)) {
      var ended = fixture.run(damaged, request(List.of("small", "large"), then));
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(damaged.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10))
          .extracting(RestoreItem::detail)
          .containsOnly("from disk");
    }
    assertThat(fixture.content("small")).isEqualTo("one");
    assertThat(fixture.content("large")).isEqualTo("y".repeat(2 << 20));
    // No version with the wrong bytes ever came into being.
    assertThat(fixture.versions("small")).hasSize(1);
    assertThat(fixture.versions("large")).hasSize(1);
  }

  @Test
  void onlyDamagedReplicasMeanFailedAndNothingWritten() throws Exception {
    fixture.put("small", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.purge("small");
    fixture.scan();
    try (var damaged = fixture.restores(fixture.primary, new FlippingStore(fixture.b2))) {
      var ended = fixture.run(damaged, key("small", then));
      assertThat(ended.state()).isEqualTo(Restore.State.FAILED);
      assertThat(damaged.items(ended.id(), Optional.of(RestoreItem.State.FAILED), 0, 10))
          .singleElement()
          .satisfies(item -> assertThat(item.detail()).contains("sha-256"));
    }
    assertThat(fixture.content("small")).isEqualTo("-");
  }

  @Test
  void restoreGoesOnAfterACrashWithoutWritingTwice() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.put("p/" + i, "one " + i);
    }
    var then = fixture.moment();
    for (int i = 0; i < 20; i++) {
      fixture.put("p/" + i, "two");
    }
    fixture.scan();
    var plan = restores.plan(prefix("p/", then, false));
    // As a process leaves it that was killed after a write and before recording it.
    fixture.catalog.restores().apply(plan.id(), "r-crash", Clock.systemUTC().instant());
    var first = restores.planItems(plan.id(), Optional.empty(), 0, 1).getFirst();
    fixture.primary.copy(
        new CopySource(
            fixture.primary.bucket(),
            first.key(),
            new Revision.Version(first.wantedVersion().orElseThrow())),
        first.key(),
        Optional.empty(),
        WriteCondition.ALWAYS);

    try (var next = fixture.restores()) {
      assertThat(next.resumeInterrupted()).isEqualTo(1);
      var ended = end(next, "r-crash");
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(ended.count(RestoreItem.State.DONE)).isEqualTo(20);
      assertThat(next.resumeInterrupted()).isZero();
    }
    for (int i = 0; i < 20; i++) {
      assertThat(fixture.content("p/" + i)).isEqualTo("one " + i);
      assertThat(fixture.versions("p/" + i)).hasSize(3);
    }
  }

  @Test
  void closedRestoresGoOnInTheNextOnes() throws Exception {
    for (int i = 0; i < 60; i++) {
      fixture.put("p/" + i, "one " + i);
    }
    var then = fixture.moment();
    for (int i = 0; i < 60; i++) {
      fixture.delete("p/" + i);
    }
    fixture.scan();
    var id = restores.apply(restores.plan(prefix("p/", then, false)).id(), Optional.empty()).id();
    restores.close();
    restores = fixture.restores();
    restores.resumeInterrupted();
    assertThat(end(restores, id).state()).isEqualTo(Restore.State.COMPLETED);
    for (int i = 0; i < 60; i++) {
      assertThat(fixture.content("p/" + i)).isEqualTo("one " + i);
      assertThat(fixture.versions("p/" + i)).hasSize(3);
    }
  }

  @Test
  void namedSiteIsTheOnlySource() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    fixture.delete("a");
    fixture.scan();
    var request = RestoreFixture.prefix("a", then, false).withFrom(B2);
    var ended = fixture.run(restores, request);
    assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10))
        .extracting(RestoreItem::detail)
        .containsOnly("from b2");
    assertThat(fixture.content("a")).isEqualTo("one");
  }

  @Test
  void unknownPrefixNamesTheNearest() throws Exception {
    fixture.put("projects/abc-1/x", "one");
    fixture.put("projects/xyz/x", "one");
    fixture.scan();
    var then = fixture.moment();
    var refusal = refusal(() -> restores.plan(prefix("projects/abc-2/", then, false)));
    assertThat(refusal.code()).isEqualTo(Code.UNKNOWN_PREFIX);
    assertThat(refusal.data().get("nearest")).startsWith("projects/abc-1/");
    assertThat(refusal(() -> restores.plan(key("nothing", then))).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(refusal(() -> restores.plan(key("x", Instant.now().plusSeconds(3600)))).code())
        .isEqualTo(Code.TIME_IN_FUTURE);
    assertThat(refusal(() -> restores.plan(key("x", then.minusSeconds(86400)))).code())
        .isEqualTo(Code.TIME_TOO_OLD);
  }

  @Test
  void viewShowsWhatWasThereAndWhatWasDeleted() throws Exception {
    fixture.put("a/1", "one");
    fixture.put("a/2", "one");
    fixture.put("b", "one");
    var then = fixture.moment();
    fixture.delete("a/1");
    fixture.put("c", "one");
    fixture.scan();
    var now = fixture.moment();
    assertThat(keys(restores.view("", Optional.of(then), Optional.empty(), false)))
        .containsExactly("a/1", "a/2", "b");
    assertThat(keys(restores.view("", Optional.of(now), Optional.empty(), false)))
        .containsExactly("a/2", "b", "c");
    assertThat(keys(restores.view("a/", Optional.of(now), Optional.empty(), true)))
        .containsExactly("a/1");
    var skipping = restores.view("", Optional.of(then), Optional.empty(), false);
    assertThat(skipping.next()).isPresent();
    skipping.skip("a/");
    assertThat(keys(skipping)).containsExactly("b");
  }

  @Test
  void contentOfAMomentIsReadFromASecondaryWhenThePrimaryLostIt() throws Exception {
    fixture.put("a", "0123456789");
    fixture.protect();
    var then = fixture.moment();
    fixture.put("a", "newer");
    try (var content =
        restores
            .views()
            .content(new ObjectKey("a"), new Which.At(AsOf.exactly(then)), ByteRange.ALL)) {
      assertThat(new String(content.body().stream().readAllBytes(), UTF_8)).isEqualTo("0123456789");
      assertThat(content.from()).isEqualTo(fixture.primary.site());
    }
    fixture.purge("a");
    fixture.scan();
    try (var content =
        restores
            .views()
            .content(
                new ObjectKey("a"), new Which.At(AsOf.exactly(then)), new ByteRange.Slice(2, 3))) {
      assertThat(new String(content.body().stream().readAllBytes(), UTF_8)).isEqualTo("234");
      assertThat(content.from()).isEqualTo(B2);
    }
  }

  private static RestorePlan.Request request(List<String> keys, Instant at) {
    return RestoreFixture.request(
        RestoreScope.keys(keys.stream().map(ObjectKey::new).toList()), at, false);
  }

  private static List<String> keys(View view) {
    List<String> keys = new ArrayList<>();
    for (var entry = view.next(); entry.isPresent(); entry = view.next()) {
      keys.add(entry.get().key().value());
    }
    return keys;
  }

  private static RestoreRefusedException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(RestoreRefusedException.class, call);
  }
}
