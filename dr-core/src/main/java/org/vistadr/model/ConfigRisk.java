package org.vistadr.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A setting of a bucket that puts what is in it at risk, whoever set it. Pure.
///
/// @param setting which setting
/// @param kind what it does
/// @param detail one sentence
public record ConfigRisk(BucketSetting setting, Kind kind, String detail) {

  private static final Set<String> EVERYBODY =
      Set.of(
          "http://acs.amazonaws.com/groups/global/AllUsers",
          "http://acs.amazonaws.com/groups/global/AuthenticatedUsers");

  /// What a setting does.
  public enum Kind {
    /// Objects are removed by themselves before the restore window ends.
    EXPIRY,
    /// Older versions are removed by themselves.
    NONCURRENT_EXPIRY,
    /// Anybody may read or write.
    OPEN,
    /// Nothing would stop a policy or an ACL that opens the bucket.
    NOT_BLOCKED,
    /// Versions were kept and are not any more.
    VERSIONING,
    /// Versions were never kept.
    UNVERSIONED,
    /// Unfinished uploads stay, and are paid for, for ever.
    UNFINISHED_UPLOADS,
    /// The key may not read the setting, so it is not saved.
    UNREADABLE;

    /// Whether it is told wherever protection is told of; the others only when somebody looks.
    public boolean isWarning() {
      return switch (this) {
        case EXPIRY, NONCURRENT_EXPIRY, OPEN, VERSIONING -> true;
        case UNVERSIONED, NOT_BLOCKED, UNFINISHED_UPLOADS, UNREADABLE -> false;
      };
    }

    /// Its word in answers and metrics.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Risks of the bucket that is protected.
  ///
  /// @param window what expires no sooner than this is no risk
  public static List<ConfigRisk> ofPrimary(BucketConfig config, Duration window) {
    List<ConfigRisk> risks = new ArrayList<>();
    switch (config.value(BucketSetting.VERSIONING)) {
      case SettingValue.Configured(ConfigNode root)
          when root.value("Status").equals(Optional.of("Enabled")) -> {}
      case SettingValue.Configured _ ->
          risks.add(
              risk(
                  BucketSetting.VERSIONING,
                  Kind.VERSIONING,
                  "versioning is suspended: what is overwritten is gone there"));
      case SettingValue.NotSet _ ->
          risks.add(
              risk(
                  BucketSetting.VERSIONING,
                  Kind.UNVERSIONED,
                  "versioning is off: what is overwritten or deleted is gone there"));
      case SettingValue.NotSupported _, SettingValue.NotReadable _ -> {}
    }
    for (LifecycleExpiry expiry : expiries(config)) {
      switch (expiry.kind()) {
        case NONCURRENT ->
            risks.add(risk(BucketSetting.LIFECYCLE, Kind.NONCURRENT_EXPIRY, expiry.words()));
        case CURRENT, DATE -> {
          if (expiry.kind() == LifecycleExpiry.Kind.DATE || expiry.days() < window.toDays()) {
            risks.add(
                risk(
                    BucketSetting.LIFECYCLE,
                    Kind.EXPIRY,
                    "%s, the restore window is %d days"
                        .formatted(expiry.words(), window.toDays())));
          }
        }
      }
    }
    risks.addAll(open(config));
    config
        .configured(BucketSetting.LIFECYCLE)
        .filter(lifecycle -> !abortsUploads(lifecycle))
        .or(() ->
            config.value(BucketSetting.LIFECYCLE) instanceof SettingValue.NotSet
                ? Optional.of(ConfigNode.of(""))
                : Optional.empty())
        .ifPresent(_ ->
            risks.add(
                risk(
                    BucketSetting.LIFECYCLE,
                    Kind.UNFINISHED_UPLOADS,
                    "no rule aborts unfinished uploads: their parts stay and are paid for")));
    config
        .settings()
        .forEach((setting, value) -> {
          if (value instanceof SettingValue.NotReadable(String note)) {
            risks.add(
                risk(
                    setting,
                    Kind.UNREADABLE,
                    "%s cannot be read (%s) and is not saved".formatted(setting.word(), note)));
          }
        });
    return risks;
  }

  /// Risks of a bucket that keeps copies: nothing may expire in it.
  public static List<ConfigRisk> ofSecondary(BucketConfig config) {
    List<ConfigRisk> risks = new ArrayList<>();
    for (LifecycleExpiry expiry : expiries(config)) {
      risks.add(
          risk(
              BucketSetting.LIFECYCLE,
              expiry.kind() == LifecycleExpiry.Kind.NONCURRENT
                  ? Kind.NONCURRENT_EXPIRY
                  : Kind.EXPIRY,
              expiry.words() + ": copies are lost"));
    }
    risks.addAll(open(config));
    return risks;
  }

  private static List<LifecycleExpiry> expiries(BucketConfig config) {
    return config.configured(BucketSetting.LIFECYCLE).map(LifecycleExpiry::of).orElse(List.of());
  }

  private static boolean abortsUploads(ConfigNode lifecycle) {
    return lifecycle.all("Rule").stream()
        .anyMatch(rule ->
            rule.value("Status").equals(Optional.of("Enabled"))
                && rule.child("AbortIncompleteMultipartUpload").isPresent());
  }

  private static List<ConfigRisk> open(BucketConfig config) {
    List<ConfigRisk> risks = new ArrayList<>();
    Optional<ConfigNode> block = config.configured(BucketSetting.PUBLIC_ACCESS);
    boolean policiesBlocked = block.filter(node -> isOn(node, "RestrictPublicBuckets")).isPresent();
    boolean aclsBlocked = block.filter(node -> isOn(node, "IgnorePublicAcls")).isPresent();
    if (!policiesBlocked) {
      config
          .configured(BucketSetting.POLICY)
          .ifPresent(policy ->
              policy.all("Statement").stream()
                  .filter(ConfigRisk::allowsEverybody)
                  .forEach(statement ->
                      risks.add(
                          risk(
                              BucketSetting.POLICY,
                              Kind.OPEN,
                              "the policy lets anybody do %s"
                                  .formatted(
                                      String.join(
                                          ", ",
                                          statement.all("Action").stream()
                                              .map(ConfigNode::text)
                                              .sorted()
                                              .toList()))))));
    }
    if (!aclsBlocked) {
      config
          .configured(BucketSetting.ACL)
          .flatMap(acl -> acl.child("AccessControlList"))
          .ifPresent(list ->
              list.all("Grant").stream()
                  .filter(grant ->
                      grant
                          .child("Grantee")
                          .flatMap(grantee -> grantee.value("URI"))
                          .filter(EVERYBODY::contains)
                          .isPresent())
                  .forEach(grant ->
                      risks.add(
                          risk(
                              BucketSetting.ACL,
                              Kind.OPEN,
                              "the ACL grants %s to anybody"
                                  .formatted(grant.value("Permission").orElse("something"))))));
    }
    boolean known = config.value(BucketSetting.PUBLIC_ACCESS).isKnown();
    if (known && !(policiesBlocked && aclsBlocked)) {
      risks.add(
          risk(
              BucketSetting.PUBLIC_ACCESS,
              Kind.NOT_BLOCKED,
              "nothing would stop a policy or an ACL that opens the bucket"));
    }
    return risks;
  }

  /// A condition narrows it; whether it does so enough is not judged here.
  private static boolean allowsEverybody(ConfigNode statement) {
    return statement.value("Effect").equals(Optional.of("Allow"))
        && statement.child("Condition").isEmpty()
        && statement.all("Principal").stream()
            .anyMatch(principal ->
                principal.text().equals("*")
                    || principal.children().stream().anyMatch(who -> who.text().equals("*")));
  }

  private static boolean isOn(ConfigNode block, String name) {
    return block.value(name).filter(text -> text.equalsIgnoreCase("true")).isPresent();
  }

  private static ConfigRisk risk(BucketSetting setting, Kind kind, String detail) {
    return new ConfigRisk(setting, kind, detail);
  }
}
