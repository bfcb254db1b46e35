package org.vistadr.server.resources;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.vistadr.catalog.AuditLog;
import org.vistadr.model.AuditEvent;

/// Writes an event for each request that changed something, once it did.
@Provider
public final class Audits implements DynamicFeature {

  private static final String REASON = "vistadr.reason";

  private final AuditLog log;
  private final Clock clock;

  /// @param log where to
  public Audits(AuditLog log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  @Override
  public void configure(ResourceInfo route, FeatureContext context) {
    Optional.ofNullable(route.getResourceMethod().getAnnotation(Audited.class))
        .map(Audited::value)
        .filter(action -> !action.isEmpty())
        .ifPresent(action -> context.register(new Writer(action)));
  }

  /// Keeps the reason that a request gave, for its event.
  static void reason(ContainerRequestContext request, String reason) {
    request.setProperty(REASON, reason);
  }

  private final class Writer implements ContainerResponseFilter {

    private final String action;

    private Writer(String action) {
      this.action = action;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
      if (response.getStatus() < 200 || response.getStatus() > 299) {
        return;
      }
      log.add(
          AuditEvent.of(
              clock.instant(),
              Access.who(request),
              action,
              subject(request, response),
              Optional.ofNullable(request.getProperty(REASON)).map(String::valueOf).orElse(""),
              "request " + request.getProperty(RequestIds.PROPERTY)));
    }

    /// What the path names, and what the request made.
    private static String subject(
        ContainerRequestContext request, ContainerResponseContext response) {
      List<String> named =
          request.getUriInfo().getPathParameters().values().stream().flatMap(List::stream).toList();
      Optional<String> made =
          Optional.ofNullable(response.getLocation())
              .map(URI::getPath)
              .map(path -> path.substring(path.lastIndexOf('/') + 1))
              .filter(id -> !named.contains(id));
      return String.join(
          " ", java.util.stream.Stream.concat(named.stream(), made.stream()).toList());
    }
  }
}
