package org.vistadr.cli.commands;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.vistadr.api.ObjectListing;
import org.vistadr.api.WireJson;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.ObjectText;
import org.vistadr.cli.output.Table;
import org.vistadr.cli.output.ViewText;

/// Writes a listing page by page while it is read, so that memory does not grow with the bucket.
final class ListingOutput {

  private final Session session;
  private final Function<Optional<String>, ObjectListing> pages;
  private long ambiguous;

  /// @param pages a page behind a cursor; the first one without
  ListingOutput(Session session, Function<Optional<String>, ObjectListing> pages) {
    this.session = session;
    this.pages = pages;
  }

  /// The first page that holds something, or the last one.
  ObjectListing first() {
    ObjectListing page = pages.apply(Optional.empty());
    while (isEmpty(page) && page.next().isPresent()) {
      page = pages.apply(page.next());
    }
    return page;
  }

  static boolean isEmpty(ObjectListing page) {
    return page.items().isEmpty() && page.prefixes().isEmpty() && page.ambiguous().isEmpty();
  }

  /// Writes this page and those behind it.
  void write(ObjectListing first) {
    ViewText.footing(first.moment(), session.zone()).forEach(session::say);
    if (session.options().json) {
      writeJson(first);
    } else {
      writeTables(first);
    }
    if (ambiguous > 0) {
      session.say(
          "%s may have held something else at that time (the lines with 'or'); --strict refuses that."
              .formatted(Amounts.count(ambiguous, "key")));
    }
  }

  private void writeTables(ObjectListing first) {
    boolean header = true;
    for (Optional<ObjectListing> page = Optional.of(first);
        page.isPresent();
        page = behind(page.get())) {
      ambiguous += page.get().ambiguous().size();
      if (isEmpty(page.get())) {
        continue;
      }
      Table table = ObjectText.listing(page.get(), session.zone());
      List<String> lines = session.options().plain ? table.plainLines() : table.lines();
      session
          .terminal()
          .data(header || session.options().plain ? lines : lines.subList(1, lines.size()));
      header = false;
    }
  }

  private Optional<ObjectListing> behind(ObjectListing page) {
    return page.next().map(cursor -> pages.apply(Optional.of(cursor)));
  }

  // One document that holds every page. Its arrays come one after the other, so pages are read once
  // more for each that is not empty, instead of being kept.
  private void writeJson(ObjectListing first) {
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
      json.writePOJOField("moment", first.moment());
      long prefixes = 0;
      json.writeArrayFieldStart("items");
      for (Optional<ObjectListing> page = Optional.of(first);
          page.isPresent();
          page = behind(page.get())) {
        prefixes += page.get().prefixes().size();
        ambiguous += page.get().ambiguous().size();
        writeAll(json, page.get().items());
      }
      json.writeEndArray();
      writeArray(json, "prefixes", prefixes > 0, first, ObjectListing::prefixes);
      writeArray(json, "ambiguous", ambiguous > 0, first, ObjectListing::ambiguous);
      json.writeEndObject();
      json.close();
      session.terminal().out().println();
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  private void writeArray(
      JsonGenerator json,
      String name,
      boolean any,
      ObjectListing first,
      Function<ObjectListing, List<?>> part)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Optional<ObjectListing> page = Optional.of(first).filter(_ -> any);
        page.isPresent();
        page = behind(page.get())) {
      writeAll(json, part.apply(page.get()));
    }
    json.writeEndArray();
  }

  private static void writeAll(JsonGenerator json, List<?> values) throws IOException {
    for (Object value : values) {
      json.writePOJO(value);
    }
  }
}
