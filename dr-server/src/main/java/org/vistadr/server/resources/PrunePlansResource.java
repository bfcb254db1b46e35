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
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.Page;
import org.vistadr.api.PrunePlanView;
import org.vistadr.catalog.PruneLog;
import org.vistadr.model.Hold;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.SiteName;
import org.vistadr.protect.PruneRefusedException;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;

/// `/prune-plans`: what retention may remove, shown first, and carried out when somebody approves
/// it.
@Path("/api/v1/prune-plans")
@Produces(MediaType.APPLICATION_JSON)
public final class PrunePlansResource {

  private final Engine engine;
  private final PruneLog log;

  /// @param engine does and tells
  PrunePlansResource(Engine engine) {
    this.engine = engine;
    this.log = engine.catalog().prunes();
  }

  /// Plans, newest first.
  @GET
  @Needs(Role.VIEWER)
  public Page<PrunePlanView> prunePlans(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    return Pages.of(
        log.list(Parameters.fromCursor(cursor), size + 1), size, this::view, PrunePlan::id);
  }

  /// Decides what may go by the policies, holds and copies of now. Removes nothing.
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("")
  public Response makePrunePlan(
      PrunePlanView.@Nullable PruneRequest request, @Context ContainerRequestContext context) {
    Optional<SiteName> secondary =
        Optional.ofNullable(request)
            .flatMap(PrunePlanView.PruneRequest::secondary)
            .map(name -> Parameters.secondary(engine, name));
    try {
      PrunePlan plan = engine.prune().plan(secondary, Access.who(context));
      return Response.created(URI.create("/api/v1/prune-plans/" + plan.id()))
          .entity(view(plan))
          .build();
    } catch (PruneRefusedException e) {
      throw refused(e);
    }
  }

  /// One plan.
  @GET
  @Path("/{plan}")
  @Needs(Role.VIEWER)
  public PrunePlanView prunePlan(@PathParam("plan") String id) {
    return view(known(id));
  }

  /// Every version that a plan names, in its order.
  ///
  /// @param state only those in this state
  @GET
  @Path("/{plan}/items")
  @Needs(Role.VIEWER)
  public Page<PrunePlanView.PruneItem> pruneItems(
      @PathParam("plan") String id,
      @QueryParam("state") @Nullable String state,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<PrunePlan.Item> found =
        log.items(
            known(id).id(),
            Optional.ofNullable(state)
                .map(word -> List.of(RestoreRequests.word(ItemState.class, word, "state")))
                .orElse(List.of(ItemState.values())),
            Parameters.numberFromCursor(cursor).orElse(0L),
            size + 1);
    return Pages.of(found, size, PrunePlansResource::item, last -> String.valueOf(last.seq()));
  }

  /// Approves a plan and begins to carry it out. It goes on by itself; read it until it has ended.
  @POST
  @Path("/{plan}/run")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("")
  public Response runPrunePlan(
      @PathParam("plan") String id,
      PrunePlanView.@Nullable PruneApproval request,
      @Context ContainerRequestContext context) {
    PrunePlan plan = known(id);
    String confirm = confirm(plan);
    if (request == null || request.reason() == null || request.reason().isBlank()) {
      throw ApiException.bad("reason-missing", "removing versions needs a reason", "say why");
    }
    if (request.reason().length() > Hold.LONGEST_REASON) {
      throw ApiException.bad(
          "reason-invalid",
          "a reason has at most %d characters".formatted(Hold.LONGEST_REASON),
          "shorten it");
    }
    if (!confirm.isEmpty() && !confirm.equals(request.confirm())) {
      throw new ApiException(
          412,
          "confirmation-required",
          "what plan %s removes is gone for good; nothing was removed".formatted(id),
          "confirm it with the names of what loses versions: " + confirm,
          List.of("vistadr prune run %s --confirm %s --reason '...'".formatted(id, confirm)));
    }
    try {
      PrunePlan running = engine.prune().run(id, Access.who(context), request.reason());
      return Response.accepted(view(running))
          .location(URI.create("/api/v1/prune-plans/" + id))
          .build();
    } catch (PruneRefusedException e) {
      throw refused(e);
    }
  }

  private PrunePlan known(String id) {
    return log.find(id)
        .orElseThrow(() ->
            ApiException.missing(
                "there is no prune plan '%s'".formatted(id),
                "see which there are",
                "vistadr prune list"));
  }

  private static ApiException refused(PruneRefusedException e) {
    int status =
        switch (e.reason()) {
          case UNKNOWN_PLAN -> 404;
          case PLAN_EXPIRED -> 410;
          case NO_POLICY,
              WRONG_STATE,
              RUNNING,
              PLAN_STALE,
              NOTHING_TO_GO,
              NO_PRUNE_KEY,
              BRAKE_ENGAGED,
              SCAN_INCOMPLETE,
              LAGGING,
              CLOCKS_DIFFER,
              FINDINGS_OPEN,
              NOT_VERIFIED,
              STOPPING ->
              409;
        };
    return new ApiException(
        status, e.reason().text(), String.valueOf(e.getMessage()), e.hint(), e.tryNext());
  }

  /// The secondaries that lose something by a plan.
  private String confirm(PrunePlan plan) {
    return log.sums(plan.id()).stream()
        .filter(sum ->
            switch (sum.state()) {
              case TO_GO, REMOVING, REMOVED -> true;
              case STAYS, REFUSED, DIFFERS -> false;
            })
        .map(sum -> sum.at().value())
        .distinct()
        .sorted()
        .collect(Collectors.joining(","));
  }

  private PrunePlanView view(PrunePlan plan) {
    return new PrunePlanView(
        plan.id(),
        plan.state().text(),
        plan.secondary().map(SiteName::value),
        plan.policies(),
        plan.reliesOn().stream().map(SiteName::value).toList(),
        plan.madeAt(),
        plan.madeBy(),
        plan.expiresAt(),
        plan.truncated(),
        confirm(plan),
        plan.startedAt(),
        plan.startedBy(),
        plan.reason(),
        plan.endedAt(),
        plan.message(),
        log.sums(plan.id()).stream()
            .map(sum ->
                new PrunePlanView.PruneSum(
                    sum.at().value(),
                    sum.state().text(),
                    word(sum.why()),
                    sum.versions(),
                    sum.bytes()))
            .toList());
  }

  private static PrunePlanView.PruneItem item(PrunePlan.Item item) {
    return new PrunePlanView.PruneItem(
        item.seq(),
        item.at().value(),
        item.version().key().value(),
        item.version().versionId().value(),
        item.version().lastModified(),
        item.version().entry().bytes(),
        item.state().text(),
        word(item.why()),
        item.detail());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
