package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.GivenUpChange;
import org.vistadr.api.Page;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.api.RestorePlanView;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestorePlan;
import org.vistadr.restore.Restores;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.server.config.Role;
import org.vistadr.storage.StorageException;

/// `/restore-plans`: decide what to do, look at it, then apply it as a restore.
@Path("/api/v1/restore-plans")
@Produces(MediaType.APPLICATION_JSON)
public final class RestorePlansResource {

  private final Restores restores;
  private final RestoreViews views;

  private final RepeatedRequests repeated;

  /// @param restores what is asked
  RestorePlansResource(Restores restores, RepeatedRequests repeated) {
    this.restores = restores;
    this.views = new RestoreViews(restores);
    this.repeated = repeated;
  }

  /// Makes a plan. Nothing is written to any site. With an `Idempotency-Key` the same request again
  /// gives the same plan.
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("restore-planned")
  public Response plan(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @Nullable RestorePlanRequest request)
      throws RestoreRefusedException, StorageException {
    if (request == null) {
      throw ApiException.bad("body-missing", "the request has no body", "say what to restore");
    }
    RestorePlan plan =
        known(
            repeated.once(
                idempotencyKey,
                "/restore-plans",
                request,
                () -> restores.plan(RestoreRequests.request(request)).id()));
    return Response.created(URI.create("/api/v1/restore-plans/" + plan.id()))
        .entity(views.view(plan))
        .build();
  }

  /// A plan.
  @GET
  @Path("/{plan}")
  @Needs(Role.OPERATOR)
  public RestorePlanView plan(@PathParam("plan") String id) {
    return views.view(known(id));
  }

  /// What a plan does, key by key.
  @GET
  @Path("/{plan}/items")
  @Needs(Role.OPERATOR)
  public Page<RestorePlanView.ItemView> items(
      @PathParam("plan") String id,
      @QueryParam("action") @Nullable String action,
      @QueryParam("ambiguous") @Nullable String ambiguous,
      @QueryParam("newer") @Nullable String newer,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    if (Parameters.flag("newer", newer)) {
      if (action != null || ambiguous != null) {
        throw ApiException.bad(
            "newer-and-others", "newer and another choice are given", "ask for one at a time");
      }
      return RestoreViews.page(
          restores
              .outlook()
              .newer(known(id).id(), Parameters.numberFromCursor(cursor).orElse(0L), size + 1),
          size);
    }
    if (Parameters.flag("ambiguous", ambiguous)) {
      if (action != null) {
        throw ApiException.bad(
            "action-and-ambiguous", "action and ambiguous are given", "ask for one at a time");
      }
      return RestoreViews.page(
          restores.ambiguousItems(
              known(id).id(), Parameters.numberFromCursor(cursor).orElse(0L), size + 1),
          size);
    }
    return RestoreViews.page(
        restores.planItems(
            known(id).id(),
            Optional.ofNullable(action)
                .map(word -> RestoreRequests.word(RestoreAction.class, word, "action")),
            Parameters.numberFromCursor(cursor).orElse(0L),
            size + 1),
        size);
  }

  /// Changes that the plan's source does not have: they were still on their way to it.
  @GET
  @Path("/{plan}/lost")
  @Needs(Role.OPERATOR)
  public Page<GivenUpChange> lost(
      @PathParam("plan") String id,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<ReplicationQueue.Pending> found =
        restores
            .outlook()
            .lost(known(id), Parameters.numberFromCursor(cursor).orElse(0L), size + 1);
    return Pages.of(
        found, size, SecondariesResource::view, last -> String.valueOf(last.version().id()));
  }

  private RestorePlan known(String id) {
    return restores
        .findPlan(id)
        .orElseThrow(() ->
            ApiException.missing(
                "there is no plan '%s'".formatted(id), "plans expire: make a new one"));
  }
}
