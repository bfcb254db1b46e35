package org.vistadr.cli.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.storage.Secret;

/// Which daemon to speak to and with which token: options, then the environment, then
/// `~/.config/vistadr/cli.yml`, then the daemon of this machine. A secret never comes from an
/// option.
///
/// @param server base address, without a slash at the end
/// @param bearer where the bearer token is
public record ServerSettings(URI server, Bearer bearer) {

  /// The daemon's address when nothing else is said.
  public static final String DEFAULT_SERVER = "http://127.0.0.1:8420";

  /// Where a token comes from.
  public sealed interface Bearer {
    /// From nowhere.
    record Nobody() implements Bearer {}

    /// @param path a file that holds it
    record InFile(Path path) implements Bearer {}

    /// @param token made for this one command and its engine
    record OneTime(Secret token) implements Bearer {}
  }

  /// A daemon whose token is in a file.
  public static ServerSettings daemon(URI server, Path tokenFile) {
    return new ServerSettings(server, new Bearer.InFile(tokenFile));
  }

  /// The engine of a command without a daemon.
  public static ServerSettings direct(URI server, Secret token) {
    return new ServerSettings(server, new Bearer.OneTime(token));
  }

  /// Finds both.
  ///
  /// @param serverOption `--server`
  /// @param environment the process's environment
  public static ServerSettings find(
      Optional<String> serverOption, Map<String, String> environment) {
    Map<String, String> profile = profile(environment);
    URI server =
        address(
            serverOption
                .or(() -> set(environment, "VISTADR_SERVER"))
                .or(() -> set(profile, "server"))
                .or(() -> set(environment, "VISTADR_PORT").map(port -> "http://127.0.0.1:" + port))
                .orElse(DEFAULT_SERVER));
    Optional<Path> named =
        set(environment, "VISTADR_TOKEN_FILE").or(() -> set(profile, "tokenFile")).map(Path::of);
    return named
        .or(() -> localToken(server, environment))
        .map(file -> daemon(server, file))
        .orElseGet(() -> new ServerSettings(server, new Bearer.Nobody()));
  }

  /// The token's text.
  public Optional<String> token() {
    return switch (bearer) {
      case Bearer.Nobody _ -> Optional.empty();
      case Bearer.OneTime(Secret token) -> Optional.of(token.reveal());
      case Bearer.InFile(Path file) -> Optional.of(read(file));
    };
  }

  /// The file that holds the token; absent when none does.
  public Optional<Path> tokenFile() {
    return bearer instanceof Bearer.InFile(Path file) ? Optional.of(file) : Optional.empty();
  }

  /// Whether it is the engine of this one command.
  public boolean isDirect() {
    return bearer instanceof Bearer.OneTime;
  }

  private static String read(Path tokenFile) {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException unreadable) {
      throw CommandFailure.of(
              ExitCode.CREDENTIALS, "token-unreadable", "cannot read the token file " + tokenFile)
          .hint("check VISTADR_TOKEN_FILE, or tokenFile in cli.yml, and the file's owner and mode")
          .because(unreadable);
    }
  }

  /// Whether the daemon is on this machine.
  public boolean isLocal() {
    return isLocal(server);
  }

  private static boolean isLocal(URI server) {
    String host = server.getHost();
    return List.of("127.0.0.1", "localhost", "[::1]").contains(host);
  }

  // VISTADR_STORE and VISTADR_PORT are what config.yml takes for its store and its port.
  // The daemon of this machine leaves an administrator's token beside its catalog. It is offered to
  // this machine only: sent elsewhere it would give the daemon away.
  private static Optional<Path> localToken(URI server, Map<String, String> environment) {
    if (!isLocal(server)) {
      return Optional.empty();
    }
    return Optional.of(
            Path.of(set(environment, "VISTADR_STORE").orElse("/var/lib/vistadr/catalog"), "token"))
        .filter(Files::isReadable);
  }

  private static URI address(String text) {
    String withScheme = text.contains("://") ? text : "http://" + text;
    try {
      URI address = URI.create(withScheme.replaceAll("/+$", ""));
      if (address.getHost() != null
          && List.of("http", "https").contains(String.valueOf(address.getScheme()))) {
        return address;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Told below with all other wrong addresses.
    }
    throw CommandFailure.of(
            ExitCode.USAGE, "bad-server", "'%s' is not the address of a daemon".formatted(text))
        .hint("write it like " + DEFAULT_SERVER);
  }

  /// `key: value` lines of the profile; anything else is an error, so that a typing mistake is
  /// seen.
  private static Map<String, String> profile(Map<String, String> environment) {
    Optional<Path> file =
        set(environment, "XDG_CONFIG_HOME")
            .map(Path::of)
            .or(() -> set(environment, "HOME").map(home -> Path.of(home, ".config")))
            .map(folder -> folder.resolve("vistadr").resolve("cli.yml"))
            .filter(Files::isReadable);
    if (file.isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file.get())) {
        String text = line.replaceFirst("(^|\\s)#.*$", "").strip();
        if (text.isEmpty()) {
          continue;
        }
        int colon = text.indexOf(':');
        String key = colon < 0 ? text : text.substring(0, colon).strip();
        if (colon < 0 || !List.of("server", "tokenFile").contains(key)) {
          throw CommandFailure.of(
                  ExitCode.USAGE, "bad-profile", "%s: unknown key '%s'".formatted(file.get(), key))
              .hint("it knows server and tokenFile");
        }
        values.put(key, text.substring(colon + 1).strip().replaceAll("^([\"'])(.*)\\1$", "$2"));
      }
    } catch (IOException unreadable) {
      throw CommandFailure.of(ExitCode.USAGE, "bad-profile", "cannot read " + file.get())
          .because(unreadable);
    }
    return values;
  }

  private static Optional<String> set(Map<String, String> values, String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }
}
