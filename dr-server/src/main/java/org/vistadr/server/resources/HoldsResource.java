package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.HoldView;
import org.vistadr.api.Page;
import org.vistadr.catalog.HoldLog;
import org.vistadr.model.Hold;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.Schedules;

/// `/holds`: what people exempt from retention.
@Path("/api/v1/holds")
@Produces(MediaType.APPLICATION_JSON)
public final class HoldsResource {

  private final Engine engine;
  private final Schedules schedules;
  private final HoldLog log;

  HoldsResource(Engine engine, Schedules schedules) {
    this.engine = engine;
    this.schedules = schedules;
    this.log = engine.catalog().holds();
  }

  /// Holds, oldest first.
  @GET
  @Needs(Role.VIEWER)
  public Page<HoldView> holds(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    long after = Parameters.numberFromCursor(cursor).orElse(0L);
    List<Hold> found =
        log.all().stream().filter(hold -> hold.id() > after).limit(size + 1L).toList();
    return Pages.of(found, size, this::view, last -> String.valueOf(last.id()));
  }

  /// Exempts a key, or all keys of a prefix: no version of it is pruned any more.
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("")
  public Response addHold(
      HoldView.@Nullable NewHold request, @Context ContainerRequestContext context) {
    if (request == null || request.key().isPresent() == request.prefix().isPresent()) {
      throw ApiException.bad(
          "hold-invalid", "a hold is of a key or of a prefix", "name one of the two");
    }
    Hold hold;
    try {
      hold =
          new Hold(
              0,
              request.prefix().isPresent(),
              request.prefix().or(request::key).orElse(""),
              Optional.ofNullable(request.reason()).orElse(""),
              engine.clock().instant(),
              Access.who(context));
    } catch (IllegalArgumentException e) {
      throw ApiException.bad(
          "hold-invalid",
          String.valueOf(e.getMessage()),
          "a key or prefix of 1 to 1,024 bytes, and a reason of 1 to 500 characters");
    }
    HoldView made =
        log.add(hold)
            .map(this::view)
            .orElseThrow(() ->
                ApiException.conflict(
                    "holds-too-many",
                    "there are %d holds, and no more can be made".formatted(HoldLog.MOST),
                    "remove some that nobody needs, or hold a prefix",
                    "vistadr hold list"));
    LegalHolding.prompt(engine, schedules);
    return Response.created(URI.create("/api/v1/holds/" + made.id())).entity(made).build();
  }

  /// Ends a hold: what it covered may be pruned as far as nothing else keeps it.
  @DELETE
  @Path("/{hold}")
  @Needs(Role.ADMIN)
  @Audited("")
  public HoldView removeHold(
      @PathParam("hold") long id,
      @QueryParam("reason") @Nullable String reason,
      @Context ContainerRequestContext context) {
    if (reason == null || reason.isBlank()) {
      throw ApiException.bad("reason-missing", "ending a hold needs a reason", "say why");
    }
    HoldView removed =
        log.remove(id, Access.who(context), reason, engine.clock().instant())
            .map(this::view)
            .orElseThrow(() ->
                ApiException.missing(
                    "there is no hold %d".formatted(id),
                    "see which there are",
                    "vistadr hold list"));
    LegalHolding.prompt(engine, schedules);
    return removed;
  }

  private HoldView view(Hold hold) {
    return new HoldView(
        hold.id(),
        hold.prefix() ? Optional.empty() : Optional.of(hold.text()),
        hold.prefix() ? Optional.of(hold.text()) : Optional.empty(),
        hold.reason(),
        hold.madeAt(),
        hold.madeBy(),
        LegalHolding.sites(engine));
  }
}
