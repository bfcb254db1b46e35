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
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.api.GivenUpChange;
import org.vistadr.api.Page;
import org.vistadr.api.Status;
import org.vistadr.api.SyncRequested;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.Entry;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.Role;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.health.ProtectionReport;
import org.vistadr.server.jobs.RefusedException;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.ScanTask;
import org.vistadr.server.jobs.Schedules;

/// `/secondaries`: replication to each secondary, and the changes that were given up.
@Path("/api/v1/secondaries")
@Produces(MediaType.APPLICATION_JSON)
public final class SecondariesResource {

  private static final Logger LOG = LoggerFactory.getLogger(SecondariesResource.class);

  private final Engine engine;
  private final Schedules schedules;
  private final ProtectionReport report;

  /// @param report tells how a secondary stands
  public SecondariesResource(Engine engine, Schedules schedules, ProtectionReport report) {
    this.engine = engine;
    this.schedules = schedules;
    this.report = report;
  }

  /// How a secondary stands.
  @GET
  @Path("/{secondary}")
  @Needs(Role.VIEWER)
  public Status.Secondary secondary(@PathParam("secondary") String name) {
    return report.secondary(known(name));
  }

  /// Scans and replicates now; what runs already is left alone.
  @POST
  @Path("/{secondary}/sync")
  @Needs(Role.OPERATOR)
  @Audited("sync-run")
  public Response sync(@PathParam("secondary") String name) throws RefusedException {
    List<String> started = new ArrayList<>();
    for (String task : List.of(ScanTask.NAME, task(name))) {
      if (!schedules.isRunning(task)) {
        schedules.run(task);
        started.add(task);
      }
    }
    return Response.accepted(new SyncRequested(started)).build();
  }

  /// Pauses replication to it.
  @POST
  @Path("/{secondary}/pause")
  @Needs(Role.OPERATOR)
  @Audited("replication-paused")
  public Status.Secondary pause(@PathParam("secondary") String name) throws RefusedException {
    schedules.pause(task(name));
    return report.secondary(known(name));
  }

  /// Ends the pause.
  @POST
  @Path("/{secondary}/resume")
  @Needs(Role.OPERATOR)
  @Audited("replication-resumed")
  public Status.Secondary resume(@PathParam("secondary") String name) throws RefusedException {
    schedules.resume(task(name));
    return report.secondary(known(name));
  }

  /// Changes that were given up, by key.
  @GET
  @Path("/{secondary}/failed")
  @Needs(Role.VIEWER)
  public Page<GivenUpChange> failed(
      @PathParam("secondary") String name,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<ReplicationQueue.Pending> rows =
        engine
            .catalog()
            .queue()
            .list(
                site(name),
                ReplicaState.GIVEN_UP,
                Parameters.fromCursor(cursor).map(Parameters::key),
                size + 1);
    return Pages.of(rows, size, SecondariesResource::view, last -> last.version().key().value());
  }

  /// Tries given-up changes again, those of one key or all.
  @POST
  @Path("/{secondary}/failed/retry")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("given-up-retried")
  public GivenUpChange.Affected retry(
      @PathParam("secondary") String name, GivenUpChange.@Nullable Retry request) {
    int changed =
        engine
            .catalog()
            .queue()
            .retryGivenUp(
                site(name),
                request == null ? Optional.empty() : request.key().map(Parameters::key));
    schedules.prompt(task(name));
    return new GivenUpChange.Affected(changed);
  }

  /// Goes on without given-up changes of a key. The recovery point may pass them from now on, and
  /// status keeps counting them.
  @POST
  @Path("/{secondary}/failed/waive")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("given-up-waived")
  public GivenUpChange.Affected waive(
      @PathParam("secondary") String name,
      GivenUpChange.@Nullable Waive request,
      @Context ContainerRequestContext context) {
    if (request == null || request.reason() == null || request.reason().isBlank()) {
      throw ApiException.bad(
          "reason-missing",
          "a waiver needs a reason",
          "send {\"key\": \"...\", \"reason\": \"...\"}");
    }
    int changed =
        engine.catalog().queue().waive(site(name), Parameters.key(request.key()), request.reason());
    if (changed == 0) {
      throw ApiException.missing(
          "nothing of '%s' was given up at %s".formatted(request.key(), name),
          "see what was: GET /api/v1/secondaries/%s/failed".formatted(name));
    }
    Audits.reason(context, "%s: %s".formatted(request.key(), request.reason()));
    LOG.warn(
        "waived secondary={} key=\"{}\" changes={} reason=\"{}\"",
        name,
        request.key(),
        changed,
        request.reason());
    schedules.prompt(task(name));
    return new GivenUpChange.Affected(changed);
  }

  private Sites.Secondary known(String name) {
    return engine
        .secondary(name)
        .orElseThrow(() ->
            ApiException.missing(
                "there is no secondary '%s'".formatted(name),
                "secondaries are "
                    + String.join(
                        ", ",
                        engine.sites().secondaries().stream()
                            .map(secondary -> secondary.site().name().value())
                            .toList())));
  }

  private SiteName site(String name) {
    return known(name).site().name();
  }

  private String task(String name) {
    return ReplicateTask.nameFor(site(name));
  }

  static GivenUpChange view(ReplicationQueue.Pending row) {
    return new GivenUpChange(
        row.version().key().value(),
        row.version().entry() instanceof Entry.Content ? "content" : "delete-marker",
        row.version().versionId().value(),
        row.version().lastModified(),
        row.version().entry().bytes(),
        row.attempts(),
        row.lastError());
  }
}
