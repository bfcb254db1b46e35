package org.vistadr.server.engine;

import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;

/// What a person can do about a site that does not do what was asked.
public final class Hints {

  private Hints() {}

  /// What a person can do about a bucket that cannot lock objects.
  public static String noObjectLock(SiteName secondary) {
    return "make a new bucket for %s with object lock (aws s3api create-bucket --object-lock-enabled-for-bucket), or take objectLock out of its section"
        .formatted(secondary);
  }

  /// One sentence.
  public static String of(StorageException problem) {
    return switch (problem) {
      case StorageException.AccessDenied denied ->
          switch (denied.code()) {
            case "SignatureDoesNotMatch" ->
                "the secret key of %s is wrong: check its file, see runbook rotate-keys"
                    .formatted(problem.site());
            case "InvalidAccessKeyId" ->
                "the access key of %s is not known there: check accessKey, see runbook rotate-keys"
                    .formatted(problem.site());
            case "RequestTimeTooSkewed" -> "the clocks differ too much: check NTP on this machine";
            default ->
                "check the keys of %s and that they may do %s"
                    .formatted(problem.site(), problem.operation());
          };
      case StorageException.BucketMissing _ ->
          "check the bucket's name and region in the section of %s, or create the bucket"
              .formatted(problem.site());
      case StorageException.Unavailable _ ->
          "check endpoint, port and useSsl of %s and the network to it".formatted(problem.site());
      case StorageException.NoRoom _ ->
          "make room at %s, or raise its quota".formatted(problem.site());
      case StorageException.Throttled _ ->
          "%s asks to slow down: set requestRateLimit for it".formatted(problem.site());
      case StorageException.Unproved _ ->
          "what answered does not speak S3 properly: check that endpoint and provider of %s fit"
              .formatted(problem.site());
      case StorageException.Rejected _ ->
          "check provider and region of %s".formatted(problem.site());
      case StorageException.NotFound _,
          StorageException.PreconditionFailed _,
          StorageException.Archived _,
          StorageException.CorruptBody _ ->
          "look at the key with vistadr history";
    };
  }
}
