package org.vistadr.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What differs between two texts, line by line, with enough around it to know where one is. Pure.
public final class ConfigDiff {

  /// Lines around a difference that are shown.
  private static final int AROUND = 3;

  /// So many pairs of lines are compared; longer texts are shown one after the other.
  private static final long MOST_PAIRS = 4_000_000;

  private ConfigDiff() {}

  /// The difference: each line begins with `-` (only before), `+` (only after) or a space; `...`
  /// stands for lines that are left out. Empty when nothing differs.
  public static List<String> lines(List<String> before, List<String> after) {
    if (before.equals(after)) {
      return List.of();
    }
    List<Line> all = compare(before, after);
    BitSet shown = new BitSet();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).sign != ' ') {
        shown.set(Math.max(0, i - AROUND), Math.min(all.size(), i + AROUND + 1));
        parents(all, i, shown);
      }
    }
    List<String> result = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (shown.get(i)) {
        result.add(all.get(i).sign + " " + all.get(i).text);
      } else if (i == 0 || shown.get(i - 1)) {
        result.add("  ...");
      }
    }
    return result;
  }

  /// What a line is below of.
  private static void parents(List<Line> all, int of, BitSet shown) {
    int depth = depth(all.get(of).text);
    for (int i = of - 1; i >= 0 && depth > 0; i--) {
      int here = depth(all.get(i).text);
      boolean other = all.get(i).sign != ' ' && all.get(i).sign != all.get(of).sign;
      if (here < depth && !other) {
        shown.set(i);
        depth = here;
      }
    }
  }

  private static int depth(String line) {
    int depth = 0;
    while (depth < line.length() && line.charAt(depth) == ' ') {
      depth++;
    }
    return depth;
  }

  private static List<Line> compare(List<String> before, List<String> after) {
    int head = 0;
    int most = Math.min(before.size(), after.size());
    while (head < most && before.get(head).equals(after.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    List<Line> result = new ArrayList<>();
    before.subList(0, head).forEach(line -> result.add(new Line(' ', line)));
    middle(
        before.subList(head, before.size() - tail),
        after.subList(head, after.size() - tail),
        result);
    before
        .subList(before.size() - tail, before.size())
        .forEach(line -> result.add(new Line(' ', line)));
    return result;
  }

  private static void middle(List<String> before, List<String> after, List<Line> result) {
    if ((long) before.size() * after.size() > MOST_PAIRS) {
      before.forEach(line -> result.add(new Line('-', line)));
      after.forEach(line -> result.add(new Line('+', line)));
      return;
    }
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        result.add(new Line(' ', before.get(i)));
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        result.add(new Line('-', before.get(i++)));
      } else {
        result.add(new Line('+', after.get(j++)));
      }
    }
  }

  private record Line(char sign, String text) {}
}
