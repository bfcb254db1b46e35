package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.RestoreReportView;
import org.vistadr.api.UndoRequest;
import org.vistadr.model.Restore;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.RestoreReport;
import org.vistadr.restore.Restores;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.server.config.Role;
import org.vistadr.storage.StorageException;

/// `/restores/{id}/report` and `/restores/{id}/undo`: what a restore did, and how to take it back.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class EndedRestoresResource {

  private final Restores restores;
  private final RepeatedRequests repeated;
  private final InstantSource clock;
  private final RestoreViews views;

  /// @param restores what is asked
  /// @param repeated remembers what requests with a key of their own led to
  /// @param clock for how long a restore runs that is not over
  public EndedRestoresResource(Restores restores, RepeatedRequests repeated, InstantSource clock) {
    this.restores = restores;
    this.repeated = repeated;
    this.clock = clock;
    this.views = new RestoreViews(restores);
  }

  /// What a restore did. As a page for people with `format=html` or `Accept: text/html`.
  @GET
  @Path("/restores/{restore}/report")
  @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
  @Needs(Role.VIEWER)
  public Response report(
      @PathParam("restore") String id,
      @QueryParam("format") @Nullable String format,
      @QueryParam("zone") @Nullable String zone,
      @HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept) {
    boolean page = isPage(format, accept);
    RestoreReport report = restores.report(id).orElseThrow(() -> RestoresResource.unknown(id));
    RestoreReportView view =
        new RestoreReportViews(restores).view(report, zone(zone), clock.instant());
    if (!page) {
      return Response.ok(view, MediaType.APPLICATION_JSON_TYPE).build();
    }
    StreamingOutput written = new ReportPage(view, restores)::write;
    return Response.ok(written, MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
        .header("Content-Security-Policy", ReportPage.POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  /// Gives back what a restore replaced: plans, and applies the plan unless it is a dry run or has
  /// to be confirmed. What changed since is left alone.
  @POST
  @Path("/restores/{restore}/undo")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("undo-asked")
  public Response undo(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @PathParam("restore") String id,
      @Nullable UndoRequest request,
      @Context ContainerRequestContext context)
      throws RestoreRefusedException, StorageException {
    UndoRequest asked = request == null ? new UndoRequest(false, Optional.empty()) : request;
    String made =
        repeated.once(
            idempotencyKey,
            "/restores/%s/undo".formatted(id),
            asked,
            () -> undo(id, asked, Access.role(context)));
    return restores
        .findPlan(made)
        .map(plan ->
            Response.created(URI.create("/api/v1/restore-plans/" + plan.id()))
                .entity(views.view(plan))
                .build())
        .orElseGet(() -> accepted(made));
  }

  private String undo(String id, UndoRequest asked, String role)
      throws RestoreRefusedException, StorageException {
    RestorePlan plan = restores.planUndo(id);
    if (asked.dryRun()) {
      return plan.id();
    }
    Restore restore = restores.apply(plan.id(), asked.confirm());
    restores.askedBy(restore.id(), role);
    return restore.id();
  }

  private Response accepted(String id) {
    Restore restore = restores.find(id).orElseThrow(() -> RestoresResource.unknown(id));
    return Response.accepted(views.view(restore))
        .location(URI.create("/api/v1/restores/" + restore.id()))
        .build();
  }

  private static boolean isPage(@Nullable String format, @Nullable String accept) {
    if (format == null) {
      return accept != null
          && accept.contains(MediaType.TEXT_HTML)
          && !accept.contains(MediaType.APPLICATION_JSON);
    }
    return switch (format) {
      case "html" -> true;
      case "json" -> false;
      default ->
          throw ApiException.bad(
              "parameter-invalid", "format=%s is not known".formatted(format), "use html or json");
    };
  }

  private static ZoneId zone(@Nullable String zone) {
    try {
      return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
    } catch (DateTimeException _) {
      throw ApiException.bad(
          "parameter-invalid", "zone=%s is not known".formatted(zone), "write zone=Europe/Paris");
    }
  }
}
