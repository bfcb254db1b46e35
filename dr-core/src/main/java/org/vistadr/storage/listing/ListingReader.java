package org.vistadr.storage.listing;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ListingRequest.Position;

/// Turns a listing's bytes into a proved page, or says which rule they break. Pure.
///
/// A page is proved when its root element and bucket are the right ones, it says whether more
/// follows and where, that place lies ahead, and its keys have the prefix, ascend by UTF-8 bytes
/// and lie behind the place asked for.
public final class ListingReader {

  private ListingReader() {}

  /// Reads a page of a version listing.
  ///
  /// @param body holds the document
  /// @param length its size in bytes
  /// @param bucket the bucket that was asked
  /// @param request what was asked
  /// @param serverTime the site's clock, for the page
  public static ListingPage versions(
      byte[] body, int length, String bucket, ListingRequest request, Instant serverTime)
      throws UnprovedAnswer {
    ListingDocument document = ListingDocument.read(body, length);
    boolean truncated = proveFrame(document, "ListVersionsResult", bucket);
    List<ListedVersion> entries = new ArrayList<>(document.entries().size());
    @Nullable ObjectKey last = null;
    for (ListingDocument.Item item : document.entries()) {
      ListedVersion entry = version(item, document.urlEncoded());
      proveOrder(entry.key(), last, false, request.prefix());
      last = entry.key();
      if (isAhead(entry, request.from())) {
        entries.add(entry);
      }
    }
    Optional<Position> next = Optional.empty();
    if (truncated) {
      Position position = nextVersionPosition(document, entries);
      proveAdvance(position, request.from(), last);
      next = Optional.of(position);
    }
    return new ListingPage(entries, next, serverTime);
  }

  /// Reads a page of a listing of current objects.
  ///
  /// @param body holds the document
  /// @param length its size in bytes
  /// @param bucket the bucket that was asked
  /// @param request what was asked
  /// @param serverTime the site's clock, for the page
  public static ListingPage objects(
      byte[] body, int length, String bucket, ListingRequest request, Instant serverTime)
      throws UnprovedAnswer {
    ListingDocument document = ListingDocument.read(body, length);
    boolean truncated = proveFrame(document, "ListBucketResult", bucket);
    List<ListedVersion> entries = new ArrayList<>(document.entries().size());
    @Nullable ObjectKey last = null;
    for (ListingDocument.Item item : document.entries()) {
      ListedVersion entry = object(item, document.urlEncoded());
      proveOrder(entry.key(), last, true, request.prefix());
      last = entry.key();
      if (isAhead(entry, request.from())) {
        entries.add(entry);
      }
    }
    Optional<Position> next = Optional.empty();
    if (truncated) {
      String token =
          document
              .nextToken()
              .orElseThrow(() -> new UnprovedAnswer("truncated without a continuation token"));
      if (request.from() instanceof Position.Token(String asked) && asked.equals(token)) {
        throw new UnprovedAnswer("the continuation token repeats, the listing would not end");
      }
      next = Optional.of(new Position.Token(token));
    }
    return new ListingPage(entries, next, serverTime);
  }

  /// Reads the common prefixes of a listing with a delimiter.
  public static List<String> commonPrefixes(byte[] body, int length, String bucket)
      throws UnprovedAnswer {
    ListingDocument document = ListingDocument.read(body, length);
    proveFrame(document, "ListBucketResult", bucket);
    List<String> prefixes = new ArrayList<>();
    for (String prefix : document.commonPrefixes()) {
      prefixes.add(decoded(prefix, document.urlEncoded()));
    }
    return prefixes;
  }

  private static boolean proveFrame(ListingDocument document, String root, String bucket)
      throws UnprovedAnswer {
    if (!document.root().equals(root)) {
      throw new UnprovedAnswer("the answer is a %s, not a %s".formatted(document.root(), root));
    }
    if (!document.bucket().equals(Optional.of(bucket))) {
      throw new UnprovedAnswer(
          "the listing is of bucket '%s', not of '%s'"
              .formatted(document.bucket().orElse("(none)"), bucket));
    }
    String truncated =
        document
            .truncated()
            .orElseThrow(
                () -> new UnprovedAnswer("the listing does not say whether it is complete"));
    return switch (truncated.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new UnprovedAnswer("IsTruncated is '%s'".formatted(truncated));
    };
  }

  private static void proveOrder(
      ObjectKey key, @Nullable ObjectKey last, boolean strictly, String prefix)
      throws UnprovedAnswer {
    if (!key.value().startsWith(prefix)) {
      throw new UnprovedAnswer("key '%s' is outside the prefix '%s'".formatted(key, prefix));
    }
    if (last != null) {
      int order = last.compareTo(key);
      if (order > 0 || (strictly && order == 0)) {
        throw new UnprovedAnswer(
            "the listing is out of order: '%s' comes after '%s'".formatted(key, last));
      }
    }
  }

  /// Whether an entry lies behind the place asked for. Entries of the very key that was to be
  /// passed are dropped (some providers include it); entries before it mean that the marker was
  /// ignored.
  private static boolean isAhead(ListedVersion entry, Position from) throws UnprovedAnswer {
    return switch (from) {
      case Position.Beginning _, Position.Token _ -> true;
      case Position.AfterKey(ObjectKey key) -> {
        int order = entry.key().compareTo(key);
        if (order < 0) {
          throw wentBack(entry.key(), key);
        }
        yield order > 0;
      }
      case Position.Marker(String _, Optional<String> _, Position.AfterVersion after) ->
          isAhead(entry, after);
      case Position.AfterVersion(ObjectKey key, VersionId versionId) -> {
        int order = entry.key().compareTo(key);
        if (order < 0 || (order == 0 && entry.versionId().equals(versionId))) {
          throw wentBack(entry.key(), key);
        }
        yield true;
      }
    };
  }

  private static UnprovedAnswer wentBack(ObjectKey found, ObjectKey asked) {
    return new UnprovedAnswer(
        "the listing went back: '%s' although it was to go on after '%s'".formatted(found, asked));
  }

  /// MinIO appends its own marks to the key marker, and wants them back. But for those, a page that
  /// has entries goes on behind its last one, whatever the marker says; a marker that lies before
  /// it is an error all the same.
  private static Position nextVersionPosition(ListingDocument document, List<ListedVersion> entries)
      throws UnprovedAnswer {
    ObjectKey key =
        key(
            document
                .nextKeyMarker()
                .orElseThrow(() -> new UnprovedAnswer("truncated without a next key marker")),
            document.urlEncoded());
    if (!entries.isEmpty() && key.compareTo(entries.getLast().key()) > 0) {
      ListedVersion last = entries.getLast();
      var after = new Position.AfterVersion(last.key(), last.versionId());
      return key.value().startsWith(last.key().value() + "[")
          ? new Position.Marker(key.value(), document.nextVersionIdMarker(), after)
          : after;
    }
    return document
        .nextVersionIdMarker()
        .<Position>map(version -> new Position.AfterVersion(key, new VersionId(version)))
        .orElseGet(() -> new Position.AfterKey(key));
  }

  private static void proveAdvance(Position next, Position from, @Nullable ObjectKey last)
      throws UnprovedAnswer {
    if (next.equals(from)) {
      throw new UnprovedAnswer("the listing does not go forward: its next marker repeats");
    }
    ObjectKey nextKey = markerKey(next);
    ObjectKey fromKey = markerKey(from);
    if (nextKey != null && fromKey != null && nextKey.compareTo(fromKey) < 0) {
      throw new UnprovedAnswer(
          "the listing does not go forward: next marker '%s' after '%s'"
              .formatted(nextKey, fromKey));
    }
    if (nextKey != null && last != null && nextKey.compareTo(last) < 0) {
      throw new UnprovedAnswer(
          "the next marker '%s' lies before the page's last key '%s'".formatted(nextKey, last));
    }
  }

  private static @Nullable ObjectKey markerKey(Position position) {
    return switch (position) {
      case Position.Beginning _, Position.Token _ -> null;
      case Position.AfterKey(ObjectKey key) -> key;
      case Position.AfterVersion(ObjectKey key, VersionId _) -> key;
      case Position.Marker(String _, Optional<String> _, Position.AfterVersion after) ->
          after.key();
    };
  }

  private static ListedVersion version(ListingDocument.Item item, boolean urlEncoded)
      throws UnprovedAnswer {
    ObjectKey key = key(need(item.key(), "Key", item), urlEncoded);
    String versionId = need(item.versionId(), "VersionId", item);
    String latest = need(item.latest(), "IsLatest", item);
    if (versionId.isEmpty() || !(latest.equals("true") || latest.equals("false"))) {
      throw new UnprovedAnswer(
          "the entry of '%s' has version id '%s' and IsLatest '%s'"
              .formatted(key, versionId, latest));
    }
    Entry entry =
        item.element().equals("DeleteMarker") ? new Entry.DeleteMarker() : content(item, key);
    return new ListedVersion(
        key, new VersionId(versionId), time(item, key), latest.equals("true"), entry);
  }

  private static ListedVersion object(ListingDocument.Item item, boolean urlEncoded)
      throws UnprovedAnswer {
    if (!item.element().equals("Contents")) {
      throw new UnprovedAnswer("a %s in a listing of current objects".formatted(item.element()));
    }
    ObjectKey key = key(need(item.key(), "Key", item), urlEncoded);
    return new ListedVersion(key, VersionId.NULL, time(item, key), true, content(item, key));
  }

  private static Entry content(ListingDocument.Item item, ObjectKey key) throws UnprovedAnswer {
    if (item.element().equals("Contents") && item.versionId() != null) {
      throw new UnprovedAnswer("the entry of '%s' mixes two kinds of listing".formatted(key));
    }
    String size = need(item.size(), "Size", item);
    long bytes;
    try {
      bytes = Long.parseLong(size);
    } catch (NumberFormatException _) {
      bytes = -1;
    }
    if (bytes < 0) {
      throw new UnprovedAnswer("the entry of '%s' has the size '%s'".formatted(key, size));
    }
    String storageClass = item.storageClass();
    return new Entry.Content(
        unquoted(need(item.etag(), "ETag", item)),
        bytes,
        storageClass == null || storageClass.isEmpty() ? "STANDARD" : storageClass);
  }

  private static Instant time(ListingDocument.Item item, ObjectKey key) throws UnprovedAnswer {
    String text = need(item.lastModified(), "LastModified", item);
    try {
      return UtcTime.parse(text);
    } catch (DateTimeException _) {
      throw new UnprovedAnswer("the entry of '%s' has the time '%s'".formatted(key, text));
    }
  }

  private static String need(@Nullable String text, String element, ListingDocument.Item item)
      throws UnprovedAnswer {
    if (text == null) {
      throw new UnprovedAnswer(
          "a %s without %s (key '%s')".formatted(item.element(), element, item.key()));
    }
    return text;
  }

  private static ObjectKey key(String text, boolean urlEncoded) throws UnprovedAnswer {
    String decoded = decoded(text, urlEncoded);
    try {
      return new ObjectKey(decoded);
    } catch (IllegalArgumentException e) {
      throw new UnprovedAnswer("the key '%s' is none: %s".formatted(text, e.getMessage()));
    }
  }

  private static String decoded(String text, boolean urlEncoded) throws UnprovedAnswer {
    return urlEncoded ? UrlText.decode(text) : text;
  }

  /// Without the quotes that most providers put around an entity tag.
  private static String unquoted(String etag) {
    return etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")
        ? etag.substring(1, etag.length() - 1)
        : etag;
  }
}
