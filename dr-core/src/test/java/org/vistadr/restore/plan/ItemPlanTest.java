package org.vistadr.restore.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Same;

final class ItemPlanTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final ObjectKey KEY = new ObjectKey("k");

  /// Then and now are `-` for absent or the name of a content.
  @ParameterizedTest
  @CsvSource({
    "-, -, if-changed, false, NONE",
    "a, -, if-changed, false, BRING_BACK",
    "a, -, never, false, BRING_BACK",
    "a, a, if-changed, false, UNCHANGED",
    "a, a, always, false, PUT_BACK",
    "a, a, never, false, UNCHANGED",
    "a, b, if-changed, false, PUT_BACK",
    "a, b, always, false, PUT_BACK",
    "a, b, never, false, LEFT_ALONE",
    "a, b, if-changed, true, PUT_BACK",
    "-, b, if-changed, false, LEFT_ALONE",
    "-, b, never, false, LEFT_ALONE",
    "-, b, if-changed, true, DELETE",
  })
  void actionFollowsFromThenAndNow(
      String then, String now, String overwrite, boolean deleteExtra, String expected) {
    var request = request(overwrite, deleteExtra, false);
    var item =
        new ItemPlan(
                request, wanted(then), true, now(now), then.equals(now), Optional.empty(), true)
            .decide();
    assertThat(item.map(found -> found.action().name()).orElse("NONE")).isEqualTo(expected);
  }

  @Test
  void lostBytesAreNamedInsteadOfLeftOut() {
    var item =
        new ItemPlan(
                request("if-changed", false, false),
                wanted("a"),
                true,
                now("-"),
                false,
                Optional.of("nowhere"),
                true)
            .decide()
            .orElseThrow();
    assertThat(item.action()).isEqualTo(RestoreAction.CANNOT);
    assertThat(item.reason()).isEqualTo("nowhere");
  }

  @Test
  void keyThatTheCatalogDoesNotKnowIsNeverDeleted() {
    var item =
        new ItemPlan(
                request("if-changed", true, false),
                Optional.empty(),
                false,
                now("b"),
                false,
                Optional.empty(),
                true)
            .decide();
    assertThat(item.map(RestoreItem::action)).contains(RestoreAction.LEFT_ALONE);
  }

  @Test
  void contentThatADeletionWouldLoseIsNotDeleted() {
    var item =
        new ItemPlan(
                request("if-changed", true, false),
                Optional.empty(),
                true,
                now("b"),
                false,
                Optional.empty(),
                false)
            .decide();
    assertThat(item.map(RestoreItem::action)).contains(RestoreAction.CANNOT);
  }

  @Test
  void undeleteNamesExactlyTheMarkersAboveTheVersion() {
    var markers = List.of(new VersionId("m2"), new VersionId("m1"));
    var item = undelete(deleted(markers, "a"));
    assertThat(item.action()).isEqualTo(RestoreAction.BRING_BACK);
    assertThat(item.markers()).isEqualTo(markers);
  }

  @Test
  void undeleteBringsBackWhatTheMarkersHideAlsoWhenTheCatalogHasNotSeenItYet() {
    var item = undelete(deleted(List.of(new VersionId("m1")), "b"));
    assertThat(item.action()).isEqualTo(RestoreAction.BRING_BACK);
    assertThat(item.wantedVersion()).contains(new VersionId("v-b"));
    assertThat(item.wanted()).isEmpty();
  }

  @Test
  void undeleteOfAPurgedVersionWritesItAnew() {
    var item = undelete(Looked.nothing(KEY));
    assertThat(item.action()).isEqualTo(RestoreAction.BRING_BACK);
    assertThat(item.markers()).isEmpty();
  }

  @Test
  void undeleteLeavesAKeyWithContentAlone() {
    assertThat(undelete(now("a")).action()).isEqualTo(RestoreAction.UNCHANGED);
    assertThat(undelete(now("b")).action()).isEqualTo(RestoreAction.LEFT_ALONE);
  }

  @Test
  void contentNewerThanTheMomentIsAtRisk() {
    var item =
        new ItemPlan(
                request("if-changed", false, false),
                wanted("a"),
                true,
                now("b"),
                false,
                Optional.empty(),
                true)
            .decide()
            .orElseThrow();
    assertThat(ItemPlan.newerAtRisk(item, now("b"), NOON.minusSeconds(1))).isTrue();
    assertThat(ItemPlan.newerAtRisk(item, now("b"), NOON)).isFalse();
  }

  private static RestoreItem undelete(Looked looked) {
    return new ItemPlan(
            request("if-changed", false, true),
            wanted("a"),
            true,
            looked,
            Same.content(looked.current(), wanted("a").orElseThrow()),
            Optional.empty(),
            true)
        .decide()
        .orElseThrow();
  }

  private static RestorePlan.Request request(
      String overwrite, boolean deleteExtra, boolean undelete) {
    var rule =
        List.of(Overwrite.values()).stream()
            .filter(value -> value.text().equals(overwrite))
            .findFirst()
            .orElseThrow();
    var at = Optional.of(NOON);
    return RestorePlan.Request.of(
            undelete ? new RestoreGoal.Undelete(at) : new RestoreGoal.AsOf(at), RestoreScope.ALL)
        .withRules(RestoreRules.DEFAULT.withOverwrite(rule).withDeleteExtra(deleteExtra));
  }

  private static Optional<RecordedVersion> wanted(String name) {
    return name.equals("-")
        ? Optional.empty()
        : Optional.of(
            new RecordedVersion(
                7,
                KEY,
                1,
                Origin.LISTED,
                new VersionId("v-" + name),
                NOON,
                content(name),
                1,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty()));
  }

  private static Looked now(String name) {
    if (name.equals("-")) {
      return Looked.nothing(KEY);
    }
    return new Looked(
        KEY,
        new CurrentState.Present(new VersionId("v-" + name), "etag-" + name, 10),
        Optional.of(NOON),
        List.of(),
        Optional.of(listed(name)),
        Optional.empty());
  }

  private static Looked deleted(List<VersionId> markers, String below) {
    return new Looked(
        KEY,
        new CurrentState.Absent(Optional.of(markers.getFirst())),
        Optional.of(NOON),
        markers,
        Optional.of(listed(below)),
        Optional.empty());
  }

  private static ListedVersion listed(String name) {
    return new ListedVersion(KEY, new VersionId("v-" + name), NOON, false, content(name));
  }

  private static Entry.Content content(String name) {
    return new Entry.Content("etag-" + name, 10, "STANDARD");
  }
}
