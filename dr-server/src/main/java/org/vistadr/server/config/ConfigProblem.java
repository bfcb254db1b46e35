package org.vistadr.server.config;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration cannot be used. Holds everything that was found wrong, each with the place of
/// the key and what to do. Never holds a secret.
public final class ConfigProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  /// @param findings at least one
  public ConfigProblem(List<Finding> findings) {
    super(
        findings.stream().map(f -> f.key() + ": " + f.message()).collect(Collectors.joining("; ")));
    this.findings = List.copyOf(findings);
  }

  /// @param key the key's path, `secondaries[0].bucket` say
  /// @param message what is wrong, lower case
  /// @param hint what to do
  public ConfigProblem(String key, String message, String hint) {
    this(List.of(new Finding(key, message, hint)));
  }

  /// What was found, in the order of the file.
  public List<Finding> findings() {
    return findings;
  }

  /// The lines that people see.
  public String forPeople() {
    return findings.stream()
        .map(finding ->
            "error: %s: %s%nhint:  %s".formatted(finding.key(), finding.message(), finding.hint()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /// One thing that is wrong.
  ///
  /// @param key the key's path
  /// @param message what is wrong, lower case
  /// @param hint what to do
  public record Finding(String key, String message, String hint) {}
}
