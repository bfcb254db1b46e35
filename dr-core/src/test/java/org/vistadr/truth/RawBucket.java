package org.vistadr.truth;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.storage.SiteConfig;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/// A bucket through the plain SDK, with nothing of the product between: what a test writes and
/// checks with it, it knows by itself.
final class RawBucket implements AutoCloseable {

  /// What a write or deletion answered.
  record Answer(String versionId, String etag) {}

  /// An upload that was begun.
  record Upload(String key, String id, List<CompletedPart> parts) {}

  /// An object as it was read.
  record Found(byte[] bytes, ObjectAttributes attributes) {}

  /// An entry of the version listing.
  record Listed(String key, String versionId, boolean marker, String etag, long size) {}

  final String name;
  private final S3Client client;

  RawBucket(SiteConfig site) {
    name = site.bucket();
    var keys = (SiteConfig.Credentials.Keys) site.credentials();
    client =
        S3Client.builder()
            .endpointOverride(site.endpoint().orElse(URI.create("http://127.0.0.1")))
            .region(Region.of(site.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(keys.accessKey(), keys.secretKey().reveal())))
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .build();
  }

  void versioning(boolean enabled) {
    client.putBucketVersioning(r ->
        r.bucket(name)
            .versioningConfiguration(c ->
                c.status(
                    enabled ? BucketVersioningStatus.ENABLED : BucketVersioningStatus.SUSPENDED)));
  }

  Answer put(String key, byte[] bytes, ObjectAttributes attributes) {
    var answer =
        client.putObject(
            r -> {
              r.bucket(name).key(key).metadata(attributes.userMetadata());
              attributes.contentType().ifPresent(r::contentType);
              attributes.contentEncoding().ifPresent(r::contentEncoding);
              attributes.contentDisposition().ifPresent(r::contentDisposition);
              attributes.contentLanguage().ifPresent(r::contentLanguage);
              attributes.cacheControl().ifPresent(r::cacheControl);
              attributes.storageClass().ifPresent(r::storageClass);
              if (!attributes.tags().isEmpty()) {
                r.tagging(tagging(attributes));
              }
            },
            RequestBody.fromBytes(bytes));
    return answer(answer.versionId(), answer.eTag());
  }

  Upload begin(String key, ObjectAttributes attributes) {
    var begun =
        client.createMultipartUpload(r -> {
          r.bucket(name).key(key).metadata(attributes.userMetadata());
          attributes.contentType().ifPresent(r::contentType);
          attributes.contentEncoding().ifPresent(r::contentEncoding);
          attributes.contentDisposition().ifPresent(r::contentDisposition);
          attributes.contentLanguage().ifPresent(r::contentLanguage);
          attributes.cacheControl().ifPresent(r::cacheControl);
          attributes.storageClass().ifPresent(r::storageClass);
          if (!attributes.tags().isEmpty()) {
            r.tagging(tagging(attributes));
          }
        });
    return new Upload(key, begun.uploadId(), new ArrayList<>());
  }

  void part(Upload upload, byte[] bytes) {
    int number = upload.parts().size() + 1;
    var part =
        client.uploadPart(
            r -> r.bucket(name).key(upload.key()).uploadId(upload.id()).partNumber(number),
            RequestBody.fromBytes(bytes));
    upload.parts().add(CompletedPart.builder().partNumber(number).eTag(part.eTag()).build());
  }

  Answer complete(Upload upload) {
    var answer =
        client.completeMultipartUpload(r ->
            r.bucket(name)
                .key(upload.key())
                .uploadId(upload.id())
                .multipartUpload(m -> m.parts(upload.parts())));
    return answer(answer.versionId(), answer.eTag());
  }

  void abort(Upload upload) {
    client.abortMultipartUpload(r -> r.bucket(name).key(upload.key()).uploadId(upload.id()));
  }

  /// Deletes the current object and tells the version id of the marker that it left.
  Optional<String> delete(String key) {
    var answer = client.deleteObject(r -> r.bucket(name).key(key));
    // MinIO names the null marker of a suspended bucket without calling it a marker.
    return Optional.ofNullable(answer.versionId()).filter(id -> !id.isEmpty());
  }

  /// Whether the newest entry of a key is a delete marker without an id.
  boolean hasNullMarker(String key) {
    return client
        .listObjectVersions(r -> r.bucket(name).prefix(key).encodingType(EncodingType.URL))
        .deleteMarkers()
        .stream()
        .anyMatch(marker ->
            marker.key().equals(key) && marker.isLatest() && marker.versionId().equals("null"));
  }

  /// Removes one version for good.
  ///
  /// @return whether it is gone: what the bucket lists afterwards is the truth, not the answer
  boolean deleteVersion(String key, String versionId) {
    client.deleteObject(r -> r.bucket(name).key(key).versionId(versionId));
    return !lists(key, versionId);
  }

  /// Whether the bucket has one version, as its listing tells.
  boolean lists(String key, String versionId) {
    return versions().stream()
        .anyMatch(listed -> listed.key().equals(key) && listed.versionId().equals(versionId));
  }

  /// What the key holds now.
  Optional<Found> read(String key) {
    try (ResponseInputStream<GetObjectResponse> body =
        client.getObject(r -> r.bucket(name).key(key))) {
      GetObjectResponse head = body.response();
      byte[] bytes = body.readAllBytes();
      var tags = new TreeMap<String, String>();
      if (head.tagCount() != null && head.tagCount() > 0) {
        client
            .getObjectTagging(r -> r.bucket(name).key(key))
            .tagSet()
            .forEach(tag -> tags.put(tag.key(), tag.value()));
      }
      return Optional.of(
          new Found(
              bytes,
              new ObjectAttributes(
                  Optional.ofNullable(head.contentType()),
                  Optional.ofNullable(head.contentEncoding()),
                  Optional.ofNullable(head.contentDisposition()),
                  Optional.ofNullable(head.contentLanguage()),
                  Optional.ofNullable(head.cacheControl()),
                  Optional.empty(),
                  Optional.ofNullable(head.storageClassAsString())
                      .filter(name -> !name.equals("STANDARD")),
                  new TreeMap<>(head.metadata()),
                  tags)));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// All versions and markers, in no order that counts.
  List<Listed> versions() {
    var result = new ArrayList<Listed>();
    client
        .listObjectVersionsPaginator(r -> r.bucket(name).encodingType(EncodingType.URL))
        .forEach(page -> {
          page.versions()
              .forEach(version ->
                  result.add(
                      new Listed(
                          version.key(),
                          version.versionId(),
                          false,
                          unquoted(version.eTag()),
                          version.size())));
          page.deleteMarkers()
              .forEach(
                  marker -> result.add(new Listed(marker.key(), marker.versionId(), true, "", 0)));
        });
    return result;
  }

  private static Tagging tagging(ObjectAttributes attributes) {
    return Tagging.builder()
        .tagSet(
            attributes.tags().entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .collect(Collectors.toList()))
        .build();
  }

  private static Answer answer(String versionId, String etag) {
    return new Answer(orNull(versionId), unquoted(etag));
  }

  private static String orNull(String versionId) {
    return versionId == null || versionId.isEmpty() ? "null" : versionId;
  }

  private static String unquoted(String etag) {
    return etag.replace("\"", "");
  }

  @Override
  public void close() {
    client.close();
  }
}
