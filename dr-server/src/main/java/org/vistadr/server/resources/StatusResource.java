package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.vistadr.api.Status;
import org.vistadr.server.config.Role;
import org.vistadr.server.health.ProtectionReport;

/// `/status`: am I protected?
@Path("/api/v1/status")
@Produces(MediaType.APPLICATION_JSON)
public final class StatusResource {

  private final ProtectionReport report;

  /// @param report answers
  public StatusResource(ProtectionReport report) {
    this.report = report;
  }

  /// The status now, from the catalog alone. 200 also when nothing is protected: the answer is in
  /// `protected`.
  @GET
  @Needs(Role.VIEWER)
  public Status status() {
    return report.now();
  }
}
