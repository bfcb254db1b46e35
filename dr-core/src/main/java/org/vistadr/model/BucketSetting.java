package org.vistadr.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A setting of a bucket that is saved and can be restored. In the order in which a restore writes
/// them: what others rest on first.
public enum BucketSetting {
  /// Whether versions are kept.
  VERSIONING("versioning", "VersioningConfiguration"),
  /// Object lock, and its default retention.
  OBJECT_LOCK("object-lock", "ObjectLockConfiguration"),
  /// How objects are encrypted that do not say so themselves.
  ENCRYPTION("encryption", "ServerSideEncryptionConfiguration"),
  /// What overrides policies and ACLs that open the bucket.
  PUBLIC_ACCESS("publicAccessBlock", "PublicAccessBlockConfiguration"),
  /// Who owns objects that others write, and whether ACLs count.
  OWNERSHIP("ownershipControls", "OwnershipControls"),
  /// Who may do what.
  POLICY("policy", "Policy"),
  /// Which web pages may call it. The first rule that fits counts.
  CORS("cors", "CORSConfiguration"),
  /// Labels of the bucket.
  TAGS("tagging", "Tagging"),
  /// What is removed or moved to another class by itself.
  LIFECYCLE("lifecycle", "LifecycleConfiguration"),
  /// Who is told of changes.
  NOTIFICATION("notification", "NotificationConfiguration"),
  /// Where the provider itself copies to.
  REPLICATION("replication", "ReplicationConfiguration"),
  /// Grants of the older kind, by account.
  ACL("acl", "AccessControlPolicy");

  private final String resource;
  private final String element;

  BucketSetting(String resource, String element) {
    this.resource = resource;
    this.element = element;
  }

  /// S3's name of it in requests.
  public String resource() {
    return resource;
  }

  /// S3's name of it in documents.
  public String element() {
    return element;
  }

  /// Its word in commands, answers and files.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether the order of its topmost parts means something.
  public boolean ordered() {
    return this == CORS;
  }

  /// Whether a restore writes it without being told to: grants name accounts, which are others at
  /// another provider.
  public boolean restoredUnasked() {
    return this != ACL;
  }

  /// The setting of a word.
  public static Optional<BucketSetting> of(String word) {
    return Arrays.stream(values()).filter(setting -> setting.word().equals(word)).findFirst();
  }

  /// All words.
  public static List<String> words() {
    return Arrays.stream(values()).map(BucketSetting::word).toList();
  }
}
