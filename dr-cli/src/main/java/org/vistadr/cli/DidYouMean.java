package org.vistadr.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The words that a mistyped one may have been meant to be.
final class DidYouMean {

  private static final int MOST = 2;

  private DidYouMean() {}

  /// At most two, the nearest first: a third of the letters may differ.
  static List<String> nearest(String word, Collection<String> known) {
    int limit = Math.max(1, (word.length() + 1) / 3);
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= limit)
        .sorted(
            Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  // Levenshtein with neighbours that changed places counted once: `stauts` is one slip away.
  private static int distance(String left, String right) {
    int[][] steps = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          steps[i][j] = i + j;
          continue;
        }
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int best =
            Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && left.charAt(i - 1) == right.charAt(j - 2)
                && left.charAt(i - 2) == right.charAt(j - 1);
        steps[i][j] = swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
      }
    }
    return steps[left.length()][right.length()];
  }
}
