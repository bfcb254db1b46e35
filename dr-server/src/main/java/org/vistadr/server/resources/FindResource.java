package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.ObjectListing;
import org.vistadr.model.KeyGlobs;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Search;
import org.vistadr.restore.view.Step;
import org.vistadr.restore.view.ViewEntry;
import org.vistadr.restore.view.Views;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;

/// `/find`: keys that match a glob, and were deleted or changed since a moment where that is asked.
@Path("/api/v1/find")
@Produces(MediaType.APPLICATION_JSON)
public final class FindResource {

  private final Engine engine;
  private final Times times;
  private final ViewAnswers answers;

  /// @param engine what is asked
  /// @param times reads moments
  public FindResource(Engine engine, Times times) {
    this.times = times;
    this.engine = engine;
    this.answers = new ViewAnswers(engine);
  }

  /// Matching keys in key order. In a glob `**` stands for anything, `*` for anything without `/`,
  /// `?` for one character; one without `/` is looked for at any depth.
  @GET
  @Needs(Role.VIEWER)
  public ObjectListing find(
      @QueryParam("glob") @Nullable String glob,
      @QueryParam("deletedSince") @Nullable String deletedSince,
      @QueryParam("changedSince") @Nullable String changedSince,
      @QueryParam("at") @Nullable String at,
      @QueryParam("nearest") @Nullable String nearest,
      @QueryParam("strict") @Nullable String strict,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws RestoreRefusedException {
    if (glob == null || glob.isEmpty()) {
      throw ApiException.bad(
          "glob-missing", "there is no glob", "say what to look for: glob=projects/*/image.jpg");
    }
    String start = literalStart(glob);
    // Like `find -name`: a name is looked for in every folder.
    KeyGlobs globs =
        new KeyGlobs(glob.contains("/") ? List.of(glob) : List.of(glob, "**/" + glob), List.of());
    String below = glob.contains("/") ? start : "";
    Search.Wanted wanted =
        wanted(times.time("deletedSince", deletedSince), times.time("changedSince", changedSince));
    Optional<String> from = Parameters.fromCursor(cursor);
    AsOf asOf = new AsOf(times.time("at", at), Parameters.flag("nearest", nearest));
    Views views = engine.restores().views();
    Search search = views.search(below, globs, wanted, asOf, ViewPage.after(from));

    ViewPage page = new ViewPage(answers, Parameters.limit(limit));
    Optional<Step<ViewEntry>> step = search.step();
    boolean nothing = step.isEmpty() && from.isEmpty() && !below.isEmpty();
    while (step.isPresent() && !page.isFull()) {
      page.add(step.get());
      step = search.step();
    }
    return page.finish(
        search.moment(),
        step.isPresent(),
        Parameters.flag("strict", strict),
        nothing ? views.nearestPrefixes(below, asOf) : List.of());
  }

  private static Search.Wanted wanted(
      Optional<Instant> deletedSince, Optional<Instant> changedSince) {
    if (deletedSince.isPresent() && changedSince.isPresent()) {
      throw ApiException.bad(
          "deleted-and-changed",
          "deletedSince and changedSince are given",
          "ask for one at a time");
    }
    return deletedSince
        .<Search.Wanted>map(Search.Wanted.DeletedSince::new)
        .or(() -> changedSince.map(Search.Wanted.ChangedSince::new))
        .orElse(Search.Wanted.PRESENT);
  }

  /// What every match starts with.
  private static String literalStart(String glob) {
    int end = 0;
    while (end < glob.length() && "*?".indexOf(glob.charAt(end)) < 0) {
      end++;
    }
    return glob.substring(0, end);
  }
}
