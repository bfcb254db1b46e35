package org.vistadr.cli.commands;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.api.ObjectListing;
import org.vistadr.api.WireJson;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.ObjectText;
import org.vistadr.cli.output.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr ls`
@Command(name = "ls", description = "What the bucket holds, or held at a moment.")
final class LsCommand implements Callable<Integer> {

  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "Keys that start with it; a folder ends in '/'.")
  String prefix = "";

  @Option(names = "--at", paramLabel = "T", description = "As of this moment; default now.")
  Optional<String> at = Optional.empty();

  @Option(
      names = {"-r", "--recursive"},
      description = "Everything below, not one level.")
  boolean recursive;

  @Option(
      names = "--deleted",
      description = "What had been deleted by then, with the time of deletion.")
  boolean deleted;

  LsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Optional<Instant> moment = at.map(text -> session.moment(text));
    ApiClient.ObjectQuery query =
        new ApiClient.ObjectQuery(
            prefix, recursive ? Optional.empty() : Optional.of("/"), moment, deleted);
    ObjectListing first = session.api().objects(query, Optional.empty());
    if (first.items().isEmpty() && first.prefixes().isEmpty() && first.next().isEmpty()) {
      throw CommandFailure.of(
              ExitCode.NOT_FOUND,
              "not-found",
              "nothing %s '%s'".formatted(deleted ? "was deleted under" : "is under", prefix)
                  + (at.isPresent() ? " at that time" : ""))
          .hint("a listing without a prefix shows what there is")
          .tryNext("vistadr ls" + at.map(_ -> " --deleted").orElse(""));
    }
    if (!first.complete()) {
      session.say("The catalog does not cover that moment whole: this may not be all.");
    }
    if (session.options().json) {
      writeJson(query, first);
    } else {
      writeTables(query, first);
    }
    return ExitCode.DONE.number();
  }

  // Page by page, so that memory does not grow with the bucket.
  private void writeTables(ApiClient.ObjectQuery query, ObjectListing first) {
    ObjectListing page = first;
    boolean header = true;
    while (true) {
      Table table = ObjectText.listing(page, session.zone());
      List<String> lines = session.options().plain ? table.plainLines() : table.lines();
      session
          .terminal()
          .data(header || session.options().plain ? lines : lines.subList(1, lines.size()));
      header = false;
      if (page.next().isEmpty()) {
        return;
      }
      page = session.api().objects(query, page.next());
    }
  }

  // One document that holds every page.
  private void writeJson(ApiClient.ObjectQuery query, ObjectListing first) {
    try {
      JsonGenerator json = WireJson.mapper().createGenerator(session.terminal().out());
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("at", first.at().toString());
      json.writeStringField("basis", first.basis());
      if (first.basisAt().isPresent()) {
        json.writeStringField("basisAt", first.basisAt().get().toString());
      }
      json.writeBooleanField("complete", first.complete());
      json.writeArrayFieldStart("items");
      List<String> folders = new ArrayList<>();
      ObjectListing page = first;
      while (true) {
        folders.addAll(page.prefixes());
        for (ObjectListing.Item item : page.items()) {
          json.writePOJO(item);
        }
        if (page.next().isEmpty()) {
          break;
        }
        page = session.api().objects(query, page.next());
      }
      json.writeEndArray();
      json.writePOJOField("prefixes", folders);
      json.writeEndObject();
      json.close();
      session.terminal().out().println();
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }
}
