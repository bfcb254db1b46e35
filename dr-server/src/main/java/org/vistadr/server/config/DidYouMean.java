package org.vistadr.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that was probably meant.
public final class DidYouMean {

  private DidYouMean() {}

  /// The known word closest to what was written, when it is close enough to be a slip.
  public static Optional<String> closest(String written, Collection<String> known) {
    String word = written.toLowerCase(Locale.ROOT);
    int limit = Math.max(2, word.length() / 3);
    return known.stream()
        .filter(candidate ->
            distance(word, candidate.toLowerCase(Locale.ROOT)) <= limit
                || candidate.toLowerCase(Locale.ROOT).startsWith(word))
        .min(Comparator.comparingInt(c -> distance(word, c.toLowerCase(Locale.ROOT))));
  }

  /// Known words by how close they are to what was written, the closest first.
  public static List<String> nearest(String written, Collection<String> known) {
    String word = written.toLowerCase(Locale.ROOT);
    return known.stream()
        .sorted(
            Comparator.<String>comparingInt(c -> distance(word, c.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int above = row[j];
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[right.length()];
  }
}
