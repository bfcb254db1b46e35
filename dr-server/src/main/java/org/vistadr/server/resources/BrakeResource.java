package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vistadr.api.BrakeView;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.health.BrakeReport;

/// `/brake`: whether deletions are held, and why.
@Path("/api/v1/brake")
@Produces(MediaType.APPLICATION_JSON)
public final class BrakeResource {

  private final Engine engine;

  /// @param engine tells
  BrakeResource(Engine engine) {
    this.engine = engine;
  }

  /// How the brake stands.
  @GET
  @Needs(Role.VIEWER)
  public BrakeView brake() {
    return BrakeReport.of(engine);
  }
}
