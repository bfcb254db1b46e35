package org.vistadr.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.storage.SiteConfig;

/// Where the key is that may remove versions at a secondary. Holds no secret: it is read anew each
/// time that it is asked for.
public final class PruneKey {

  private final String where;
  private final PruneKeySection section;
  private final Map<String, String> environment;

  /// @param where the section's path, for findings
  PruneKey(String where, PruneKeySection section, Map<String, String> environment) {
    this.where = where;
    this.section = section;
    this.environment = environment;
  }

  /// What is wrong with the section itself, whether the secret is there or not.
  List<ConfigProblem.Finding> findings() {
    List<ConfigProblem.Finding> findings = new ArrayList<>();
    if (section.accessKey().isEmpty() && section.accessKeyFile().isEmpty()) {
      findings.add(
          new ConfigProblem.Finding(where + ".accessKey", "it is missing", "name the access key"));
    }
    if (section.secretKeyFile().isEmpty() && section.secretKeyEnv().isEmpty()) {
      findings.add(
          new ConfigProblem.Finding(
              where + ".secretKeyEnv",
              "nothing says where the secret key is",
              "name the environment variable, or a file with secretKeyFile"));
    }
    return findings;
  }

  /// Whether it is the same access key as another one, as far as the file says.
  public boolean isThatOf(SiteConfig site) {
    return site.credentials() instanceof SiteConfig.Credentials.Keys(String accessKey, _)
        && accessKey.equals(section.accessKey());
  }

  /// The secondary as it is reached with this key.
  ///
  /// @param site as it is reached every day
  /// @throws ConfigProblem when the secret is not there, or may be read by others
  public SiteConfig with(SiteConfig site) {
    List<ConfigProblem.Finding> findings = new ArrayList<>();
    Optional<SiteConfig.Credentials> credentials =
        new Credentials(environment, findings)
            .find(
                where,
                "keys",
                section.accessKey(),
                section.accessKeyFile(),
                section.secretKeyFile(),
                section.secretKeyEnv(),
                false);
    if (credentials.isEmpty() || !(credentials.get() instanceof SiteConfig.Credentials.Keys keys)) {
      throw new ConfigProblem(
          findings.isEmpty()
              ? List.of(new ConfigProblem.Finding(where, "there is no key", "set the secret key"))
              : findings);
    }
    return new SiteConfig(
        site.name(),
        site.endpoint(),
        site.region(),
        site.bucket(),
        keys,
        site.profile(),
        site.limits());
  }
}
