package org.vistadr.storage.s3;

import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.VersionId;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.ThawAnswer;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.WriteReceipt.Proof;
import org.vistadr.storage.listing.UnprovedAnswer;
import org.vistadr.storage.listing.UrlText;
import org.vistadr.storage.listing.XmlReader;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.RestoreObjectResponse;
import software.amazon.awssdk.services.s3.model.Tier;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Copies within the endpoint, on signed requests of our own since a restore makes one for each
/// object; deletions and links through the SDK. Safe for many threads.
final class S3Changes {

  private final SiteConfig site;
  private final SignedCalls calls;
  private final S3Client client;
  private final S3Presigner presigner;
  private final SdkCalls sdk;
  private final S3Reads reads;
  private final S3Writes writes;
  private final S3Locks locks;

  S3Changes(
      SiteConfig site,
      SignedCalls calls,
      S3Client client,
      S3Presigner presigner,
      S3Reads reads,
      S3Writes writes,
      S3Locks locks) {
    this.site = site;
    this.calls = calls;
    this.client = client;
    this.presigner = presigner;
    this.sdk = new SdkCalls(site.name());
    this.reads = reads;
    this.writes = writes;
    this.locks = locks;
  }

  WriteReceipt copy(
      CopySource source,
      ObjectKey target,
      Optional<ObjectAttributes> attributes,
      WriteCondition condition)
      throws StorageException {
    writes.lookBefore("CopyObject", target, condition);
    Optional<String> sourceEtag = sourceEtag(source);
    S3Call call = S3Call.ofKey("CopyObject", "PUT", target);
    attributes.ifPresent(replacing -> replace(call, replacing));
    if (locks.of(target).isPresent()) {
      // Some ask for a checksum whenever something is locked: it is that of no bytes.
      call.headers().putAll(locks.headers(target));
      call.withHeader("content-md5", Base64.getEncoder().encodeToString(Md5.of(new byte[0], 0, 0)));
    }
    String from =
        UrlText.encode(source.bucket(), false) + "/" + UrlText.encode(source.key().value(), true);
    switch (source.revision()) {
      case Revision.Current _ -> call.withHeader("x-amz-copy-source", from);
      case Revision.Version(VersionId versionId) ->
          call.withHeader(
              "x-amz-copy-source", from + "?versionId=" + UrlText.encode(versionId.value(), false));
      case Revision.Matching(String etag) ->
          call.withHeader("x-amz-copy-source", from)
              .withHeader("x-amz-copy-source-if-match", "\"" + etag + "\"");
    }
    String etag;
    Optional<VersionId> versionId;
    try (HttpAnswer answer = calls.send(call)) {
      etag = copiedTag(call, calls.read(call, answer));
      versionId = answer.header("x-amz-version-id").filter(id -> !id.isEmpty()).map(VersionId::new);
    }
    if (etag.isEmpty()) {
      throw new StorageException.Unproved(
          site.name(),
          "CopyObject",
          "%s: the copy was answered without an entity tag".formatted(SignedCalls.quoted(target)));
    }
    boolean sameMd5 =
        site.profile().etagIsMd5() && Etags.isMd5(etag) && sourceEtag.equals(Optional.of(etag));
    return new WriteReceipt(
        versionId, etag, sameMd5 ? Proof.CHECKSUM_MATCHED : Proof.READ_BACK_NEEDED);
  }

  /// The source's entity tag where the request names it, with which the copy's can be compared;
  /// whoever names a version compares by himself. Also the look before the copy where the provider
  /// does not honour its condition.
  private Optional<String> sourceEtag(CopySource source) throws StorageException {
    boolean here = source.bucket().equals(site.bucket());
    return switch (source.revision()) {
      case Revision.Current _, Revision.Version _ -> Optional.empty();
      case Revision.Matching(String etag) -> {
        if (here && !site.profile().conditionalCopySource()) {
          ObjectHead found = reads.head(source.key(), Revision.CURRENT);
          if (!found.etag().equals(etag)) {
            throw new StorageException.PreconditionFailed(
                site.name(),
                "CopyObject",
                "%s: wanted to copy entity tag %s, found %s"
                    .formatted(SignedCalls.quoted(source.key()), etag, found.etag()));
          }
        }
        yield Optional.of(etag);
      }
    };
  }

  private String copiedTag(S3Call call, byte[] body) throws StorageException {
    XmlReader xml = calls.xml(call, body, "CopyObjectResult");
    String etag = "";
    try {
      for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
        if (child.equals("ETag")) {
          etag = xml.text().strip();
        } else {
          xml.skip();
        }
      }
      xml.end();
    } catch (UnprovedAnswer e) {
      throw calls.unproved(call, e.getMessage());
    }
    return Etags.unquoted(etag);
  }

  private void replace(S3Call call, ObjectAttributes attributes) {
    call.headers().putAll(AttributeHeaders.of(attributes, site.profile()));
    call.withHeader("x-amz-metadata-directive", "REPLACE");
    if (site.profile().tagging()) {
      call.withHeader("x-amz-tagging-directive", "REPLACE");
    }
  }

  Optional<VersionId> delete(ObjectKey key, WriteCondition condition) throws StorageException {
    writes.lookBefore("DeleteObject", key, condition);
    DeleteObjectResponse answer =
        sdk.run(
            "DeleteObject",
            SignedCalls.quoted(key),
            () -> client.deleteObject(request -> request.bucket(site.bucket()).key(key.value())));
    return Boolean.TRUE.equals(answer.deleteMarker())
        ? Optional.ofNullable(answer.versionId()).filter(id -> !id.isEmpty()).map(VersionId::new)
        : Optional.empty();
  }

  void deleteVersion(ObjectKey key, VersionId versionId) throws StorageException {
    try {
      sdk.run(
          "DeleteObject",
          SignedCalls.quoted(key),
          () ->
              client.deleteObject(request ->
                  request.bucket(site.bucket()).key(key.value()).versionId(versionId.value())));
    } catch (StorageException.NotFound _) {
      // Gone already, which is what was wanted.
    }
  }

  ThawAnswer thaw(ObjectKey key, Revision revision, ThawTier tier, int days)
      throws StorageException {
    try {
      RestoreObjectResponse answer =
          sdk.run(
              "RestoreObject",
              SignedCalls.quoted(key),
              () ->
                  client.restoreObject(request -> {
                    request.bucket(site.bucket()).key(key.value());
                    if (revision instanceof Revision.Version(VersionId versionId)) {
                      request.versionId(versionId.value());
                    }
                    request.restoreRequest(asked ->
                        asked.days(days).glacierJobParameters(job -> job.tier(sdkTier(tier))));
                  }));
      return answer.sdkHttpResponse().statusCode() == 200 ? ThawAnswer.READABLE : ThawAnswer.ASKED;
    } catch (StorageException.Rejected e) {
      if (e.code().equals("RestoreAlreadyInProgress")) {
        return ThawAnswer.ASKED;
      }
      throw e;
    } catch (StorageException.Archived _) {
      // To this request the state that is invalid is that of an object outside of any archive.
      return ThawAnswer.NOT_ARCHIVED;
    }
  }

  private static Tier sdkTier(ThawTier tier) {
    return switch (tier) {
      case EXPEDITED -> Tier.EXPEDITED;
      case STANDARD -> Tier.STANDARD;
      case BULK -> Tier.BULK;
    };
  }

  String presignGet(ObjectKey key, Revision revision, Duration validity) throws StorageException {
    return sdk.run(
        "PresignGetObject",
        SignedCalls.quoted(key),
        () ->
            presigner
                .presignGetObject(link ->
                    link.signatureDuration(validity)
                        .getObjectRequest(request -> {
                          request.bucket(site.bucket()).key(key.value());
                          if (revision instanceof Revision.Version(VersionId versionId)) {
                            request.versionId(versionId.value());
                          }
                        }))
                .url()
                .toString());
  }
}
