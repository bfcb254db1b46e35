package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import java.util.Map;

/// `auth:` who may do what.
///
/// @param tokens a file for each role with one token a line; read again when it changes
/// @param metrics who may read the metrics
public record AuthSection(Map<Role, Path> tokens, Metrics metrics) {

  /// No token files: a token for the local command line is made at the first start.
  public static final AuthSection DEFAULT = new AuthSection(Map.of(), Metrics.OPEN);

  /// Fills in the defaults.
  public AuthSection {
    tokens = Map.copyOf(requireNonNullElse(tokens, Map.of()));
    metrics = requireNonNullElse(metrics, Metrics.OPEN);
  }

  /// Who may read the metrics.
  public enum Metrics {
    /// Whoever reaches the admin port.
    OPEN,
    /// A caller with a token.
    VIEWER
  }
}
