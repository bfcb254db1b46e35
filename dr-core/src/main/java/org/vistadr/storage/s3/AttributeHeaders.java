package org.vistadr.storage.s3;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vistadr.model.KeyShift;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.listing.UrlText;

/// Object attributes as HTTP headers, both ways. Pure.
final class AttributeHeaders {

  private static final String META = "x-amz-meta-";

  private static final String ENCRYPTION = "x-amz-server-side-encryption";

  private AttributeHeaders() {}

  /// The headers of a write; what the provider cannot hold is left out.
  static Map<String, String> of(ObjectAttributes attributes, ProviderProfile profile) {
    Map<String, String> headers = new TreeMap<>();
    attributes.contentType().ifPresent(value -> headers.put("content-type", value));
    attributes.contentEncoding().ifPresent(value -> headers.put("content-encoding", value));
    attributes.contentDisposition().ifPresent(value -> headers.put("content-disposition", value));
    attributes.contentLanguage().ifPresent(value -> headers.put("content-language", value));
    attributes.cacheControl().ifPresent(value -> headers.put("cache-control", value));
    attributes.expires().ifPresent(value -> headers.put("expires", value));
    storageClass(attributes, profile).ifPresent(value -> headers.put("x-amz-storage-class", value));
    metadata(attributes).forEach((name, value) -> headers.put(META + name, value));
    if (profile.tagging() && !attributes.tags().isEmpty()) {
      headers.put("x-amz-tagging", tagging(attributes.tags()));
    }
    return headers;
  }

  /// User metadata as it is sent.
  static Map<String, String> metadata(ObjectAttributes attributes) {
    Map<String, String> sent = new TreeMap<>();
    attributes.userMetadata().forEach((name, value) -> sent.put(name, MetadataText.encoded(value)));
    return sent;
  }

  /// The class that a write names: one that the provider has, and not its default.
  static Optional<String> storageClass(ObjectAttributes attributes, ProviderProfile profile) {
    return attributes
        .storageClass()
        .filter(name -> !name.equals("STANDARD") && profile.storageClasses().contains(name));
  }

  /// Tags as a query text.
  static String tagging(SortedMap<String, String> tags) {
    return tags.entrySet().stream()
        .map(tag ->
            UrlText.encode(tag.getKey(), false) + "=" + UrlText.encode(tag.getValue(), false))
        .collect(Collectors.joining("&"));
  }

  /// What an answer says of the object.
  static ObjectAttributes read(HttpAnswer answer) {
    TreeMap<String, String> metadata = new TreeMap<>();
    for (HttpHead.Header header : answer.headers()) {
      String name = header.name();
      if (name.startsWith(META)) {
        answer
            .header(name)
            .ifPresent(
                value -> metadata.put(name.substring(META.length()), MetadataText.decoded(value)));
      }
    }
    return new ObjectAttributes(
        answer.header("content-type"),
        answer.header("content-encoding").flatMap(AttributeHeaders::withoutChunking),
        answer.header("content-disposition"),
        answer.header("content-language"),
        answer.header("cache-control"),
        answer.header("expires"),
        answer.header("x-amz-storage-class"),
        KeyShift.named(
            answer.header(ENCRYPTION),
            answer.header(ENCRYPTION + "-aws-kms-key-id"),
            answer.header(ENCRYPTION + "-customer-algorithm")),
        metadata,
        new TreeMap<>());
  }

  /// Some stores keep the `aws-chunked` of the request that wrote the object; it is no encoding of
  /// the bytes.
  private static Optional<String> withoutChunking(String encoding) {
    String rest =
        java.util.Arrays.stream(encoding.split(",", -1))
            .map(String::strip)
            .filter(part -> !part.isEmpty() && !part.equalsIgnoreCase("aws-chunked"))
            .collect(Collectors.joining(","));
    return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
  }
}
