package org.vistadr.cli.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Option;

/// Keys that come from a file: one a line, or separated by zero bytes.
final class KeyOptions {

  private static final int MOST = RestorePlanRequest.Scope.MOST_KEYS;
  private static final int LONGEST_KEY = 1024;

  @Option(
      names = "--keys-from",
      paramLabel = "FILE|-",
      description = "Keys from a file or standard input, one a line; at most 100,000.")
  Optional<String> keysFrom = Optional.empty();

  @Option(names = "-0", description = "Keys of --keys-from are separated by zero bytes.")
  boolean zero;

  /// The keys; none when no file was named.
  List<String> read(InputStream standardInput) {
    if (keysFrom.isEmpty()) {
      return List.of();
    }
    String name = keysFrom.get();
    try (InputStream in = name.equals("-") ? standardInput : Files.newInputStream(Path.of(name));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
      List<String> keys = new ArrayList<>();
      for (Optional<String> key = next(reader); key.isPresent(); key = next(reader)) {
        if (key.get().isEmpty()) {
          continue;
        }
        if (keys.size() == MOST) {
          throw refused(
                  "keys-too-many", "%s has more than %s keys".formatted(name, Amounts.count(MOST)))
              .hint("split it and make several plans, or name prefixes and --include globs")
              .tryNext(
                  "split -l %d %s part-".formatted(MOST, name.equals("-") ? "KEYS.txt" : name));
        }
        keys.add(key.get());
      }
      if (keys.isEmpty()) {
        throw refused("keys-missing", name + " has no key in it")
            .hint(zero ? "with -0 keys end in zero bytes" : "write one key a line");
      }
      return keys;
    } catch (CharacterCodingException e) {
      throw refused("keys-unreadable", name + " is not UTF-8 text")
          .hint("keys are UTF-8; with -0 they are separated by zero bytes");
    } catch (IOException e) {
      throw refused(
              "keys-unreadable", "cannot read %s: %s".formatted(name, e.getClass().getSimpleName()))
          .hint("check the file's name and permissions");
    }
  }

  private Optional<String> next(BufferedReader reader) throws IOException {
    StringBuilder key = new StringBuilder();
    int end = zero ? 0 : '\n';
    for (int next = reader.read(); next != end; next = reader.read()) {
      if (next < 0) {
        return key.isEmpty() ? Optional.empty() : Optional.of(line(key));
      }
      if (key.length() > LONGEST_KEY) {
        throw refused(
                "key-too-long",
                "%s has a key of more than %d characters"
                    .formatted(keysFrom.orElse(""), LONGEST_KEY))
            .hint(zero ? "with -0 keys end in zero bytes" : "write one key a line; or use -0");
      }
      key.append((char) next);
    }
    return Optional.of(line(key));
  }

  private String line(StringBuilder key) {
    // Files from Windows end their lines in CR LF; a key that ends in CR needs -0.
    return !zero && !key.isEmpty() && key.charAt(key.length() - 1) == '\r'
        ? key.substring(0, key.length() - 1)
        : key.toString();
  }

  private static CommandFailure refused(String code, String message) {
    return CommandFailure.of(ExitCode.USAGE, code, message);
  }
}
