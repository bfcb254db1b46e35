package org.vistadr.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.Sha256;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.PrivateFile;
import org.vistadr.server.config.Role;

/// The bearer tokens that are valid now, from one file for each role. Files are read again when
/// they change; only hashes are kept. Safe for use by many threads.
public final class Tokens implements Bearers {

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Map<Role, Path> files;
  private final InstantSource clock;
  private Instant lookedAt;
  private List<FileTime> readAs;
  private List<Known> known;

  /// @param files a file for each role, one token a line
  /// @throws ConfigProblem when a file cannot be read, holds nothing or may be used by others
  public Tokens(Map<Role, Path> files, InstantSource clock) {
    this.files = Map.copyOf(files);
    this.clock = clock;
    this.lookedAt = clock.instant();
    this.readAs = times();
    this.known = read();
  }

  @Override
  public Optional<Role> roleOf(String token) {
    byte[] hash = hash(token);
    Optional<Role> best = Optional.empty();
    // Every hash is compared, each in constant time: the time tells nothing.
    for (Known candidate : current()) {
      if (MessageDigest.isEqual(candidate.hash(), hash)
          && best.map(role -> candidate.role().covers(role)).orElse(true)) {
        best = Optional.of(candidate.role());
      }
    }
    return best;
  }

  private synchronized List<Known> current() {
    Instant now = clock.instant();
    if (Duration.between(lookedAt, now).compareTo(LOOK_AGAIN) >= 0) {
      lookedAt = now;
      List<FileTime> times = times();
      if (!times.equals(readAs)) {
        try {
          known = read();
          readAs = times;
          LOG.info("tokens read again count={}", known.size());
        } catch (ConfigProblem e) {
          LOG.warn("tokens not read again, the old ones stay valid error=\"{}\"", e.getMessage());
        }
      }
    }
    return known;
  }

  private List<FileTime> times() {
    return files.values().stream()
        .map(file -> {
          try {
            return Files.getLastModifiedTime(file);
          } catch (IOException _) {
            return FileTime.fromMillis(0);
          }
        })
        .toList();
  }

  private List<Known> read() {
    List<Known> tokens = new ArrayList<>();
    files.forEach((role, file) -> {
      String key = "auth.tokens." + role.name().toLowerCase(java.util.Locale.ROOT);
      List<String> lines =
          PrivateFile.read(key, file)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      for (String line : lines) {
        if (line.length() < 16) {
          throw new ConfigProblem(
              key,
              "%s holds a token of less than 16 characters".formatted(file),
              "make one with: openssl rand -hex 32");
        }
        tokens.add(new Known(role, hash(line)));
      }
    });
    return List.copyOf(tokens);
  }

  static byte[] hash(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(bytes, 0, bytes.length).bytes();
  }

  private record Known(Role role, byte[] hash) {}
}
