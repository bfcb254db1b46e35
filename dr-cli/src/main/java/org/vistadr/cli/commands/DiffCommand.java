package org.vistadr.cli.commands;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.api.DiffPage;
import org.vistadr.api.WireJson;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.DiffText;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.Table;
import org.vistadr.cli.output.ViewText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr diff`
@Command(
    name = "diff",
    description = "What was added, removed and changed between two moments, or since one.")
final class DiffCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "Keys that start with it; a folder ends in '/'.")
  String prefix = "";

  @Option(names = "--at", paramLabel = "T", required = true, description = "The earlier moment.")
  String at = "";

  @Option(names = "--to", paramLabel = "T", description = "The later moment; default now.")
  Optional<String> to = Optional.empty();

  @Mixin DoubtOptions doubt = new DoubtOptions();

  DiffCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Instant from = session.moment(at);
    // The newest known state is meant by now, not a second of the daemon's clock.
    Optional<Instant> until =
        to.filter(text -> !text.strip().equalsIgnoreCase("now")).map(text -> session.moment(text));
    DiffPage first = page(from, until, Optional.empty());
    if (!first.nearest().isEmpty()) {
      throw CommandFailure.of(
              ExitCode.NOT_FOUND, "not-found", "nothing was ever under '%s'".formatted(prefix))
          .hint("there is: " + String.join("  ", first.nearest()))
          .tryNext(
              first.nearest().stream()
                  .map(near ->
                      "vistadr diff %s --at %s".formatted(Keys.quoted(near), Keys.quoted(at)))
                  .toList());
    }
    ViewText.footing(first.from(), session.zone()).forEach(session::say);
    if (until.isPresent()) {
      ViewText.footing(first.to(), session.zone()).forEach(session::say);
    }
    DiffText.Sum sum = session.options().json ? json(from, until, first) : text(from, until, first);
    session.say(sum.words());
    return ExitCode.DONE.number();
  }

  private DiffPage page(Instant from, Optional<Instant> until, Optional<String> cursor) {
    return session.api().diff(prefix, from, until, doubt.doubts(), cursor);
  }

  // Page by page, so that memory does not grow with the bucket.
  private DiffText.Sum text(Instant from, Optional<Instant> until, DiffPage first) {
    DiffText.Sum sum = new DiffText.Sum();
    DiffPage page = first;
    boolean header = true;
    while (true) {
      if (!page.items().isEmpty()) {
        Table table = DiffText.table(page.items(), session.zone());
        List<String> lines = session.options().plain ? table.plainLines() : table.lines();
        session
            .terminal()
            .data(header || session.options().plain ? lines : lines.subList(1, lines.size()));
        header = false;
        page.items().forEach(sum::add);
      }
      if (page.next().isEmpty()) {
        return sum;
      }
      page = page(from, until, page.next());
    }
  }

  private DiffText.Sum json(Instant from, Optional<Instant> until, DiffPage first) {
    DiffText.Sum sum = new DiffText.Sum();
    try {
      JsonGenerator json = WireJson.mapper().createGenerator(session.terminal().out());
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writePOJOField("from", first.from());
      json.writePOJOField("to", first.to());
      json.writeArrayFieldStart("items");
      DiffPage page = first;
      while (true) {
        for (DiffPage.Item item : page.items()) {
          sum.add(item);
          json.writePOJO(item);
        }
        if (page.next().isEmpty()) {
          break;
        }
        page = page(from, until, page.next());
      }
      json.writeEndArray();
      json.writePOJOField("counts", sum.counts());
      json.writeEndObject();
      json.close();
      session.terminal().out().println();
      return sum;
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }
}
