package org.vistadr.server.metrics;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.vistadr.server.access.Tokens;
import org.vistadr.server.config.AuthSection;

/// Lets through what the admin port is for, and nothing else that a framework puts there. Metrics
/// ask for a token where the configuration says so.
public final class AdminGate extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final Set<String> PATHS = Set.of("/metrics", "/health-check", "/ping");

  private final transient Tokens tokens;
  private final AuthSection.Metrics metrics;
  private final transient Instruments instruments;

  /// @param metrics who may read the metrics
  public AdminGate(Tokens tokens, AuthSection.Metrics metrics, Instruments instruments) {
    this.tokens = tokens;
    this.metrics = metrics;
    this.instruments = instruments;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String path = request.getRequestURI();
    if (!PATHS.contains(path)) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    if (path.equals("/metrics") && metrics == AuthSection.Metrics.VIEWER) {
      boolean known =
          Optional.ofNullable(request.getHeader("Authorization"))
              .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
              .flatMap(header -> tokens.roleOf(header.substring(7).strip()))
              .isPresent();
      if (!known) {
        instruments.authFailed("none");
        response.setHeader("WWW-Authenticate", "Bearer");
        response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        return;
      }
    }
    chain.doFilter(request, response);
  }
}
