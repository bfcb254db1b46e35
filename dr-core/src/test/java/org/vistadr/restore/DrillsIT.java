package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.Drill;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.restore.drill.DrillRefusedException;
import org.vistadr.restore.drill.Drills;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// Rehearsals of restores against real servers: what they prove, what they find, what they leave.
final class DrillsIT {

  private static final Drills.Settings SETTINGS = new Drills.Settings(20, 1 << 20, 3);

  @TempDir Path directory;

  @Test
  void everythingComesBackFromTheSecondaryAlone() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      fill(bucket, 12);
      ObjectStore forbidden =
          new ForwardingObjectStore(bucket.primary) {
            @Override
            public ObjectBody open(ObjectKey key, Revision revision, ByteRange range) {
              throw new AssertionError("a drill reads the primary");
            }
          };
      try (Drills drills = drills(bucket, forbidden, readOnly(bucket.b2))) {
        Drill drill = drills.run(all(RestoreFixture.B2));
        assertThat(drill.message()).isEmpty();
        assertThat(drill.state()).isEqualTo(Drill.State.SUCCEEDED);
        assertThat(drill.tally().restored()).isEqualTo(13);
        assertThat(drill.tally().unproved()).isZero();
        assertThat(drill.tally().wholeObjects()).isEqualTo(13);
        assertThat(drill.tally().strata()).containsEntry(Drill.Stratum.ODD_KEY, 1L);
        assertThat(drill.projection()).isPresent();
        assertThat(scratch()).isEmpty();
      }
    }
  }

  @Test
  void aDeletedAndAReplacedReplicaAreFoundAndNamed() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      fill(bucket, 8);
      bucket.disk.delete(new ObjectKey("p/3"), WriteCondition.ALWAYS);
      bucket.put(bucket.disk, "p/5", "bytes 6".getBytes(UTF_8));
      try (Drills drills = drills(bucket, bucket.primary, bucket.disk)) {
        Drill drill = drills.run(all(RestoreFixture.DISK));
        assertThat(drill.state()).isEqualTo(Drill.State.FAILED);
        assertThat(drill.message()).startsWith("2 of 9 objects did not come back");
        assertThat(drill.tally().restored()).isEqualTo(7);
        assertThat(bucket.catalog.drills().items(drill.id()).stream().map(DrillsIT::told))
            .containsExactlyInAnyOrder("p/3 nothing is at p/3", "p/5 p/5 is not what was written");
        assertThat(
                bucket.catalog.scrub().list(Finding.State.OPEN, 0, 10).stream()
                    .map(finding -> finding.key() + " " + finding.kind()))
            .containsExactlyInAnyOrder("p/3 MISSING", "p/5 CHANGED");
        assertThat(scratch()).isEmpty();
      }
    }
  }

  @Test
  void aFlippedBitIsFoundThoughSizeAndTagAgree() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      fill(bucket, 3);
      try (Drills drills = drills(bucket, bucket.primary, new FlippingStore(bucket.b2))) {
        Drill drill = drills.run(all(RestoreFixture.B2));
        assertThat(drill.state()).isEqualTo(Drill.State.FAILED);
        assertThat(drill.tally().failures()).isEqualTo(4);
        assertThat(drill.tally().restored()).isZero();
        assertThat(bucket.catalog.drills().items(drill.id()))
            .allMatch(item -> item.detail().contains("has the SHA-256"));
        assertThat(bucket.catalog.drills().last(RestoreFixture.B2, Drill.State.SUCCEEDED))
            .isEmpty();
      }
    }
  }

  @Test
  void aPrefixIsRestoredWholeUpToTheBytes() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      fill(bucket, 30);
      bucket.put(bucket.primary, "p/big", new byte[2000]);
      bucket.protect();
      Drills.Settings few = new Drills.Settings(5, 1_000, 2);
      try (Drills drills = drills(bucket, few, bucket.primary, bucket.b2)) {
        Drill drill = drills.run(request(RestoreFixture.B2, Optional.of("p/")));
        assertThat(drill.state()).isEqualTo(Drill.State.SUCCEEDED);
        assertThat(drill.tally().restored()).isEqualTo(30);
        assertThat(drill.tally().leftOut()).isEqualTo(1);
        assertThat(drill.tally().wholeObjects()).isEqualTo(32);
        assertThat(drill.tally().bytes()).isLessThanOrEqualTo(1_000);
        // It proves a prefix, not the bucket.
        assertThat(bucket.catalog.drills().last(RestoreFixture.B2, Drill.State.SUCCEEDED))
            .isEmpty();
        assertThatThrownBy(() -> drills.run(request(RestoreFixture.B2, Optional.of("none/"))))
            .isInstanceOf(DrillRefusedException.class)
            .hasMessageContaining("nothing was below 'none/'");
      }
    }
  }

  @Test
  void theViewIsThatOfTheRecoveryPoint() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      fill(bucket, 2);
      bucket.moment();
      bucket.put("p/later", "not copied yet");
      bucket.scan();
      try (Drills drills = drills(bucket, bucket.primary, bucket.b2)) {
        Drill drill = drills.run(all(RestoreFixture.B2));
        assertThat(drill.state()).isEqualTo(Drill.State.SUCCEEDED);
        assertThat(drill.tally().wholeObjects()).isEqualTo(3);
      }
    }
  }

  @Test
  void aPrimaryWithoutVersionsIsDrilledToo() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), false)) {
      fill(bucket, 4);
      try (Drills drills = drills(bucket, bucket.primary, bucket.disk)) {
        Drill drill = drills.run(all(RestoreFixture.DISK));
        assertThat(drill.state()).isEqualTo(Drill.State.SUCCEEDED);
        assertThat(drill.tally().restored()).isEqualTo(5);
      }
    }
  }

  @Test
  void whatAKilledDrillLeftIsRemovedAndNothingElse() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      long killed =
          bucket
              .catalog
              .drills()
              .begin(
                  RestoreFixture.B2,
                  "schedule",
                  Clock.systemUTC().instant(),
                  Optional.empty(),
                  OptionalInt.of(3),
                  1,
                  Clock.systemUTC().instant());
      Path left = Files.createDirectory(directory.resolve("drill-" + killed));
      Path precious = Files.writeString(directory.resolve("precious"), "kept");
      Path mine = Files.createDirectory(directory.resolve("drill-notes"));
      Files.writeString(left.resolve("1"), "half an object");
      Files.createSymbolicLink(left.resolve("2"), precious);
      try (Drills _ = drills(bucket, bucket.primary, bucket.b2)) {
        assertThat(left).doesNotExist();
        assertThat(precious).hasContent("kept");
        assertThat(mine).exists();
        assertThat(bucket.catalog.drills().find(killed).orElseThrow().state())
            .isEqualTo(Drill.State.INTERRUPTED);
      }
    }
  }

  @Test
  void withoutARecoveryPointNothingIsDrilled() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true);
        Drills drills = drills(bucket, bucket.primary, bucket.b2)) {
      assertThatThrownBy(() -> drills.start(all(RestoreFixture.B2)))
          .isInstanceOf(DrillRefusedException.class)
          .hasMessageContaining("no recovery point");
      assertThat(bucket.catalog.drills().list(Optional.empty(), Optional.empty(), 5)).isEmpty();
    }
  }

  @Test
  void aSecondaryThatDoesNotAnswerEndsTheDrillEarly() throws Exception {
    try (RestoreFixture bucket = new RestoreFixture(directory.resolve("catalog"), true)) {
      fill(bucket, 60);
      ObjectStore down =
          new ForwardingObjectStore(bucket.b2) {
            @Override
            public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
                throws StorageException {
              throw new StorageException.Unavailable(site(), "GetObject", "refused", null);
            }

            @Override
            public org.vistadr.storage.ObjectHead head(ObjectKey key, Revision revision)
                throws StorageException {
              throw new StorageException.Unavailable(site(), "HeadObject", "refused", null);
            }
          };
      Drills.Settings many = new Drills.Settings(60, 1 << 20, 3);
      try (Drills drills = drills(bucket, many, bucket.primary, down)) {
        Drill drill = drills.run(all(RestoreFixture.B2));
        assertThat(drill.message()).isEqualTo("b2 does not answer; the drill ended early");
        assertThat(drill.tally().failures()).isBetween(20L, 22L);
        // A server that is down says nothing about its replicas.
        assertThat(bucket.catalog.scrub().open(RestoreFixture.B2)).isZero();
      }
    }
  }

  private void fill(RestoreFixture bucket, int objects) throws Exception {
    for (int i = 0; i < objects; i++) {
      bucket.put("p/" + i, "bytes " + i);
    }
    bucket.put("odd/50% é.jpg", "odd");
    bucket.protect();
  }

  private Drills drills(RestoreFixture bucket, ObjectStore primary, ObjectStore secondary) {
    return drills(bucket, SETTINGS, primary, secondary);
  }

  private Drills drills(
      RestoreFixture bucket, Drills.Settings settings, ObjectStore primary, ObjectStore secondary) {
    return new Drills(
        bucket.catalog,
        bucket.restores().views(),
        new Sources(bucket.catalog, primary, List.of(secondary)),
        List.of(secondary.site()),
        directory,
        settings,
        Clock.systemUTC(),
        new SplittableRandom(4));
  }

  private static Drills.Request all(SiteName from) {
    return request(from, Optional.empty());
  }

  private static Drills.Request request(SiteName from, Optional<String> prefix) {
    return new Drills.Request(from, prefix, OptionalInt.empty(), "test");
  }

  private static String told(Drill.Item item) {
    return item.key() + " " + item.detail().replaceAll(": .*", "");
  }

  private List<String> scratch() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(
          files
              .map(path -> path.getFileName().toString())
              .filter(name -> name.startsWith("drill-"))
              .toList());
    }
  }

  private static ObjectStore readOnly(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public WriteReceipt put(PutRequest request) {
        throw new AssertionError("a drill writes to a secondary");
      }
    };
  }
}
