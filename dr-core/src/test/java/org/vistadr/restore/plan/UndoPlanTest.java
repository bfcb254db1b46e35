package org.vistadr.restore.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vistadr.model.CurrentState;
import org.vistadr.model.CurrentState.Absent;
import org.vistadr.model.CurrentState.Present;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;

final class UndoPlanTest {

  private static final ObjectKey KEY = new ObjectKey("k");
  private static final VersionId OLD = new VersionId("v-old");
  private static final VersionId NEW = new VersionId("v-new");
  private static final VersionId MARKER = new VersionId("m1");
  private static final CurrentState SAW = new Present(OLD, "etag-old", 3);
  private static final CurrentState WRITTEN = new Present(NEW, "etag-new", 5);
  private static final CurrentState NOTHING = new Absent(Optional.empty());

  @Test
  void replacedContentComesBack() {
    var item = decide(put(SAW, NEW), now(WRITTEN));
    assertThat(item.action()).isEqualTo(RestoreAction.PUT_BACK);
    assertThat(item.wantedVersion()).contains(OLD);
    assertThat(item.saw()).isEqualTo(WRITTEN);
    assertThat(item.size()).isEqualTo(3);
  }

  @Test
  void whatWasBroughtBackIsDeleted() {
    var item = decide(brought(NOTHING, NEW), now(WRITTEN));
    assertThat(item.action()).isEqualTo(RestoreAction.DELETE);
    assertThat(item.saw()).isEqualTo(WRITTEN);
  }

  @Test
  void nothingIsDeletedThatIsNowhereElse() {
    var item =
        new UndoPlan(brought(NOTHING, NEW), now(WRITTEN), Optional.empty(), Optional.empty(), false)
            .decide();
    assertThat(item.action()).isEqualTo(RestoreAction.CANNOT);
  }

  @Test
  void deletedContentShowsAgainByRemovingExactlyTheMarker() {
    var item = decide(deleted(Optional.of(MARKER)), markers(OLD, MARKER));
    assertThat(item.action()).isEqualTo(RestoreAction.BRING_BACK);
    assertThat(item.markers()).containsExactly(MARKER);
    assertThat(item.wantedVersion()).contains(OLD);
  }

  @Test
  void markerOfAnotherHandIsNotRemoved() {
    var other = new VersionId("m2");
    assertThat(decide(deleted(Optional.of(MARKER)), markers(OLD, other, MARKER)).action())
        .isEqualTo(RestoreAction.LEFT_ALONE);
  }

  @Test
  void changedKeyIsLeftAlone() {
    var other = new Present(new VersionId("v-3"), "etag-3", 5);
    assertThat(decide(put(SAW, NEW), now(other)).action()).isEqualTo(RestoreAction.LEFT_ALONE);
    assertThat(decide(put(SAW, NEW), now(other)).reason()).isEqualTo("changed since the restore");
    assertThat(decide(put(SAW, NEW), now(NOTHING)).action()).isEqualTo(RestoreAction.LEFT_ALONE);
    assertThat(decide(deleted(Optional.of(MARKER)), now(other)).action())
        .isEqualTo(RestoreAction.LEFT_ALONE);
  }

  @Test
  void withoutVersionsTagAndSizeTellWhatIsThere() {
    var saw = new Present(VersionId.NULL, "etag-old", 3);
    var restored = put(saw, VersionId.NULL);
    assertThat(decide(restored, now(new Present(VersionId.NULL, "etag-new", 5))).action())
        .isEqualTo(RestoreAction.PUT_BACK);
    assertThat(decide(restored, now(new Present(VersionId.NULL, "etag-new", 6))).action())
        .isEqualTo(RestoreAction.LEFT_ALONE);
    assertThat(decide(restored, now(new Present(VersionId.NULL, "etag-3", 5))).action())
        .isEqualTo(RestoreAction.LEFT_ALONE);
  }

  @Test
  void keyThatIsAsBeforeIsDone() {
    assertThat(
            decide(put(SAW, NEW), now(new Present(new VersionId("v-3"), "etag-old", 3))).action())
        .isEqualTo(RestoreAction.UNCHANGED);
    assertThat(decide(brought(NOTHING, NEW), now(NOTHING)).action())
        .isEqualTo(RestoreAction.UNCHANGED);
  }

  @Test
  void equalContentWrittenAgainIsPutBackAsTheVersionThatItWas() {
    var saw = new Present(OLD, "etag-new", 5);
    assertThat(decide(put(saw, NEW), now(WRITTEN)).action()).isEqualTo(RestoreAction.PUT_BACK);
  }

  @Test
  void whatTheRestoreFoundIsNotItsOwn() {
    // The wanted version itself was current when the restore came: somebody undeleted it.
    var item = decide(brought(NOTHING, new VersionId("v-wanted")), now(WRITTEN));
    assertThat(item.action()).isEqualTo(RestoreAction.LEFT_ALONE);
  }

  @Test
  void lostBytesAreNamed() {
    var item =
        new UndoPlan(put(SAW, NEW), now(WRITTEN), Optional.empty(), Optional.of("nowhere"), true)
            .decide();
    assertThat(item.action()).isEqualTo(RestoreAction.CANNOT);
    assertThat(item.reason()).isEqualTo("nowhere");
  }

  private static RestoreItem decide(RestoreItem undone, Looked looked) {
    return new UndoPlan(undone, looked, Optional.empty(), Optional.empty(), true).decide();
  }

  private static RestoreItem put(CurrentState saw, VersionId written) {
    return done(RestoreAction.PUT_BACK, saw, Optional.of(written), "etag-new");
  }

  private static RestoreItem brought(CurrentState saw, VersionId written) {
    return done(RestoreAction.BRING_BACK, saw, Optional.of(written), "etag-new");
  }

  private static RestoreItem deleted(Optional<VersionId> marker) {
    return done(RestoreAction.DELETE, SAW, marker, "");
  }

  private static RestoreItem done(
      RestoreAction action, CurrentState saw, Optional<VersionId> written, String etag) {
    return RestoreItem.planned(
            KEY,
            action,
            "because",
            OptionalLong.of(7),
            Optional.of(new VersionId("v-wanted")),
            5,
            saw,
            List.of())
        .at(1)
        .done(
            new RestoreItem.Written(
                written, etag, Optional.empty(), Optional.of(SiteName.PRIMARY), false),
            "done");
  }

  private static Looked now(CurrentState current) {
    return new Looked(
        KEY, current, Optional.of(Instant.EPOCH), List.of(), Optional.empty(), Optional.empty());
  }

  private static Looked markers(VersionId below, VersionId... markers) {
    return new Looked(
        KEY,
        new Absent(Optional.of(markers[0])),
        Optional.of(Instant.EPOCH),
        List.of(markers),
        Optional.of(
            new ListedVersion(
                KEY, below, Instant.EPOCH, false, new Entry.Content("etag-old", 3, "STANDARD"))),
        Optional.empty());
  }
}
