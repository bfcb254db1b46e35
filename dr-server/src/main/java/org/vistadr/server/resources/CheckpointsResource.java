package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.CheckpointView;
import org.vistadr.api.Page;
import org.vistadr.catalog.CheckpointLog;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.ViewSum;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.storage.StorageException;

/// `/checkpoints`: moments of the primary that people gave a name.
@Path("/api/v1/checkpoints")
@Produces(MediaType.APPLICATION_JSON)
public final class CheckpointsResource {

  /// Keys that one page of contents looks at: below a second of work.
  private static final int KEYS_AT_ONCE = 20_000;

  private final Engine engine;
  private final Schedules schedules;
  private final CheckpointLog log;
  private final Times times;
  private final RepeatedRequests repeated;

  CheckpointsResource(Engine engine, Schedules schedules, Times times, RepeatedRequests repeated) {
    this.engine = engine;
    this.schedules = schedules;
    this.log = engine.catalog().checkpoints();
    this.times = times;
    this.repeated = repeated;
  }

  /// Checkpoints, the latest moment first.
  @GET
  @Needs(Role.VIEWER)
  public Page<CheckpointView> list(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<NamedCheckpoint> found =
        log.list(Parameters.fromCursor(cursor).map(CheckpointsResource::place), size + 1);
    return Pages.of(
        found, size, CheckpointsResource::view, last -> last.at() + " " + last.name().value());
  }

  /// Gives a moment a name. Refused as a listing at that moment would be.
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.OPERATOR)
  @Audited("checkpoint-created")
  public Response create(
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      CheckpointView.@Nullable New request,
      @Context ContainerRequestContext context)
      throws RestoreRefusedException, StorageException {
    if (request == null || request.name() == null) {
      throw ApiException.bad(
          "name-missing", "a checkpoint needs a name", "send {\"name\": \"pre-release\"}");
    }
    String made =
        repeated.once(
            idempotencyKey,
            "/checkpoints",
            request,
            () -> add(request, Access.who(context)).name().value());
    return Response.created(URI.create("/api/v1/checkpoints/" + made))
        .entity(view(times.checkpoint(made)))
        .build();
  }

  /// One checkpoint.
  @GET
  @Path("/{checkpoint}")
  @Needs(Role.VIEWER)
  public CheckpointView checkpoint(@PathParam("checkpoint") String name) {
    return view(times.checkpoint(name));
  }

  /// How much the bucket held at its moment, and what of that is missing at which secondary, a part
  /// at a time.
  @GET
  @Path("/{checkpoint}/contents")
  @Needs(Role.VIEWER)
  public CheckpointView.Contents contents(
      @PathParam("checkpoint") String name, @QueryParam("cursor") @Nullable String cursor)
      throws RestoreRefusedException {
    Optional<ObjectKey> after = Parameters.fromCursor(cursor).map(Parameters::key);
    List<SiteName> secondaries =
        engine.sites().secondaries().stream().map(secondary -> secondary.site().name()).toList();
    ViewSum sum =
        engine
            .restores()
            .views()
            .sum(AsOf.exactly(times.checkpoint(name).at()), after, secondaries, KEYS_AT_ONCE);
    return new CheckpointView.Contents(
        new ViewAnswers(engine).moment(sum.moment()),
        sum.objects(),
        sum.bytes(),
        sum.ambiguous(),
        secondaries.stream()
            .map(site ->
                new CheckpointView.Missing(site.value(), sum.missing().getOrDefault(site, 0L)))
            .toList(),
        sum.last().map(key -> Parameters.cursor(key.value())));
  }

  /// From now on no retention may remove what its view shows.
  @POST
  @Path("/{checkpoint}/hold")
  @Needs(Role.OPERATOR)
  @Audited("checkpoint-held")
  public CheckpointView hold(@PathParam("checkpoint") String name) {
    return hold(name, true);
  }

  /// Lets retention remove what its view shows, as far as nothing else holds it.
  @POST
  @Path("/{checkpoint}/unhold")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("checkpoint-unheld")
  public CheckpointView unhold(
      @PathParam("checkpoint") String name,
      CheckpointView.@Nullable Unhold request,
      @Context ContainerRequestContext context) {
    keep(request == null ? null : request.reason(), "letting a checkpoint go", context);
    return hold(name, false);
  }

  /// Forgets a checkpoint. One that is held is refused.
  @DELETE
  @Path("/{checkpoint}")
  @Needs(Role.ADMIN)
  @Audited("checkpoint-deleted")
  public CheckpointView delete(
      @PathParam("checkpoint") String name,
      @QueryParam("reason") @Nullable String reason,
      @Context ContainerRequestContext context) {
    keep(reason, "deleting a checkpoint", context);
    NamedCheckpoint checkpoint = times.checkpoint(name);
    return switch (log.delete(checkpoint.name())) {
      case DONE -> view(checkpoint);
      case UNKNOWN -> view(times.checkpoint(name));
      case HELD ->
          throw ApiException.conflict(
              "checkpoint-held",
              "the checkpoint '%s' is held".formatted(name),
              "let it go first, with a reason, then delete it",
              "vistadr checkpoint unhold %s --reason '...'".formatted(name));
    };
  }

  private NamedCheckpoint add(CheckpointView.New request, String who)
      throws RestoreRefusedException {
    NamedCheckpoint checkpoint = checkpoint(request, who);
    return switch (log.add(checkpoint)) {
      case CheckpointLog.Added.Done() -> {
        if (checkpoint.held()) {
          LegalHolding.prompt(engine, schedules);
        }
        yield checkpoint;
      }
      case CheckpointLog.Added.NameTaken(NamedCheckpoint by) ->
          throw ApiException.conflict(
              "checkpoint-exists",
              "there is a checkpoint '%s' already, of %s".formatted(by.name(), by.at()),
              "choose another name; a checkpoint never moves",
              "vistadr checkpoint show " + by.name());
      case CheckpointLog.Added.Full() ->
          throw ApiException.conflict(
              "checkpoints-too-many",
              "there are %d checkpoints, and no more can be made".formatted(CheckpointLog.MOST),
              "delete some that nobody needs",
              "vistadr checkpoint list");
    };
  }

  private NamedCheckpoint checkpoint(CheckpointView.New request, String who)
      throws RestoreRefusedException {
    CheckpointName name;
    try {
      name = new CheckpointName(request.name());
    } catch (IllegalArgumentException e) {
      throw ApiException.bad(
          "name-invalid", String.valueOf(e.getMessage()), "choose a name like pre-release-7");
    }
    Instant at = engine.restores().views().pin(new AsOf(request.at(), request.nearest()));
    try {
      return new NamedCheckpoint(
          name, at, engine.clock().instant(), who, request.note().orElse(""), request.hold());
    } catch (IllegalArgumentException e) {
      throw ApiException.bad("note-invalid", String.valueOf(e.getMessage()), "shorten it");
    }
  }

  private CheckpointView hold(String name, boolean held) {
    NamedCheckpoint checkpoint =
        log.hold(times.checkpoint(name).name(), held).orElseGet(() -> times.checkpoint(name));
    LegalHolding.prompt(engine, schedules);
    return view(checkpoint);
  }

  private static void keep(@Nullable String reason, String what, ContainerRequestContext context) {
    if (reason == null || reason.isBlank()) {
      throw ApiException.bad("reason-missing", what + " needs a reason", "say why");
    }
    Audits.reason(context, reason);
  }

  private static CheckpointLog.Place place(String cursor) {
    try {
      String[] parts = cursor.split(" ", 2);
      return new CheckpointLog.Place(Instant.parse(parts[0]), parts[1]);
    } catch (DateTimeException | ArrayIndexOutOfBoundsException _) {
      throw Parameters.badCursor();
    }
  }

  private static CheckpointView view(NamedCheckpoint checkpoint) {
    return new CheckpointView(
        checkpoint.name().value(),
        checkpoint.at(),
        checkpoint.madeAt(),
        checkpoint.madeBy(),
        checkpoint.note(),
        checkpoint.held());
  }
}
