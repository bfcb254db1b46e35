package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
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
import org.vistadr.catalog.FindingLog;
import org.vistadr.model.Finding;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.protect.Repair;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.storage.StorageException;

/// `/findings`: replicas that are not what the catalog says, what is there beside them, and their
/// repair.
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
            .findings()
            .list(
                Optional.ofNullable(state)
                    .map(word -> RestoreRequests.word(Finding.State.class, word, "state"))
                    .orElse(Finding.State.OPEN),
                FindingLog.Concern.ALL,
                Parameters.numberFromCursor(cursor).orElse(0L),
                size + 1);
    return Pages.of(found, size, FindingsResource::view, last -> String.valueOf(last.id()));
  }

  /// Copies a replica again, from the primary or from another secondary. The next run of the scrub
  /// reads it back.
  @POST
  @Path("/{finding}/repair")
  @Needs(Role.OPERATOR)
  @Audited("")
  public FindingView repair(@PathParam("finding") long id, @Context ContainerRequestContext context)
      throws StorageException {
    Finding finding = known(id);
    requireOpen(finding);
    Repair repair = engine.scrub().repair(finding, Access.who(context));
    switch (repair) {
      case Repair.Copying _ -> schedules.prompt(ReplicateTask.nameFor(finding.secondary()));
      case Repair.NoGoodCopy(Optional<Repair.Version> lastGood) ->
          throw noGoodCopy(finding, lastGood);
      case Repair.NotACopy() ->
          throw ApiException.conflict(
              "not-a-copy",
              "finding %d is about something that is no copy of ours: nothing is copied, and nothing is ever removed"
                  .formatted(id),
              "remove it at the secondary yourself, or say that it may stay",
              "vistadr verify acknowledge %d --reason '...'".formatted(id));
      case Repair.NotWanted() ->
          throw ApiException.conflict(
              "not-wanted",
              "this version of %s was waived or pruned at %s meanwhile"
                  .formatted(finding.key(), finding.secondary()),
              "acknowledge the finding",
              "vistadr verify acknowledge %d --reason '...'".formatted(id));
    }
    return view(known(id));
  }

  private static ApiException noGoodCopy(Finding finding, Optional<Repair.Version> lastGood) {
    String what =
        "no good copy of this version of %s exists anywhere: the primary does not have it, and no other secondary has one that is known to be good"
            .formatted(finding.key());
    String acknowledge = "vistadr verify acknowledge %d --reason '...'".formatted(finding.id());
    return lastGood
        .map(good ->
            ApiException.conflict(
                "no-good-copy",
                "%s; the last good one before it is of %s, at %s"
                    .formatted(what, good.at(), good.site()),
                "restore the key as of then, and give this version up",
                "vistadr restore plan '%s' --at %s".formatted(good.key(), good.at()),
                acknowledge))
        .orElseGet(() ->
            ApiException.conflict(
                "no-good-copy",
                what + "; and of no earlier version of the key either",
                "look whether somebody else has it, and give this version up",
                "vistadr history " + finding.key(),
                acknowledge));
  }

  /// Lets something extra be as it is, or gives a copy up that nobody has any more.
  @POST
  @Path("/{finding}/acknowledge")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("")
  public FindingView acknowledge(
      @PathParam("finding") long id,
      FindingView.@Nullable Acknowledgement request,
      @Context ContainerRequestContext context)
      throws StorageException {
    if (request == null || request.reason() == null || request.reason().isBlank()) {
      throw ApiException.bad(
          "reason-missing", "acknowledging a finding needs a reason", "say why it may stay");
    }
    Finding finding = known(id);
    requireOpen(finding);
    Optional<String> refused =
        engine.scrub().acknowledge(finding, request.reason(), Access.who(context));
    if (refused.isPresent()) {
      throw ApiException.conflict(
          "not-acknowledged",
          "finding %d is not acknowledged: %s".formatted(id, refused.get()),
          "repair it",
          "vistadr verify repair %d".formatted(id));
    }
    return view(known(id));
  }

  private static void requireOpen(Finding finding) {
    switch (finding.state()) {
      case OPEN, BEING_REPAIRED -> {}
      case REPAIRED, ACKNOWLEDGED, GONE ->
          throw ApiException.conflict(
              "finding-settled",
              "finding %d is %s already".formatted(finding.id(), word(finding.state())),
              "nothing is to do");
    }
  }

  private Finding known(long id) {
    return engine
        .catalog()
        .findings()
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
        finding.remoteVersion().map(VersionId::value),
        word(finding.kind()),
        word(finding.state()),
        finding.foundAt(),
        finding.settledAt(),
        finding.detail(),
        finding.source().map(SiteName::value),
        finding.reason());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
