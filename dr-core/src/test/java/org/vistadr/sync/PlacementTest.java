package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;

class PlacementTest {

  private static final RecordedVersion CONTENT = version(new Entry.Content("e", 1, "STANDARD"));
  private static final RecordedVersion MARKER = version(new Entry.DeleteMarker());

  @Test
  void theNewestVersionBecomesCurrent() {
    assertThat(Placement.of(CONTENT, false, false, true)).isEqualTo(new Placement.Current());
    assertThat(Placement.of(MARKER, false, false, false)).isEqualTo(new Placement.Current());
  }

  @Test
  void anOlderVersionNeverBecomesCurrentOverANewerOne() {
    assertThat(Placement.of(CONTENT, true, false, true)).isInstanceOf(Placement.Aside.class);
    assertThat(Placement.of(CONTENT, true, false, false)).isInstanceOf(Placement.Aside.class);
    assertThat(Placement.of(MARKER, true, false, true)).isEqualTo(new Placement.Noted());
  }

  @Test
  void aBucketThatKeepsVersionsGetsThemOneAfterTheOther() {
    assertThat(Placement.of(CONTENT, false, true, true)).isEqualTo(new Placement.Current());
    assertThat(Placement.of(MARKER, false, true, true)).isEqualTo(new Placement.Current());
  }

  @Test
  void aBucketWithoutVersionsGetsOldVersionsAside() {
    assertThat(Placement.of(CONTENT, false, true, false)).isInstanceOf(Placement.Aside.class);
    assertThat(Placement.of(MARKER, false, true, false)).isEqualTo(new Placement.Noted());
  }

  private static RecordedVersion version(Entry entry) {
    return new RecordedVersion(
        1,
        new ObjectKey("a"),
        1,
        Origin.LISTED,
        new VersionId("v1"),
        Instant.EPOCH,
        entry,
        1,
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }
}
