package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.Page;
import org.vistadr.api.SyncRequested;
import org.vistadr.api.TaskView;
import org.vistadr.server.config.Role;
import org.vistadr.server.jobs.RefusedException;
import org.vistadr.server.jobs.Schedules;

/// `/tasks`: what runs on a timetable.
@Path("/api/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
public final class TasksResource {

  private final Schedules schedules;
  private final RunHistory history;

  /// @param history what ran
  public TasksResource(Schedules schedules, RunHistory history) {
    this.schedules = schedules;
    this.history = history;
  }

  /// All tasks.
  @GET
  @Needs(Role.VIEWER)
  public Page<TaskView> tasks() {
    return new Page<>(schedules.scheduled().stream().map(this::view).toList(), Optional.empty());
  }

  /// Runs of a task, newest first.
  @GET
  @Path("/{task}/history")
  @Needs(Role.VIEWER)
  public Page<TaskView.Run> history(
      @PathParam("task") String task,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws RefusedException {
    return history.page(Optional.of(known(task)), limit, cursor);
  }

  /// Runs a task now.
  @POST
  @Path("/{task}/run")
  @Needs(Role.OPERATOR)
  @Audited("task-run")
  public Response run(@PathParam("task") String task) throws RefusedException {
    schedules.run(task);
    return Response.accepted(new SyncRequested(List.of(task))).build();
  }

  /// Pauses a task until it is resumed, restarts included.
  @POST
  @Path("/{task}/pause")
  @Needs(Role.OPERATOR)
  @Audited("task-paused")
  public TaskView pause(@PathParam("task") String task) throws RefusedException {
    schedules.pause(task);
    return view(task);
  }

  /// Ends a pause; the task runs at once.
  @POST
  @Path("/{task}/resume")
  @Needs(Role.OPERATOR)
  @Audited("task-resumed")
  public TaskView resume(@PathParam("task") String task) throws RefusedException {
    schedules.resume(task);
    return view(task);
  }

  private String known(String task) throws RefusedException {
    if (!schedules.knows(task)) {
      throw new RefusedException(
          RefusedException.Reason.UNKNOWN, "there is no task '%s'".formatted(task));
    }
    return task;
  }

  private TaskView view(String task) {
    return schedules.scheduled().stream()
        .filter(entry -> entry.task().name().equals(task))
        .map(this::view)
        .findFirst()
        .orElseThrow();
  }

  private TaskView view(Schedules.Scheduled entry) {
    String name = entry.task().name();
    return new TaskView(
        name,
        entry.timetable().words(),
        schedules.isPaused(name),
        schedules.isRunning(name),
        schedules.nextRun(name),
        history.last(name),
        history.misfires(name));
  }
}
