package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ConfigRestorePlan.Action;

/// What changed settings mean: when the brake is engaged, what is a risk, what a restore may write.
final class BucketConfigRulesTest {

  private static final String TIDY = rule("tidy", "temp/", "Expiration\n    Days: 30");
  private static final Duration WINDOW = Duration.ofDays(30);

  @Test
  void expiryThatIsAddedShortenedOrWidenedEngagesTheBrake() {
    String before = TIDY;
    for (String after :
        List.of(
            rule("tidy", "temp/", "Expiration\n    Days: 29"),
            rule("tidy", "", "Expiration\n    Days: 30"),
            rule("tidy", "projects/", "Expiration\n    Days: 300"),
            TIDY + "\n" + rule("old", "", "NoncurrentVersionExpiration\n    NoncurrentDays: 900"),
            rule("tidy", "temp/", "Expiration\n    Date: 2030-01-01T00:00:00Z"),
            rule("tidy", "temp/", "Expiration\n    Days: nonsense"))) {
      assertThat(decide(lifecycle(before), lifecycle(after)))
          .as(after)
          .containsExactly(Suspicion.EXPIRY);
      assertThat(decide(with(BucketSetting.LIFECYCLE, SettingValue.NOT_SET), lifecycle(after)))
          .as(after)
          .containsExactly(Suspicion.EXPIRY);
    }
    // Fewer old versions stay.
    assertThat(decide(lifecycle(noncurrent(10, 5)), lifecycle(noncurrent(10, 4))))
        .containsExactly(Suspicion.EXPIRY);
  }

  @Test
  void whatRemovesNoMoreThanBeforeDoesNot() {
    for (String after :
        List.of(
            rule("another-name", "temp/", "Expiration\n    Days: 30"),
            rule("tidy", "temp/", "Expiration\n    Days: 31"),
            rule("tidy", "temp/a/", "Expiration\n    Days: 30"),
            TIDY.replace("Enabled", "Disabled"),
            rule("tidy", "temp/", "AbortIncompleteMultipartUpload\n    DaysAfterInitiation: 1"),
            TIDY + "\n" + rule("x", "", "Expiration\n    Days: 1").replace("Enabled", "Disabled"),
            rule("a", "temp/a", "Expiration\n    Days: 30")
                + "\n"
                + rule("b", "temp/b", "Expiration\n    Days: 40"))) {
      assertThat(decide(lifecycle(TIDY), lifecycle(after))).as(after).isEmpty();
    }
    assertThat(decide(lifecycle(TIDY), with(BucketSetting.LIFECYCLE, SettingValue.NOT_SET)))
        .isEmpty();
    assertThat(decide(lifecycle(noncurrent(10, 4)), lifecycle(noncurrent(11, 5)))).isEmpty();
  }

  @Test
  void aRuleWithConditionsDoesNotCoverOneWithout() {
    String tagged =
        """
        Rule
          ID: t
          Status: Enabled
          Filter
            And
              Prefix: temp/
              Tag
                Key: kind
                Value: scratch
          Expiration
            Days: 1\
        """;
    assertThat(decide(lifecycle(tagged), lifecycle(rule("t", "temp/", "Expiration\n    Days: 1"))))
        .containsExactly(Suspicion.EXPIRY);
    assertThat(decide(lifecycle(rule("t", "temp/", "Expiration\n    Days: 1")), lifecycle(tagged)))
        .isEmpty();
  }

  @Test
  void whatWasNotKnownIsNotSuspected() {
    SettingValue unreadable = new SettingValue.NotReadable("AccessDenied");
    assertThat(decide(with(BucketSetting.LIFECYCLE, unreadable), lifecycle(TIDY))).isEmpty();
    assertThat(decide(lifecycle(TIDY), with(BucketSetting.LIFECYCLE, unreadable))).isEmpty();
    assertThat(decide(versioning("Enabled"), with(BucketSetting.VERSIONING, unreadable))).isEmpty();
    // But behind it, what was known last still counts.
    BucketConfig known = with(BucketSetting.LIFECYCLE, unreadable).over(lifecycle(TIDY));
    assertThat(decide(known, lifecycle(rule("t", "", "Expiration\n    Days: 1"))))
        .containsExactly(Suspicion.EXPIRY);
  }

  @Test
  void versioningThatIsSwitchedOffEngagesTheBrakeAndWhatIsIgnoredDoesNot() {
    assertThat(decide(versioning("Enabled"), versioning("Suspended")))
        .containsExactly(Suspicion.VERSIONING_OFF);
    assertThat(decide(versioning("Enabled"), with(BucketSetting.VERSIONING, SettingValue.NOT_SET)))
        .containsExactly(Suspicion.VERSIONING_OFF);
    assertThat(decide(versioning("Suspended"), versioning("Enabled"))).isEmpty();
    BrakeLimits ignoring =
        new BrakeLimits(
            EnumSet.of(Suspicion.DELETIONS),
            20,
            0.1,
            50_000,
            0.3,
            0.05,
            5_000,
            Duration.ofHours(1));
    assertThat(BrakeRule.decide(ignoring, versioning("Enabled"), versioning("Suspended")))
        .isEmpty();
  }

  @Test
  void risksAreNamed() {
    assertThat(kinds(lifecycle(TIDY))).doesNotContain(ConfigRisk.Kind.EXPIRY);
    assertThat(kinds(lifecycle(rule("t", "", "Expiration\n    Days: 29"))))
        .contains(ConfigRisk.Kind.EXPIRY);
    assertThat(kinds(lifecycle(noncurrent(9_000, 0)))).contains(ConfigRisk.Kind.NONCURRENT_EXPIRY);
    assertThat(kinds(versioning("Suspended"))).contains(ConfigRisk.Kind.VERSIONING);
    assertThat(kinds(lifecycle(TIDY))).contains(ConfigRisk.Kind.UNFINISHED_UPLOADS);
    assertThat(
            kinds(
                lifecycle(
                    rule("a", "", "AbortIncompleteMultipartUpload\n    DaysAfterInitiation: 7"))))
        .isEmpty();
    assertThat(ConfigRisk.ofSecondary(lifecycle(TIDY)))
        .extracting(ConfigRisk::kind)
        .containsExactly(ConfigRisk.Kind.EXPIRY);
  }

  @Test
  void anOpenBucketIsNamedUnlessItIsBlocked() {
    String open = "Statement\n  Effect: Allow\n  Principal\n    AWS: *\n  Action: s3:GetObject";
    BucketConfig policy = with(BucketSetting.POLICY, set(BucketSetting.POLICY, open));
    assertThat(kinds(policy)).containsExactly(ConfigRisk.Kind.OPEN);
    assertThat(
            kinds(
                with(
                    BucketSetting.POLICY,
                    set(BucketSetting.POLICY, open.replace("Allow", "Deny")))))
        .isEmpty();
    assertThat(
            kinds(
                with(
                    BucketSetting.POLICY,
                    set(
                        BucketSetting.POLICY,
                        open + "\n  Condition\n    IpAddress\n      aws:SourceIp: 10.0.0.0/8"))))
        .isEmpty();
    String block =
        "BlockPublicAcls: true\nIgnorePublicAcls: true\nBlockPublicPolicy: true\nRestrictPublicBuckets: true";
    assertThat(
            kinds(
                both(
                    policy,
                    with(BucketSetting.PUBLIC_ACCESS, set(BucketSetting.PUBLIC_ACCESS, block)))))
        .isEmpty();
    assertThat(kinds(both(policy, with(BucketSetting.PUBLIC_ACCESS, SettingValue.NOT_SET))))
        .containsExactly(ConfigRisk.Kind.OPEN, ConfigRisk.Kind.NOT_BLOCKED);
    String grant =
        "AccessControlList\n  Grant\n    Grantee\n      URI: http://acs.amazonaws.com/groups/global/AllUsers\n    Permission: READ";
    assertThat(kinds(with(BucketSetting.ACL, set(BucketSetting.ACL, grant))))
        .containsExactly(ConfigRisk.Kind.OPEN);
  }

  @Test
  void aRestoreLowersNothingThatKeepsBytes() {
    String weak = lock("GOVERNANCE", 10);
    String strong = lock("COMPLIANCE", 10);
    assertThat(action(BucketSetting.OBJECT_LOCK, weak, strong)).isEqualTo(Action.LEAVE);
    assertThat(action(BucketSetting.OBJECT_LOCK, strong, weak)).isEqualTo(Action.WRITE);
    assertThat(action(BucketSetting.OBJECT_LOCK, lock("COMPLIANCE", 9), lock("GOVERNANCE", 10)))
        .isEqualTo(Action.LEAVE);
    assertThat(action(BucketSetting.OBJECT_LOCK, "", weak)).isEqualTo(Action.LEAVE);
    assertThat(action(BucketSetting.VERSIONING, "Status: Suspended", "Status: Enabled"))
        .isEqualTo(Action.LEAVE);
    assertThat(action(BucketSetting.VERSIONING, "Status: Enabled", "Status: Suspended"))
        .isEqualTo(Action.WRITE);
    assertThat(action(BucketSetting.LIFECYCLE, TIDY, "")).isEqualTo(Action.WRITE);
    assertThat(
            ConfigRestorePlan.of(
                    lifecycle(TIDY),
                    with(BucketSetting.LIFECYCLE, SettingValue.NOT_SET),
                    Set.of(BucketSetting.LIFECYCLE),
                    true)
                .steps()
                .getFirst()
                .action())
        .isEqualTo(Action.LEAVE);
  }

  @Test
  void whatCannotBeProvedIsNotWritten() {
    BucketConfig saved = lifecycle(TIDY);
    for (SettingValue there :
        List.of(
            new SettingValue.NotReadable("AccessDenied"), new SettingValue.NotSupported("501"))) {
      assertThat(
              ConfigRestorePlan.of(
                      saved,
                      with(BucketSetting.LIFECYCLE, there),
                      Set.of(BucketSetting.LIFECYCLE),
                      false)
                  .steps()
                  .getFirst()
                  .action())
          .isEqualTo(Action.CANNOT);
      assertThat(
              ConfigRestorePlan.of(
                      with(BucketSetting.LIFECYCLE, there),
                      saved,
                      Set.of(BucketSetting.LIFECYCLE),
                      false)
                  .changed())
          .isEmpty();
    }
  }

  @Test
  void aPolicyNamesTheBucketThatItIsWrittenTo() {
    BucketConfig saved =
        new BucketConfig(
            "vista",
            Map.of(
                BucketSetting.POLICY,
                set(
                    BucketSetting.POLICY,
                    "Statement\n  Resource: arn:aws:s3:::vista/*\n  Resource: arn:aws:s3:::vista\n  Resource: arn:aws:s3:::vista2/*")));
    BucketConfig there =
        new BucketConfig("other", Map.of(BucketSetting.POLICY, SettingValue.NOT_SET));
    assertThat(
            ConfigRestorePlan.of(saved, there, Set.of(BucketSetting.POLICY), false)
                .steps()
                .getFirst()
                .value()
                .orElseThrow()
                .lines())
        .containsExactly(
            "Statement",
            "  Resource: arn:aws:s3:::other/*",
            "  Resource: arn:aws:s3:::other",
            "  Resource: arn:aws:s3:::vista2/*");
  }

  @Test
  void aPlanIsAnotherOneWhenTheBucketIs() {
    BucketConfig saved = lifecycle(TIDY);
    ConfigRestorePlan one =
        ConfigRestorePlan.of(
            saved, with(BucketSetting.LIFECYCLE, SettingValue.NOT_SET), Set.of(), false);
    ConfigRestorePlan other =
        ConfigRestorePlan.of(saved, lifecycle(noncurrent(1, 0)), Set.of(), false);
    assertThat(one.digest()).isNotEqualTo(other.digest());
    assertThat(one.changed()).containsExactly(BucketSetting.LIFECYCLE);
  }

  @Test
  void aDifferenceShowsWhereItIs() {
    assertThat(
            ConfigDiff.lines(
                lifecycle(TIDY).canonical(BucketSetting.LIFECYCLE),
                lifecycle(TIDY.replace("30", "7")).canonical(BucketSetting.LIFECYCLE)))
        .containsExactly(
            "  Rule",
            "    ID: tidy",
            "    Expiration",
            "-     Days: 30",
            "+     Days: 7",
            "    Filter",
            "      Prefix: temp/",
            "    Status: Enabled");
    assertThat(ConfigDiff.lines(List.of("a"), List.of("a"))).isEmpty();
    List<String> many = java.util.stream.IntStream.range(0, 5_000).mapToObj(i -> "x" + i).toList();
    assertThat(ConfigDiff.lines(many, List.of("y"))).hasSize(5_001);
  }

  private static List<Suspicion> decide(BucketConfig before, BucketConfig after) {
    return BrakeRule.decide(BrakeLimits.DEFAULT, before, after).stream()
        .map(BrakeReason::suspicion)
        .toList();
  }

  private static List<ConfigRisk.Kind> kinds(BucketConfig config) {
    return ConfigRisk.ofPrimary(config, WINDOW).stream().map(ConfigRisk::kind).toList();
  }

  private static Action action(BucketSetting setting, String saved, String there) {
    return ConfigRestorePlan.of(
            with(setting, set(setting, saved)),
            with(setting, set(setting, there)),
            Set.of(setting),
            false)
        .steps()
        .getFirst()
        .action();
  }

  private static BucketConfig lifecycle(String lines) {
    return with(BucketSetting.LIFECYCLE, set(BucketSetting.LIFECYCLE, lines));
  }

  private static BucketConfig versioning(String status) {
    return with(BucketSetting.VERSIONING, set(BucketSetting.VERSIONING, "Status: " + status));
  }

  private static BucketConfig with(BucketSetting setting, SettingValue value) {
    return new BucketConfig("b", Map.of(setting, value));
  }

  private static BucketConfig both(BucketConfig one, BucketConfig other) {
    Map<BucketSetting, SettingValue> all = new EnumMap<>(BucketSetting.class);
    all.putAll(one.settings());
    all.putAll(other.settings());
    return new BucketConfig("b", all);
  }

  private static SettingValue set(BucketSetting setting, String lines) {
    return lines.isEmpty()
        ? SettingValue.NOT_SET
        : new SettingValue.Configured(ConfigNode.parse(setting.element(), lines.lines().toList()));
  }

  private static String rule(String id, String prefix, String what) {
    return "Rule\n  ID: %s\n  Status: Enabled\n  Filter\n    Prefix: %s\n  %s"
        .formatted(id, prefix, what);
  }

  private static String noncurrent(int days, int keep) {
    return rule(
        "old",
        "",
        "NoncurrentVersionExpiration\n    NoncurrentDays: %d\n    NewerNoncurrentVersions: %d"
            .formatted(days, keep));
  }

  private static String lock(String mode, int days) {
    return "ObjectLockEnabled: Enabled\nRule\n  DefaultRetention\n    Mode: %s\n    Days: %d"
        .formatted(mode, days);
  }
}
