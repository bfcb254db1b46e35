package org.vistadr.sync;

import java.util.List;
import java.util.regex.Pattern;
import org.vistadr.model.ObjectKey;

/// Which keys are protected: all but the reserved prefix and the excluded globs. Immutable.
///
/// In a glob `**` stands for anything, `*` for anything without `/`, `?` for one character that is
/// not `/`.
final class KeyFilter {

  private final List<Pattern> excluded;

  KeyFilter(List<String> globs) {
    this.excluded = globs.stream().map(KeyFilter::pattern).toList();
  }

  /// Whether the key is protected.
  boolean accepts(ObjectKey key) {
    return !key.isReserved()
        && excluded.stream().noneMatch(glob -> glob.matcher(key.value()).matches());
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
