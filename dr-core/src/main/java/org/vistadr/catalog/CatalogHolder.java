package org.vistadr.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who has a catalog open, as it says itself in the catalog's lock file.
///
/// @param pid its process
/// @param use what it does there
/// @param address where others may speak to it; empty until it listens, or when it listens for
///   nobody
public record CatalogHolder(long pid, Use use, Optional<String> address) {

  private static final Pattern LINE =
      Pattern.compile("pid=(\\d{1,18}) use=(daemon|command)(?: address=(\\S+))?");

  /// What a process does with a catalog.
  public enum Use {
    /// It keeps the catalog up to date until it is stopped.
    DAEMON,
    /// One command, without a daemon.
    COMMAND
  }

  /// This process.
  static CatalogHolder me(Use use, Optional<String> address) {
    return new CatalogHolder(ProcessHandle.current().pid(), use, address);
  }

  /// The line that [#parse] reads.
  String line() {
    return "pid=%d use=%s%s\n"
        .formatted(
            pid,
            use.name().toLowerCase(Locale.ROOT),
            address.map(text -> " address=" + text).orElse(""));
  }

  /// Empty for any other text: an older program left the file empty.
  static Optional<CatalogHolder> parse(String text) {
    Matcher line = LINE.matcher(text.strip());
    return line.matches()
        ? Optional.of(
            new CatalogHolder(
                Long.parseLong(line.group(1)),
                Use.valueOf(line.group(2).toUpperCase(Locale.ROOT)),
                Optional.ofNullable(line.group(3))))
        : Optional.empty();
  }

  /// For a sentence: `the daemon, process 123, at http://127.0.0.1:8420`.
  public String words() {
    String who =
        switch (use) {
          case DAEMON -> "the daemon";
          case COMMAND -> "a command with --direct";
        };
    return "%s, process %d%s".formatted(who, pid, address.map(", at "::concat).orElse(""));
  }
}
