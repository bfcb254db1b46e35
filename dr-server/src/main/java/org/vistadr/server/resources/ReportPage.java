package org.vistadr.server.resources;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreReportView;
import org.vistadr.api.Status;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.Sha256;
import org.vistadr.restore.Restores;

/// A report as a page to read, print and keep: well-formed XHTML syntax, no scripts, nothing from
/// elsewhere. Objects that were not written are read a page at a time while it is sent, all of
/// them.
///
/// @param report what it shows
/// @param restores where the objects are read
record ReportPage(RestoreReportView report, Restores restores) {

  private static final int PAGE = 1000;

  private static final String STYLE =
      """
      :root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0;border-bottom:1px solid #8886}
      td.n{text-align:right;font-variant-numeric:tabular-nums}code{overflow-wrap:anywhere}.bad{font-weight:bold}
      """;

  /// Nothing but this very style.
  static final String POLICY =
      "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
          .formatted(Base64.getEncoder().encodeToString(styleHash()));

  private static byte[] styleHash() {
    byte[] style = STYLE.getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(style, 0, style.length).bytes();
  }

  void write(OutputStream output) throws IOException {
    Writer page = new BufferedWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8));
    page.write("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>");
    page.write(escaped("Restore " + report.id()));
    page.write("</title><style>");
    page.write(STYLE);
    page.write("</style></head><body>\n");
    head(page);
    amounts(page);
    proof(page);
    problems(page);
    page.write("</body></html>\n");
    page.flush();
  }

  private void head(Writer page) throws IOException {
    page.write("<h1>" + escaped("Restore " + report.id() + ": " + report.state()) + "</h1>\n");
    if (!report.complete()) {
      page.write("<p class=\"bad\">It is not over yet: this report is not final.</p>\n");
    }
    page.write("<table>\n");
    row(page, "Asked", report.asked().words());
    row(page, "Asked by", report.askedBy().orElse("not known"));
    row(page, "Bucket", report.bucket());
    row(page, "Moment", report.moment().at() + " (" + report.moment().local() + ")");
    row(
        page,
        "Known from",
        report.moment().scanAt().isPresent()
            ? "the scan of %s, %d seconds before the moment"
                .formatted(report.moment().scanAt().get(), report.moment().gapSeconds().orElse(0L))
            : "the bucket's versions");
    row(page, "Source", report.asked().from().orElse("the cheapest healthy site"));
    row(
        page,
        "Rules",
        "overwrite %s, on change %s%s"
            .formatted(
                report.asked().overwrite(),
                report.asked().onChange(),
                report.asked().deleteExtra() ? ", keys born since are deleted" : ""));
    row(page, "Message", report.message());
    page.write("</table>\n");
  }

  private void amounts(Writer page) throws IOException {
    page.write("<h2>What became of it</h2>\n<table>\n<tr><th>Action</th><th>State</th>");
    page.write("<th>Objects</th><th>Bytes</th></tr>\n");
    for (Map.Entry<String, Status.Amount> planned : report.planned().entrySet()) {
      amount(page, planned.getKey(), "planned", planned.getValue());
      Map<String, Status.Amount> states =
          Optional.ofNullable(report.results().get(planned.getKey())).orElse(Map.of());
      for (Map.Entry<String, Status.Amount> state : states.entrySet()) {
        amount(page, "", state.getKey(), state.getValue());
      }
    }
    page.write("</table>\n<h2>Where the bytes came from</h2>\n<table>\n");
    for (Map.Entry<String, Status.Amount> source : report.sources().entrySet()) {
      amount(page, source.getKey(), "", source.getValue());
    }
    page.write("</table>\n");
  }

  private void proof(Writer page) throws IOException {
    RestoreReportView.Times times = report.times();
    page.write("<h2>Achieved</h2>\n<table>\n");
    row(page, "Asked for", times.askedAt().toString());
    row(page, "Started", times.startedAt().toString());
    row(page, "Ended", times.endedAt().map(Object::toString).orElse("not yet"));
    row(
        page,
        "Recovery time",
        "%s seconds, %s objects and %d bytes a second"
            .formatted(times.elapsedSeconds(), times.objectsPerSecond(), times.bytesPerSecond()));
    row(
        page,
        "Recovery point",
        report
            .newest()
            .map(newest ->
                "the newest version is of %s, %s seconds before the moment: %s"
                    .formatted(newest.lastModified(), newest.secondsBeforeMoment(), newest.key()))
            .orElse("no version came back"));
    row(
        page,
        "Written after a look",
        report.nonAtomic() + " objects, where the provider holds no condition itself");
    row(page, "Undo", undo());
    row(
        page,
        "List of objects",
        "%d, SHA-256 %s".formatted(report.list().objects(), report.list().sha256()));
    page.write("</table>\n<p>" + escaped(report.list().rule()) + ".</p>\n");
  }

  private String undo() {
    String undoes = report.undo().undoes().map(id -> "undoes " + id + "; ").orElse("");
    return undoes
        + report.undo().state()
        + (report.undo().undoneBy().isEmpty()
            ? ""
            : ": " + String.join(", ", report.undo().undoneBy()));
  }

  private void problems(Writer page) throws IOException {
    page.write("<h2>Not written</h2>\n<table>\n<tr><th>Key</th><th>Action</th><th>State</th>");
    page.write("<th>Why</th></tr>\n");
    for (RestoreItem.State state : states()) {
      long after = 0;
      while (true) {
        List<RestoreItem> items = restores.items(report.id(), Optional.of(state), after, PAGE);
        if (items.isEmpty()) {
          break;
        }
        after = items.getLast().seq();
        for (RestoreItem item : items) {
          problem(page, RestoreViews.view(item));
        }
      }
    }
    page.write("</table>\n");
  }

  private List<RestoreItem.State> states() {
    return restores.find(report.id()).map(RestoreReportViews::problemStates).orElse(List.of());
  }

  private static void problem(Writer page, RestorePlanView.ItemView item) throws IOException {
    page.write("<tr><td><code>" + escaped(item.key()) + "</code></td><td>");
    page.write(escaped(item.action()) + "</td><td>" + escaped(item.state()) + "</td><td>");
    page.write(escaped(item.detail().isEmpty() ? item.reason() : item.detail()) + "</td></tr>\n");
  }

  private static void row(Writer page, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      page.write("<tr><th scope=\"row\">" + escaped(name) + "</th><td>" + escaped(value));
      page.write("</td></tr>\n");
    }
  }

  private static void amount(Writer page, String name, String state, Status.Amount amount)
      throws IOException {
    page.write("<tr><th scope=\"row\">" + escaped(name) + "</th><td>" + escaped(state));
    page.write("</td><td class=\"n\">" + amount.objects() + "</td><td class=\"n\">");
    page.write(amount.bytes() + "</td></tr>\n");
  }

  /// Text as it stands in a page. What no page may hold is written as `\\u....`.
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '"' -> safe.append("&quot;");
            case '\'' -> safe.append("&#39;");
            default -> {
              if (isShown(c)) {
                safe.appendCodePoint(c);
              } else {
                safe.append("\\u%04x".formatted(c));
              }
            }
          }
        });
    return safe.toString();
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
