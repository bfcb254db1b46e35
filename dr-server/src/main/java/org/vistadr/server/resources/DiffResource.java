package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.DiffPage;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Diff;
import org.vistadr.restore.view.Step;
import org.vistadr.restore.view.Views;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;

/// `/diff`: what differs between two moments.
@Path("/api/v1/diff")
@Produces(MediaType.APPLICATION_JSON)
public final class DiffResource {

  private final Engine engine;
  private final Times times;
  private final ViewAnswers answers;

  /// @param engine what is asked
  /// @param times reads moments
  public DiffResource(Engine engine, Times times) {
    this.times = times;
    this.engine = engine;
    this.answers = new ViewAnswers(engine);
  }

  /// Keys that were added, removed or changed, in key order. Without `to` the later moment is the
  /// newest state that is known.
  @GET
  @Needs(Role.VIEWER)
  public DiffPage diff(
      @QueryParam("prefix") @Nullable String prefix,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("nearest") @Nullable String nearest,
      @QueryParam("strict") @Nullable String strict,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws RestoreRefusedException {
    String below = prefix == null ? "" : prefix;
    Optional<Instant> earlier = times.time("from", from);
    if (earlier.isEmpty()) {
      throw ApiException.bad(
          "time-missing",
          "there is no moment to start from",
          "say since when: from=2026-11-22T03:00:00Z");
    }
    boolean scanBefore = Parameters.flag("nearest", nearest);
    AsOf start = new AsOf(earlier, scanBefore);
    AsOf end = new AsOf(times.time("to", to), scanBefore);
    Optional<ObjectKey> after = Parameters.fromCursor(cursor).map(Parameters::key);
    int size = Parameters.limit(limit);
    Views views = engine.restores().views();
    Diff diff = views.diff(below, start, end, after);

    List<DiffPage.Item> items = new ArrayList<>();
    Optional<ObjectKey> last = Optional.empty();
    int looked = 0;
    Optional<Step<Diff.Difference>> step = diff.step();
    boolean nothing = step.isEmpty() && after.isEmpty() && !below.isEmpty();
    while (step.isPresent() && items.size() < size && looked < ViewPage.MOST_LOOKED_AT) {
      looked++;
      last = Optional.of(step.get().key());
      step.get().entry().map(DiffResource::item).ifPresent(items::add);
      step = diff.step();
    }
    if (Parameters.flag("strict", strict)) {
      ViewAnswers.requireCertain(
          items.stream()
              .flatMap(item -> Stream.of(item.ambiguousFrom(), item.ambiguousTo()))
              .flatMap(Optional::stream)
              .toList());
    }
    return new DiffPage(
        answers.moment(diff.from()),
        answers.moment(diff.to()),
        items,
        nothing ? views.nearestPrefixes(below, AsOf.LATEST) : List.of(),
        step.isPresent() ? last.map(key -> Parameters.cursor(key.value())) : Optional.empty());
  }

  private static DiffPage.Item item(Diff.Difference found) {
    return new DiffPage.Item(
        found.key().value(),
        found.kind().text(),
        found.before().map(ViewAnswers::content),
        found.after().map(ViewAnswers::content),
        found.entryAfter().map(RecordedVersion::effectiveAt),
        found.doubtBefore().map(doubt -> ViewAnswers.ambiguous(found.key(), doubt)),
        found.doubtAfter().map(doubt -> ViewAnswers.ambiguous(found.key(), doubt)));
  }
}
