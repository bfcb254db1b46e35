package org.vistadr.server.resources;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.vistadr.model.Sha256;
import org.vistadr.server.access.Bearers;
import org.vistadr.server.config.Role;

/// Puts a guard before every route: a bearer token whose role covers what the route needs. A route
/// that names no role lets nobody in.
@Provider
public final class Access implements DynamicFeature {

  private static final String ROLE = "vistadr.role";
  private static final String WHO = "vistadr.who";

  private final Bearers bearers;
  private final Consumer<String> failed;

  /// @param bearers who is known
  /// @param failed told of each refusal, with the role of the caller or `none`
  public Access(Bearers bearers, Consumer<String> failed) {
    this.bearers = bearers;
    this.failed = failed;
  }

  @Override
  public void configure(ResourceInfo route, FeatureContext context) {
    context.register(
        new Guard(
            Optional.ofNullable(route.getResourceMethod().getAnnotation(Needs.class))
                .map(Needs::value)));
  }

  @Priority(Priorities.AUTHENTICATION)
  private final class Guard implements ContainerRequestFilter {

    private final Optional<Role> needed;

    private Guard(Optional<Role> needed) {
      this.needed = needed;
    }

    @Override
    public void filter(ContainerRequestContext request) {
      Optional<String> token =
          Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION))
              .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
              .map(header -> header.substring(7).strip());
      Optional<Role> role = token.flatMap(bearers::roleOf);
      if (role.isEmpty()) {
        failed.accept("none");
        throw new ApiException(
            401,
            "token-missing",
            "no valid token came with the request",
            "send Authorization: Bearer TOKEN; vistadr reads it from VISTADR_TOKEN_FILE",
            List.of());
      }
      if (needed.isEmpty() || !role.get().covers(needed.get())) {
        failed.accept(word(role.get()));
        throw new ApiException(
            403,
            "role-missing",
            "this needs the role %s, the token has %s"
                .formatted(needed.map(Access::word).orElse("of nobody"), word(role.get())),
            "use a token of that role",
            List.of());
      }
      request.setProperty(ROLE, word(role.get()));
      request.setProperty(WHO, word(role.get()) + " " + token.map(Access::fingerprint).orElse(""));
    }
  }

  /// The role of whoever makes a request that was let in.
  static String role(ContainerRequestContext request) {
    return String.valueOf(request.getProperty(ROLE));
  }

  /// Role and fingerprint of the token that a request came with: enough to tell tokens apart, and
  /// nothing to use one with.
  static String who(ContainerRequestContext request) {
    return String.valueOf(request.getProperty(WHO));
  }

  private static String fingerprint(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(bytes, 0, bytes.length).hex().substring(0, 8);
  }

  static Response.ResponseBuilder challenge(Response.ResponseBuilder response, int status) {
    return status == 401 ? response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer") : response;
  }

  private static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
