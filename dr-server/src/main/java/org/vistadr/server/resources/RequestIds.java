package org.vistadr.server.resources;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import org.slf4j.MDC;

/// Gives each request an id: in the answer's `X-Request-Id`, in problems and in the log.
@Provider
@PreMatching
public final class RequestIds implements ContainerRequestFilter, ContainerResponseFilter {

  static final String PROPERTY = "requestId";

  @Override
  public void filter(ContainerRequestContext request) {
    String id = UUID.randomUUID().toString().substring(0, 13);
    request.setProperty(PROPERTY, id);
    MDC.put(PROPERTY, id);
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    MDC.remove(PROPERTY);
    Object id = request.getProperty(PROPERTY);
    if (id != null) {
      response.getHeaders().putSingle("X-Request-Id", id);
    }
    response.getHeaders().putSingle("X-Content-Type-Options", "nosniff");
    response.getHeaders().putSingle("Cache-Control", "no-store");
  }
}
