package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.FindingView;
import org.vistadr.api.Page;
import org.vistadr.model.Finding;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.Schedules;

/// `/findings`: replicas that are not what the catalog says, and their repair.
@Path("/api/v1/findings")
@Produces(MediaType.APPLICATION_JSON)
public final class FindingsResource {

  private final Engine engine;
  private final Schedules schedules;

  /// @param schedules prompted when something is to be copied again
  FindingsResource(Engine engine, Schedules schedules) {
    this.engine = engine;
    this.schedules = schedules;
  }

  /// Findings in a state, oldest first.
  @GET
  @Needs(Role.VIEWER)
  public Page<FindingView> findings(
      @QueryParam("state") @Nullable String state,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<Finding> found =
        engine
            .catalog()
            .scrub()
            .list(
                Optional.ofNullable(state)
                    .map(word -> RestoreRequests.word(Finding.State.class, word, "state"))
                    .orElse(Finding.State.OPEN),
                Parameters.numberFromCursor(cursor).orElse(0L),
                size + 1);
    return Pages.of(found, size, FindingsResource::view, last -> String.valueOf(last.id()));
  }

  /// Copies a replica again from the primary. The next run of the scrub reads it back.
  @POST
  @Path("/{finding}/repair")
  @Needs(Role.OPERATOR)
  @Audited("")
  public FindingView repair(
      @PathParam("finding") long id, @Context ContainerRequestContext context) {
    Finding finding = known(id);
    if (finding.state() == Finding.State.REPAIRED) {
      throw ApiException.conflict(
          "finding-repaired", "finding %d is repaired already".formatted(id), "nothing is to do");
    }
    if (!engine.scrub().repair(finding, Access.who(context))) {
      throw ApiException.conflict(
          "no-good-copy",
          "the primary does not have this version of %s any more".formatted(finding.key()),
          "another secondary may have it: see where every version is",
          "vistadr history " + finding.key());
    }
    schedules.prompt(ReplicateTask.nameFor(finding.secondary()));
    return view(known(id));
  }

  private Finding known(long id) {
    return engine
        .catalog()
        .scrub()
        .find(id)
        .orElseThrow(() ->
            ApiException.missing(
                "there is no finding %d".formatted(id),
                "see which there are",
                "vistadr verify findings"));
  }

  private static FindingView view(Finding finding) {
    return new FindingView(
        finding.id(),
        finding.secondary().value(),
        finding.key().value(),
        word(finding.kind()),
        word(finding.state()),
        finding.foundAt(),
        finding.settledAt(),
        finding.detail());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
