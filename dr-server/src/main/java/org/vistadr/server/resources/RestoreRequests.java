package org.vistadr.server.resources;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.api.UndeleteRequest;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreManner;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.OnChange;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.Quantities;

/// What restores are asked for, from the wire to the engine. Every refusal names the field.
final class RestoreRequests {

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

  private RestoreRequests() {}

  static RestorePlan.Request request(RestorePlanRequest asked) {
    if (asked.at().isEmpty() && !asked.undelete()) {
      throw ApiException.bad(
          "time-missing", "there is no moment", "say as of when: \"at\": \"2026-11-22T03:00:00Z\"");
    }
    var scope = asked.scope();
    return new RestorePlan.Request(
        asked.undelete() ? new RestoreGoal.Undelete(asked.at()) : new RestoreGoal.AsOf(asked.at()),
        scope(scope.keys(), scope.prefixes(), scope.all()),
        new KeyGlobs(scope.include(), scope.exclude()),
        asked.from().map(RestoreRequests::site),
        target(asked),
        new RestoreRules(
            word(Overwrite.class, asked.overwrite(), "overwrite").orElse(Overwrite.IF_CHANGED),
            word(OnChange.class, asked.onChange(), "onChange").orElse(OnChange.SKIP),
            asked.deleteExtra(),
            asked.nearest(),
            asked.strict()),
        new RestoreManner(
            newestFirst(asked.order()),
            asked.first(),
            asked.last(),
            bandwidth(asked.bandwidth()),
            word(ThawTier.class, asked.thaw(), "thaw")));
  }

  static RestorePlan.Request request(UndeleteRequest asked) {
    return RestorePlan.Request.of(
        new RestoreGoal.Undelete(asked.since()), scope(asked.keys(), asked.prefixes(), false));
  }

  /// The bandwidth of a request: bytes per second.
  static OptionalLong bandwidth(Optional<String> text) {
    try {
      return text.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(Quantities.bytesPerSecond(text.get()));
    } catch (IllegalArgumentException e) {
      throw ApiException.bad(
          "bandwidth-invalid", String.valueOf(e.getMessage()), "write 40 MiB/s or 200 Mbit/s");
    }
  }

  /// The bandwidth that a running restore is to get: `unlimited`, or bytes per second.
  static OptionalLong limit(String text) {
    return text.equals("unlimited") ? OptionalLong.empty() : bandwidth(Optional.of(text));
  }

  static <E extends Enum<E>> Optional<E> word(
      Class<E> type, Optional<String> text, String parameter) {
    return text.map(word -> word(type, word, parameter));
  }

  static <E extends Enum<E>> E word(Class<E> type, String text, String parameter) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> wordOf(value).equals(text))
        .findFirst()
        .orElseThrow(() ->
            ApiException.bad(
                "parameter-invalid",
                "%s=%s is not known".formatted(parameter, text),
                Arrays.stream(type.getEnumConstants())
                    .map(RestoreRequests::wordOf)
                    .collect(Collectors.joining(", ", "use one of ", ""))));
  }

  private static String wordOf(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static RestoreScope scope(List<String> keys, List<String> prefixes, boolean all) {
    boolean some = !keys.isEmpty() || !prefixes.isEmpty();
    if (all == some) {
      throw ApiException.bad(
          "scope-invalid",
          all ? "all and keys or prefixes are given" : "neither keys, prefixes nor all are given",
          "give keys and prefixes, or all: true");
    }
    if (keys.size() > RestorePlanRequest.Scope.MOST_KEYS) {
      throw ApiException.bad(
          "keys-too-many",
          "%d keys are given; one plan takes %d"
              .formatted(keys.size(), RestorePlanRequest.Scope.MOST_KEYS),
          "make several plans, or give prefixes with include and exclude");
    }
    if (prefixes.contains("")) {
      throw ApiException.bad("scope-invalid", "a prefix is empty", "say all: true for everything");
    }
    return all
        ? RestoreScope.ALL
        : new RestoreScope.Parts(keys.stream().map(RestoreRequests::key).toList(), prefixes);
  }

  private static ObjectKey key(String text) {
    return Parameters.key(text);
  }

  private static RestoreTarget target(RestorePlanRequest asked) {
    if (asked.to().isPresent() && asked.toDirectory().isPresent()) {
      throw ApiException.bad(
          "target-invalid", "to and toDirectory are both given", "give one of them");
    }
    if (asked.toDirectory().isPresent()) {
      try {
        return new RestoreTarget.Directory(Path.of(asked.toDirectory().get()));
      } catch (IllegalArgumentException e) {
        throw badTarget(e);
      }
    }
    return asked.to().map(RestoreRequests::bucket).orElse(RestoreTarget.IN_PLACE);
  }

  private static RestoreTarget bucket(String text) {
    String[] parts = text.split("/", 3);
    var bucket =
        parts.length > 1 && !parts[1].isEmpty() ? Optional.of(parts[1]) : Optional.<String>empty();
    if (bucket.filter(name -> !BUCKET.matcher(name).matches()).isPresent()) {
      throw ApiException.bad(
          "target-invalid",
          "'%s' is no name of a bucket".formatted(parts[1]),
          "write SITE, SITE/BUCKET or SITE/BUCKET/PREFIX");
    }
    var prefix = parts.length > 2 ? parts[2] : "";
    return new RestoreTarget.Bucket(
        site(parts[0]), bucket, prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
  }

  private static ApiException badTarget(IllegalArgumentException e) {
    return ApiException.bad(
        "target-invalid",
        String.valueOf(e.getMessage()),
        "name an absolute path on the daemon's machine");
  }

  private static SiteName site(String name) {
    try {
      return new SiteName(name);
    } catch (IllegalArgumentException e) {
      throw ApiException.bad(
          "site-invalid", String.valueOf(e.getMessage()), "see the sites: vistadr status");
    }
  }

  private static boolean newestFirst(Optional<String> order) {
    return switch (order.orElse("key")) {
      case "key" -> false;
      case "newest-first" -> true;
      default ->
          throw ApiException.bad(
              "parameter-invalid",
              "order=%s is not known".formatted(order.orElse("")),
              "use key or newest-first");
    };
  }
}
