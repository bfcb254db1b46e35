package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.vistadr.server.config.Role;

/// `/openapi.json`: this API in OpenAPI 3.1.
@Path("/api/v1/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
public final class OpenApiResource {

  /// The document.
  @GET
  @Needs(Role.VIEWER)
  public String document() throws IOException {
    try (InputStream document = OpenApiResource.class.getResourceAsStream("/openapi.json")) {
      if (document == null) {
        throw new IllegalStateException("openapi.json is missing");
      }
      return new String(document.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
