package org.vistadr.restore.view;

import java.time.Instant;
import java.util.Map;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.RestoreScope;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;

/// What is said when nothing of a scope was there, with what to ask for instead.
public final class NothingFound {

  private NothingFound() {}

  public static RestoreRefusedException refusal(
      Catalog catalog, RestoreScope scope, Instant at, KeyStates states) {
    return switch (scope) {
      case RestoreScope.Parts(var keys, var prefixes) when prefixes.isEmpty() ->
          new RestoreRefusedException(
              Code.NOT_FOUND,
              "%s was not there at %s"
                  .formatted(
                      keys.size() == 1
                          ? keys.getFirst().value()
                          : "none of the %d keys".formatted(keys.size()),
                      at),
              "see when it was: vistadr history KEY",
              Map.of());
      case RestoreScope.Parts(_, var prefixes) -> {
        var nearest =
            prefixes.stream()
                .flatMap(prefix -> NearestPrefixes.of(catalog, prefix, states).stream())
                .distinct()
                .limit(5)
                .toList();
        yield new RestoreRefusedException(
            Code.UNKNOWN_PREFIX,
            "nothing below '%s' at %s".formatted(String.join("', '", prefixes), at),
            nearest.isEmpty()
                ? "look what was there: vistadr ls --at " + at
                : "there was: " + String.join("  ", nearest),
            Map.of("nearest", String.join("\n", nearest)));
      }
      case RestoreScope.All() ->
          new RestoreRefusedException(
              Code.NOT_FOUND, "the bucket was empty at " + at, "name a later moment", Map.of());
    };
  }
}
