package org.vistadr.model;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What travels with an object's bytes. Values are kept as the provider sent them.
///
/// @param contentType the media type
/// @param contentEncoding as stored; nothing is ever decompressed on the way
/// @param contentDisposition how browsers save it
/// @param contentLanguage the language
/// @param cacheControl caching rule
/// @param expires the header's text, even when it is no valid date
/// @param storageClass the class at the site it was read from
/// @param encryption how the site that it was read from encrypts it, see [KeyShift#named]; empty
///   where it does not say. Never written to another site
/// @param userMetadata names in lower case without `x-amz-meta-`
/// @param tags object tags
public record ObjectAttributes(
    Optional<String> contentType,
    Optional<String> contentEncoding,
    Optional<String> contentDisposition,
    Optional<String> contentLanguage,
    Optional<String> cacheControl,
    Optional<String> expires,
    Optional<String> storageClass,
    Optional<String> encryption,
    SortedMap<String, String> userMetadata,
    SortedMap<String, String> tags) {

  /// Attributes of which nobody said how they are encrypted.
  public ObjectAttributes(
      Optional<String> contentType,
      Optional<String> contentEncoding,
      Optional<String> contentDisposition,
      Optional<String> contentLanguage,
      Optional<String> cacheControl,
      Optional<String> expires,
      Optional<String> storageClass,
      SortedMap<String, String> userMetadata,
      SortedMap<String, String> tags) {
    this(
        contentType,
        contentEncoding,
        contentDisposition,
        contentLanguage,
        cacheControl,
        expires,
        storageClass,
        Optional.empty(),
        userMetadata,
        tags);
  }

  /// No attribute at all.
  public static final ObjectAttributes NONE =
      new ObjectAttributes(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new TreeMap<>(),
          new TreeMap<>());

  /// Copies the maps.
  public ObjectAttributes {
    userMetadata = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(userMetadata));
    tags = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /// These attributes with a content type only.
  public static ObjectAttributes ofContentType(String contentType) {
    return NONE.withContentType(contentType);
  }

  /// The same with another content type.
  public ObjectAttributes withContentType(String type) {
    return new ObjectAttributes(
        Optional.of(type),
        contentEncoding,
        contentDisposition,
        contentLanguage,
        cacheControl,
        expires,
        storageClass,
        encryption,
        userMetadata,
        tags);
  }

  /// The same with other tags.
  public ObjectAttributes withTags(Map<String, String> newTags) {
    return new ObjectAttributes(
        contentType,
        contentEncoding,
        contentDisposition,
        contentLanguage,
        cacheControl,
        expires,
        storageClass,
        encryption,
        userMetadata,
        new TreeMap<>(newTags));
  }

  /// The same with another storage class, or with the target's default.
  public ObjectAttributes withStorageClass(Optional<String> newClass) {
    return new ObjectAttributes(
        contentType,
        contentEncoding,
        contentDisposition,
        contentLanguage,
        cacheControl,
        expires,
        newClass,
        encryption,
        userMetadata,
        tags);
  }
}
