package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BrakeState;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.model.Suspicion;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Objects that are overwritten with what encryption leaves behind, on real servers: found when
/// they are copied, though there are too few of them for a listing to be suspicious.
class BrakeContentIT {

  private static final int KEYS = 100;

  /// Of 100: more than 5 %, less than the 30 % that are suspicious whatever they hold.
  private static final int OVERWRITTEN = 25;

  private static final SplittableRandom RANDOM = new SplittableRandom(11);

  @Test
  void imagesThatBecomeNoiseOfTheirSizeEngageTheBrakeOnceTheyAreCopied() throws Exception {
    try (SyncRig rig = rig()) {
      for (int i = 0; i < OVERWRITTEN; i++) {
        rig.put(key(i), noise(jpeg(i).length));
      }
      rig.delete(key(90));
      assertThat(rig.synchronizer.scan().suspicions()).isEmpty();
      assertThat(rig.catalog.brake().state().engaged()).isFalse();
      // The scan was a day's work: at the other secondary the deletion waits for its turn.
      assertThat(rig.catalog.held().releaseCleared(SyncRig.UNVERSIONED)).isEqualTo(1);
      rig.synchronizer.replicate(SyncRig.VERSIONED);
      BrakeState state = rig.catalog.brake().state();
      assertThat(state.reasons())
          .singleElement()
          .satisfies(reason -> {
            assertThat(reason.suspicion()).isEqualTo(Suspicion.CONTENT);
            assertThat(reason.detail())
                .startsWith("25 of 25 overwritten objects lost their file signature (JPEG before,")
                .contains("projects/00.jpg");
          });

      // Where it did not arrive yet it is held again.
      assertThat(rig.catalog.held().count(SyncRig.UNVERSIONED)).isEqualTo(1);
      rig.replicate();
      assertThat(SyncRig.current(rig.unversioned, key(90))).isPresent();
      assertThat(rig.synchronizer.scan().suspicions())
          .extracting(BrakeReason::suspicion)
          .containsExactly(Suspicion.CONTENT);

      // A person accepts it: the same objects do not engage it again, new ones do.
      accept(rig);
      rig.sync();
      assertThat(rig.catalog.brake().state().engaged()).isFalse();
      assertThat(SyncRig.current(rig.unversioned, key(90))).isEmpty();
      for (int i = 50; i < 75; i++) {
        rig.put(key(i), noise(500));
      }
      rig.sync();
      assertThat(rig.catalog.brake().state().engaged()).isTrue();
    }
  }

  @Test
  void largeImagesAreLookedAtAsTheyPass() throws Exception {
    SyncSettings normal = SyncSettings.DEFAULT;
    SyncSettings streaming =
        new SyncSettings(
            normal.scanRanges(),
            normal.copiesAtOnce(),
            100,
            normal.bufferBudget(),
            normal.multipartAbove(),
            normal.giveUpAfter(),
            normal.exclude(),
            normal.brake());
    try (SyncRig rig = rig(streaming)) {
      for (int i = 0; i < OVERWRITTEN; i++) {
        rig.put(key(i), noise(200_000));
      }
      rig.sync();
      assertThat(suspicions(rig)).containsExactly(Suspicion.CONTENT);
    }
  }

  @Test
  void scansOfOneWindowCountTogetherAndLaterOnesDoNot() throws Exception {
    try (SyncRig rig = rig()) {
      for (int i = 0; i < 15; i++) {
        rig.put(key(i), noise(500));
      }
      rig.sync();
      rig.clock.forward(Duration.ofHours(2));
      for (int i = 15; i < 30; i++) {
        rig.put(key(i), noise(500));
      }
      rig.sync();
      assertThat(rig.catalog.brake().state().engaged()).isFalse();
      for (int i = 30; i < 35; i++) {
        rig.put(key(i), noise(500));
      }
      rig.sync();
      assertThat(suspicions(rig)).containsExactly(Suspicion.CONTENT);
    }
  }

  @Test
  void imagesInAnotherFormatAndArchivesAreADaysWork() throws Exception {
    try (SyncRig rig = rig()) {
      for (int i = 0; i < 14; i++) {
        byte[] webp = noise(2000);
        System.arraycopy(
            "RIFF\0\0\0\0WEBPVP8 ".getBytes(StandardCharsets.US_ASCII), 0, webp, 0, 16);
        rig.put(key(i), webp);
      }
      for (int i = 14; i < 28; i++) {
        rig.put(key(i), gzip(jpeg(i)));
      }
      rig.sync();
      rig.sync();
      assertThat(rig.catalog.brake().state().engaged()).isFalse();
    }
  }

  @Test
  void archivesWithAPasswordEngageTheBrake() throws Exception {
    try (SyncRig rig = rig()) {
      for (int i = 0; i < OVERWRITTEN; i++) {
        byte[] zip = noise(500);
        System.arraycopy(new byte[] {'P', 'K', 3, 4, 20, 0, 9, 0}, 0, zip, 0, 8);
        rig.put(key(i), zip);
      }
      rig.sync();
      assertThat(suspicions(rig)).containsExactly(Suspicion.CONTENT);
    }
  }

  @Test
  void anotherEncryptionKeyEngagesTheBrake() throws Exception {
    try (SyncRig rig = rig()) {
      List<ObjectStore> secondaries = List.of(rig.versioned, rig.unversioned);
      rig.restart(new OtherKeys(rig.primary, true), secondaries);
      for (int i = 0; i < OVERWRITTEN; i++) {
        rig.put(key(i), jpeg(i + 1000));
      }
      rig.sync();
      assertThat(suspicions(rig)).containsExactly(Suspicion.ENCRYPTION_KEY);
      assertThat(
              rig.catalog
                  .versions()
                  .attributes(
                      rig.catalog
                          .versions()
                          .history(new ObjectKey(key(0)))
                          .newestFirst()
                          .getFirst()
                          .id())
                  .flatMap(ObjectAttributes::encryption))
          .contains("aws:kms theirs");
      // What is written on with that key is nothing new.
      accept(rig);
      for (int i = 0; i < OVERWRITTEN; i++) {
        rig.put(key(i), jpeg(i + 2000));
      }
      rig.sync();
      assertThat(suspicions(rig)).doesNotContain(Suspicion.ENCRYPTION_KEY);
    }
  }

  @Test
  void objectsThatCannotBeReadWithoutAKeyEngageTheBrake() throws Exception {
    try (SyncRig rig = rig()) {
      rig.restart(new OtherKeys(rig.primary, false), List.of(rig.versioned, rig.unversioned));
      for (int i = 0; i < OVERWRITTEN; i++) {
        rig.put(key(i), jpeg(i + 1000));
      }
      rig.sync();
      assertThat(rig.catalog.brake().state().reasons())
          .singleElement()
          .satisfies(reason ->
              assertThat(reason.detail())
                  .startsWith(
                      "25 of 25 overwritten objects are encrypted with another key than before, 25"
                          + " of them cannot be read without it; for example projects/00.jpg"));
    }
  }

  /// A primary whose overwritten objects are encrypted with somebody else's key.
  private static final class OtherKeys extends ForwardingObjectStore {
    private final boolean readable;

    OtherKeys(ObjectStore store, boolean readable) {
      super(store);
      this.readable = readable;
    }

    @Override
    public ObjectBody open(ObjectKey key, Revision revision, ByteRange range)
        throws StorageException {
      ObjectBody body = super.open(key, revision, range);
      if (key.isReserved()) {
        return body;
      }
      if (!readable) {
        body.close();
        throw new StorageException.Rejected(
            SiteName.PRIMARY,
            "GetObject",
            400,
            "InvalidRequest",
            "The object was stored using a form of Server Side Encryption.");
      }
      return new Encrypted(body);
    }
  }

  private record Encrypted(ObjectBody body) implements ObjectBody {
    @Override
    public ObjectHead head() {
      ObjectHead head = body.head();
      ObjectAttributes had = head.attributes();
      return new ObjectHead(
          head.size(),
          head.etag(),
          head.md5(),
          head.versionId(),
          head.lastModified(),
          new ObjectAttributes(
              had.contentType(),
              had.contentEncoding(),
              had.contentDisposition(),
              had.contentLanguage(),
              had.cacheControl(),
              had.expires(),
              had.storageClass(),
              Optional.of("aws:kms theirs"),
              had.userMetadata(),
              had.tags()),
          head.tagCount(),
          head.thaw(),
          head.sha256());
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InputStream stream() {
      return body.stream();
    }

    @Override
    public void close() {
      body.close();
    }
  }

  private static SyncRig rig() throws Exception {
    return rig(SyncSettings.DEFAULT);
  }

  /// A primary with images that both secondaries have.
  private static SyncRig rig(SyncSettings settings) throws Exception {
    SyncRig rig = new SyncRig(true);
    rig.restart(rig.primary, List.of(rig.versioned, rig.unversioned), settings);
    for (int i = 0; i < KEYS; i++) {
      rig.put(key(i), jpeg(i));
    }
    rig.sync();
    rig.sync();
    return rig;
  }

  private static List<Suspicion> suspicions(SyncRig rig) {
    return rig.catalog.brake().state().reasons().stream().map(BrakeReason::suspicion).toList();
  }

  private static void accept(SyncRig rig) {
    rig.catalog
        .brake()
        .disengage(
            AuditEvent.of(
                java.time.Clock.systemUTC().instant(), "admin", "held-released", "", "test", ""));
  }

  private static byte[] jpeg(int seed) throws Exception {
    BufferedImage image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(seed * 7919 & 0xffffff));
    graphics.fillOval(seed % 20, 5, 30, 20);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", bytes);
    return bytes.toByteArray();
  }

  private static byte[] noise(int size) {
    byte[] data = new byte[size];
    RANDOM.nextBytes(data);
    return data;
  }

  private static byte[] gzip(byte[] data) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(data);
    }
    return bytes.toByteArray();
  }

  private static String key(int number) {
    return "projects/%02d.jpg".formatted(number);
  }
}
