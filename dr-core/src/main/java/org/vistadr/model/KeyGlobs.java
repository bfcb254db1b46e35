package org.vistadr.model;

import java.util.List;
import java.util.regex.Pattern;

/// Globs over keys: a key passes when it matches one of those to include (or none is given) and
/// none of those to exclude. Immutable.
///
/// In a glob `**` stands for anything, `*` for anything without `/`, `?` for one character that is
/// not `/`. A glob covers the whole key.
public final class KeyGlobs {

  /// Lets every key pass.
  public static final KeyGlobs ANY = new KeyGlobs(List.of(), List.of());

  private final List<String> include;
  private final List<String> exclude;
  private final List<Pattern> included;
  private final List<Pattern> excluded;

  /// @param include a key must match one of these, when there are any
  /// @param exclude a key must match none of these
  public KeyGlobs(List<String> include, List<String> exclude) {
    this.include = List.copyOf(include);
    this.exclude = List.copyOf(exclude);
    this.included = this.include.stream().map(KeyGlobs::pattern).toList();
    this.excluded = this.exclude.stream().map(KeyGlobs::pattern).toList();
  }

  /// The globs to include, as given.
  public List<String> include() {
    return include;
  }

  /// The globs to exclude, as given.
  public List<String> exclude() {
    return exclude;
  }

  /// Whether a key passes.
  public boolean accepts(ObjectKey key) {
    return (included.isEmpty() || matches(included, key)) && !matches(excluded, key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyGlobs globs
        && globs.include.equals(include)
        && globs.exclude.equals(exclude);
  }

  @Override
  public int hashCode() {
    return include.hashCode() * 31 + exclude.hashCode();
  }

  @Override
  public String toString() {
    return "include " + include + ", exclude " + exclude;
  }

  private static boolean matches(List<Pattern> patterns, ObjectKey key) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(key.value()).matches());
  }

  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
