package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

/// `prune:` of a secondary: the key that may remove versions there. Its secret is read when an
/// approved plan runs, and forgotten afterwards.
///
/// @param accessKey the access key
/// @param accessKeyFile or a file that holds it
/// @param secretKeyFile a file that holds the secret key
/// @param secretKeyEnv or the environment variable that holds it
public record PruneKeySection(
    String accessKey, String accessKeyFile, String secretKeyFile, String secretKeyEnv) {

  /// Fills in what is left out.
  public PruneKeySection {
    accessKey = requireNonNullElse(accessKey, "");
    accessKeyFile = requireNonNullElse(accessKeyFile, "");
    secretKeyFile = requireNonNullElse(secretKeyFile, "");
    secretKeyEnv = requireNonNullElse(secretKeyEnv, "");
  }
}
