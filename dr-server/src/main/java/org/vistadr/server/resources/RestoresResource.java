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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreRequest;
import org.vistadr.api.RestoreView;
import org.vistadr.api.UndeleteRequest;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.Restores;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.server.config.Quantities;
import org.vistadr.server.config.Role;
import org.vistadr.storage.StorageException;

/// `/restores` and `/undeletes`: apply plans and follow what becomes of them.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class RestoresResource {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);

  private final Restores restores;
  private final RestoreViews views;
  private final RepeatedRequests repeated;

  /// @param restores what is asked
  RestoresResource(Restores restores, RepeatedRequests repeated) {
    this.restores = restores;
    this.repeated = repeated;
    this.views = new RestoreViews(restores);
  }

  /// Applies a plan in the background. With an `Idempotency-Key` the same request again gives the
  /// same restore.
  @POST
  @Path("/restores")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("restore-started")
  public Response apply(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @Nullable RestoreRequest request,
      @Context ContainerRequestContext context)
      throws RestoreRefusedException, StorageException {
    if (request == null || request.planId() == null) {
      throw ApiException.bad("plan-missing", "no plan is named", "send {\"planId\": \"p-...\"}");
    }
    return started(
        repeated.once(
            idempotencyKey,
            "/restores",
            request,
            () -> told(restores.apply(request.planId(), request.confirm()), context)));
  }

  /// Restores, newest first.
  @GET
  @Path("/restores")
  @Needs(Role.VIEWER)
  public Page<RestoreView> list(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<Restore> found = restores.list(size + 1, Parameters.fromCursor(cursor));
    return Pages.of(found, size, views::view, last -> last.id());
  }

  /// A restore. With `wait` the answer comes when it is over, or after that time.
  @GET
  @Path("/restores/{restore}")
  @Needs(Role.VIEWER)
  public RestoreView restore(
      @PathParam("restore") String id, @QueryParam("wait") @Nullable String wait)
      throws InterruptedException {
    if (wait == null) {
      return views.view(known(id));
    }
    Duration atMost;
    try {
      atMost = Quantities.duration(wait);
    } catch (IllegalArgumentException e) {
      throw ApiException.bad("wait-invalid", String.valueOf(e.getMessage()), "write wait=20s");
    }
    return views.view(
        restores
            .await(id, atMost.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atMost)
            .orElseThrow(() -> unknown(id)));
  }

  /// What became of each key.
  @GET
  @Path("/restores/{restore}/items")
  @Needs(Role.VIEWER)
  public Page<RestorePlanView.ItemView> items(
      @PathParam("restore") String id,
      @QueryParam("result") @Nullable String result,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    return RestoreViews.page(
        restores.items(
            known(id).id(),
            Optional.ofNullable(result)
                .map(word -> RestoreRequests.word(RestoreItem.State.class, word, "result")),
            Parameters.numberFromCursor(cursor).orElse(0L),
            size + 1),
        size);
  }

  /// Stops a restore for good; what was written stays.
  @POST
  @Path("/restores/{restore}/cancel")
  @Needs(Role.OPERATOR)
  @Audited("restore-cancelled")
  public Response cancel(@PathParam("restore") String id) throws RestoreRefusedException {
    return accepted(restores.control().cancel(id));
  }

  /// Stops a restore for a while, across restarts.
  @POST
  @Path("/restores/{restore}/pause")
  @Needs(Role.OPERATOR)
  @Audited("restore-paused")
  public Response pause(@PathParam("restore") String id) throws RestoreRefusedException {
    return accepted(restores.control().pause(id));
  }

  /// Goes on with a paused restore. With a bandwidth, also one that runs: it gets that limit.
  @POST
  @Path("/restores/{restore}/resume")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("restore-resumed")
  public Response resume(@PathParam("restore") String id, RestoreRequest.@Nullable Resume request)
      throws RestoreRefusedException {
    Optional<String> bandwidth =
        Optional.ofNullable(request).flatMap(RestoreRequest.Resume::bandwidth);
    if (bandwidth.isEmpty()) {
      return accepted(restores.control().resume(id));
    }
    Restore restore = restores.control().limit(id, RestoreRequests.limit(bandwidth.get()));
    return accepted(restores.control().waits(restore) ? restores.control().resume(id) : restore);
  }

  /// Takes an ended restore up again: what failed, and unless `failedOnly` also what was skipped.
  @POST
  @Path("/restores/{restore}/retry")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("restore-retried")
  public Response retry(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @PathParam("restore") String id,
      RestoreRequest.@Nullable Retry request)
      throws RestoreRefusedException, StorageException {
    RestoreRequest.Retry asked =
        request == null ? new RestoreRequest.Retry(false, Optional.empty()) : request;
    return started(
        repeated.once(
            idempotencyKey,
            "/restores/" + id + "/retry",
            asked,
            () -> restores.control().retry(id, !asked.failedOnly(), asked.confirm()).id()));
  }

  /// Brings deleted objects back: plans, and applies the plan unless it is a dry run or has to be
  /// confirmed.
  @POST
  @Path("/undeletes")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("undelete-asked")
  public Response undelete(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @Nullable UndeleteRequest request,
      @Context ContainerRequestContext context)
      throws RestoreRefusedException, StorageException {
    if (request == null) {
      throw ApiException.bad("body-missing", "the request has no body", "say what to undelete");
    }
    String id =
        repeated.once(
            idempotencyKey,
            "/undeletes",
            request,
            () -> {
              RestorePlan plan = restores.plan(RestoreRequests.request(request));
              return request.dryRun()
                  ? plan.id()
                  : told(restores.apply(plan.id(), request.confirm()), context);
            });
    return restores
        .findPlan(id)
        .map(plan -> Response.ok(views.view(plan)).build())
        .orElseGet(() -> started(id));
  }

  private String told(Restore restore, ContainerRequestContext context) {
    restores.askedBy(restore.id(), Access.role(context));
    return restore.id();
  }

  private Response started(String id) {
    return accepted(known(id));
  }

  private Response accepted(Restore restore) {
    return Response.accepted(views.view(restore))
        .location(URI.create("/api/v1/restores/" + restore.id()))
        .build();
  }

  private Restore known(String id) {
    return restores.find(id).orElseThrow(() -> unknown(id));
  }

  static ApiException unknown(String id) {
    return ApiException.missing(
        "there is no restore '%s'".formatted(id), "see which there are", "vistadr restore list");
  }
}
