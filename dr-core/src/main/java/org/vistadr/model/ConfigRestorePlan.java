package org.vistadr.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Decides what setting a bucket to what was saved changes there. Pure.
///
/// Nothing is lowered that keeps bytes: versioning is not switched off, an object lock not
/// weakened, and nothing is made to expire where copies are kept. What cannot be read there is not
/// written, since nobody could prove it.
///
/// @param steps one for each setting, in the order in which they are carried out
public record ConfigRestorePlan(List<Step> steps) {

  /// Copies the list.
  public ConfigRestorePlan {
    steps = List.copyOf(steps);
  }

  /// What becomes of a setting.
  public enum Action {
    /// It is set to what was saved.
    WRITE,
    /// It is taken away, as it was not set then.
    REMOVE,
    /// It is as it was.
    SAME,
    /// It stays as it is, for a reason.
    LEAVE,
    /// It should be changed and cannot be.
    CANNOT
  }

  /// @param value what it is set to; empty where it is not set
  /// @param why one sentence; empty where there is nothing to say
  /// @param difference what is there and what will be, as lines
  public record Step(
      BucketSetting setting,
      Action action,
      Optional<ConfigNode> value,
      String why,
      List<String> difference) {
    /// Copies the list.
    public Step {
      difference = List.copyOf(difference);
    }

    /// Whether it changes something.
    public boolean changes() {
      return action == Action.WRITE || action == Action.REMOVE;
    }
  }

  /// The plan.
  ///
  /// @param saved what it is to be
  /// @param present what it is
  /// @param only these settings; empty for all that are restored without being named
  /// @param keepsCopies whether the bucket is one that keeps our copies
  public static ConfigRestorePlan of(
      BucketConfig saved, BucketConfig present, Set<BucketSetting> only, boolean keepsCopies) {
    List<Step> steps = new ArrayList<>();
    for (BucketSetting setting : BucketSetting.values()) {
      if (only.isEmpty() || only.contains(setting)) {
        steps.add(step(setting, saved, present, only, keepsCopies));
      }
    }
    return new ConfigRestorePlan(steps);
  }

  /// Settings that differ from what was saved and can be changed.
  public Set<BucketSetting> changed() {
    Set<BucketSetting> changed = EnumSet.noneOf(BucketSetting.class);
    steps.stream().filter(Step::changes).map(Step::setting).forEach(changed::add);
    return changed;
  }

  /// The same for plans that do the same to the same.
  public Sha256 digest() {
    List<String> lines = new ArrayList<>();
    for (Step step : steps) {
      lines.add(step.setting.word() + " " + step.action);
      step.value.ifPresent(value -> lines.addAll(value.lines()));
      lines.addAll(step.difference);
    }
    byte[] all = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(all, 0, all.length);
  }

  private static Step step(
      BucketSetting setting,
      BucketConfig saved,
      BucketConfig present,
      Set<BucketSetting> only,
      boolean keepsCopies) {
    Optional<ConfigNode> wanted =
        saved
            .configured(setting)
            .map(root ->
                setting == BucketSetting.POLICY
                    ? renamed(root, saved.bucket(), present.bucket())
                    : root);
    SettingValue there = present.value(setting);
    switch (saved.value(setting)) {
      case SettingValue.NotSupported(String note) -> {
        return left(setting, "the primary's provider did not have it (%s)".formatted(note));
      }
      case SettingValue.NotReadable(String note) -> {
        return left(setting, "it could not be read then (%s)".formatted(note));
      }
      case SettingValue.Configured _, SettingValue.NotSet _ -> {}
    }
    switch (there) {
      case SettingValue.NotSupported(String note) -> {
        return wanted.isEmpty()
            ? left(setting, "it was not set, and the provider does not have it")
            : cannot(setting, "the provider does not have it (%s)".formatted(note));
      }
      case SettingValue.NotReadable(String note) -> {
        return cannot(
            setting, "it cannot be read there (%s), so nothing could be proved".formatted(note));
      }
      case SettingValue.Configured _, SettingValue.NotSet _ -> {}
    }
    Optional<ConfigNode> is = present.configured(setting);
    List<String> before = present.canonical(setting);
    List<String> after =
        wanted.map(root -> root.sorted(setting.ordered()).lines()).orElse(List.of());
    if (before.equals(after)) {
      return new Step(setting, Action.SAME, wanted, "", List.of());
    }
    Optional<String> harm = harm(setting, wanted, is, keepsCopies);
    if (harm.isPresent()) {
      return left(setting, harm.get());
    }
    if (only.isEmpty() && !setting.restoredUnasked()) {
      return left(
          setting, "it names accounts: say --only %s to write it".formatted(setting.word()));
    }
    return new Step(
        setting,
        wanted.isPresent() ? Action.WRITE : Action.REMOVE,
        wanted,
        "",
        ConfigDiff.lines(before, after));
  }

  private static Optional<String> harm(
      BucketSetting setting,
      Optional<ConfigNode> wanted,
      Optional<ConfigNode> is,
      boolean keepsCopies) {
    return switch (setting) {
      case VERSIONING ->
          wanted.flatMap(root -> root.value("Status")).equals(Optional.of("Enabled"))
              ? Optional.empty()
              : Optional.of("versioning is never switched off");
      case OBJECT_LOCK ->
          is.isPresent() && isLower(wanted, is.get())
              ? Optional.of("an object lock is never lowered")
              : Optional.empty();
      case ACL -> wanted.isEmpty() ? Optional.of("an ACL cannot be taken away") : Optional.empty();
      case LIFECYCLE ->
          keepsCopies && wanted.filter(root -> !LifecycleExpiry.of(root).isEmpty()).isPresent()
              ? Optional.of("copies would expire: nothing expires at a secondary")
              : Optional.empty();
      case ENCRYPTION, PUBLIC_ACCESS, OWNERSHIP, POLICY, CORS, TAGS, NOTIFICATION, REPLICATION ->
          Optional.empty();
    };
  }

  private static boolean isLower(Optional<ConfigNode> wanted, ConfigNode is) {
    Optional<ConfigNode> present = retention(Optional.of(is));
    Optional<ConfigNode> then = retention(wanted);
    return strength(then) < strength(present) || days(then) < days(present) || wanted.isEmpty();
  }

  private static Optional<ConfigNode> retention(Optional<ConfigNode> lock) {
    return lock.flatMap(root -> root.child("Rule")).flatMap(rule -> rule.child("DefaultRetention"));
  }

  private static int strength(Optional<ConfigNode> retention) {
    return switch (retention.flatMap(node -> node.value("Mode")).orElse("")) {
      case "COMPLIANCE" -> 2;
      case "GOVERNANCE" -> 1;
      default -> 0;
    };
  }

  private static long days(Optional<ConfigNode> retention) {
    try {
      return retention
          .flatMap(node ->
              node.value("Days")
                  .map(Long::parseLong)
                  .or(() -> node.value("Years").map(years -> 365 * Long.parseLong(years))))
          .orElse(0L);
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }

  /// Policies name the bucket that they are of.
  private static ConfigNode renamed(ConfigNode policy, String from, String to) {
    if (from.equals(to)) {
      return policy;
    }
    Pattern own = Pattern.compile("^(arn:[^:]*:s3:::)" + Pattern.quote(from) + "(?=$|/)");
    return renamed(policy, own, to);
  }

  private static ConfigNode renamed(ConfigNode node, Pattern own, String to) {
    boolean resource = node.name().equals("Resource") || node.name().equals("NotResource");
    if (resource && node.children().isEmpty()) {
      return ConfigNode.leaf(
          node.name(),
          own.matcher(node.text())
              .replaceFirst(
                  match -> java.util.regex.Matcher.quoteReplacement(match.group(1) + to)));
    }
    return new ConfigNode(
        node.name(),
        node.text(),
        node.children().stream().map(child -> renamed(child, own, to)).toList());
  }

  private static Step left(BucketSetting setting, String why) {
    return new Step(setting, Action.LEAVE, Optional.empty(), why, List.of());
  }

  private static Step cannot(BucketSetting setting, String why) {
    return new Step(setting, Action.CANNOT, Optional.empty(), why, List.of());
  }
}
