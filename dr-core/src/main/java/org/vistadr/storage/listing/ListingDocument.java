package org.vistadr.storage.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a listing's XML says, in the order in which it says it, before anything of it is believed.
/// Texts are as in the document, URL encoding included.
///
/// @param root the root element
/// @param bucket the bucket that was listed
/// @param truncated whether more follows
/// @param urlEncoded whether keys are URL encoded
/// @param nextKeyMarker where a version listing goes on
/// @param nextVersionIdMarker where in that key
/// @param nextToken where a listing of current objects goes on
/// @param entries objects, versions and delete markers as listed
/// @param commonPrefixes prefixes up to the delimiter
record ListingDocument(
    String root,
    Optional<String> bucket,
    Optional<String> truncated,
    boolean urlEncoded,
    Optional<String> nextKeyMarker,
    Optional<String> nextVersionIdMarker,
    Optional<String> nextToken,
    List<Item> entries,
    List<String> commonPrefixes) {

  /// One entry.
  ///
  /// @param element `Contents`, `Version` or `DeleteMarker`
  /// @param key the key
  /// @param versionId only in version listings
  /// @param lastModified as text
  /// @param latest as text, only in version listings
  /// @param etag with quotes if the provider sent them
  /// @param size as text
  /// @param storageClass the class
  record Item(
      String element,
      @Nullable String key,
      @Nullable String versionId,
      @Nullable String lastModified,
      @Nullable String latest,
      @Nullable String etag,
      @Nullable String size,
      @Nullable String storageClass) {}

  /// Reads a whole document.
  static ListingDocument read(byte[] data, int length) throws UnprovedAnswer {
    XmlReader xml = new XmlReader(data, length);
    String root = xml.root();
    @Nullable String bucket = null;
    @Nullable String truncated = null;
    @Nullable String encoding = null;
    @Nullable String keyMarker = null;
    @Nullable String versionMarker = null;
    @Nullable String token = null;
    List<Item> entries = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
      switch (child) {
        case "Contents", "Version", "DeleteMarker" -> entries.add(item(child, xml));
        case "CommonPrefixes" -> prefix(xml, prefixes);
        case "Name" -> bucket = once(bucket, child, xml);
        case "IsTruncated" -> truncated = once(truncated, child, xml);
        case "EncodingType" -> encoding = once(encoding, child, xml);
        case "NextKeyMarker" -> keyMarker = once(keyMarker, child, xml);
        case "NextVersionIdMarker" -> versionMarker = once(versionMarker, child, xml);
        case "NextContinuationToken" -> token = once(token, child, xml);
        default -> xml.skip();
      }
    }
    xml.end();
    return new ListingDocument(
        root,
        Optional.ofNullable(bucket),
        Optional.ofNullable(truncated),
        "url".equals(encoding),
        present(keyMarker),
        present(versionMarker),
        present(token),
        entries,
        prefixes);
  }

  private static Item item(String element, XmlReader xml) throws UnprovedAnswer {
    @Nullable String key = null;
    @Nullable String versionId = null;
    @Nullable String lastModified = null;
    @Nullable String latest = null;
    @Nullable String etag = null;
    @Nullable String size = null;
    @Nullable String storageClass = null;
    for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
      switch (child) {
        case "Key" -> key = once(key, child, xml);
        case "VersionId" -> versionId = once(versionId, child, xml);
        case "LastModified" -> lastModified = once(lastModified, child, xml);
        case "IsLatest" -> latest = once(latest, child, xml);
        case "ETag" -> etag = once(etag, child, xml);
        case "Size" -> size = once(size, child, xml);
        case "StorageClass" -> storageClass = once(storageClass, child, xml);
        default -> xml.skip();
      }
    }
    return new Item(element, key, versionId, lastModified, latest, etag, size, storageClass);
  }

  private static void prefix(XmlReader xml, List<String> prefixes) throws UnprovedAnswer {
    for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
      if (child.equals("Prefix")) {
        prefixes.add(xml.text());
      } else {
        xml.skip();
      }
    }
  }

  private static String once(@Nullable String before, String element, XmlReader xml)
      throws UnprovedAnswer {
    if (before != null) {
      throw new UnprovedAnswer("the element %s comes twice".formatted(element));
    }
    return xml.text();
  }

  private static Optional<String> present(@Nullable String text) {
    return text == null || text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
