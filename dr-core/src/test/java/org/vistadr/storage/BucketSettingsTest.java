package org.vistadr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;

/// Settings of buckets on real servers: what is written is read back, what is taken away is not
/// set, and what a server does not have is not mistaken for either.
final class BucketSettingsTest {

  /// A setting on a server.
  ///
  /// @param server its name
  /// @param lines what it is set to; BUCKET stands for the bucket's name
  record Case(String server, BucketSetting setting, String lines) {
    @Override
    public String toString() {
      return server + " " + setting.word();
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("moto", BucketSetting.VERSIONING, "Status: Enabled"),
        new Case(
            "moto",
            BucketSetting.POLICY,
            """
            Version: 2012-10-17
            Statement
              Sid: a
              Effect: Allow
              Principal
                AWS: *
              Action: s3:GetObject
              Action: s3:ListBucket
              Resource: arn:aws:s3:::BUCKET/*
              Condition
                StringEquals
                  aws:PrincipalOrgID: o-1
            """),
        new Case("moto", BucketSetting.LIFECYCLE, LIFECYCLE),
        new Case(
            "moto",
            BucketSetting.CORS,
            """
            CORSRule
              AllowedMethod: GET
              AllowedMethod: PUT
              AllowedOrigin: https://a.example
            CORSRule
              AllowedMethod: GET
              AllowedOrigin: *
            """),
        new Case(
            "moto",
            BucketSetting.ENCRYPTION,
            "Rule\n  ApplyServerSideEncryptionByDefault\n    SSEAlgorithm: AES256\n  BucketKeyEnabled: false"),
        new Case(
            "moto",
            BucketSetting.TAGS,
            "TagSet\n  Tag\n    Key: a\n    Value: b & c <d> \"e\"\n  Tag\n    Key: f\n    Value: ü"),
        new Case(
            "moto",
            BucketSetting.PUBLIC_ACCESS,
            "BlockPublicAcls: true\nIgnorePublicAcls: true\nBlockPublicPolicy: true\nRestrictPublicBuckets: true"),
        new Case("moto", BucketSetting.OWNERSHIP, "Rule\n  ObjectOwnership: BucketOwnerEnforced"),
        new Case(
            "moto",
            BucketSetting.NOTIFICATION,
            "QueueConfiguration\n  Id: q\n  Queue: arn:aws:sqs:us-east-1:123456789012:q\n  Event: s3:ObjectCreated:*"),
        new Case(
            "moto",
            BucketSetting.OBJECT_LOCK,
            "ObjectLockEnabled: Enabled\nRule\n  DefaultRetention\n    Mode: GOVERNANCE\n    Days: 1"),
        new Case(
            "moto",
            BucketSetting.REPLICATION,
            """
            Role: arn:aws:iam::123456789012:role/r
            Rule
              ID: r
              Status: Enabled
              Priority: 1
              DeleteMarkerReplication
                Status: Disabled
              Filter
                Prefix:
              Destination
                Bucket: arn:aws:s3:::elsewhere
            """),
        new Case("minio", BucketSetting.VERSIONING, "Status: Enabled"),
        new Case(
            "minio",
            BucketSetting.POLICY,
            """
            Version: 2012-10-17
            Statement
              Effect: Allow
              Principal
                AWS: *
              Action: s3:GetObject
              Resource: arn:aws:s3:::BUCKET/*
            """),
        new Case("minio", BucketSetting.LIFECYCLE, LIFECYCLE),
        new Case("minio", BucketSetting.TAGS, "TagSet\n  Tag\n    Key: a\n    Value: b"));
  }

  private static final String LIFECYCLE =
      """
      Rule
        ID: tidy
        Status: Enabled
        Filter
          Prefix: temp/
        Expiration
          Days: 7
      Rule
        ID: old
        Status: Enabled
        Filter
          Prefix:
        NoncurrentVersionExpiration
          NoncurrentDays: 90
      """;

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsWrittenIsReadBackAndWhatIsTakenAwayIsNotSet(Case one) throws Exception {
    Optional<S3Servers.Running> server =
        one.server.equals("moto") ? S3Servers.moto() : S3Servers.minio();
    assumeThat(server).as("a server " + one.server).isPresent();
    try (ObjectStore store = bucket(server.get(), one.server)) {
      if (one.setting == BucketSetting.REPLICATION || one.setting == BucketSetting.OBJECT_LOCK) {
        store.changeSetting(BucketSetting.VERSIONING, Optional.of(versioned()));
      }
      assertThat(store.setting(one.setting)).isEqualTo(SettingValue.NOT_SET);
      ConfigNode wanted =
          ConfigNode.parse(
              one.setting.element(), one.lines.replace("BUCKET", store.bucket()).lines().toList());
      store.changeSetting(one.setting, Optional.of(wanted));
      assertThat(store.setting(one.setting)).isInstanceOf(SettingValue.Configured.class);
      ConfigNode found = ((SettingValue.Configured) store.setting(one.setting)).root();
      assertThat(found.sorted(one.setting.ordered()))
          .isEqualTo(wanted.sorted(one.setting.ordered()));
      // And what was read can be written.
      store.changeSetting(one.setting, Optional.of(found));
      assertThat(store.setting(one.setting)).isEqualTo(new SettingValue.Configured(found));
      if (!Set.of(BucketSetting.VERSIONING, BucketSetting.OBJECT_LOCK).contains(one.setting)) {
        store.changeSetting(one.setting, Optional.empty());
        assertThat(store.setting(one.setting)).isEqualTo(SettingValue.NOT_SET);
        store.changeSetting(one.setting, Optional.empty());
      }
      assertThat(store.bucketState()).isNotNull();
    }
  }

  @Test
  void whatMinioDoesNotHaveIsNotSupported() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    try (ObjectStore store = bucket(S3Servers.minio().orElseThrow(), "minio")) {
      for (BucketSetting setting : List.of(BucketSetting.PUBLIC_ACCESS, BucketSetting.OWNERSHIP)) {
        assertThat(store.setting(setting))
            .isEqualTo(new SettingValue.NotSupported("NotImplemented"));
      }
    }
  }

  /// S3Proxy has nearly none of them, and taking one away must not take the bucket away.
  @Test
  void aServerWithoutSettingsSaysSoAndKeepsItsBucket() throws Exception {
    for (SiteConfig site :
        List.of(TestS3.versioned(SiteName.PRIMARY), TestS3.unversioned(SiteName.PRIMARY))) {
      try (ObjectStore store = TestS3.open(site)) {
        for (BucketSetting setting : BucketSetting.values()) {
          SettingValue value = store.setting(setting);
          if (setting != BucketSetting.VERSIONING && setting != BucketSetting.ACL) {
            assertThat(value).as(setting.word()).isNotInstanceOf(SettingValue.Configured.class);
          }
          if (!Set.of(
                  BucketSetting.VERSIONING,
                  BucketSetting.OBJECT_LOCK,
                  BucketSetting.ACL,
                  BucketSetting.NOTIFICATION)
              .contains(setting)) {
            store.changeSetting(setting, Optional.empty());
          }
        }
        assertThat(store.bucketState()).isNotNull();
        assertThat(store.setting(BucketSetting.POLICY))
            .isNotInstanceOf(SettingValue.Configured.class);
      }
    }
  }

  @Test
  void aMissingBucketAndWrongKeysAreNoAnswers() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    S3Servers.Running minio = S3Servers.minio().orElseThrow();
    SiteConfig missing = S3Servers.site(minio, SiteName.PRIMARY, TestS3.freshName(), "minio");
    try (ObjectStore store = TestS3.open(missing)) {
      // The one that is asked for first, and two more; MinIO finds no lock in no bucket.
      for (BucketSetting setting :
          List.of(BucketSetting.VERSIONING, BucketSetting.POLICY, BucketSetting.LIFECYCLE)) {
        org.assertj.core.api.Assertions.assertThatExceptionOfType(
                StorageException.BucketMissing.class)
            .as(setting.word())
            .isThrownBy(() -> store.setting(setting));
      }
    }
    SiteConfig wrong =
        S3Servers.site(
            new S3Servers.Running(
                minio.endpoint(),
                new SiteConfig.Credentials.Keys("test-minio", new Secret("wrong-secret-1"))),
            SiteName.PRIMARY,
            TestS3.freshName(),
            "minio");
    try (ObjectStore store = TestS3.open(wrong)) {
      org.assertj.core.api.Assertions.assertThatExceptionOfType(StorageException.AccessDenied.class)
          .isThrownBy(() -> store.setting(BucketSetting.POLICY));
    }
  }

  private static ConfigNode versioned() {
    return ConfigNode.of(BucketSetting.VERSIONING.element(), ConfigNode.leaf("Status", "Enabled"));
  }

  private static ObjectStore bucket(S3Servers.Running server, String name) {
    SiteConfig site =
        S3Servers.site(
            server,
            SiteName.PRIMARY,
            TestS3.freshName(),
            name.equals("moto") ? "generic" : "minio");
    TestS3.admin(site, BucketAdmin::createBucket);
    return ObjectStores.open(site, Clock.systemUTC());
  }
}
