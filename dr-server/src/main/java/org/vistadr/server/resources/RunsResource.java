package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.Page;
import org.vistadr.api.TaskView;
import org.vistadr.server.config.Role;

/// `/runs`: what ran, over all tasks.
@Path("/api/v1/runs")
@Produces(MediaType.APPLICATION_JSON)
public final class RunsResource {

  private final RunHistory history;

  /// @param history what ran
  public RunsResource(RunHistory history) {
    this.history = history;
  }

  /// Runs, newest first.
  @GET
  @Needs(Role.VIEWER)
  public Page<TaskView.Run> runs(
      @QueryParam("task") @Nullable String task,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return history.page(Optional.ofNullable(task), limit, cursor);
  }
}
