package org.vistadr.server.resources;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vistadr.catalog.CheckpointLog;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.server.config.DidYouMean;

/// Reads the moments of requests: times, and `checkpoint:NAME` for the moment of a checkpoint. The
/// one place where names become moments. Safe for use by many threads.
///
/// @param checkpoints looked up anew each time
public record Times(CheckpointLog checkpoints) {

  /// What a checkpoint's name follows where a time is asked for.
  private static final String PREFIX = "checkpoint:";

  private static final int MOST_NAMED = 5;

  /// A moment of the query: RFC 3339 with an offset, or a checkpoint.
  Optional<Instant> time(String name, @Nullable String text) {
    return text != null && text.startsWith(PREFIX)
        ? Optional.of(moment(text))
        : Parameters.time(name, text);
  }

  /// Teaches a mapper to read moments of bodies in the same way.
  public Module module() {
    SimpleModule module = new SimpleModule("moments");
    module.addDeserializer(
        Instant.class,
        new JsonDeserializer<>() {
          @Override
          public @Nullable Instant deserialize(JsonParser json, DeserializationContext context)
              throws IOException {
            return json.hasToken(JsonToken.VALUE_STRING) && json.getText().startsWith(PREFIX)
                ? moment(json.getText())
                : InstantDeserializer.INSTANT.deserialize(json, context);
          }
        });
    return module;
  }

  /// The checkpoint of this name.
  NamedCheckpoint checkpoint(String name) {
    Optional<CheckpointName> valid;
    try {
      valid = Optional.of(new CheckpointName(name));
    } catch (IllegalArgumentException _) {
      valid = Optional.empty();
    }
    return valid.flatMap(checkpoints::find).orElseThrow(() -> unknown(name));
  }

  private Instant moment(String text) {
    return checkpoint(text.substring(PREFIX.length())).at();
  }

  private ApiException unknown(String name) {
    List<String> names =
        checkpoints.all().stream().map(checkpoint -> checkpoint.name().value()).toList();
    Optional<String> meant = DidYouMean.closest(name, names);
    List<String> near =
        Stream.concat(
                meant.stream(),
                DidYouMean.nearest(name, names).stream()
                    .filter(other -> !meant.equals(Optional.of(other))))
            .limit(MOST_NAMED)
            .toList();
    return ApiException.missing(
        "there is no checkpoint '%s'".formatted(name),
        near.isEmpty() ? "there is none at all yet" : "the nearest are " + String.join(", ", near),
        near.isEmpty() ? "vistadr checkpoint create NAME" : "vistadr checkpoint list");
  }
}
