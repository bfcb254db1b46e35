package org.vistadr.server.access;

import java.util.Optional;
import org.vistadr.server.config.Role;

/// Who may do what by the token that they bear. Safe for use by many threads.
public interface Bearers {
  /// What the bearer of a token may do; empty for a token that is not valid.
  Optional<Role> roleOf(String token);
}
