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
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.DrillView;
import org.vistadr.api.Page;
import org.vistadr.model.Drill;
import org.vistadr.model.SiteName;
import org.vistadr.restore.drill.DrillRefusedException;
import org.vistadr.restore.drill.Drills;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.health.DrillReport;

/// `/drills`: rehearsals of restores.
@Path("/api/v1/drills")
@Produces(MediaType.APPLICATION_JSON)
public final class DrillsResource {

  private static final int MOST = 1_000_000;

  private final Engine engine;

  /// @param engine does and tells
  DrillsResource(Engine engine) {
    this.engine = engine;
  }

  /// Drills, newest first, without what they name.
  @GET
  @Needs(Role.VIEWER)
  public Page<DrillView> drills(
      @QueryParam("secondary") @Nullable String secondary,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<Drill> found =
        engine
            .catalog()
            .drills()
            .list(
                Optional.ofNullable(secondary).map(name -> Parameters.secondary(engine, name)),
                Parameters.numberFromCursor(cursor),
                size + 1);
    return Pages.of(
        found,
        size,
        drill -> DrillReport.view(engine, drill, List.of()),
        last -> String.valueOf(last.id()));
  }

  /// One drill with what it names.
  @GET
  @Path("/{drill}")
  @Needs(Role.VIEWER)
  public DrillView drill(@PathParam("drill") String id) {
    return number(id)
        .flatMap(engine.catalog().drills()::find)
        .map(drill -> DrillReport.view(engine, drill, engine.catalog().drills().items(drill.id())))
        .orElseThrow(() ->
            ApiException.missing(
                "there is no drill '%s'".formatted(id),
                "see which there are",
                "vistadr drill list"));
  }

  /// Begins a drill. It goes on by itself; read it until it has an end. What it reads leaves the
  /// secondary.
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("drill-started")
  public Response start(
      DrillView.@Nullable Request request, @Context ContainerRequestContext context) {
    DrillView.Request wanted =
        request == null
            ? new DrillView.Request(Optional.empty(), Optional.empty(), Optional.empty())
            : request;
    wanted
        .sample()
        .filter(sample -> sample < 1 || sample > MOST)
        .ifPresent(sample -> {
          throw ApiException.bad(
              "sample-invalid",
              "sample=%d is out of bounds".formatted(sample),
              "a drill restores 1 to %d objects".formatted(MOST));
        });
    SiteName from =
        wanted
            .secondary()
            .map(name -> Parameters.secondary(engine, name))
            .orElseGet(this::longestAgo);
    try {
      Drill drill =
          engine
              .drills()
              .start(
                  new Drills.Request(
                      from,
                      wanted.prefix().filter(prefix -> !prefix.isEmpty()),
                      wanted.sample().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                      Access.who(context)));
      return Response.accepted(DrillReport.view(engine, drill, List.of()))
          .location(URI.create("/api/v1/drills/" + drill.id()))
          .build();
    } catch (DrillRefusedException e) {
      throw refused(e);
    }
  }

  private static ApiException refused(DrillRefusedException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case UNKNOWN_SECONDARY ->
          ApiException.missing(message, "see which there are", "vistadr sync list");
      case RUNNING ->
          ApiException.conflict(
              "drill-running", message, "wait until it has ended", "vistadr drill list");
      case NO_RECOVERY_POINT ->
          ApiException.conflict(
              "no-recovery-point",
              message,
              "wait until its first synchronisation is complete",
              "vistadr status");
      case NOTHING_THERE -> ApiException.missing(message, "look what is there", "vistadr ls");
      case STOPPING -> ApiException.conflict("stopping", message, "ask again when it has started");
    };
  }

  private SiteName longestAgo() {
    return engine.sites().secondaries().stream()
        .map(secondary -> secondary.site().name())
        .min(
            Comparator.comparing(name ->
                engine.catalog().drills().list(Optional.of(name), Optional.empty(), 1).stream()
                    .findFirst()
                    .map(Drill::startedAt)
                    .orElse(Instant.MIN)))
        .orElseThrow();
  }

  private static Optional<Long> number(String id) {
    try {
      return Optional.of(Long.parseLong(id));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
