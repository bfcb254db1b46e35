package org.vistadr.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.api.SiteCheck;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;

/// What the access keys for a site have to be allowed, as S3 policies. Pure.
final class KeyPolicies {

  private static final List<String> LOOK =
      List.of(
          "s3:ListBucket",
          "s3:ListBucketVersions",
          "s3:ListBucketMultipartUploads",
          "s3:GetBucketLocation",
          "s3:GetBucketVersioning");

  private static final List<String> READ_AND_WRITE =
      List.of(
          "s3:GetObject",
          "s3:GetObjectVersion",
          "s3:GetObjectTagging",
          "s3:GetObjectVersionTagging",
          "s3:RestoreObject",
          "s3:PutObject",
          "s3:PutObjectTagging",
          "s3:DeleteObject",
          "s3:AbortMultipartUpload",
          "s3:ListMultipartUploadParts");

  private KeyPolicies() {}

  /// @param regime of the bucket; empty when it does not answer
  /// @param lock how copies are locked there; empty when they are not
  static List<SiteCheck.Policy> of(
      ObjectStore store, Optional<Regime> regime, Optional<ObjectLock> lock) {
    String bucket = "arn:aws:s3:::" + store.bucket();
    List<SiteCheck.Policy> policies = new ArrayList<>();
    if (store.site().equals(SiteName.PRIMARY)) {
      // A restore takes its own delete markers away by their ids.
      List<String> actions = new ArrayList<>(READ_AND_WRITE);
      actions.add("s3:DeleteObjectVersion");
      policies.add(
          new SiteCheck.Policy(
              "daily",
              policy(allow(LOOK, List.of(bucket)), allow(actions, List.of(bucket + "/*")))));
      return policies;
    }
    policies.add(
        new SiteCheck.Policy(
            "daily",
            policy(
                allow(
                    locking(LOOK, lock, List.of("s3:GetBucketObjectLockConfiguration")),
                    List.of(bucket)),
                allow(
                    locking(
                        READ_AND_WRITE,
                        lock,
                        lock.filter(ObjectLock::legalHold).isPresent()
                            ? List.of(
                                "s3:GetObjectRetention",
                                "s3:PutObjectRetention",
                                "s3:GetObjectLegalHold",
                                "s3:PutObjectLegalHold")
                            : List.of("s3:GetObjectRetention", "s3:PutObjectRetention")),
                    List.of(bucket + "/*")))));
    List<String> see = List.of("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketVersioning");
    boolean keepsVersions = regime.map(known -> known != Regime.UNVERSIONED).orElse(true);
    policies.add(
        new SiteCheck.Policy(
            "prune",
            keepsVersions
                ? policy(
                    allow(see, List.of(bucket)),
                    allow(
                        List.of("s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion"),
                        List.of(bucket + "/*")))
                : policy(
                    allow(see, List.of(bucket)),
                    allow(
                        List.of("s3:GetObject", "s3:DeleteObject"),
                        List.of(
                            bucket + "/.vistadr/history/*",
                            bucket + "/.vistadr/history-by-hash/*")))));
    return policies;
  }

  private static List<String> locking(
      List<String> actions, Optional<ObjectLock> lock, List<String> more) {
    List<String> all = new ArrayList<>(actions);
    lock.ifPresent(_ -> all.addAll(more));
    return all;
  }

  private static String policy(String... statements) {
    return """
    {
      "Version": "2012-10-17",
      "Statement": [
    %s
      ]
    }\
    """
        .formatted(String.join(",\n", statements));
  }

  private static String allow(List<String> actions, List<String> resources) {
    return "    {\"Effect\": \"Allow\", \"Action\": [%s],\n     \"Resource\": [%s]}"
        .formatted(quoted(actions), quoted(resources));
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map("\"%s\""::formatted).collect(Collectors.joining(", "));
  }
}
