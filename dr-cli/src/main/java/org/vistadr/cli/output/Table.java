package org.vistadr.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An aligned table. A header that ends in `>` is aligned to the right. The last column is never
/// padded or cut, so a key can be copied whole. Not thread-safe.
public final class Table {

  private static final String GAP = "  ";

  private final List<String> headers;
  private final boolean[] right;
  private final List<List<String>> rows = new ArrayList<>();

  /// An empty table.
  public Table(String... headers) {
    this.headers =
        Arrays.stream(headers)
            .map(header -> header.endsWith(">") ? header.substring(0, header.length() - 1) : header)
            .toList();
    right = new boolean[headers.length];
    for (int column = 0; column < headers.length; column++) {
      right[column] = headers[column].endsWith(">");
    }
  }

  /// Adds a row; control characters in it are escaped.
  public Table row(String... cells) {
    if (cells.length != headers.size()) {
      throw new IllegalArgumentException(
          "a row of %d cells in a table of %d columns".formatted(cells.length, headers.size()));
    }
    rows.add(Arrays.stream(cells).map(Keys::printable).toList());
    return this;
  }

  /// Aligned lines with the header first.
  public List<String> lines() {
    int[] widths = new int[headers.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = headers.get(column).length();
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(headers, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return lines;
  }

  /// Cells separated by tabs, without a header: for `cut` and `awk`.
  public List<String> plainLines() {
    return rows.stream().map(row -> String.join("\t", row)).toList();
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : GAP);
      line.append(right[column] ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }
}
