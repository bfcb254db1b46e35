package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a caller may do; each role may do what the ones before it may.
public enum Role {
  /// Look.
  @JsonProperty("viewer")
  VIEWER,
  /// Start, pause, restore.
  @JsonProperty("operator")
  OPERATOR,
  /// Decide to go on without something.
  @JsonProperty("admin")
  ADMIN;

  /// Whether this role may do what another one may.
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}
