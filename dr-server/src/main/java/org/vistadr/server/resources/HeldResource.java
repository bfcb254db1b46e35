package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.HeldChange;
import org.vistadr.api.Page;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.BrakeState;
import org.vistadr.model.Entry;
import org.vistadr.model.ReplicaState;
import org.vistadr.protect.Brake;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.health.BrakeReport;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.Schedules;

/// `/held`: deletions that are kept from the secondaries, and what becomes of them.
@Path("/api/v1/held")
@Produces(MediaType.APPLICATION_JSON)
public final class HeldResource {

  private final Engine engine;
  private final Schedules schedules;
  private final Brake brake;

  /// @param schedules prompted when something may go on
  HeldResource(Engine engine, Schedules schedules) {
    this.engine = engine;
    this.schedules = schedules;
    this.brake = engine.brake();
  }

  /// Deletions that are held at a secondary, by key; or the changes that it does not have because a
  /// person discarded or waived them.
  @GET
  @Needs(Role.VIEWER)
  public Page<HeldChange> held(
      @QueryParam("secondary") @Nullable String name,
      @QueryParam("discarded") @Nullable String discarded,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<ReplicationQueue.Pending> rows =
        engine
            .catalog()
            .queue()
            .list(
                Parameters.secondary(
                    engine,
                    Optional.ofNullable(name)
                        .orElseThrow(() ->
                            ApiException.bad(
                                "secondary-missing",
                                "no secondary is named",
                                "say which: ?secondary=..."))),
                Parameters.flag("discarded", discarded) ? ReplicaState.WAIVED : ReplicaState.HELD,
                Parameters.fromCursor(cursor).map(Parameters::key),
                size + 1);
    long judged = brake.state().judgedThrough();
    return Pages.of(rows, size, row -> view(row, judged), last -> last.version().key().value());
  }

  /// Lets held deletions go to the secondaries. Without secondary and prefix the brake goes off.
  @POST
  @Path("/release")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("")
  public HeldChange.Decided release(
      HeldChange.@Nullable Decision request, @Context ContainerRequestContext context) {
    long changes = brake.release(decision(request, context));
    engine
        .sites()
        .secondaries()
        .forEach(secondary -> schedules.prompt(ReplicateTask.nameFor(secondary.site().name())));
    return new HeldChange.Decided(changes, BrakeReport.of(engine));
  }

  /// Treats held deletions as a mistake: the secondaries stay as they are. Without secondary and
  /// prefix the brake goes off.
  @POST
  @Path("/discard")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("")
  public HeldChange.Decided discard(
      HeldChange.@Nullable Decision request, @Context ContainerRequestContext context) {
    long changes = brake.discard(decision(request, context));
    return new HeldChange.Decided(changes, BrakeReport.of(engine));
  }

  private Brake.Decision decision(
      HeldChange.@Nullable Decision request, ContainerRequestContext context) {
    if (request == null || request.reason() == null || request.reason().isBlank()) {
      throw ApiException.bad(
          "reason-missing", "a decision about held deletions needs a reason", "say why");
    }
    BrakeState state = brake.state();
    if (!state.engaged()) {
      throw ApiException.conflict(
          "brake-off",
          "the brake is not engaged; what is held waits for the end of the next scan",
          "see how it stands",
          "vistadr held list");
    }
    return new Brake.Decision(
        request.secondary().map(name -> Parameters.secondary(engine, name)),
        request.prefix().filter(prefix -> !prefix.isEmpty()),
        Access.who(context),
        request.reason());
  }

  private static HeldChange view(ReplicationQueue.Pending row, long judged) {
    return new HeldChange(
        row.version().key().value(),
        row.version().versionId().value(),
        row.version().lastModified(),
        row.version().seenInScan(),
        row.version().seenInScan() <= judged,
        row.version().entry() instanceof Entry.DeleteMarker,
        Optional.of(row.lastError()).filter(_ -> row.state() == ReplicaState.WAIVED));
  }
}
