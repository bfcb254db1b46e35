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
import org.vistadr.restore.RestoreRefusedException;
import org.vistadr.restore.Restores;
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
  private final RepeatedRequests repeated = new RepeatedRequests();

  /// @param restores what is asked
  public RestoresResource(Restores restores) {
    this.restores = restores;
    this.views = new RestoreViews(restores);
  }

  /// Applies a plan in the background. With an `Idempotency-Key` the same request again gives the
  /// same restore.
  @POST
  @Path("/restores")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  public Response apply(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @Nullable RestoreRequest request)
      throws RestoreRefusedException {
    if (request == null || request.planId() == null) {
      throw ApiException.bad("plan-missing", "no plan is named", "send {\"planId\": \"p-...\"}");
    }
    Optional<String> before = repeated.find(idempotencyKey, request.planId());
    if (before.isPresent()) {
      return accepted(known(before.get()));
    }
    Restore restore = restores.apply(request.planId(), request.confirm());
    repeated.remember(idempotencyKey, request.planId(), restore.id());
    return accepted(restore);
  }

  /// Restores, newest first.
  @GET
  @Path("/restores")
  @Needs(Role.VIEWER)
  public Page<RestoreView> list(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<Restore> found = restores.list(size + 1, Parameters.fromCursor(cursor));
    boolean more = found.size() > size;
    List<Restore> page = more ? found.subList(0, size) : found;
    return new Page<>(
        page.stream().map(views::view).toList(),
        more ? Optional.of(Parameters.cursor(page.getLast().id())) : Optional.empty());
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

  /// Stops a restore; what was written stays.
  @POST
  @Path("/restores/{restore}/cancel")
  @Needs(Role.OPERATOR)
  public Response cancel(@PathParam("restore") String id) throws RestoreRefusedException {
    return accepted(restores.cancel(id));
  }

  /// Brings deleted objects back: plans, and applies the plan unless it is a dry run or has to be
  /// confirmed.
  @POST
  @Path("/undeletes")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  public Response undelete(@Nullable UndeleteRequest request)
      throws RestoreRefusedException, StorageException {
    if (request == null) {
      throw ApiException.bad("body-missing", "the request has no body", "say what to undelete");
    }
    RestorePlan plan = restores.plan(RestoreRequests.request(request));
    if (request.dryRun()) {
      return Response.ok(views.view(plan)).build();
    }
    return accepted(restores.apply(plan.id(), request.confirm()));
  }

  private Response accepted(Restore restore) {
    return Response.accepted(views.view(restore))
        .location(URI.create("/api/v1/restores/" + restore.id()))
        .build();
  }

  private Restore known(String id) {
    return restores.find(id).orElseThrow(() -> unknown(id));
  }

  private static ApiException unknown(String id) {
    return ApiException.missing(
        "there is no restore '%s'".formatted(id), "see which there are", "vistadr restore list");
  }
}
