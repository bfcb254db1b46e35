package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the engine of a command with `--direct` says once it can be spoken to, or why it cannot:
/// one line of JSON on its standard output.
///
/// @param port where the API listens, on loopback; 0 when it was refused
/// @param catalog the catalog's directory; empty when the configuration could not be read
/// @param knownTo start of the last complete scan: what the catalog knows of the primary
/// @param interrupted restores that are not over and that nobody carries out
/// @param adopted how the catalog was rebuilt from a secondary, with `--catalog`
/// @param refusal why there is no API
public record DirectStart(
    int port,
    String catalog,
    Optional<Instant> knownTo,
    List<String> interrupted,
    Optional<AdoptionReport> adopted,
    Optional<Refusal> refusal) {

  /// There is no API.
  public static DirectStart refused(Refusal refusal) {
    return new DirectStart(
        0, "", Optional.empty(), List.of(), Optional.empty(), Optional.of(refusal));
  }

  /// Why the catalog could not be opened.
  ///
  /// @param code stable word: `config-invalid`, `catalog-missing`, `catalog-in-use`,
  ///   `catalog-owner`, `catalog-unusable`, `site-unknown`, `site-unreachable`, `unexpected`
  /// @param message lower case, with the values
  /// @param hint what to do
  /// @param holder who has the catalog, as far as it said so
  public record Refusal(String code, String message, String hint, Optional<Holder> holder) {}

  /// Who has the catalog.
  ///
  /// @param pid its process
  /// @param daemon whether it is a daemon; else it is another command with `--direct`
  /// @param address the daemon's API; absent while it is starting
  public record Holder(long pid, boolean daemon, Optional<String> address) {}
}
