package org.vistadr.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreManner;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.OnChange;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;

/// The JSON forms of parts of a restore's request. What is as by default is left out, and what is
/// missing is as by default, so that requests of older programs keep their meaning.
final class RequestJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RequestJson() {}

  /// The parts of a request that have no column of their own.
  static String options(RestorePlan.Request request) {
    var options = JSON.createObjectNode();
    texts(options, "include", request.globs().include());
    texts(options, "exclude", request.globs().exclude());
    switch (request.target()) {
      case RestoreTarget.InPlace() -> {}
      case RestoreTarget.Bucket(var site, var bucket, var prefix) -> {
        options.put("toSite", site.value());
        bucket.ifPresent(name -> options.put("toBucket", name));
        options.put("toPrefix", prefix);
      }
      case RestoreTarget.Directory(var path) -> options.put("toDirectory", path.toString());
    }
    var rules = request.rules();
    if (rules.onChange() != OnChange.SKIP) {
      options.put("onChange", rules.onChange().text());
    }
    if (rules.nearest()) {
      options.put("nearest", true);
    }
    if (rules.strict()) {
      options.put("strict", true);
    }
    var manner = request.manner();
    if (manner.newestFirst()) {
      options.put("newestFirst", true);
    }
    texts(options, "first", manner.first());
    texts(options, "last", manner.last());
    manner.bytesPerSecond().ifPresent(limit -> options.put("bytesPerSecond", limit));
    manner.thaw().ifPresent(tier -> options.put("thaw", tier.text()));
    return options.toString();
  }

  static KeyGlobs globs(JsonNode options) {
    return new KeyGlobs(texts(options.path("include")), texts(options.path("exclude")));
  }

  static RestoreTarget target(JsonNode options) {
    if (options.has("toSite")) {
      return new RestoreTarget.Bucket(
          new SiteName(options.path("toSite").asText()),
          text(options, "toBucket"),
          options.path("toPrefix").asText());
    }
    return text(options, "toDirectory")
        .<RestoreTarget>map(path -> new RestoreTarget.Directory(Path.of(path)))
        .orElse(RestoreTarget.IN_PLACE);
  }

  static RestoreRules rules(
      JsonNode options, RestoreRules.Overwrite overwrite, boolean deleteExtra) {
    return new RestoreRules(
        overwrite,
        text(options, "onChange").map(word -> word(OnChange.class, word)).orElse(OnChange.SKIP),
        deleteExtra,
        options.path("nearest").asBoolean(),
        options.path("strict").asBoolean());
  }

  static RestoreManner manner(JsonNode options) {
    return new RestoreManner(
        options.path("newestFirst").asBoolean(),
        texts(options.path("first")),
        texts(options.path("last")),
        options.has("bytesPerSecond")
            ? OptionalLong.of(options.path("bytesPerSecond").asLong())
            : OptionalLong.empty(),
        text(options, "thaw").map(word -> word(ThawTier.class, word)));
  }

  static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new CatalogException("the catalog holds a request of a restore that is no JSON", e);
    }
  }

  /// Keys and prefixes of a scope.
  static String scope(RestoreScope scope) {
    var node = JSON.createObjectNode();
    switch (scope) {
      case RestoreScope.All() -> {}
      case RestoreScope.Parts(var keys, var prefixes) -> {
        texts(node, "keys", keys.stream().map(ObjectKey::value).toList());
        texts(node, "prefixes", prefixes);
      }
    }
    return node.toString();
  }

  static RestoreScope parts(JsonNode scope) {
    return new RestoreScope.Parts(
        texts(scope.path("keys")).stream().map(ObjectKey::new).toList(),
        texts(scope.path("prefixes")));
  }

  static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>(array.size());
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static void texts(ObjectNode node, String name, Collection<String> texts) {
    if (!texts.isEmpty()) {
      var array = node.putArray(name);
      texts.forEach(array::add);
    }
  }

  private static Optional<String> text(JsonNode node, String name) {
    return Optional.ofNullable(node.get(name)).map(JsonNode::asText);
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new CatalogException(
          "the catalog holds the unknown word '%s' in a restore's request".formatted(text), e);
    }
  }
}
