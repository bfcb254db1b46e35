package org.vistadr.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts environment variables into the texts of the configuration: `${NAME}` and
/// `${NAME:-default}`.
///
/// Done on each text after the file was parsed, so a value can hold any character, and a comment
/// may name a variable. As in a shell, an empty variable counts as unset.
final class Variables {

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^${}]*))?}");

  private final Map<String, String> environment;

  Variables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /// The text with its variables replaced, or the names of those that are not set.
  Result resolve(String text) {
    List<String> missing = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      Optional<String> value =
          Optional.ofNullable(environment.get(name))
              .filter(set -> !set.isEmpty())
              .or(() -> Optional.ofNullable(matcher.group(2)));
      if (value.isEmpty()) {
        missing.add(name);
      }
      matcher.appendReplacement(resolved, Matcher.quoteReplacement(value.orElse("")));
    }
    matcher.appendTail(resolved);
    return new Result(resolved.toString(), List.copyOf(missing));
  }

  /// @param text with every known variable replaced
  /// @param missing names of variables that are neither set nor have a default
  record Result(String text, List<String> missing) {}
}
