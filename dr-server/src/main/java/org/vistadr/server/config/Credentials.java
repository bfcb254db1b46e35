package org.vistadr.server.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.storage.Secret;
import org.vistadr.storage.SiteConfig;

/// Finds a site's keys: in files, in the environment, or through the AWS default chain. Secrets in
/// files that others may read are refused.
final class Credentials {

  private final Map<String, String> environment;
  private final List<ConfigProblem.Finding> findings;

  Credentials(Map<String, String> environment, List<ConfigProblem.Finding> findings) {
    this.environment = environment;
    this.findings = findings;
  }

  /// @param where the section's path, for findings
  /// @param kind `keys` or `default-chain`
  /// @param secretVariable the variable that holds the secret when there is no file; empty for none
  /// @param missingFileIsFine whether a secret file that does not exist counts as not named
  Optional<SiteConfig.Credentials> find(
      String where,
      String kind,
      String accessKey,
      String accessKeyFile,
      String secretKeyFile,
      String secretVariable,
      boolean missingFileIsFine) {
    if (kind.equals("default-chain")) {
      return Optional.of(new SiteConfig.Credentials.DefaultChain());
    }
    if (!kind.equals("keys")) {
      report(
          where + ".credentials", "'%s' is not known".formatted(kind), "use keys or default-chain");
      return Optional.empty();
    }
    Optional<String> key =
        accessKeyFile.isEmpty()
            ? Optional.of(accessKey).filter(text -> !text.isEmpty())
            : read(where + ".accessKeyFile", accessKeyFile);
    boolean file =
        !secretKeyFile.isEmpty() && !(missingFileIsFine && Files.notExists(Path.of(secretKeyFile)));
    Optional<String> secret =
        file
            ? read(where + ".secretKeyFile", secretKeyFile)
            : Optional.ofNullable(environment.get(secretVariable)).filter(text -> !text.isEmpty());
    if (key.isPresent() && secret.isPresent()) {
      return Optional.of(new SiteConfig.Credentials.Keys(key.get(), new Secret(secret.get())));
    }
    if (key.isEmpty() && secret.isEmpty() && accessKeyFile.isEmpty() && !file) {
      return Optional.of(new SiteConfig.Credentials.DefaultChain());
    }
    if (key.isPresent() && !file) {
      report(
          where + ".secretKeyFile",
          "there is an access key and no secret key",
          secretVariable.isEmpty()
              ? "name a file that holds the secret key"
              : "name a file that holds the secret key, or set %s".formatted(secretVariable));
    } else if (secret.isPresent()) {
      report(where + ".accessKey", "there is a secret key and no access key", "set the access key");
    }
    return Optional.empty();
  }

  private Optional<String> read(String key, String name) {
    try {
      String text = PrivateFile.read(key, Path.of(name)).strip();
      if (text.lines().count() != 1) {
        report(key, "%s holds more than one line".formatted(name), "write the key alone into it");
        return Optional.empty();
      }
      return Optional.of(text);
    } catch (ConfigProblem e) {
      findings.addAll(e.findings());
      return Optional.empty();
    }
  }

  private void report(String key, String message, String hint) {
    findings.add(new ConfigProblem.Finding(key, message, hint));
  }
}
