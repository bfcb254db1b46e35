package org.vistadr.storage.s3;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ListingRequest.Position;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.ThawState;
import org.vistadr.storage.listing.ListingReader;
import org.vistadr.storage.listing.UnprovedAnswer;
import org.vistadr.storage.listing.XmlReader;

/// The calls that read: bucket state, listings, objects, tags. Safe for many threads.
final class S3Reads {

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,19})-(\\d{1,19})/(\\d{1,19})");

  private final SiteConfig site;
  private final SignedCalls calls;

  S3Reads(SiteConfig site, SignedCalls calls) {
    this.site = site;
    this.calls = calls;
  }

  BucketState bucketState() throws StorageException {
    if (!site.profile().versioning()) {
      S3Call call = S3Call.ofBucket("HeadBucket", "HEAD");
      try (HttpAnswer answer = calls.send(call)) {
        return new BucketState(Regime.UNVERSIONED, serverTime(call, answer));
      }
    }
    S3Call call = S3Call.ofBucket("GetBucketVersioning", "GET").with("versioning", "");
    try (HttpAnswer answer = calls.send(call)) {
      Instant serverTime = serverTime(call, answer);
      return new BucketState(regime(call, calls.read(call, answer)), serverTime);
    }
  }

  private Regime regime(S3Call call, byte[] body) throws StorageException {
    XmlReader xml = calls.xml(call, body, "VersioningConfiguration", "GetBucketVersioningResponse");
    String status = "";
    try {
      for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
        if (child.equals("Status")) {
          status = xml.text().strip();
        } else {
          xml.skip();
        }
      }
      xml.end();
    } catch (UnprovedAnswer e) {
      throw calls.unproved(call, e.getMessage());
    }
    return switch (status) {
      case "Enabled" -> Regime.VERSIONED;
      case "Suspended" -> Regime.SUSPENDED;
      case "" -> Regime.UNVERSIONED;
      default -> throw calls.unproved(call, "the versioning status is '%s'".formatted(status));
    };
  }

  ListingPage versions(ListingRequest request) throws StorageException {
    S3Call call = listing("ListObjectVersions", request).with("versions", "");
    switch (request.from()) {
      case Position.Beginning _ -> {}
      case Position.AfterKey(ObjectKey key) -> call.with("key-marker", key.value());
      case Position.AfterVersion(ObjectKey key, VersionId versionId) ->
          call.with("key-marker", key.value()).with("version-id-marker", versionId.value());
      case Position.Marker(String keyMarker, Optional<String> versionIdMarker, var _) -> {
        call.with("key-marker", keyMarker);
        versionIdMarker.ifPresent(marker -> call.with("version-id-marker", marker));
      }
      case Position.Token _ ->
          throw new IllegalArgumentException("a version listing has no continuation token");
    }
    try (HttpAnswer answer = calls.send(call)) {
      Instant serverTime = serverTime(call, answer);
      byte[] body = calls.read(call, answer);
      return ListingReader.versions(body, body.length, site.bucket(), request, serverTime);
    } catch (UnprovedAnswer e) {
      throw calls.unproved(call, e.getMessage());
    }
  }

  ListingPage objects(ListingRequest request) throws StorageException {
    S3Call call = listing("ListObjectsV2", request).with("list-type", "2");
    switch (request.from()) {
      case Position.Beginning _ -> {}
      case Position.AfterKey(ObjectKey key) -> call.with("start-after", key.value());
      case Position.Token(String token) -> call.with("continuation-token", token);
      case Position.AfterVersion _, Position.Marker _ ->
          throw new IllegalArgumentException("a listing of current objects has no version marker");
    }
    try (HttpAnswer answer = calls.send(call)) {
      Instant serverTime = serverTime(call, answer);
      byte[] body = calls.read(call, answer);
      return ListingReader.objects(body, body.length, site.bucket(), request, serverTime);
    } catch (UnprovedAnswer e) {
      throw calls.unproved(call, e.getMessage());
    }
  }

  List<String> commonPrefixes(String prefix) throws StorageException {
    S3Call call =
        listing("ListObjectsV2", new ListingRequest(prefix, Position.BEGINNING, 1000))
            .with("list-type", "2")
            .with("delimiter", "/");
    byte[] body = calls.document(call);
    try {
      return ListingReader.commonPrefixes(body, body.length, site.bucket());
    } catch (UnprovedAnswer e) {
      throw calls.unproved(call, e.getMessage());
    }
  }

  private static S3Call listing(String operation, ListingRequest request) {
    S3Call call =
        S3Call.ofBucket(operation, "GET")
            .with("encoding-type", "url")
            .with("max-keys", Integer.toString(request.limit()))
            .moving(1 << 20);
    return request.prefix().isEmpty() ? call : call.with("prefix", request.prefix());
  }

  ObjectHead head(ObjectKey key, Revision revision) throws StorageException {
    return head(key, revision, false);
  }

  /// @param checksum asks for the checksum that the site keeps of it
  ObjectHead head(ObjectKey key, Revision revision, boolean checksum) throws StorageException {
    S3Call call = pinned(S3Call.ofKey("HeadObject", "HEAD", key), revision);
    if (checksum) {
      call.withHeader("x-amz-checksum-mode", "ENABLED");
    }
    try (HttpAnswer answer = calls.send(call)) {
      long size =
          answer
              .length()
              .orElseThrow(() -> calls.unproved(call, "no content length in the answer"));
      return checked(call, answer, revision, size);
    }
  }

  ObjectBody open(ObjectKey key, Revision revision, ByteRange range) throws StorageException {
    S3Call call = pinned(S3Call.ofKey("GetObject", "GET", key), revision);
    if (range instanceof ByteRange.Slice(long offset, long length)) {
      call.withHeader("range", "bytes=%d-%d".formatted(offset, offset + length - 1));
    }
    HttpAnswer answer = calls.send(call);
    try {
      long length = announcedLength(call, answer);
      long size =
          switch (range) {
            case ByteRange.All _ -> wholeSize(call, answer, length);
            case ByteRange.Slice slice -> totalOf(call, answer, slice, length);
          };
      ObjectHead head = checked(call, answer, revision, size);
      answer.expect(length);
      return new S3Body(answer, head, length);
    } catch (StorageException | RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  private long announcedLength(S3Call call, HttpAnswer answer) throws StorageException {
    return answer
        .length()
        .orElseThrow(() -> calls.unproved(call, "no content length, so a cut could not be seen"));
  }

  private long wholeSize(S3Call call, HttpAnswer answer, long length) throws StorageException {
    if (answer.status() != 200) {
      throw calls.unproved(call, "HTTP %d where 200 was expected".formatted(answer.status()));
    }
    return length;
  }

  private long totalOf(S3Call call, HttpAnswer answer, ByteRange.Slice slice, long length)
      throws StorageException {
    if (answer.status() != 206) {
      throw calls.unproved(
          call, "HTTP %d to a range request, which wants 206".formatted(answer.status()));
    }
    String text = answer.header("content-range").orElse("");
    Matcher range = CONTENT_RANGE.matcher(text.strip());
    long last = slice.offset() + slice.length() - 1;
    if (!range.matches()
        || Long.parseLong(range.group(1)) != slice.offset()
        || Long.parseLong(range.group(2)) != last
        || Long.parseLong(range.group(3)) <= last
        || length != slice.length()) {
      throw calls.unproved(
          call,
          "asked for bytes %d-%d, the answer has '%s' and %d bytes"
              .formatted(slice.offset(), last, text, length));
    }
    return Long.parseLong(range.group(3));
  }

  private static S3Call pinned(S3Call call, Revision revision) {
    return switch (revision) {
      case Revision.Current _ -> call;
      case Revision.Version(VersionId versionId) -> call.with("versionId", versionId.value());
      case Revision.Matching(String etag) -> call.withHeader("if-match", "\"" + etag + "\"");
    };
  }

  /// Proves that the answer is about the revision that was asked for.
  private ObjectHead checked(S3Call call, HttpAnswer answer, Revision revision, long size)
      throws StorageException {
    String etag = Etags.unquoted(answer.header("etag").orElse(""));
    Optional<VersionId> versionId =
        answer.header("x-amz-version-id").filter(id -> !id.isEmpty()).map(VersionId::new);
    switch (revision) {
      case Revision.Current _ -> {}
      case Revision.Version(VersionId asked) -> {
        VersionId found =
            versionId.orElseGet(() -> asked.isNull() ? VersionId.NULL : new VersionId("(none)"));
        if (!found.equals(asked)) {
          throw calls.unproved(
              call,
              "asked for version %s, the site answered with version %s".formatted(asked, found));
        }
      }
      case Revision.Matching(String asked) -> {
        if (!etag.equals(asked)) {
          throw new StorageException.PreconditionFailed(
              site.name(),
              call.operation(),
              "%s: asked for entity tag %s, the site answered with %s"
                  .formatted(calls.target(call), asked, etag));
        }
      }
    }
    if (etag.isEmpty()) {
      throw calls.unproved(call, "no entity tag in the answer");
    }
    Instant lastModified =
        answer
            .httpTime("last-modified")
            .orElseThrow(() -> calls.unproved(call, "no Last-Modified in the answer"));
    int tagCount;
    try {
      tagCount = answer.header("x-amz-tagging-count").map(Integer::parseInt).orElse(0);
    } catch (NumberFormatException _) {
      tagCount = 0;
    }
    return new ObjectHead(
        size,
        etag,
        Etags.md5(site.profile(), etag, answer),
        versionId,
        lastModified,
        AttributeHeaders.read(answer),
        tagCount,
        ThawState.read(answer.header("x-amz-restore")),
        sha256(answer));
  }

  /// Of the whole object; that of an object in parts is a hash of hashes, and has their number
  /// behind it.
  private static Optional<Sha256> sha256(HttpAnswer answer) {
    try {
      return answer
          .header("x-amz-checksum-sha256")
          .filter(text -> text.length() == 44)
          .filter(_ -> !answer.header("x-amz-checksum-type").equals(Optional.of("COMPOSITE")))
          .map(text -> Sha256.ofBytes(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  SortedMap<String, String> tags(ObjectKey key, Revision revision) throws StorageException {
    TreeMap<String, String> tags = new TreeMap<>();
    if (!site.profile().tagging()) {
      return tags;
    }
    S3Call call = S3Call.ofKey("GetObjectTagging", "GET", key).with("tagging", "");
    if (revision instanceof Revision.Version(VersionId versionId)) {
      call.with("versionId", versionId.value());
    }
    XmlReader xml = calls.xml(call, calls.document(call), "Tagging");
    try {
      for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
        if (child.equals("TagSet")) {
          for (String tag = xml.nextChild(); tag != null; tag = xml.nextChild()) {
            readTag(xml, tags);
          }
        } else {
          xml.skip();
        }
      }
      xml.end();
    } catch (UnprovedAnswer e) {
      throw calls.unproved(call, e.getMessage());
    }
    return tags;
  }

  private static void readTag(XmlReader xml, SortedMap<String, String> tags) throws UnprovedAnswer {
    String name = "";
    String value = "";
    for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
      switch (child) {
        case "Key" -> name = xml.text();
        case "Value" -> value = xml.text();
        default -> xml.skip();
      }
    }
    tags.put(name, value);
  }

  private Instant serverTime(S3Call call, HttpAnswer answer) throws StorageException {
    return answer
        .date()
        .orElseThrow(() -> calls.unproved(call, "no Date header, so the site's clock is unknown"));
  }
}
