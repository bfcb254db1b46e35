package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.vistadr.api.Page;
import org.vistadr.api.VerificationView;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.health.VerificationReport;

/// `/verifications`: how far replicas were looked at again.
@Path("/api/v1/verifications")
@Produces(MediaType.APPLICATION_JSON)
public final class VerificationsResource {

  private final Engine engine;

  /// @param engine tells
  VerificationsResource(Engine engine) {
    this.engine = engine;
  }

  /// Every secondary at every depth.
  @GET
  @Needs(Role.VIEWER)
  public Page<VerificationView> verifications() {
    return new Page<>(VerificationReport.of(engine), Optional.empty());
  }
}
