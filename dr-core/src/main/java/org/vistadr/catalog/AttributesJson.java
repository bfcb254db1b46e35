package org.vistadr.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.vistadr.model.ObjectAttributes;

/// Attributes and counters as JSON. Members that are absent are left out, unknown ones are passed
/// over, so that the text can grow members without a migration.
public final class AttributesJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Most objects of a bucket have the attributes of many others, so what was read last stays.
  private static final int KNOWN = 64;

  /// Longer texts are few, and would take room.
  private static final int LONGEST_KNOWN = 1024;

  private static final AtomicReferenceArray<Known> known = new AtomicReferenceArray<>(KNOWN);

  private record Known(String text, ObjectAttributes attributes) {}

  private AttributesJson() {}

  /// The JSON form of attributes.
  public static String write(ObjectAttributes attributes) {
    ObjectNode json = JSON.createObjectNode();
    put(json, "contentType", attributes.contentType());
    put(json, "contentEncoding", attributes.contentEncoding());
    put(json, "contentDisposition", attributes.contentDisposition());
    put(json, "contentLanguage", attributes.contentLanguage());
    put(json, "cacheControl", attributes.cacheControl());
    put(json, "expires", attributes.expires());
    put(json, "storageClass", attributes.storageClass());
    put(json, "encryption", attributes.encryption());
    put(json, "userMetadata", attributes.userMetadata());
    put(json, "tags", attributes.tags());
    return json.toString();
  }

  /// Attributes from their JSON form.
  public static ObjectAttributes read(String text) {
    int slot = text.hashCode() & (KNOWN - 1);
    var before = known.get(slot);
    if (before != null && before.text().equals(text)) {
      return before.attributes();
    }
    var attributes = attributes(parse(text));
    if (text.length() <= LONGEST_KNOWN) {
      known.set(slot, new Known(text, attributes));
    }
    return attributes;
  }

  private static ObjectAttributes attributes(JsonNode json) {
    return new ObjectAttributes(
        text(json, "contentType"),
        text(json, "contentEncoding"),
        text(json, "contentDisposition"),
        text(json, "contentLanguage"),
        text(json, "cacheControl"),
        text(json, "expires"),
        text(json, "storageClass"),
        text(json, "encryption"),
        map(json, "userMetadata"),
        map(json, "tags"));
  }

  static String writeCounters(Map<String, Long> counters) {
    ObjectNode json = JSON.createObjectNode();
    counters.forEach((name, value) -> json.put(name, value));
    return json.toString();
  }

  static Map<String, Long> readCounters(String text) {
    Map<String, Long> counters = new LinkedHashMap<>();
    parse(text)
        .properties()
        .forEach(member -> counters.put(member.getKey(), member.getValue().asLong()));
    return counters;
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CatalogException(
          "the catalog holds broken JSON\nHINT: it is damaged; restore a copy of it", e);
    }
  }

  private static void put(ObjectNode json, String name, Optional<String> value) {
    value.ifPresent(text -> json.put(name, text));
  }

  private static void put(ObjectNode json, String name, SortedMap<String, String> values) {
    if (!values.isEmpty()) {
      ObjectNode object = json.putObject(name);
      values.forEach((key, value) -> object.put(key, value));
    }
  }

  private static Optional<String> text(JsonNode json, String name) {
    return Optional.ofNullable(json.get(name)).map(JsonNode::asText);
  }

  private static SortedMap<String, String> map(JsonNode json, String name) {
    SortedMap<String, String> values = new TreeMap<>();
    JsonNode object = json.get(name);
    if (object != null) {
      object
          .properties()
          .forEach(member -> values.put(member.getKey(), member.getValue().asText()));
    }
    return values;
  }
}
