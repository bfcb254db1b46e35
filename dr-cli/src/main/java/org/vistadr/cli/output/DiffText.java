package org.vistadr.cli.output;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vistadr.api.DiffPage;

/// Differences as a table and a sum.
public final class DiffText {

  private DiffText() {}

  /// One page: what happened, when, sizes, key; an ambiguous key's other outcome in a line of its
  /// own.
  public static Table table(List<DiffPage.Item> items, ZoneId zone) {
    Table table =
        new Table("CHANGE", "WHEN (" + Moments.name(zone) + ")", "BEFORE>", "AFTER>", "KEY");
    for (DiffPage.Item item : items) {
      table.row(
          item.change(),
          item.at().map(at -> Moments.local(at, zone)).orElse("-"),
          size(item.before()),
          size(item.after()),
          item.key());
      Stream.of(item.ambiguousFrom(), item.ambiguousTo())
          .flatMap(Optional::stream)
          .forEach(doubt ->
              table.row(
                  "  or",
                  ObjectText.when(doubt.outcomes().getLast(), zone),
                  item.ambiguousFrom().equals(Optional.of(doubt)) ? ObjectText.size(doubt) : "",
                  item.ambiguousTo().equals(Optional.of(doubt)) ? ObjectText.size(doubt) : "",
                  "%s (%s)".formatted(item.key(), doubt.reason())));
    }
    return table;
  }

  private static String size(Optional<DiffPage.Content> content) {
    return content.map(here -> Amounts.bytes(here.size())).orElse("-");
  }

  /// Counts what goes by. Not thread-safe.
  public static final class Sum {

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private long bytes;

    /// Nothing yet.
    public Sum() {
      List.of("added", "removed", "changed", "ambiguous").forEach(change -> counts.put(change, 0L));
    }

    /// Counts one.
    public void add(DiffPage.Item item) {
      counts.computeIfPresent(item.change(), (_, count) -> count + 1);
      if (item.ambiguousFrom().isPresent() || item.ambiguousTo().isPresent()) {
        counts.computeIfPresent("ambiguous", (_, count) -> count + 1);
      }
      bytes += item.after().map(DiffPage.Content::size).orElse(0L);
      bytes -= item.before().map(DiffPage.Content::size).orElse(0L);
    }

    /// Keys by change.
    public Map<String, Long> counts() {
      return Map.copyOf(counts);
    }

    /// `3 added, 1 removed, 2 changed, 1.2 MiB more.`
    public String words() {
      long differing = count("added") + count("removed") + count("changed");
      String doubt =
          count("ambiguous") == 0
              ? ""
              : " %s may have held something else then (the lines with 'or')."
                  .formatted(Amounts.count(count("ambiguous"), "key"));
      if (differing == 0) {
        return "No difference." + doubt;
      }
      String size =
          bytes == 0
              ? "the same size"
              : Amounts.bytes(Math.abs(bytes)) + (bytes > 0 ? " more" : " less");
      return "%s added, %s removed, %s changed, %s.%s"
          .formatted(
              Amounts.count(count("added")),
              Amounts.count(count("removed")),
              Amounts.count(count("changed")),
              size,
              doubt);
    }

    private long count(String change) {
      return Optional.ofNullable(counts.get(change)).orElse(0L);
    }
  }
}
