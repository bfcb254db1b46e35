package org.vistadr.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.RestoreReportView;
import org.vistadr.cli.output.ReportText;
import org.vistadr.cli.output.Terminal;

/// Writes a restore's report to the terminal or to a file. A file is there whole or not at all.
///
/// @param session whom to ask
record ReportFile(Session session) {

  void write(String id, Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      RestoreReportView report = session.api().report(id, session.zone());
      if (session.options().json) {
        session.terminal().json(report);
      } else {
        session.terminal().data(ReportText.lines(report, session.zone(), session.now()));
      }
      return;
    }
    Path target = file.get().toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      writePart(id, target, part);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    session.say("Report of %s: %s".formatted(id, file.get()));
  }

  private void writePart(String id, Path target, Path part) throws IOException {
    String name = String.valueOf(target.getFileName());
    if (name.endsWith(".html") || name.endsWith(".htm")) {
      try (InputStream page = session.api().reportPage(id, session.zone())) {
        Files.copy(page, part, StandardCopyOption.REPLACE_EXISTING);
      }
      return;
    }
    RestoreReportView report = session.api().report(id, session.zone());
    boolean json = session.options().json || name.endsWith(".json");
    Files.write(
        part,
        json
            ? List.of(Terminal.jsonText(report))
            : ReportText.lines(report, session.zone(), session.now()));
  }
}
